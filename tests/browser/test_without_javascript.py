"""Everything a responder does works in a browser without JavaScript."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Installation, sign_in


@pytest.fixture
def plain_page(installation: Installation, browser: Browser) -> Iterator[Page]:
    """A page without JavaScript, on a phone's screen, signed in as a responder."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, java_script_enabled=False, base_url=installation.address
    )
    page = context.new_page()
    sign_in(installation, page, "plain")
    yield page
    context.close()


def test_an_incident_is_declared_described_and_learnt_from(plain_page: Page) -> None:
    page = plain_page
    page.goto("/incidents/new/")
    page.get_by_label("What is happening?").fill("Search answers slowly")
    page.get_by_role("button", name="Declare").click()
    _edit_milestones(page)
    _resolve(page)
    _add_and_correct_an_event(page)
    _add_what_was_learnt(page)
    _write_the_post_mortem(page)


def _edit_milestones(page: Page) -> None:
    page.locator("#milestones-panel").get_by_role("link", name="Edit").click()
    page.get_by_label("Impact started").fill("2026-11-20T10:00:00")
    page.get_by_label("Detected").fill("2026-11-20T09:00:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("“Detected” is before “Impact started”")).to_be_visible()
    expect(page.get_by_label("Impact started")).to_have_value(re.compile("2026-11-20T10:00"))
    page.get_by_label("Detected").fill("2026-11-20T10:05:00")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".durations")).to_contain_text("5 min")


def _resolve(page: Page) -> None:
    page.locator("#status-panel").get_by_role("link", name="Change").click()
    page.get_by_label("New status").select_option("resolved")
    page.get_by_label("Since").fill("2026-11-20T09:30:00")
    page.get_by_role("button", name="Change the status").click()
    expect(page.get_by_text("is before")).to_be_visible()
    page.get_by_label("Since").fill("2026-11-20T11:30:00")
    page.get_by_role("button", name="Change the status").click()
    expect(page.locator(".durations")).to_contain_text("1 h 30 min")


def _add_and_correct_an_event(page: Page) -> None:
    page.get_by_label("What happened").fill("The queue grew")
    page.get_by_role("button", name="Add to the timeline").click()
    page.locator(".event", has_text="The queue grew").get_by_role("link", name="Correct").click()
    # All of it is seen, to the seconds.
    when = page.locator(".event.editing").get_by_label("When", exact=True)
    assert when.evaluate("field => field.value.length > 16 && field.scrollWidth <= field.clientWidth")
    page.locator(".event.editing textarea").fill("The queue grew to 10,000")
    page.get_by_role("button", name="Save the correction").click()
    expect(page.locator(".event", has_text="The queue grew to 10,000")).to_contain_text("corrected")


def _add_what_was_learnt(page: Page) -> None:
    page.get_by_role("link", name="Add a cause").click()
    page.get_by_label("What about the system made it possible?").fill("The index did not fit into memory")
    page.get_by_role("button", name="Add the cause").click()
    page.get_by_role("link", name="Add an action item").click()
    page.get_by_label("Action", exact=True).fill("Shrink the index")
    page.get_by_label("Due", exact=True).fill("2026-12-24")
    page.get_by_role("button", name="Add the action item").click()
    expect(page.locator("#action-panel")).to_contain_text("due 24 Dec 2026")
    page.locator("#action-panel").get_by_role("link", name="Edit").click()
    page.get_by_label("Status").select_option("not_doing")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Say why this is not being done")).to_be_visible()
    page.get_by_label("Status").select_option("done")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#action-panel .state")).to_have_text("Done")
    page.get_by_role("link", name="Add an improvement").click()
    page.get_by_label("Metric").fill("p95")
    page.get_by_role("textbox", name="Before").fill("4 s")
    page.get_by_role("textbox", name="After").fill("0.3 s")
    page.get_by_role("button", name="Add the improvement").click()
    expect(page.locator("#improvement-panel")).to_contain_text("0.3 s")


def _write_the_post_mortem(page: Page) -> None:
    page.get_by_role("button", name="Begin the post-mortem").click()
    page.locator("#section-summary").get_by_role("link", name="Write").click()
    page.get_by_label("Text").fill("It was **slow**.")
    page.get_by_role("button", name="Save the section").click()
    expect(page.locator("#section-summary strong")).to_have_text("slow")
    expect(page.locator("#section-timeline")).to_contain_text("The queue grew to 10,000")
