"""Wording is marked while somebody writes, left with a reason, and marked again; it never stands in the way."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Installation, sign_in
from tests.browser.test_what_was_typed import declare

TEXT = "At 14:03 the engineer forgot the flag."
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def area(installation: Installation, page: Page) -> Locator:
    """The text of a section, open for writing."""
    sign_in(installation, page, "writer")
    declare(page, installation, "Wording")
    page.get_by_role("button", name="Begin the post-mortem").first.click()
    page.get_by_role("link", name="Write “Lessons”").click()
    return page.locator("#section-lessons textarea[name=body]")


def marks(page: Page) -> Locator:
    return page.locator("#wording-lessons .wording-mark")


def underlined(page: Page) -> Locator:
    return page.locator(".wording-layer mark")


def test_a_phrase_is_marked_left_with_a_reason_and_marked_again(page: Page, area: Locator) -> None:
    area.press_sequentially(TEXT)
    expect(marks(page)).to_have_count(1)
    expect(underlined(page)).to_have_text("forgot")
    expect(area).to_be_focused()
    expect(page.locator(".wording-editor [role=status]")).to_have_text("1 phrase that could say more.")
    area.press("Control+Home")
    area.press_sequentially("😀 Then: ")
    expect(underlined(page)).to_have_text("forgot")
    leave = marks(page).get_by_text("Leave it", exact=False).first
    leave.focus()
    leave.press("Enter")
    reason = marks(page).get_by_label("Why it stays")
    reason.fill("The customer said so")
    reason.press("Enter")
    expect(marks(page)).to_have_count(0)
    expect(underlined(page)).to_have_count(0)
    expect(page.locator("#wording-lessons .wording-count")).to_be_focused()
    page.get_by_text("1 left as it is").click()
    expect(page.locator("#wording-lessons")).to_contain_text("The customer said so")
    page.get_by_role("button", name="Mark it again").click()
    expect(underlined(page)).to_have_text("forgot")
    expect(area).to_have_value("😀 Then: " + TEXT)


def test_the_marks_stand_where_the_words_do(page: Page, area: Locator) -> None:
    """In Thai, too, in a text area of any width: each line ends at the same word, and so no taller is the whole."""
    thai = "ดิสก์เต็มเพราะ log ไม่ถูกหมุนเวียนและวิศวกรลืมตั้งค่าการแจ้งเตือนในระบบสำรองข้อมูล "
    area.fill("A long line that wraps. " * 30 + "\n\nHe forgot it.\n\n" + thai * 8)
    expect(underlined(page)).to_have_count(9)
    area.evaluate("(area) => (area.style.width = '63.3%')")
    page.get_by_role("button", name="Show in the text “forgot”").click()
    expect(area).to_be_focused()
    selected = "(area) => area.value.slice(area.selectionStart, area.selectionEnd)"
    assert area.evaluate(selected) == "forgot"
    layer = page.locator(".wording-layer")
    place = "(element) => ['x', 'y', 'width', 'height'].map((name) => element.getBoundingClientRect()[name])"
    assert layer.evaluate(place) == pytest.approx(area.evaluate(place), abs=0.1)
    inside = "(element) => [element.scrollHeight, element.scrollTop]"
    assert layer.evaluate(inside) == area.evaluate(inside)
    # A bold word is wider where the letters are not all of one width, as in Thai.
    letters = "(element) => ['fontFamily', 'fontSize', 'fontWeight'].map((name) => getComputedStyle(element)[name])"
    assert underlined(page).first.evaluate(letters) == area.evaluate(letters)


def test_without_an_answer_nothing_is_in_the_way(page: Page, area: Locator) -> None:
    page.route(re.compile(r"/wording/$"), lambda route: route.abort())
    area.press_sequentially(TEXT)
    page.get_by_role("button", name="Save the section").click()
    expect(page.locator("#section-lessons .prose")).to_contain_text("forgot the flag")


def test_axe_finds_nothing_in_the_editor_the_list_and_the_rules(
    installation: Installation, page: Page, area: Locator
) -> None:
    area.fill(f"{TEXT}\n\nIt should have been tested. ทำไมเขาไม่ตรวจ")
    expect(marks(page)).to_have_count(3)
    marks(page).get_by_text("Leave it", exact=False).first.click()
    assert faults(page, "body") == []
    page.get_by_role("button", name="Save the section").click()
    page.locator("#wording-panel a").first.click()
    expect(page.locator(".wording-mark")).to_have_count(3)
    assert faults(page, "main") == []
    page.goto(f"{installation.address}/wording-rules/")
    page.get_by_text("What Debrief marks itself").click()
    assert faults(page, "main") == []


def faults(page: Page, place: str) -> list[str]:
    page.evaluate(Axe().axe_script)
    look = "([place, tags]) => axe.run(place, { runOnly: { type: 'tag', values: tags } })"
    found = page.evaluate(look, [place, TAGS])
    return [f"{fault['id']}: {node['html'][:160]}" for fault in found["violations"] for node in fault["nodes"]]
