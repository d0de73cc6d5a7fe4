"""One writes and publishes, another reviews: comments, checklist, two versions, and a copy for readers outside."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Installation, sign_in
from tests.browser.test_what_was_typed import declare


@pytest.fixture
def reviewer(installation: Installation, browser: Browser) -> Iterator[Page]:
    """Somebody else, signed in, in a browser of their own."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, timezone_id="UTC")
    context.set_default_timeout(20_000)
    page = context.new_page()
    sign_in(installation, page, "reviewer", "viewer")
    yield page
    context.close()


def write(page: Page, address: str, text: str) -> None:
    """The lessons say this, written on a page of their own."""
    page.goto(f"{address}sections/lessons/")
    page.locator("textarea[name=body]").fill(text)
    page.locator("#section-lessons .form-actions button[type=submit]").first.click()
    expect(page.locator("#section-lessons .prose").first).to_contain_text(text)


def select_words(page: Page, words: str) -> None:
    """As with the pointer: these words of the document are selected."""
    page.evaluate(
        """(words) => {
          const walker = document.createTreeWalker(document.querySelector("article.document"), NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const start = node.data.indexOf(words);
            if (start < 0) continue;
            document.getSelection().setBaseAndExtent(node, start, node, start + words.length);
            return;
          }
          throw new Error("not in the document");
        }""",
        words,
    )


def answer_checklist(page: Page, address: str) -> None:
    page.goto(f"{address}checklist/")
    while (yes := page.get_by_role("button", name="Yes", exact=True)).count():
        left = yes.count()
        yes.first.click()
        expect(yes).to_have_count(left - 1)


def ask_for_review(page: Page, address: str) -> None:
    page.goto(f"{address}review/")
    page.get_by_label("Ask for a review").select_option(label="reviewer")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_text("nobody was mailed")).to_be_visible()


def comment_and_ask_for_changes(reviewer: Page, address: str) -> None:
    reviewer.goto(address)
    select_words(reviewer, "disk was full")
    reviewer.get_by_role("link", name="Comment on “Lessons”").click()
    expect(reviewer.get_by_label("Passage")).to_have_value("disk was full")
    reviewer.get_by_label("Comment", exact=True).fill("Which disk?")
    reviewer.get_by_role("button", name="Comment").click()
    expect(reviewer.locator("mark")).to_have_text("disk was full")
    reviewer.goto(f"{address}review/")
    reviewer.get_by_label("Note").fill("Say which disk")
    reviewer.get_by_role("button", name="Ask for changes").click()
    expect(reviewer.locator("#reviewers-panel")).to_contain_text("Asks for changes")


def resolve_and_publish(page: Page, reviewer: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="1 open comment").click()
    page.get_by_role("button", name="Resolve").click()
    expect(page.get_by_text("Resolved by writer")).to_be_visible()
    answer_checklist(page, address)
    page.goto(f"{address}review/")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("This cannot be published yet: reviewer asks for changes.")).to_be_visible()
    reviewer.get_by_role("button", name="Approve").click()
    expect(reviewer.locator("#reviewers-panel")).to_contain_text("Approved")
    page.goto(f"{address}review/")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Version 1 is published.")).to_be_visible()


def publish_again(page: Page, address: str) -> None:
    write(page, address, "The log disk was full and writer saw it.")
    page.goto(address)
    expect(page.get_by_text("Changed since version 1.")).to_be_visible()
    page.goto(f"{address}review/")
    expect(page.get_by_text("about an earlier text")).to_be_visible()
    page.get_by_label("What changed").fill("Which disk it was")
    page.get_by_role("button", name="Publish the next version").click()
    expect(page.get_by_text("Version 2 is published.")).to_be_visible()
    page.goto(f"{address}versions/comparison/?from=1&to=2")
    expect(page.locator("ins")).to_have_text(["log"])


def test_from_the_first_word_to_the_copy_for_outside(
    installation: Installation, page: Page, reviewer: Page, tmp_path: Path
) -> None:
    sign_in(installation, page, "writer")
    declare(page, installation, "Reviewed")
    page.get_by_role("button", name="Begin the post-mortem").click()
    address = page.url.partition("#")[0]
    write(page, address, "The disk was full and writer saw it.")
    ask_for_review(page, address)
    comment_and_ask_for_changes(reviewer, address)
    resolve_and_publish(page, reviewer, address)
    publish_again(page, address)
    page.goto(f"{address}external/?version=2")
    with page.expect_download() as download:
        page.get_by_role("button", name="Markdown").click()
    copy = tmp_path / "copy.md"
    download.value.save_as(copy)
    assert download.value.suggested_filename.endswith("Reviewed external.md")
    assert "The log disk was full and Responder 1 saw it." in copy.read_text()
    assert "writer" not in copy.read_text()
