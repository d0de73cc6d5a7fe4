"""How often an open page asks for news, when it asks less often, and when it stops."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Installation, sign_in
from tests.browser.test_what_was_typed import declare

# As in static/js/watch.js, in milliseconds
OFTEN, SELDOM, LONG_ENOUGH = 2_400, 15_000, 600_000
# Counts questions and answers; an answer counts once the page has dealt with it.
COUNTING = """
  window.questions = window.answers = 0;
  const ask = window.fetch;
  window.fetch = async (...asked) => {
    if (!String(asked[0]).includes("/timeline/changes/")) return ask(...asked);
    window.questions += 1;
    try {
      return await ask(...asked);
    } finally {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => { window.answers += 1 };
      channel.port2.postMessage("dealt with");
    }
  };
"""


@pytest.fixture
def asked(page: Page) -> Callable[[int], int]:
    """How often the page asks in so many milliseconds of its own clock, which stands still otherwise."""
    page.clock.install()
    page.add_init_script(COUNTING)

    def pass_time(milliseconds: int) -> int:
        settle(page)
        before = page.evaluate("questions")
        page.clock.run_for(milliseconds)
        settle(page)
        return int(page.evaluate("questions")) - int(before)

    return pass_time


def settle(page: Page) -> None:
    """Nothing that was asked is unanswered."""
    while page.evaluate("questions !== answers"):
        page.wait_for_timeout(20)


def open_incident(installation: Installation, page: Page, title: str, *, is_over: bool = False) -> None:
    sign_in(installation, page, "watcher")
    declare(page, installation, title)
    if is_over:
        page.locator("#status-panel").get_by_role("link", name="Change").click()
        page.get_by_label("New status").select_option("resolved")
        page.get_by_role("button", name="Change the status").click()
        expect(page.locator("#incident-head")).to_contain_text("Resolved")
    expect(page.locator(".watch-state")).to_contain_text("Live")
    page.wait_for_load_state("networkidle")
    # In seconds; what was due until then is done once.
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 60)
    settle(page)


def test_an_incident_that_goes_on_is_asked_for_often(
    installation: Installation, page: Page, asked: Callable[[int], int]
) -> None:
    open_incident(installation, page, "Goes on")
    assert [asked(OFTEN) for _ in range(3)] == [1, 1, 1]
    # However long it takes.
    page.clock.fast_forward(LONG_ENOUGH)
    settle(page)
    assert asked(OFTEN) == 1
    expect(page.get_by_role("button", name="Resume")).to_be_hidden()


def test_one_that_is_over_is_asked_for_seldom_and_then_no_more_until_resumed(
    installation: Installation, page: Page, asked: Callable[[int], int]
) -> None:
    open_incident(installation, page, "Is over", is_over=True)
    resume = page.get_by_role("button", name="Resume")
    assert asked(SELDOM) == 1
    assert [asked(OFTEN) for _ in range(3)] == [0, 0, 0]
    assert asked(SELDOM - 3 * OFTEN) == 1
    expect(resume).to_be_hidden()
    page.clock.fast_forward(LONG_ENOUGH)
    settle(page)
    asked(SELDOM)
    expect(resume).to_be_visible()
    expect(page.locator(".watch-state")).to_have_text("No longer live: the incident is over.")
    assert asked(LONG_ENOUGH) == 0
    resume.click()
    expect(page.locator(".watch-state")).to_contain_text("Live")
    expect(resume).to_be_hidden()
    assert asked(SELDOM) == 1


def test_without_a_connection_it_asks_less_and_less_often(
    installation: Installation, page: Page, context: BrowserContext, asked: Callable[[int], int]
) -> None:
    open_incident(installation, page, "Out of reach")
    context.set_offline(True)
    settle(page)
    waited = []
    for _ in range(7):
        seconds = 0
        while asked(500) == 0:
            seconds += 0.5
            assert seconds < 40
        waited.append(seconds)
    # After the first one, each pause is about twice as long as the one before, by chance a little more or less.
    assert waited[1] < waited[3] < waited[5]
    expect(page.locator(".watch-state")).to_have_text("Not connected.")
    context.set_offline(False)
    expect(page.locator(".watch-state")).to_contain_text("Live")
    assert asked(OFTEN) == 1
