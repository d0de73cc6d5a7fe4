"""Events that move to another incident leave the pages on which somebody still looks at them."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Installation
from tests.browser.test_two_people import SOON, begin, other, row, write
from tests.browser.test_what_was_typed import declare

__all__ = ["other"]
# A merged incident is over, and the page of one that is over asks every 15 seconds only.
LATER = 60_000


def test_rows_leave_with_their_events_and_come_back(installation: Installation, page: Page, other: Page) -> None:
    begin(installation, page, other, "The first")
    target = page.url.rstrip("/").rpartition("/")[2]
    declare(page, installation, "The second")
    duplicate = page.url
    other.goto(duplicate)
    for text in ("Moves away", "Is written in"):
        write(page, text)
        expect(row(other, text)).to_be_visible(timeout=SOON)
    # Somebody writes in one of them.
    row(other, "Is written in").get_by_role("link", name="Correct").click()
    field = other.locator("#timeline-list .editing textarea")
    field.fill("Is written in at length")
    page.goto(f"{duplicate}duplicate/")
    page.get_by_label("This is a duplicate of").fill(target)
    page.get_by_label("This is a duplicate of").press("Enter")
    expect(row(other, "Moves away")).to_have_count(0, timeout=SOON)
    expect(other.locator("#timeline-list .editing")).to_contain_text("moved to another incident meanwhile")
    expect(field).to_have_value("Is written in at length")
    expect(row(other, "Merged into another incident")).to_be_visible()
    notice = other.locator("#duplicate-notice")
    expect(notice).to_contain_text("Merged into INC-")
    expect(notice.get_by_role("button", name="Take it out again")).to_be_visible()
    page.get_by_role("button", name="Take it out again").first.click()
    expect(page.get_by_text("This incident stands by itself again.")).to_be_visible()
    expect(row(other, "Moves away")).to_be_visible(timeout=LATER)
    expect(notice).to_have_text("")
