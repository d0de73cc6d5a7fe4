"""Writing the sections of a post-mortem: alone, offline, and with somebody else in the same words."""

import base64
import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import Installation, sign_in
from tests.browser.test_accessibility import AXE, find_faults
from tests.browser.test_kept_drafts import DRAFTS, crash, section
from tests.browser.test_what_was_typed import declare

STORY = "The disk filled up. Nobody saw the alert. The replica had everything."
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PASTE = """([area, bytes]) => {
  const data = new DataTransfer();
  const content = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
  data.items.add(new File([content], "graph.png", { type: "image/png" }));
  area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def area(page: Page) -> Locator:
    return section(page).locator("textarea")


def state(page: Page) -> Locator:
    return section(page).locator("[data-save-state]")


def write(page: Page) -> None:
    section(page).get_by_role("link", name="Write").click()
    expect(area(page)).to_be_focused()


def begin(installation: Installation, page: Page, title: str, text: str = "") -> str:
    """The address of a post-mortem whose lessons say this, opened for writing."""
    sign_in(installation, page, "writer")
    declare(page, installation, title)
    page.get_by_role("button", name="Begin the post-mortem").click()
    # Until its scripts are there, a section opens on a page of its own.
    page.wait_for_url("**/postmortem/")
    write(page)
    if text:
        area(page).fill(text)
        expect(state(page)).to_have_text(re.compile(r"^Saved \d\d:\d\d:\d\d$"))
    return page.url


def open_section(page: Page, address: str) -> None:
    page.goto(address)
    write(page)


def saved_by(page: Page, text: str) -> None:
    area(page).fill(text)
    expect(state(page)).to_have_text(re.compile("saved", re.IGNORECASE))
    expect(area(page)).to_have_value(text)


def test_a_section_is_saved_while_it_is_typed(installation: Installation, page: Page) -> None:
    begin(installation, page, "Autosave")
    with page.expect_response("**/sections/lessons/text/", timeout=4_000) as answer:
        area(page).press_sequentially("Look at **disks**")
    assert answer.value.status == 200
    expect(state(page)).to_have_text(re.compile(r"^Saved \d\d:\d\d:\d\d$"))
    expect(section(page).locator(".preview strong")).to_have_text("disks")
    expect(area(page)).to_be_focused()
    assert page.evaluate(DRAFTS) == 0
    page.reload()
    expect(section(page).locator(".prose strong")).to_have_text("disks")
    expect(section(page).locator(".unsent")).to_have_count(0)


def test_escape_asks_nothing_and_what_was_written_can_be_taken_back(installation: Installation, page: Page) -> None:
    begin(installation, page, "Closed by Escape", STORY)
    area(page).press("Escape")
    expect(area(page)).to_have_count(0)
    write(page)
    area(page).fill(f"{STORY} And more.")
    area(page).press("Escape")
    expect(section(page).locator(".prose")).to_contain_text("And more.")
    section(page).get_by_role("button", name="Take it back").click()
    page.wait_for_url("**/history/")
    page.get_by_role("link", name=re.compile("^← Post-mortem")).click()
    expect(section(page).locator(".prose")).to_have_text(STORY)


def test_keys_and_buttons_format_what_is_selected(installation: Installation, page: Page) -> None:
    begin(installation, page, "Formatting")
    area(page).fill("disk")
    for key, result in (("b", "**disk**"), ("i", "_disk_"), ("k", "[disk](url)")):
        area(page).fill("disk")
        area(page).press("Control+a")
        area(page).press(f"Control+{key}")
        expect(area(page)).to_have_value(result)
    expect(page.locator("#palette")).not_to_be_visible()
    area(page).fill("disk")
    area(page).press("Control+a")
    section(page).get_by_role("button", name="Quote").click()
    expect(area(page)).to_have_value(re.compile("^> disk"))
    area(page).press("Control+Enter")
    expect(section(page).locator(".prose blockquote")).to_have_text("disk")


def test_what_is_written_offline_is_kept_and_sent_later(
    installation: Installation, page: Page, context: BrowserContext
) -> None:
    begin(installation, page, "Offline", STORY)
    context.set_offline(True)
    area(page).fill(f"{STORY} On a train.")
    expect(state(page)).to_have_text("Not saved: offline, kept in this browser")
    assert page.evaluate(DRAFTS) == 1
    context.set_offline(False)
    expect(state(page)).to_have_text(re.compile("^Saved"))
    assert page.evaluate(DRAFTS) == 0
    context.set_offline(True)
    area(page).fill(f"{STORY} In a tunnel.")
    expect(state(page)).to_have_text("Not saved: offline, kept in this browser")
    context.set_offline(False)
    page.evaluate("Object.defineProperty(window, 'fetch', { value: () => new Promise(() => {}) })")
    page = crash(page, context)
    write(page)
    expect(area(page)).to_have_value(f"{STORY} In a tunnel.")
    area(page).press("Escape")
    expect(section(page).locator(".prose")).to_have_text(f"{STORY} In a tunnel.")


def test_a_save_whose_answer_was_lost_is_no_conflict(installation: Installation, page: Page) -> None:
    begin(installation, page, "Answer lost on the way", STORY)
    is_lost: list[bool] = []

    def lose(route: object) -> None:
        route.fetch()  # type: ignore[attr-defined]
        is_lost.append(True)
        route.abort()  # type: ignore[attr-defined]

    page.route("**/sections/lessons/text/", lose, times=1)
    # It is tried again soon, so that the page says "offline" for a moment only.
    with page.expect_event("requestfailed"):
        area(page).fill(f"{STORY} Unheard.")
    area(page).fill(f"{STORY} Unheard. And more.")
    expect(state(page)).to_have_text(re.compile("^Saved"))
    assert is_lost == [True]
    page.reload()
    expect(section(page).locator(".prose")).to_have_text(f"{STORY} Unheard. And more.")


def test_done_while_an_answer_is_missing_waits_for_it_and_is_no_conflict(
    installation: Installation, page: Page, context: BrowserContext
) -> None:
    begin(installation, page, "Answer lost, then offline", STORY)

    def lose(route: object) -> None:
        route.fetch()  # type: ignore[attr-defined]
        route.abort()  # type: ignore[attr-defined]

    page.route("**/sections/lessons/text/", lose, times=1)
    with page.expect_event("requestfailed"):
        area(page).fill(f"{STORY} Unheard.")
    context.set_offline(True)
    area(page).press("Control+Enter")
    expect(state(page)).to_have_text("Not saved: offline, kept in this browser")
    expect(area(page)).to_be_visible()
    context.set_offline(False)
    expect(state(page)).to_have_text(re.compile("^Saved"))
    area(page).press("Control+Enter")
    expect(section(page).locator(".prose")).to_have_text(f"{STORY} Unheard.")


def test_two_people_write_in_one_section(installation: Installation, page: Page, ann: Page) -> None:
    address = begin(installation, page, "Merged", STORY)
    open_section(ann, address)
    expect(section(ann).get_by_text("writer is writing here too")).to_be_visible()
    area(page).press("Control+Home")
    saved_by(page, STORY.replace("disk", "volume"))
    area(ann).fill(STORY.replace("replica", "copy"))
    both = STORY.replace("disk", "volume").replace("replica", "copy")
    expect(area(ann)).to_have_value(both)
    expect(state(ann)).to_have_text(re.compile("Merged with what writer wrote, saved"))
    # The first one hears of it without typing.
    expect(section(page).get_by_text("ann is writing here too")).to_be_visible(timeout=25_000)
    expect(area(page)).to_have_value(both, timeout=25_000)


def test_the_page_shows_what_others_save_and_who_writes(installation: Installation, page: Page, ann: Page) -> None:
    address = begin(installation, page, "Watched", STORY)
    ann.goto(address)
    expect(section(ann).get_by_text("writer is writing here")).to_be_visible()
    area(page).fill(f"{STORY} Live.")
    expect(section(ann).locator(".prose")).to_have_text(f"{STORY} Live.")
    # What is selected stays as it is until it is not any more.
    section(ann).locator(".prose p").select_text()
    area(page).fill(f"{STORY} Later.")
    expect(state(page)).to_have_text(re.compile("^Saved"))
    ann.wait_for_timeout(6_000)
    expect(section(ann).locator(".prose")).to_have_text(f"{STORY} Live.")
    ann.evaluate("getSelection().removeAllRanges()")
    expect(section(ann).locator(".prose")).to_have_text(f"{STORY} Later.")
    area(page).press("Escape")
    expect(section(ann).get_by_text("writer is writing here")).to_have_count(0)


def test_an_editor_that_has_just_opened_stays(installation: Installation, page: Page, ann: Page) -> None:
    address = begin(installation, page, "Opened meanwhile", STORY)
    ann.goto(address)
    ann.evaluate("htmx.config.defaultSettleDelay = 8_000")
    section(ann).get_by_role("link", name="Write").click()
    expect(area(ann)).to_have_value(STORY)
    with ann.expect_response(lambda response: "/changes/" in response.url and response.status == 200):
        saved_by(page, f"{STORY} And more.")
    ann.wait_for_load_state("networkidle")
    expect(area(ann)).to_have_value(STORY)


def test_people_and_references_are_completed(installation: Installation, page: Page, ann: Page) -> None:
    begin(installation, page, "Completed")
    ann.close()
    area(page).press_sequentially("Ask @an")
    options = section(page).get_by_role("option")
    expect(options.first).to_contain_text("@ann")
    expect(area(page)).to_have_attribute("aria-activedescendant", "completion-1")
    # At the line that is typed, within the text.
    offered, text = section(page).get_by_role("listbox").bounding_box(), area(page).bounding_box()
    assert offered
    assert text
    assert text["y"] < offered["y"] < text["y"] + text["height"]
    area(page).press("Enter")
    expect(area(page)).to_have_value("Ask @ann ")
    expect(options).to_have_count(0)
    area(page).press_sequentially("about INC-")
    expect(options.first).to_be_visible()
    area(page).press("Escape")
    # The list alone is closed by it.
    expect(options).to_have_count(0)
    area(page).press_sequentially("1")
    expect(options.first).to_be_visible()
    area(page).press("Tab")
    expect(area(page)).to_have_value(re.compile(r"^Ask @ann about INC-1\d*$"))
    expect(section(page).locator(".preview a", has_text="INC-1")).to_be_visible()


def test_an_earlier_version_is_brought_back(installation: Installation, page: Page) -> None:
    begin(installation, page, "History", STORY)
    area(page).press("Escape")
    write(page)
    area(page).fill("Shorter.")
    area(page).press("Control+Enter")
    section(page).get_by_role("link", name="History").click()
    expect(page.get_by_role("heading", name="History of “Lessons”")).to_be_visible()
    page.locator(".section-history").get_by_role("link", name="Each save").click()
    expect(page.locator(".section-history ins").first).to_have_text("Shorter.")
    page.get_by_role("button", name="Bring back version 2").click()
    expect(page.get_by_text("It was brought back as version 4.")).to_be_visible()
    page.get_by_role("button", name="Bring back version 3").click()
    page.get_by_role("link", name=re.compile("^← Post-mortem")).click()
    expect(section(page).locator(".prose")).to_have_text("Shorter.")


def test_a_pasted_picture_is_sent_and_saved_with_the_text(installation: Installation, page: Page) -> None:
    begin(installation, page, "Picture", STORY)
    area(page).press("Control+End")
    page.evaluate(PASTE, [area(page).element_handle(), base64.b64encode(PIXEL).decode()])
    expect(area(page)).to_have_value(re.compile(r"everything\. !\[graph\.png\]\(/incidents/"))
    expect(state(page)).to_have_text(re.compile("^Saved"))
    expect(section(page).locator(".preview img")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
def test_the_editor_the_choice_and_the_list_have_no_faults(
    installation: Installation, page: Page, ann: Page, width: int
) -> None:
    address = begin(installation, page, f"Looked at, {width}", STORY)
    ann.set_viewport_size({"width": width, "height": 900})
    open_section(ann, address)
    ann.evaluate(AXE)
    saved_by(page, STORY.replace("disk", "volume"))
    area(ann).fill(STORY.replace("disk", "partition"))
    expect(section(ann).locator(".conflict")).to_be_visible()
    area(ann).press("Control+End")
    area(ann).press_sequentially(" @wri")
    expect(section(ann).get_by_role("option").first).to_be_visible()
    assert find_faults(ann) == []
    assert ann.evaluate("document.documentElement.scrollWidth") <= width
    area(ann).press("Escape")
    ann.goto(f"{address}sections/lessons/history/")
    ann.evaluate(AXE)
    assert find_faults(ann) == []
