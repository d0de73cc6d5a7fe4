"""What others change in the panels of an incident appears, and takes nothing away from who works in one."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Installation
from tests.browser.test_two_people import SOON, begin, other, row, write

__all__ = ["other"]
MARK = "element => { element.dataset.marked = 'yes' }"


def panel(page: Page, name: str) -> Locator:
    return page.locator(f"#{name}-panel")


def add(page: Page, name: str, link: str, **typed: str) -> None:
    panel(page, name).get_by_role("link", name=link).click()
    for label, text in typed.items():
        panel(page, name).get_by_role("textbox", name=label).fill(text)
    panel(page, name).locator("form.form button.primary").click()
    expect(panel(page, name).locator("form.form")).to_have_count(0)


def add_cause(page: Page, text: str) -> None:
    add(page, "cause", "Add a cause", **{"What about the system": text})


def test_what_others_learn_appears(installation: Installation, page: Page, other: Page) -> None:
    begin(installation, page, other, "Learning together")
    # The panels that the page loads by itself are there.
    page.wait_for_load_state("networkidle")
    add_cause(other, "The disk filled up")
    expect(panel(page, "cause")).to_contain_text("The disk filled up", timeout=SOON)
    expect(page.locator("[data-news]")).to_contain_text("Changed: Root causes")
    add(other, "action", "Add an action item", Action="Add an alert")
    expect(panel(page, "action")).to_contain_text("Add an alert", timeout=SOON)
    add(other, "improvement", "Add an improvement", Metric="Time to restore", Before="25 min", After="2 min")
    expect(panel(page, "improvement")).to_contain_text("25 min", timeout=SOON)
    panel(other, "evidence").get_by_text("Attach a link").click()
    panel(other, "evidence").get_by_label("Address").fill("https://example.org/report")
    panel(other, "evidence").locator("form:visible").get_by_label("Caption").fill("The report")
    panel(other, "evidence").locator("form:visible button.primary").click()
    expect(panel(page, "evidence")).to_contain_text("The report", timeout=SOON)
    panel(other, "roles").get_by_role("button", name="Take").first.click()
    expect(panel(page, "roles")).to_contain_text("second", timeout=SOON)
    other.get_by_role("button", name="Begin the post-mortem").click()
    expect(page.locator("#incident-head").get_by_role("link", name="Post-mortem")).to_be_visible(timeout=SOON)


def test_a_form_that_is_open_stays_and_says_that_something_changed(
    installation: Installation, page: Page, other: Page
) -> None:
    begin(installation, page, other, "One writes, one changes")
    panel(page, "cause").get_by_role("link", name="Add a cause").click()
    field = panel(page, "cause").get_by_label("What about the system")
    field.fill("Nobody looked")
    page.evaluate("document.activeElement.setSelectionRange(3, 6)")
    field.evaluate(MARK)
    before = field.bounding_box()
    add_cause(other, "The disk filled up")
    notice = panel(page, "cause").get_by_text("Somebody changed this meanwhile")
    expect(notice).to_be_visible(timeout=SOON)
    expect(page.locator("[data-news]")).to_contain_text("while you work in it: Root causes")
    # The same field, with the cursor where it was, on the same place of the window.
    expect(panel(page, "cause").locator("[data-marked]")).to_have_value("Nobody looked")
    expect(field).to_be_focused()
    assert page.evaluate("[document.activeElement.selectionStart, document.activeElement.selectionEnd]") == [3, 6]
    after = field.bounding_box()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) < 2
    stands = panel(page, "cause").locator("[data-now]")
    expect(stands).to_be_hidden()
    notice.click()
    expect(stands).to_contain_text("The disk filled up")
    assert stands.locator("form, button, [id], [hx-get]").count() == 0
    # A panel in which nobody works is not held up by it.
    add(other, "action", "Add an action item", Action="Add an alert")
    expect(panel(page, "action")).to_contain_text("Add an alert", timeout=SOON)
    field.press("Control+Enter")
    expect(panel(page, "cause")).to_contain_text("Nobody looked")
    expect(panel(page, "cause")).to_contain_text("The disk filled up")
    expect(panel(page, "cause").get_by_text("Somebody changed this meanwhile")).to_have_count(0)


def test_a_form_that_is_open_says_nothing_while_other_panels_change(
    installation: Installation, page: Page, other: Page
) -> None:
    begin(installation, page, other, "Elsewhere")
    panel(page, "impact").get_by_role("link", name="Edit").click()
    add_cause(other, "The disk filled up")
    expect(panel(page, "cause")).to_contain_text("The disk filled up", timeout=SOON)
    expect(panel(page, "impact").locator(".changed-meanwhile")).to_have_count(0)
    panel(other, "impact").get_by_role("link", name="Edit").click()
    panel(other, "impact").get_by_label("Customers affected").fill("12")
    panel(other, "impact").get_by_role("button", name="Save").click()
    expect(panel(page, "impact").locator("details.changed-meanwhile")).to_have_count(1, timeout=SOON)


def test_the_keyboard_and_the_way_back_stay(installation: Installation, page: Page, other: Page) -> None:
    begin(installation, page, other, "Keyboard stays")
    add(page, "links", "Add a link", Title="Graphs", Address="https://example.org/graphs")
    panel(page, "links").get_by_role("button", name="Remove").click()
    expect(panel(page, "links").get_by_role("button", name="Add it again")).to_be_visible()
    link = panel(page, "cause").get_by_role("link", name="Add a cause")
    link.focus()
    add_cause(other, "The disk filled up")
    expect(panel(page, "cause")).to_contain_text("The disk filled up", timeout=SOON)
    # There is a link to correct the new cause before it now.
    expect(link).to_be_focused()
    add(other, "links", "Add a link", Title="Report", Address="https://example.org/report")
    expect(panel(page, "links")).to_contain_text("Report", timeout=SOON)
    panel(page, "links").get_by_role("button", name="Add it again").click()
    expect(panel(page, "links").get_by_role("link", name="Graphs", exact=True)).to_be_visible()


def test_what_is_selected_is_shown_later(installation: Installation, page: Page, other: Page) -> None:
    begin(installation, page, other, "Being copied")
    add_cause(page, "The disk filled up")
    expect(panel(other, "cause")).to_contain_text("The disk filled up", timeout=SOON)
    prose = panel(page, "cause").locator(".prose").first
    prose.select_text()
    add_cause(other, "Nobody looked")
    write(other, "Written after it")
    expect(row(page, "Written after it")).to_be_visible(timeout=SOON)
    assert "The disk filled up" in page.evaluate("document.getSelection().toString()")
    expect(panel(page, "cause").get_by_text("Nobody looked")).to_have_count(0)
    page.evaluate("document.getSelection().removeAllRanges()")
    expect(panel(page, "cause")).to_contain_text("Nobody looked", timeout=SOON)


@pytest.mark.parametrize("key", ["Enter", "Control+Enter"])
def test_in_a_choice_nothing_is_chosen_by_enter(installation: Installation, page: Page, other: Page, key: str) -> None:
    begin(installation, page, other, f"Chosen by {key}")
    write(page, "The disk is full")
    expect(row(other, "The disk is full")).to_be_visible(timeout=SOON)
    for each, text in ((page, "The disk of db1 is full"), (other, "The disk of db2 is full")):
        row(each, "The disk is full").get_by_role("link", name="Correct").press("Enter")
        each.locator(".event.editing textarea").fill(text)
    page.locator(".event.editing textarea").press("Control+Enter")
    expect(row(page, "The disk of db1 is full")).to_be_visible()
    other.locator(".event.editing textarea").press("Control+Enter")
    expect(other.get_by_role("button", name="Save yours")).to_be_visible()
    sent: list[str] = []
    other.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    other.locator(".event.editing").get_by_label("When", exact=True).press(key)
    if key == "Enter":
        other.wait_for_timeout(500)
        assert sent == []
        expect(other.get_by_role("button", name="Save yours")).to_be_visible()
        other.get_by_role("button", name="Keep theirs").click()
        expect(row(other, "db1")).to_be_visible()
    else:
        expect(row(other, "db2")).to_be_visible()
        expect(row(page, "db2")).to_be_visible(timeout=SOON)
