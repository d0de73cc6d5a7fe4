"""Drafts of long texts, how long drafts are kept, and taking back what was typed."""

import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests.browser.conftest import Installation, sign_in
from tests.browser.test_two_people import SOON, box, row, write
from tests.browser.test_what_was_typed import declare

SAVED = re.compile(r"^Saved \d\d:\d\d:\d\d$")
RESTORED = "Restored from this browser"
AGE = """days => {
  for (const key of Object.keys(localStorage).filter((key) => key.startsWith("debrief ") && key.includes(" draft "))) {
    const kept = JSON.parse(localStorage.getItem(key));
    localStorage.setItem(key, JSON.stringify({ ...kept, at: Date.now() - days * 86_400_000 }));
  }
}"""
DRAFTS = 'Object.keys(localStorage).filter((key) => key.startsWith("debrief ") && key.includes(" draft ")).length'


def section(page: Page, key: str = "lessons") -> Locator:
    return page.locator(f"#section-{key}")


def write_at(page: Page, time: str, text: str) -> None:
    box(page).fill(text)
    page.get_by_label("When", exact=True).fill(time)
    box(page).press("Control+Enter")


def begin_section(installation: Installation, page: Page, title: str) -> None:
    sign_in(installation, page, "writer")
    declare(page, installation, title)
    page.get_by_role("button", name="Begin the post-mortem").click()
    # Until its scripts are there, a section opens on a page of its own.
    page.wait_for_url("**/postmortem/")
    section(page).get_by_role("link", name="Write").click()


def crash(page: Page, context: BrowserContext) -> Page:
    """The browser dies: nothing is asked, nothing is said. The same page in a new one."""
    address = page.url
    page.close(run_before_unload=False)
    page = context.new_page()
    page.goto(address)
    return page


def test_a_section_survives_reload_and_crash(installation: Installation, page: Page, context: BrowserContext) -> None:
    begin_section(installation, page, "Section kept")
    section(page).locator("textarea").fill("Look at **disks**")
    page.reload()
    link = section(page).get_by_role("link", name="Write “Lessons”, unsent text")
    expect(link).to_contain_text("unsent text")
    page = crash(page, context)
    section(page).get_by_role("link", name="Write").click()
    expect(section(page).locator("textarea")).to_have_value("Look at **disks**")
    expect(section(page).get_by_text(RESTORED)).to_be_visible()
    expect(section(page).locator(".preview strong")).to_have_text("disks")
    section(page).get_by_role("button", name="Save the section").click()
    expect(section(page).locator("textarea")).to_have_count(0)
    expect(section(page).locator(".prose strong")).to_have_text("disks")
    assert page.evaluate(DRAFTS) == 0
    section(page).get_by_role("link", name="Write").click()
    expect(section(page).locator("textarea")).to_have_value("Look at **disks**")
    expect(section(page).get_by_text(RESTORED)).to_have_count(0)


def test_a_restored_section_is_saved_without_a_key(
    installation: Installation, page: Page, context: BrowserContext
) -> None:
    begin_section(installation, page, "Restored and saved")
    section(page).locator("textarea").fill("Typed before the crash")
    page = crash(page, context)
    with page.expect_response("**/sections/lessons/text/") as answer:
        section(page).get_by_role("link", name="Write").click()
    assert answer.value.status == 200
    expect(section(page).locator("[data-save-state]")).to_have_text(SAVED)
    assert page.evaluate(DRAFTS) == 0
    # It says where the text is from; what is taken back now is taken back from Debrief.
    expect(section(page).get_by_text(RESTORED)).to_be_visible()
    expect(section(page).get_by_role("button", name="discard")).to_have_count(0)
    section(page).get_by_role("link", name="Cancel").click()
    section(page).get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("It was brought back as version 3.")).to_be_visible()


