"""Two people run one incident at once; one of them loses the connection."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Installation, sign_in
from tests.browser.test_what_was_typed import declare

# What others add is there within three seconds; a busy machine is given more.
SOON = 15_000


@pytest.fixture
def other(installation: Installation, browser: Browser) -> Iterator[Page]:
    """Somebody else, signed in, in a browser of their own."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, timezone_id="UTC")
    context.set_default_timeout(20_000)
    page = context.new_page()
    sign_in(installation, page, "second")
    yield page
    context.close()


def box(page: Page):
    return page.locator("#timeline-add textarea")


def write(page: Page, text: str) -> None:
    box(page).fill(text)
    box(page).press("Control+Enter")


def row(page: Page, text: str):
    return page.locator("#timeline-list .event", has_text=text)


def texts(page: Page, word: str) -> list[str]:
    """The texts in the timeline with this word, as they stand."""
    return [text for text in page.locator("#timeline-list .event .prose").all_inner_texts() if word in text]


def begin(installation: Installation, page: Page, other: Page, title: str) -> None:
    sign_in(installation, page, "first")
    declare(page, installation, title)
    other.goto(page.url)
    for each in (page, other):
        expect(each.locator(".watch-state")).to_contain_text("Live")


def test_the_next_event_can_be_typed_at_once(installation: Installation, page: Page, other: Page) -> None:
    begin(installation, page, other, "Typing ahead")
    expect(page.locator("#timeline-add .shortcut")).to_be_visible()
    box(page).focus()
    for number in range(3):
        page.keyboard.type(f"Typed {number}")
        page.keyboard.press("Control+Enter")
        expect(box(page)).to_be_focused()
        expect(box(page)).to_have_value("")
    expect(row(page, "Typed 2")).to_be_visible()
    assert texts(page, "Typed") == ["Typed 0", "Typed 1", "Typed 2"]
    expect(page.locator("[data-news]")).to_contain_text("Your event is in the timeline")
    expect(row(other, "Typed 2")).to_be_visible(timeout=SOON)
    assert texts(other, "Typed") == ["Typed 0", "Typed 1", "Typed 2"]
    expect(other.locator("[data-news]")).to_contain_text("new event")


def test_what_others_add_moves_nothing(installation: Installation, page: Page, other: Page) -> None:
    begin(installation, page, other, "Long timeline")
    for number in range(25):
        write(page, f"Step {number}")
    expect(row(page, "Step 24")).to_be_visible()
    box(page).fill("Half a sentence")
    page.evaluate("document.querySelector('#timeline-add textarea').setSelectionRange(5, 9)")
    row(page, "Step 12").evaluate("row => row.scrollIntoView({block: 'start'})")
    before = row(page, "Step 12").bounding_box()
    # Far above what is being read.
    box(other).fill("It began much earlier")
    other.get_by_label("When", exact=True).fill("yesterday 10:00")
    box(other).press("Control+Enter")
    expect(row(page, "It began much earlier")).to_have_count(1, timeout=SOON)
    after = row(page, "Step 12").bounding_box()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) < 2
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_value("Half a sentence")
    assert page.evaluate("[document.activeElement.selectionStart, document.activeElement.selectionEnd]") == [5, 9]
    assert texts(page, "e")[0] != "Step 0"
    assert page.locator("#timeline-list > li").nth(1).inner_text().count("It began much earlier") == 1


def test_corrections_pins_and_facts_appear(installation: Installation, page: Page, other: Page) -> None:
    begin(installation, page, other, "Corrected elsewhere")
    write(page, "The cache was col")
    expect(row(other, "The cache was col")).to_be_visible(timeout=SOON)
    row(other, "The cache was col").get_by_role("link", name="Correct").click()
    other.locator(".event.editing textarea").fill("The cache was cold")
    other.locator(".event.editing textarea").press("Control+Enter")
    expect(row(page, "The cache was cold")).to_contain_text("corrected once", timeout=SOON)
    row(other, "The cache was cold").get_by_role("button", name="Hide").click()
    expect(row(page, "The cache was cold")).to_have_count(0, timeout=SOON)
    other.locator("#status-panel").get_by_role("link", name="Change").click()
    other.get_by_label("New status").select_option("identified")
    other.get_by_role("button", name="Change the status").click()
    expect(page.locator("#incident-head")).to_contain_text("Identified", timeout=SOON)


