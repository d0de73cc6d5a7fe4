"""The sections of a document and of a template are moved, renamed and removed; the fields for five whys grow."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Installation, sign_in
from tests.browser.test_accessibility import AXE, find_faults
from tests.browser.test_kept_drafts import section
from tests.browser.test_postmortem_writing import STORY, area, begin
from tests.browser.test_what_was_typed import declare


def titles(page: Page) -> list[str]:
    return page.locator(".outline .record-title").all_inner_texts()


def row(page: Page, title: str) -> Locator:
    return page.locator(".outline-row").filter(has=page.get_by_text(title, exact=True))


def test_sections_are_moved_by_keyboard_renamed_removed_and_brought_back(
    installation: Installation, page: Page
) -> None:
    address = begin(installation, page, "Outline", STORY)
    area(page).press("Escape")
    page.get_by_role("link", name="Change its sections").click()
    before = titles(page)
    up = page.get_by_role("button", name="Move “Lessons” up")
    up.press("Enter")
    expect(up).to_be_focused()
    up.press("Enter")
    expect(up).to_be_focused()
    assert titles(page) == [*before[:-3], before[-1], *before[-3:-1]]
    row(page, "Impact").get_by_role("link", name="Rename").click()
    page.get_by_label("Title").fill("Who noticed")
    page.get_by_role("button", name="Save").click()
    row(page, "Who noticed").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("“Who noticed” was removed.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(row(page, "Who noticed")).to_be_visible()
    # What says something asks first, and keeps what it says.
    row(page, "Lessons").get_by_role("link", name="Remove").click()
    expect(page.get_by_role("region", name="Lessons")).to_have_text(STORY)
    page.get_by_role("button", name="Remove").click()
    page.goto(address)
    expect(section(page)).to_have_count(0)
    expect(page.get_by_role("heading", name="Who noticed")).to_be_visible()
    page.get_by_role("link", name="Change its sections").click()
    page.get_by_role("button", name="Bring back Lessons").click()
    page.goto(address)
    expect(section(page).locator(".prose")).to_have_text(STORY)


def test_a_template_that_is_changed_leaves_a_begun_document_alone(installation: Installation, page: Page) -> None:
    sign_in(installation, page, "keeper", role="administrator")
    page.goto(f"{installation.address}/postmortem-templates/")
    page.get_by_role("link", name="Add a template").click()
    page.get_by_label("Name").fill("Ours")
    page.locator("main form button[type=submit]").last.click()
    for title in ("What we saw", "What we do"):
        page.get_by_text("Add a section").click()
        page.get_by_label("Title").fill(title)
        page.get_by_role("button", name="Add the section").click()
        expect(row(page, title)).to_be_visible()
    template = page.url
    known = titles(page)
    declare(page, installation, "Begun from ours")
    page.get_by_role("link", name="Choose a template").click()
    page.get_by_role("radio", name=re.compile("^Ours")).check()
    page.get_by_role("button", name="Begin the post-mortem").click()
    headings = page.locator(".document-section h2")
    expect(headings).to_have_text(known)
    document = page.url
    page.goto(template)
    move = page.get_by_role("button", name="Move “What we do” up")
    move.press("Enter")
    expect(move).to_be_focused()
    row(page, "What we saw").get_by_role("button", name="Remove").click()
    expect(row(page, "What we saw")).to_have_count(0)
    page.goto(document)
    expect(headings).to_have_text(known)


def test_the_fields_for_whys_grow_to_ten(installation: Installation, page: Page) -> None:
    sign_in(installation, page, "writer")
    declare(page, installation, "Why")
    page.get_by_role("link", name="Add a cause").click()
    page.get_by_label("What about the system made it possible?").fill("The disk was full")
    fields = page.locator(".whys input")
    for number in range(1, 11):
        page.get_by_label(f"Why {number}", exact=True).fill(f"Because of {number}")
    expect(fields).to_have_count(10)
    page.evaluate(AXE)
    assert find_faults(page) == []
    page.get_by_role("button", name="Add the cause").click()
    expect(page.get_by_text("Because of 10")).to_be_visible()
