"""Two people change the same words of a section of a post-mortem."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Installation, sign_in
from tests.browser.test_kept_drafts import section
from tests.browser.test_postmortem_writing import STORY, area, begin, open_section, saved_by, state, write


@pytest.mark.parametrize(
    ("choice", "result"),
    [
        ("Keep mine", STORY.replace("disk", "partition")),
        ("Take theirs", STORY.replace("disk", "volume")),
    ],
)
def test_who_changed_the_same_words_chooses(
    installation: Installation, page: Page, ann: Page, choice: str, result: str
) -> None:
    address = begin(installation, page, f"Clash: {choice}", STORY)
    open_section(ann, address)
    saved_by(page, STORY.replace("disk", "volume"))
    area(ann).fill(STORY.replace("disk", "partition"))
    panel = section(ann).locator(".conflict")
    expect(panel).to_contain_text("writer changed the same words while you were writing.")
    expect(panel.locator("ins")).to_have_text(["partition", "volume"])
    # What both began from, with what either changed.
    expect(panel.locator("mark")).to_have_text("disk")
    expect(state(ann)).to_have_text("Not saved: choose above what this section shall say")
    panel.get_by_role("button", name=choice).click()
    expect(section(ann).locator(".prose")).to_have_text(result)
    # Neither is lost.
    section(ann).get_by_role("link", name="History").click()
    for word in ("volume", "partition"):
        expect(ann.locator(".section-history ins", has_text=word).first).to_be_visible()


def test_both_texts_can_be_edited_in_one(installation: Installation, page: Page, ann: Page) -> None:
    address = begin(installation, page, "Clash: both", STORY)
    open_section(ann, address)
    saved_by(page, STORY.replace("disk", "volume"))
    area(ann).fill(STORY.replace("disk", "partition"))
    section(ann).get_by_role("button", name="Edit both in one text").click()
    expect(area(ann)).to_have_value(STORY.replace("disk", "volume partition"))
    expect(state(ann)).to_have_text(re.compile("^Saved"))
    saved_by(ann, STORY.replace("disk", "partition of a volume"))
    ann.reload()
    expect(section(ann).locator(".prose")).to_have_text(STORY.replace("disk", "partition of a volume"))


def test_a_clash_is_settled_without_javascript(installation: Installation, browser: Browser, page: Page) -> None:
    address = begin(installation, page, "Plain clash", STORY)
    area(page).press("Escape")
    expect(area(page)).to_have_count(0)
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    plain = context.new_page()
    sign_in(installation, plain, "plain")
    plain.goto(address)
    section(plain).get_by_role("link", name="Write").click()
    expect(plain.locator("markdown-toolbar")).not_to_be_visible()
    area(plain).fill(STORY.replace("disk", "partition"))
    plain.get_by_role("button", name="Preview").click()
    expect(plain.locator(".preview")).to_contain_text("partition")
    write(page)
    saved_by(page, STORY.replace("disk", "volume"))
    plain.get_by_role("button", name="Save the section").click()
    expect(plain.locator(".conflict")).to_contain_text("writer changed the same words")
    expect(area(plain)).to_have_value(STORY.replace("disk", "partition"))
    assert plain.evaluate("document.documentElement.scrollWidth") <= 390
    plain.get_by_role("button", name="Edit both in one text").click()
    expect(area(plain)).to_have_value(STORY.replace("disk", "volume partition"))
    plain.get_by_role("button", name="Save the section").click()
    expect(section(plain).locator(".prose")).to_have_text(STORY.replace("disk", "volume partition"))
    context.close()
