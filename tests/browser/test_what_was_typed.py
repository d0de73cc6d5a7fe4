"""What was typed stays, whatever happens to the connection, the session, or the text meanwhile."""

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Installation, sign_in


def declare(page: Page, installation: Installation, title: str) -> None:
    page.goto(f"{installation.address}/incidents/new/")
    page.get_by_label("What is happening?").fill(title)
    page.get_by_role("button", name="Declare").click()
    expect(page.locator("#timeline-panel")).to_be_visible()


def test_a_lost_connection_keeps_the_text(installation: Installation, page: Page, context: BrowserContext) -> None:
    sign_in(installation, page, "typist")
    declare(page, installation, "Mail is delayed")
    page.locator("#impact-panel").get_by_role("link", name="Edit").click()
    box = page.locator("#impact-panel textarea")
    box.fill("Mails arrive an hour late")
    # The page is whole, its scripts and the panels that it loads by itself.
    page.wait_for_load_state("networkidle")
    context.set_offline(True)
    box.press("Control+Enter")
    expect(page.get_by_text("Debrief cannot be reached")).to_be_visible()
    expect(box).to_have_value("Mails arrive an hour late")
    context.set_offline(False)
    page.locator("#impact-panel").get_by_role("button", name="Save").click()
    expect(page.locator("#impact-panel .prose")).to_have_text("Mails arrive an hour late")
    expect(page.get_by_text("Debrief cannot be reached")).to_have_count(0)


def test_a_session_that_ended_keeps_the_text(installation: Installation, page: Page, context: BrowserContext) -> None:
    sign_in(installation, page, "typist")
    declare(page, installation, "Mail is lost")
    # The panels that the page loads by itself are there.
    page.wait_for_load_state("networkidle")
    context.clear_cookies(name="debrief_session")
    page.get_by_label("What happened").fill("The queue is empty")
    page.get_by_role("button", name="Add to the timeline").click()
    expect(page.locator(".event.waiting")).to_contain_text("The queue is empty")
    expect(page.locator(".event.waiting")).to_contain_text("You are signed out")
    other = context.new_page()
    sign_in(installation, other, "typist")
    # Sent by whichever page is open, and shown by each.
    expect(page.locator(".event.waiting")).to_have_count(0, timeout=60_000)
    page.bring_to_front()
    expect(page.locator("#timeline-list .event", has_text="The queue is empty")).to_have_count(1, timeout=30_000)


def test_a_form_of_another_kind_asks_before_text_is_lost(installation: Installation, page: Page) -> None:
    sign_in(installation, page, "typist")
    page.goto(f"{installation.address}/services/new/")
    page.get_by_label("Description").fill("Not saved yet")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="Insights").click(no_wait_after=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    expect(page.get_by_label("Description")).to_have_value("Not saved yet")


def test_a_pdf_that_was_waited_for_downloads_once(installation: Installation, page: Page) -> None:
    sign_in(installation, page, "typist")
    declare(page, installation, "Invoices are late")
    page.get_by_role("button", name="Begin the post-mortem").click()
    downloads: list[str] = []
    page.on("download", lambda download: downloads.append(download.suggested_filename))
    page.get_by_role("button", name="Download PDF", exact=True).click()
    expect(page.get_by_text("The PDF is ready")).to_be_visible(timeout=60_000)
    page.wait_for_timeout(2_000)
    assert len(downloads) == 1


def test_two_people_in_one_section_both_keep_their_text(
    installation: Installation, browser: Browser, page: Page
) -> None:
    sign_in(installation, page, "typist")
    declare(page, installation, "Search is down")
    page.get_by_role("button", name="Begin the post-mortem").click()
    other = browser.new_context().new_page()
    sign_in(installation, other, "second")
    other.goto(page.url)
    for writer, text in ((page, "Mine is first"), (other, "Mine came later")):
        writer.locator("#section-impact").get_by_role("link", name="Write").click()
        writer.locator("#section-impact textarea").fill(text)
    page.get_by_role("button", name="Save the section").click()
    expect(page.locator("#section-impact .prose")).to_contain_text("Mine is first")
    other.get_by_role("button", name="Save the section").click()
    section = other.locator("#section-impact")
    expect(section.locator(".conflict")).to_contain_text("Mine is first")
    expect(section.locator("textarea")).to_have_value("Mine came later")
    section.locator("textarea").fill("Mine is first. Mine came later")
    section.get_by_role("button", name="Save the section").click()
    expect(section.locator(".prose")).to_have_text("Mine is first. Mine came later")
    other.context.close()


def test_the_keyboard_goes_on_where_it_was(installation: Installation, page: Page) -> None:
    sign_in(installation, page, "typist")
    declare(page, installation, "Cache is cold")
    page.get_by_label("What happened").fill("First")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".event", has_text="First")).to_be_visible()
    expect(page.get_by_label("What happened")).to_be_focused()
    page.locator("#milestones-panel").get_by_role("link", name="Edit").press("Enter")
    expect(page.get_by_label("Impact started")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Milestones")).to_be_focused()
    page.get_by_role("link", name="Add a cause").press("Enter")
    expect(page.get_by_label("What about the system made it possible?")).to_be_focused()


def test_the_keyboard_stays_at_a_channel_while_its_test_is_under_way(installation: Installation, page: Page) -> None:
    sign_in(installation, page, "operator", role="administrator")
    page.goto(f"{installation.address}/notifications/channels/new/slack/")
    page.get_by_label("Name").fill("nobody")
    page.get_by_label("Or where it is").fill("env:NOBODY_SET_THIS")
    page.get_by_role("button", name="Add").click()
    page.get_by_role("region", name="nobody").get_by_role("button", name="Send a test").press("Enter")
    heading = page.get_by_role("heading", name="nobody")
    expect(heading).to_be_focused()
    # The card is replaced once more when the result is there.
    expect(page.get_by_text("NOBODY_SET_THIS is not set").first).to_be_visible(timeout=30_000)
    expect(heading).to_be_focused()
