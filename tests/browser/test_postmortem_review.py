"""The loaded example: one writes and publishes, another reviews; two versions, and a copy for readers outside."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Installation, sign_in

WRITER, REVIEWER = "Ploy Suksawat", "Vera Lind"
LESSON = "The log disk was full before anybody was told."


@pytest.fixture
def address(empty_installation: Installation) -> str:
    """Where the post-mortem of the example is, with two people beside its administrator."""
    loaded = empty_installation.manage("load_example")
    assert loaded.returncode == 0, loaded.stderr
    number = re.search(r"INC-(\d+) SQLite database corruption", loaded.stdout)
    assert number, loaded.stdout
    return f"{empty_installation.address}/incidents/{number[1]}/postmortem/"


@pytest.fixture
def writer(empty_installation: Installation, page: Page) -> Page:
    sign_in(empty_installation, page, "ploy")
    _be_called(empty_installation, "ploy", WRITER)
    return page


@pytest.fixture
def reviewer(empty_installation: Installation, browser: Browser) -> Iterator[Page]:
    """Somebody else, signed in, on a telephone of their own."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, timezone_id="UTC")
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    sign_in(empty_installation, page, "vera", "viewer")
    _be_called(empty_installation, "vera", REVIEWER)
    yield page
    context.close()


def _be_called(installation: Installation, username: str, name: str) -> None:
    code = f"from accounts.models import User; User.objects.filter(username={username!r}).update(name={name!r})"
    assert installation.manage("shell", "-c", code).returncode == 0


def write(page: Page, address: str, text: str) -> None:
    """The lessons begin with this, typed in the document itself."""
    page.goto(address)
    page.get_by_role("link", name="Write “Lessons”").click()
    area = page.locator("#section-lessons textarea[name=body]")
    area.press("Control+Home")
    area.press_sequentially(f"{text}\n\n")
    expect(page.locator("#section-lessons [data-save-state]")).to_contain_text("Saved")
    page.locator("#section-lessons").get_by_role("button", name="Save the section").click()
    expect(page.locator("#section-lessons .prose").first).to_contain_text(text)


