"""The command goes from one to another by the menu at the head of an incident."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Installation
from tests.browser.test_panels_live import add, panel
from tests.browser.test_two_people import SOON, begin, other, row

__all__ = ["other"]


def test_command_is_handed_over_by_the_menu(installation: Installation, page: Page, other: Page) -> None:
    begin(installation, page, other, "Handed over")
    head, menu = page.locator("#incident-head"), page.locator("[data-menu]")
    head.get_by_role("button", name="Take command").click()
    expect(head.locator(".head-facts")).to_contain_text("first")
    expect(menu.get_by_role("button", name="second", exact=True)).to_have_count(0)
    summary = menu.locator("summary")
    summary.click()
    # Whom else it can go to is asked for only now.
    successor = menu.get_by_role("button", name="second", exact=True)
    expect(successor).to_be_visible()
    successor.focus()
    page.keyboard.press("Escape")
    expect(successor).to_be_hidden()
    expect(summary).to_be_focused()
    summary.press("Enter")
    successor.click()
    expect(head.locator(".head-facts")).to_contain_text("second")
    expect(panel(page, "roles").get_by_role("listitem").filter(has_text="Commander")).to_contain_text("second")
    expect(row(page, "second")).to_be_visible(timeout=SOON)
    expect(head.locator("[data-menu][open]")).to_have_count(0)
    expect(other.locator("#incident-head .head-facts")).to_contain_text("second", timeout=SOON)
    expect(other.locator("[data-news]")).to_contain_text("Changed: Summary, Roles")


def test_a_menu_that_was_opened_is_no_change(installation: Installation, page: Page, other: Page) -> None:
    begin(installation, page, other, "Menu opened")
    page.get_by_role("button", name="Take command").first.click()
    summary = page.locator("[data-menu] summary")
    summary.click()
    expect(page.locator("[data-menu]").get_by_role("button", name="second", exact=True)).to_be_visible()
    summary.press("Escape")
    page.locator("#incident-head").evaluate("head => { head.isKnown = true }")
    add(other, "cause", "Add a cause", **{"What about the system": "The disk filled up"})
    expect(panel(page, "cause")).to_contain_text("The disk filled up", timeout=SOON)
    expect(page.locator("[data-news]")).to_have_text("Changed: Root causes.")
    assert page.locator("#incident-head").evaluate("head => head.isKnown === true")


def test_nobody_waits_for_the_others_to_be_listed(installation: Installation, page: Page, other: Page) -> None:
    begin(installation, page, other, "Not waited for")
    page.get_by_role("button", name="Take command").click()
    expect(other.locator("[data-menu]")).to_be_visible(timeout=SOON)
    # They are never answered.
    other.route("**/roles/successors/", lambda _route: None)
    with other.expect_request("**/roles/successors/"):
        other.locator("[data-menu] summary").click()
    other.get_by_role("button", name="Take it myself").click()
    expect(other.locator("#incident-head .head-facts")).to_contain_text("second")
