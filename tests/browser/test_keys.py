"""Where the keyboard is after each step, and the list of keys."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Installation, sign_in
from tests.browser.test_two_people import box, row, write
from tests.browser.test_what_was_typed import declare


def test_the_keyboard_is_where_the_next_thing_is_typed(installation: Installation, page: Page) -> None:
    sign_in(installation, page, "keys")
    declare(page, installation, "Without a mouse")
    write(page, "Restarted")
    written = row(page, "Restarted")
    for side in ("before", "after"):
        written.get_by_role("link", name=f"Insert {side}").press("Enter")
        expect(page.locator(".inserting textarea")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator(".inserting")).to_have_count(0)
    written.get_by_role("link", name="Correct").press("Enter")
    expect(page.locator(".editing textarea")).to_be_focused()
    page.keyboard.press("Escape")
    expect(written.get_by_role("link", name="Correct")).to_be_focused()
    for _ in range(2):
        page.get_by_role("link", name="Board", exact=True).focus()
        page.keyboard.press("Control+k")
        page.keyboard.type("add an event")
        expect(page.locator("#palette [aria-selected=true]")).to_contain_text("Add an event")
        page.keyboard.press("Enter")
        expect(box(page)).to_be_focused()


def test_a_question_mark_lists_the_keys(installation: Installation, page: Page) -> None:
    sign_in(installation, page, "keys")
    listed = page.get_by_role("dialog", name="Keyboard shortcuts")
    board = page.get_by_role("link", name="Board", exact=True)
    board.focus()
    page.keyboard.press("?")
    expect(listed).to_contain_text("Declare an incident")
    expect(listed).to_contain_text("Send the form being typed in")
    page.keyboard.press("Escape")
    expect(listed).to_be_hidden()
    expect(board).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("?")
    expect(listed).to_be_hidden()
    page.keyboard.press("Control+a")
    page.keyboard.type("keyboard")
    expect(page.locator("#palette [aria-selected=true]")).to_contain_text("Keyboard shortcuts")
    page.keyboard.press("Enter")
    expect(listed).to_be_visible()
    listed.get_by_role("button", name="Close").click()
    expect(listed).to_be_hidden()