def test_a_lost_connection_costs_nothing(
    installation: Installation, page: Page, context: BrowserContext, other: Page
) -> None:
    begin(installation, page, other, "One loses the connection")
    write(page, "Before it broke")
    expect(row(page, "Before it broke")).to_be_visible()
    page.wait_for_load_state("networkidle")
    context.set_offline(True)
    for number in range(4):
        write(page, f"Offline {number}")
    expect(page.locator(".event.waiting")).to_have_count(4)
    expect(page.locator(".event.waiting").first).to_contain_text("Not sent yet")
    expect(page.get_by_text("Not connected. What you write is kept").first).to_be_visible()
    write(other, "Meanwhile, online")
    expect(row(other, "Meanwhile, online")).to_be_visible()
    box(page).fill("Half a thought")
    # The browser dies: nothing is asked, nothing is said.
    address = page.url
    page.close(run_before_unload=False)
    context.set_offline(False)
    page = context.new_page()
    page.goto(address)
    expect(row(page, "Offline 3")).to_be_visible(timeout=SOON)
    expect(box(page)).to_have_value("Half a thought")
    expect(page.get_by_text("Restored from this browser")).to_be_visible()
    box(page).press("Control+Enter")
    everything = ["Before it broke", *(f"Offline {number}" for number in range(4)), "Half a thought"]
    expect(row(other, "Half a thought")).to_be_visible(timeout=SOON)
    for each in (page, other):
        expect(each.locator(".event.waiting")).to_have_count(0)
        assert [text for text in texts(each, "") if text in everything] == everything
        assert texts(each, "Meanwhile") == ["Meanwhile, online"]
        order = texts(each, "")
        assert order.index("Offline 3") < order.index("Meanwhile, online") < order.index("Half a thought")


def test_an_answer_that_is_lost_makes_no_second_event(installation: Installation, page: Page, other: Page) -> None:
    begin(installation, page, other, "Lost answers")
    lost: list[str] = []

    def lose(route) -> None:
        if route.request.method != "POST" or len(lost) == 2:
            return route.fallback()
        # It reaches Debrief; the answer reaches nobody.
        route.fetch()
        lost.append(route.request.url)
        return route.abort()

    page.route("**/timeline/", lose)
    write(page, "Sent three times")
    expect(page.locator(".event.waiting")).to_have_count(0, timeout=SOON)
    assert len(lost) == 2
    page.reload()
    expect(row(page, "Sent three times")).to_have_count(1)


def test_the_count_is_right_before_anything_is_asked_for(installation: Installation, page: Page, other: Page) -> None:
    begin(installation, page, other, "Counting")
    page.route("**/timeline/changes/**", lambda route: route.abort())
    before = int(page.locator("#timeline-counts").inner_text().split()[0])
    for number in range(2):
        write(page, f"Counted {number}")
        expect(row(page, f"Counted {number}")).to_have_count(1)
    expect(page.locator("#timeline-counts")).to_contain_text(f"{before + 2} events")


def test_a_double_click_makes_one_event(installation: Installation, page: Page, other: Page) -> None:
    begin(installation, page, other, "Double click")
    box(page).fill("Pressed twice")
    page.get_by_role("button", name="Add to the timeline").dblclick()
    expect(row(page, "Pressed twice")).to_have_count(1)
    page.reload()
    expect(row(page, "Pressed twice")).to_have_count(1)


def test_two_people_in_one_event_choose(installation: Installation, page: Page, other: Page) -> None:
    begin(installation, page, other, "Both correct it")
    write(page, "The disk is full")
    expect(row(other, "The disk is full")).to_be_visible(timeout=SOON)
    for each, text in ((page, "The disk of db1 is full"), (other, "The disk is full since noon")):
        row(each, "The disk is full").get_by_role("link", name="Correct").click()
        each.locator(".event.editing textarea").fill(text)
    page.locator(".event.editing textarea").press("Control+Enter")
    expect(row(page, "The disk of db1 is full")).to_be_visible()
    expect(other.get_by_text("Somebody changed this event meanwhile")).to_be_visible(timeout=SOON)
    expect(other.locator(".event.editing textarea")).to_have_value("The disk is full since noon")
    other.locator(".event.editing textarea").press("Control+Enter")
    expect(other.locator(".conflict")).to_contain_text("The disk of db1 is full")
    other.get_by_role("button", name="Save yours").click()
    expect(row(page, "since noon")).to_be_visible(timeout=SOON)


def test_a_correction_survives_a_crash(
    installation: Installation, page: Page, context: BrowserContext, other: Page
) -> None:
    begin(installation, page, other, "Crash while correcting")
    write(page, "It was slow")
    row(page, "It was slow").get_by_role("link", name="Correct").click()
    page.locator(".event.editing textarea").fill("It was slow for an hour")
    address = page.url
    page.close(run_before_unload=False)
    page = context.new_page()
    page.goto(address)
    expect(row(page, "It was slow")).to_contain_text("unsent text")
    row(page, "It was slow").get_by_role("link", name="Correct").click()
    expect(page.locator(".event.editing textarea")).to_have_value("It was slow for an hour")
    page.get_by_role("button", name="discard").click()
    expect(page.locator(".event.editing textarea")).to_have_value("It was slow")


def test_signing_out_leaves_nothing_in_the_browser(installation: Installation, page: Page, other: Page) -> None:
    begin(installation, page, other, "Shared computer")
    box(page).fill("Secret thought")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Password")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('debrief '))") == []


def test_drafts_of_one_person_are_not_shown_to_another(
    installation: Installation, page: Page, context: BrowserContext, other: Page
) -> None:
    begin(installation, page, other, "Two people, one browser")
    box(page).fill("Only mine")
    address = page.url
    context.clear_cookies()
    sign_in(installation, page, "third")
    page.goto(address)
    expect(box(page)).to_have_value("")
    context.clear_cookies()
    sign_in(installation, page, "first")
    page.goto(address)
    expect(box(page)).to_have_value("Only mine")