def select_words(page: Page, words: str) -> None:
    """As with the pointer: these words of the lessons are selected."""
    page.evaluate(
        """(words) => {
          const walker = document.createTreeWalker(document.querySelector("#section-lessons"), NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const start = node.data.indexOf(words);
            if (start < 0) continue;
            node.parentElement.scrollIntoView({ block: "center" });
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
    """Asked by mistake as well, which is taken back."""
    page.goto(f"{address}review/")
    for name in (REVIEWER, WRITER):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_text("nobody was mailed")).to_be_visible()
    page.get_by_role("button", name=f"Withdraw the request to {WRITER}").click()
    expect(page.get_by_text(f"{WRITER} is no longer asked.")).to_be_visible()
    expect(page.get_by_role("button", name="Withdraw the request")).to_have_count(1)
    expect(page.locator("#reviewers-panel")).to_contain_text("In review")


def comment_and_ask_for_changes(reviewer: Page, address: str) -> None:
    reviewer.goto(address)
    select_words(reviewer, "disk was full")
    reviewer.get_by_role("link", name="Comment on this").click()
    expect(reviewer.get_by_label("Passage")).to_have_value("disk was full")
    reviewer.get_by_label("Comment", exact=True).fill("Wich disk?")
    reviewer.get_by_role("button", name="Comment").click()
    reviewer.get_by_role("link", name="Edit", exact=True).click()
    reviewer.get_by_label("Comment", exact=True).fill("Which partition?")
    reviewer.get_by_role("button", name="Save").click()
    expect(reviewer.locator(".thread mark")).to_have_text("disk was full")
    expect(reviewer.locator(".thread")).to_contain_text("Which partition?")
    reviewer.goto(f"{address}review/")
    reviewer.get_by_label("Note").fill("Say which partition")
    reviewer.get_by_role("button", name="Ask for changes").click()
    expect(reviewer.locator("#reviewers-panel")).to_contain_text("Asks for changes")


def read_the_comment(page: Page, address: str) -> None:
    """In the document: the passage is marked, and leads to what is said about it and back."""
    page.goto(address)
    expect(page.locator("#section-lessons .passage-mark")).to_have_text("disk was full")
    page.get_by_role("link", name=f"Comment by {REVIEWER}: Which partition?").click()
    expect(page.locator(".thread:target")).to_contain_text("Which partition?")
    page.get_by_label("Answer").fill("The one of /var/log; it says so below.")
    page.get_by_role("button", name="Answer").click()
    page.get_by_role("link", name="Show it in the document").click()
    expect(page.locator(".comment-mark:target")).to_have_attribute("data-count", "2")


def resolve_and_publish(page: Page, reviewer: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="1 open comment").click()
    page.get_by_role("button", name="Resolve").click()
    expect(page.get_by_text(f"Resolved by {WRITER}")).to_be_visible()
    answer_checklist(page, address)
    page.goto(f"{address}review/")
    expect(page.locator("#publish-panel")).not_to_contain_text("Not answered yet")
    page.get_by_label("I have read it").check()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text(f"This cannot be published yet: {REVIEWER} asks for changes.")).to_be_visible()
    reviewer.get_by_role("button", name="Approve").click()
    expect(reviewer.locator("#reviewers-panel")).to_contain_text("Approved")
    page.goto(f"{address}review/")
    page.get_by_label("I have read it").check()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Version 1 is published.")).to_be_visible()
    expect(page.locator("article.document")).to_contain_text(LESSON)


def publish_again(page: Page, address: str) -> None:
    write(page, address, f"{WRITER} adds the partition.")
    page.goto(address)
    expect(page.get_by_text("Changed since version 1.")).to_be_visible()
    page.goto(f"{address}review/")
    expect(page.get_by_text("about an earlier text", exact=True)).to_be_visible()
    expect(page.locator("#publish-panel")).to_contain_text("1 approval is about an earlier text and does not count")
    page.goto(f"{address}checklist/")
    page.get_by_role("button", name="All 10 earlier answers are still true").click()
    expect(page.get_by_text("10 answers are confirmed.")).to_be_visible()
    page.goto(f"{address}review/")
    page.get_by_label("I have read it").check()
    page.get_by_label("What changed").fill("Which partition it was")
    page.get_by_label("I have read it").check()
    page.get_by_role("button", name="Publish the next version").click()
    expect(page.get_by_text("Version 2 is published.")).to_be_visible()
    page.goto(f"{address}versions/comparison/?from=1&to=2")
    expect(page.locator("ins")).to_have_text([f"{WRITER} adds the partition."])
    page.goto(f"{address}versions/1/")
    expect(page.locator("article.document")).not_to_contain_text("adds the partition")


def take_away(page: Page, address: str, folder: Path) -> None:
    """For readers outside: nobody is named, in no format."""
    page.goto(f"{address}external/?version=2")
    with page.expect_download() as markdown:
        page.get_by_role("button", name="Markdown").click()
    copy = folder / "copy.md"
    markdown.value.save_as(copy)
    assert markdown.value.suggested_filename.endswith(" external.md")
    assert "Responder 1 adds the partition." in copy.read_text()
    for name in ("Ploy", "Suksawat", "Vera"):
        assert name not in copy.read_text()
    page.goto(f"{address}external/?version=2")
    page.get_by_role("button", name="PDF").click()
    with page.expect_download(timeout=120_000) as pdf:
        page.get_by_role("link", name="Download").click(timeout=120_000)
    assert pdf.value.suggested_filename.endswith(" external.pdf")


def test_the_example_is_written_reviewed_and_published_by_two_people(
    address: str, writer: Page, reviewer: Page, tmp_path: Path
) -> None:
    write(writer, address, LESSON)
    ask_for_review(writer, address)
    comment_and_ask_for_changes(reviewer, address)
    read_the_comment(writer, address)
    resolve_and_publish(writer, reviewer, address)
    publish_again(writer, address)
    take_away(writer, address, tmp_path)