def test_a_restored_section_can_be_discarded(installation: Installation, page: Page, context: BrowserContext) -> None:
    begin_section(installation, page, "Restored and discarded")
    section(page).locator("textarea").fill("Typed before the crash")
    page = crash(page, context)
    page.route("**/sections/lessons/text/", lambda route: route.abort())
    section(page).get_by_role("link", name="Write").click()
    section(page).get_by_role("button", name="discard").click()
    expect(section(page).locator("textarea")).to_have_value("")
    expect(section(page).get_by_text(RESTORED)).to_have_count(0)
    assert page.evaluate(DRAFTS) == 0


def test_a_section_is_kept_until_debrief_has_it(
    installation: Installation, page: Page, context: BrowserContext
) -> None:
    begin_section(installation, page, "Section without connection")
    area = section(page).locator("textarea")
    area.fill("Typed on a train")
    page.wait_for_load_state("networkidle")
    context.set_offline(True)
    area.press("Control+Enter")
    expect(page.get_by_text("Debrief cannot be reached")).to_be_visible()
    context.set_offline(False)
    page = crash(page, context)
    section(page).get_by_role("link", name="Write").click()
    expect(section(page).locator("textarea")).to_have_value("Typed on a train")
    section(page).locator("textarea").press("Control+Enter")
    expect(section(page).locator("textarea")).to_have_count(0)
    expect(section(page).locator(".prose")).to_have_text("Typed on a train")
    page.reload()
    expect(section(page).locator(".unsent")).to_have_count(0)


def test_what_debrief_has_after_all_meets_no_conflict_with_itself(
    installation: Installation, page: Page, context: BrowserContext
) -> None:
    begin_section(installation, page, "Answer lost")
    area = section(page).locator("textarea")
    area.fill("Saved unheard")

    def lose(route: Route) -> None:
        if route.request.method != "POST":
            return route.fallback()
        route.fetch()
        return route.abort()

    page.route("**/postmortem/sections/lessons/", lose)
    with page.expect_event("requestfailed"):
        area.press("Control+Enter")
    page = crash(page, context)
    section(page).get_by_role("link", name="Write").click()
    expect(section(page).locator("textarea")).to_have_value("Saved unheard")
    expect(section(page).get_by_text(RESTORED)).to_have_count(0)
    assert page.evaluate(DRAFTS) == 0
    section(page).locator("textarea").fill("Saved unheard, and more")
    section(page).locator("textarea").press("Control+Enter")
    expect(section(page).locator("textarea")).to_have_count(0)
    expect(section(page).locator(".prose")).to_have_text("Saved unheard, and more")


def test_what_is_typed_while_a_section_is_saved_is_not_lost(installation: Installation, page: Page) -> None:
    begin_section(installation, page, "Typed on meanwhile")
    area = section(page).locator("textarea")

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            area.fill("Saved, and more")
        route.continue_()

    page.route("**/postmortem/sections/lessons/", hold)
    area.fill("Saved")
    area.press("Control+Enter")
    expect(section(page).locator(".prose")).to_have_text("Saved")
    expect(section(page).get_by_role("link", name="Write")).to_contain_text("unsent text")
    section(page).get_by_role("link", name="Write").click()
    expect(section(page).locator("textarea")).to_have_value("Saved, and more")


def test_a_section_that_the_browser_cannot_keep_asks_before_it_is_lost(installation: Installation, page: Page) -> None:
    begin_section(installation, page, "No room")
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('no room') } }")
    section(page).locator("textarea").fill("Not kept")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("button", name="Download PDF", exact=True).click()
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    expect(section(page).locator("textarea")).to_have_value("Not kept")


@pytest.mark.parametrize(("days", "is_kept"), [(13.9, True), (14.1, False)])
def test_drafts_are_kept_for_fourteen_days(installation: Installation, page: Page, days: float, is_kept: bool) -> None:
    sign_in(installation, page, "writer")
    declare(page, installation, f"Away for {days} days")
    box(page).fill("Half a thought")
    assert page.evaluate(DRAFTS) == 1
    page.evaluate(AGE, days)
    page.reload()
    expect(box(page)).to_have_value("Half a thought" if is_kept else "")
    expect(page.get_by_text(RESTORED)).to_have_count(int(is_kept))
    # It is not only left unread.
    assert page.evaluate(DRAFTS) == int(is_kept)
    if is_kept:
        page.get_by_role("button", name="discard").click()


