"""The buttons above a section's text, with a mouse and with a finger."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Installation, sign_in
from tests.browser.test_kept_drafts import section
from tests.browser.test_postmortem_writing import area, begin, state, write

BUTTONS = {
    "Heading": "### disk",
    "Bold": "**disk**",
    "Italic": "_disk_",
    "Quote": "> disk",
    "Code": "`disk`",
    "Link": "[disk](url)",
    "List": "- disk",
    "Numbered list": "1. disk",
    "Task list": "- [ ] disk",
}


def press(page: Page, name: str) -> None:
    section(page).get_by_role("button", name=name, exact=True).click()


def test_every_button_does_what_it_says(installation: Installation, page: Page) -> None:
    begin(installation, page, "Toolbar")
    for name, result in BUTTONS.items():
        area(page).fill("disk")
        area(page).press("Control+a")
        press(page, name)
        expect(area(page)).to_have_value(re.compile(rf"^\s*{re.escape(result)}\s*$"))
        expect(area(page)).to_be_focused()
    expect(state(page)).to_have_text(re.compile("^Saved"))


def test_buttons_begin_a_mention_and_a_reference(installation: Installation, page: Page) -> None:
    begin(installation, page, "Begun by a button")
    press(page, "Mention a person")
    expect(area(page)).to_have_value("@")
    # The first of all people, of whom other tests made some.
    expect(section(page).get_by_role("option").first).to_contain_text("@")
    area(page).fill("See")
    press(page, "Refer to an incident")
    expect(area(page)).to_have_value("See INC-")
    expect(section(page).get_by_role("option").first).to_be_visible()


def test_arrows_go_through_the_buttons(installation: Installation, page: Page) -> None:
    begin(installation, page, "Toolbar by keyboard")
    area(page).press("Shift+Tab")
    expect(section(page).get_by_role("button", name="Heading")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(area(page)).to_have_value("****")


def test_a_sentence_that_ends_with_a_reference_is_not_answered(installation: Installation, page: Page) -> None:
    begin(installation, page, "Full stop")
    with page.expect_response("**/completions/**"):
        area(page).press_sequentially("See ACT-999999.", delay=20)
    page.wait_for_load_state("networkidle")
    expect(section(page).locator(".completions:visible")).to_have_count(0)


@pytest.fixture
def phone(installation: Installation, browser: Browser):
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, timezone_id="UTC"
    )
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def test_a_section_is_written_with_a_finger(installation: Installation, page: Page, phone: Page) -> None:
    begin(installation, page, "On a phone", "The disk")
    sign_in(installation, phone, "finger")
    phone.goto(page.url)
    write(phone)
    buttons = section(phone).locator("markdown-toolbar button")
    boxes = [each.bounding_box() for each in buttons.all()]
    assert all(box["width"] >= 30 and box["height"] >= 30 and box["x"] + box["width"] <= 390 for box in boxes if box)
    area(phone).fill("disk")
    area(phone).select_text()
    section(phone).get_by_role("button", name="Bold").tap()
    expect(area(phone)).to_have_value("**disk**")
    expect(section(phone).locator(".preview strong")).to_have_text("disk")
    area(phone).fill("Ask @fin")
    section(phone).get_by_role("option", name="@finger").tap()
    expect(area(phone)).to_have_value("Ask @finger ")
    expect(state(phone)).to_have_text(re.compile("^Saved"))
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
