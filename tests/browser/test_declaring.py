"""An incident is declared from the keyboard, from anywhere."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Installation, sign_in

FORM = re.compile(r"/incidents/new/$")


def test_c_and_a_title_declare_an_incident(installation: Installation, page: Page) -> None:
    sign_in(installation, page, "quick")
    for address in ("/databases/", "/services/", "/profile/"):
        page.goto(f"{installation.address}{address}")
        page.keyboard.press("c")
        expect(page).to_have_url(FORM)
    title = page.get_by_label("What is happening?")
    expect(title).to_be_focused()
    # Typed here, the same letter is a letter.
    page.keyboard.type("checkout cannot connect")
    expect(title).to_have_value("checkout cannot connect")
    expect(page.get_by_role("radio", name="SEV3")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="checkout cannot connect")).to_be_visible()
    # With a modifier it belongs to the browser.
    page.keyboard.press("Control+c")
    expect(page.get_by_role("heading", name="checkout cannot connect")).to_be_visible()


def test_who_presses_keys_by_accident_turns_them_off(installation: Installation, page: Page) -> None:
    sign_in(installation, page, "quick")
    choice = page.get_by_label("Single keys, such as c to declare an incident")
    page.goto(f"{installation.address}/profile/")
    expect(choice).to_be_checked()
    choice.uncheck()
    page.goto(f"{installation.address}/services/")
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="Services")).to_be_visible()
    page.goto(f"{installation.address}/profile/")
    expect(choice).not_to_be_checked()
    choice.check()
    page.goto(f"{installation.address}/services/")
    page.keyboard.press("c")
    expect(page).to_have_url(FORM)


def test_what_was_typed_stays_when_it_turns_out_to_be_over(installation: Installation, page: Page) -> None:
    sign_in(installation, page, "quick")
    page.keyboard.press("c")
    title = page.get_by_label("What is happening?")
    title.fill("It was down")
    for button, mode in (("It is over already", "Retrospective:"), ("It is a drill", "Drill:")):
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("radio", name=mode)).to_be_checked()
        expect(title).to_have_value("It was down")
    # Enter declares: it presses no button that only changes the form.
    title.press("Enter")
    expect(page.get_by_role("heading", name="It was down")).to_be_visible()


def test_a_level_is_chosen_by_its_definition_and_a_tag_is_completed(installation: Installation, page: Page) -> None:
    sign_in(installation, page, "quick")
    page.goto(f"{installation.address}/incidents/new/")
    page.get_by_label("What is happening?").fill("Search is stale")
    page.get_by_text("More: severity").click()
    page.get_by_text("Critical: the service is down").click()
    expect(page.get_by_role("radio", name="Critical:")).to_be_checked()
    page.get_by_label("Tags").fill("search, ranking")
    page.get_by_role("button", name="Declare", exact=True).click()
    expect(page.locator("#facts-panel")).to_contain_text("ranking")
    page.goto(f"{installation.address}/incidents/new/")
    page.get_by_text("More: severity").click()
    page.get_by_label("Tags").press_sequentially("search, r")
    offered = page.locator("datalist option:not([disabled])")
    expect(offered.and_(page.locator('[value="search, ranking"]'))).to_have_count(1)
    expect(offered.and_(page.locator('[value="search, search"]'))).to_have_count(0)


def test_links_and_related_incidents_without_leaving_the_page(installation: Installation, page: Page) -> None:
    sign_in(installation, page, "quick")
    numbers = []
    for title in ("The one", "The other"):
        page.goto(f"{installation.address}/incidents/new/")
        page.get_by_label("What is happening?").fill(title)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=title)).to_be_visible()
        numbers.append(page.url.rstrip("/").rpartition("/")[2])
    relations, links = page.locator("#relations-panel"), page.locator("#links-panel")
    relations.get_by_role("link", name="Add a related incident").click()
    relations.get_by_label("Related incident").fill("INC-4711")
    page.keyboard.press("Enter")
    expect(relations).to_contain_text("There is no such incident.")
    relations.get_by_label("Related incident").fill(numbers[0])
    page.keyboard.press("Enter")
    expect(relations.get_by_role("link", name="The one")).to_be_visible()
    links.get_by_role("link", name="Add a link").click()
    links.get_by_label("Title").fill("Graphs")
    links.get_by_label("Address").fill("https://example.org/")
    page.keyboard.press("Enter")
    expect(links.get_by_role("link", name="Graphs", exact=True)).to_be_visible()
    links.get_by_role("button", name="Remove Graphs").click()
    links.get_by_role("button", name="Add it again").click()
    expect(links.get_by_role("link", name="Graphs", exact=True)).to_be_visible()
    expect(links).not_to_contain_text("was removed")