def test_an_event_that_waits_is_taken_back(installation: Installation, page: Page, context: BrowserContext) -> None:
    sign_in(installation, page, "writer")
    declare(page, installation, "Too quick")
    page.wait_for_load_state("networkidle")
    sent: list[str] = []
    context.set_offline(True)
    write_at(page, "-10m", "Not what I meant")
    write(page, "Meant so")
    expect(page.locator(".event.waiting")).to_have_count(2)
    waiting = page.locator(".event.waiting", has_text="Not what I meant")
    waiting.get_by_role("button", name="Take back").click()
    expect(page.locator(".event.waiting")).to_have_count(1)
    expect(box(page)).to_have_value("Not what I meant")
    expect(box(page)).to_be_focused()
    expect(page.get_by_label("When", exact=True)).to_have_value("-10m")
    page.on("request", lambda request: sent.append(request.post_data or "") if request.method == "POST" else None)
    context.set_offline(False)
    expect(row(page, "Meant so")).to_be_visible(timeout=SOON)
    assert not any("Not what I meant" in body for body in sent)
    expect(row(page, "Not what I meant")).to_have_count(0)
    # It is a draft again, which a reload keeps.
    page.reload()
    expect(box(page)).to_have_value("Not what I meant")


def test_a_refused_event_is_taken_back_beside_what_is_being_typed(installation: Installation, page: Page) -> None:
    sign_in(installation, page, "writer")
    declare(page, installation, "Refused")
    write_at(page, "half past never", "At some time")
    waiting = page.locator(".event.waiting")
    expect(waiting).to_contain_text("Not added")
    box(page).fill("Meanwhile")
    waiting.get_by_role("button", name="Take back").click()
    expect(waiting).to_have_count(0)
    expect(box(page)).to_have_value("Meanwhile\nAt some time")
    expect(page.get_by_label("When", exact=True)).to_have_value("half past never")
    page.get_by_label("When", exact=True).fill("-1m")
    box(page).press("Control+Enter")
    expect(row(page, "At some time")).to_contain_text("Meanwhile")


def test_a_note_that_was_saved_with_a_status_is_not_kept(installation: Installation, page: Page) -> None:
    sign_in(installation, page, "writer")
    declare(page, installation, "Saved once")
    panel = page.locator("#status-panel")
    change = panel.get_by_role("link", name="Change")
    change.click()
    panel.get_by_label("New status").select_option("identified")
    panel.get_by_label("Note").fill("It is the disk")
    page.reload()
    change.click()
    # Typed and not sent, both come back.
    expect(panel.get_by_text(RESTORED)).to_be_visible()
    expect(panel.get_by_label("New status")).to_have_value("identified")
    expect(panel.get_by_label("Note")).to_have_value("It is the disk")
    panel.get_by_role("button", name="Change the status").click()
    expect(row(page, "It is the disk")).to_have_count(1)
    expect(panel.locator(".unsent")).to_have_count(0)
    assert page.evaluate(DRAFTS) == 0
    change.click()
    expect(panel.get_by_label("Note")).to_have_value("")


def test_what_was_taken_back_goes_with_its_text(installation: Installation, page: Page) -> None:
    sign_in(installation, page, "writer")
    declare(page, installation, "Given up")
    when = page.get_by_label("When", exact=True)
    for is_reloaded in (False, True):
        write_at(page, "banana", "Not after all")
        page.locator(".event.waiting").get_by_role("button", name="Take back").click()
        expect(when).to_have_value("banana")
        if is_reloaded:
            page.reload()
            expect(page.get_by_text(RESTORED)).to_be_visible()
            box(page).focus()
        box(page).fill("")
        expect(when).to_have_value("")
        expect(page.get_by_text(RESTORED)).to_have_count(0)
        assert page.evaluate(DRAFTS) == 0
    # A time that was typed for a text still to come stays.
    when.fill("-5m")
    box(page).fill("Once")
    box(page).fill("")
    expect(when).to_have_value("-5m")
    page.get_by_label("When", exact=True).fill("")
