"""The command palette, by keyboard alone and as a screen reader is told about it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Installation, sign_in

DECLARE = """
from django.utils import timezone
from accounts.models import User
from incidents.models import Incident, SeverityLevel
from incidents.services.declaration import declare_incident
for title in ("Turbopump stopped", "Turbopump is late", "ฐานข้อมูลล่ม"):
    if not Incident.objects.filter(title=title):
        declare_incident(title=title, severity=SeverityLevel.objects.get(level=3), now=timezone.now(),
                         actor=User.objects.get(username="palette"))
"""


@pytest.fixture
def signed_in_page(installation: Installation, page: Page) -> Page:
    sign_in(installation, page, "palette")
    declared = installation.manage("shell", "-c", DECLARE)
    assert declared.returncode == 0, declared.stderr
    return page


def test_an_incident_is_reached_without_the_mouse(signed_in_page: Page) -> None:
    page = signed_in_page
    page.keyboard.press("Control+k")
    dialog = page.get_by_role("dialog", name="Go to or search")
    field = dialog.get_by_role("combobox", name="Go to or search")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-expanded", "true")
    options = dialog.get_by_role("listbox", name="Suggestions").get_by_role("option")
    # Before anything is typed nothing is chosen, so that Enter does nothing by surprise.
    expect(dialog.get_by_role("option", selected=True)).to_have_count(0)
    page.keyboard.type("turbopump")
    expect(options).to_have_count(3)
    expect(dialog.get_by_role("status")).to_have_text("3 suggestions")
    expect(dialog.get_by_role("option", selected=True)).to_contain_text("Turbopump is late")
    page.keyboard.press("ArrowDown")
    chosen = dialog.get_by_role("option", selected=True)
    expect(chosen).to_contain_text("Turbopump stopped")
    expect(field).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "")
    expect(field).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Turbopump stopped")


def test_arrows_go_round_and_escape_closes(signed_in_page: Page) -> None:
    page = signed_in_page
    page.get_by_role("link", name="Board", exact=True).focus()
    page.keyboard.press("Control+k")
    dialog = page.get_by_role("dialog")
    page.keyboard.type("ฐานข้อมูล")
    expect(dialog.get_by_role("option", selected=True)).to_contain_text("ฐานข้อมูลล่ม")
    expect(dialog.get_by_role("option")).to_have_count(2)
    page.keyboard.press("ArrowUp")
    expect(dialog.get_by_role("option", selected=True)).to_contain_text("Search for")
    page.keyboard.press("ArrowDown")
    expect(dialog.get_by_role("option", selected=True)).to_contain_text("ฐานข้อมูลล่ม")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    expect(page.get_by_role("link", name="Board", exact=True)).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("turbo")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_hidden()
    expect(page.get_by_role("link", name="Board", exact=True)).to_be_focused()


def test_what_was_typed_can_be_searched_for(signed_in_page: Page) -> None:
    page = signed_in_page
    page.keyboard.press("Control+k")
    page.keyboard.type("turbopump stopped")
    # At once: whether or not a suggestion is there by now, it leads to what was typed.
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Turbopump stopped")


def test_the_palette_and_the_results_pass_axe(signed_in_page: Page) -> None:
    page = signed_in_page
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(page.url.split("/search")[0].rstrip("/") + "/search/?q=turbopump")
        page.keyboard.press("Control+k")
        page.keyboard.type("turbopump")
        expect(page.get_by_role("option", selected=True)).to_be_visible()
        assert Axe().run(page).response["violations"] == []
        page.keyboard.press("Escape")
        expect(page.locator("#palette")).to_be_hidden()
        assert Axe().run(page).response["violations"] == []
