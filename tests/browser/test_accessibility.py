"""Every page: what axe-core finds in it (WCAG 2.2 AA), in both colour schemes, and what the Tab key reaches."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import APIResponse, Browser, Page

from tests.browser.conftest import Installation, sign_in
from tests.project.world import Route, address_of, routes

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERY_RULE = {"type": "tag", "values": TAGS}
# The schemes differ in nothing but colours: the markup and the layout of the other one have been looked at.
COLOUR_RULES = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
AXE = Axe().axe_script
FIND_FAULTS = """async (rules) => {
  const { violations } = await axe.run({ runOnly: rules, resultTypes: ['violations'] });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}"""
PARTS = 4
MIN_PAGES = 10
ROUNDS, ROUND = 8, 10
HAS_SETTLED = "() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling, .htmx-added')"
FOCUSABLE = "a[href], button:not([disabled]), input:not([type=hidden]):not([disabled]), select, textarea, summary"
# Numbers every element that the Tab key is to reach. Of radio buttons of one name only one is.
COUNT_STOPS = f"""() => {{
  document.activeElement?.blur();
  window.scrollTo(0, 0);
  const names = new Set();
  const stops = [...document.querySelectorAll('{FOCUSABLE}')].filter((element) => {{
    if (!element.checkVisibility({{ visibilityProperty: true }}) || element.tabIndex < 0) return false;
    if (element.type !== 'radio') return true;
    const isFirst = !names.has(element.name);
    names.add(element.name);
    return isFirst;
  }});
  window.reached = new Set();
  document.addEventListener('focusin', (event) => window.reached.add(event.target.name && event.target.type === 'radio'
    ? document.querySelector(`[type=radio][name="${{event.target.name}}"]`) : event.target));
  window.stops = stops;
  return stops.length;
}}"""
MISSED = """() => window.stops.filter((stop) => !window.reached.has(stop))
  .map((stop) => `${stop.isConnected ? 'not reached' : 'taken out of the page'}: ${stop.outerHTML.slice(0, 150)}`)"""


@pytest.fixture(scope="module")
def world(installation: Installation) -> dict[str, Any]:
    """One record of everything in the running installation."""
    code = (
        "import json; from tests.project.world import make_world; from tests.factories import make_user;"
        "print('WORLD', json.dumps(make_world(make_user('everybody', 'administrator')), default=str))"
    )
    made = installation.manage("shell", "-v", "0", "-c", code)
    assert made.returncode == 0, made.stderr
    known: dict[str, Any] = json.loads(made.stdout.partition("WORLD")[2])
    return known


@pytest.fixture
def stranger(browser: Browser, installation: Installation) -> Iterator[Page]:
    """Somebody who has not signed in."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, color_scheme="light", base_url=installation.address
    )
    context.add_init_script(AXE)
    yield context.new_page()
    context.close()


@pytest.fixture
def page(stranger: Page, installation: Installation) -> Page:
    sign_in(installation, stranger, "auditor", role="administrator")
    return stranger


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_found_without_fault_and_walked_by_keyboard(page: Page, world: dict[str, Any], part: int) -> None:
    inside = [route for route in routes() if not is_before_signing_in(route) and not is_of_machines(route)]
    seen, faults = walk(page, inside[part::PARTS], world, is_page_of_its_own)
    assert len(seen) > MIN_PAGES
    assert faults == {}


@pytest.mark.slow
def test_the_pages_before_signing_in_are_found_without_fault(stranger: Page, world: dict[str, Any]) -> None:
    seen, faults = walk(stranger, [route for route in routes() if is_before_signing_in(route)], world, is_page)
    assert "account_login" in seen
    assert faults == {}


def is_before_signing_in(route: Route) -> bool:
    """Whether only a stranger sees this page; a password link signs out whoever opens it."""
    return route.name == "account_login" or route.name.startswith("account_reset_password")


def is_of_machines(route: Route) -> bool:
    return route.name == "account_logout" or route.name.startswith("api:")


def is_page(response: APIResponse, _address: str) -> bool:
    """Whether the answer is a whole page, and not a file, a piece of a page or nothing."""
    is_inline = "attachment" not in response.headers.get("content-disposition", "")
    is_html = "text/html" in response.headers.get("content-type", "")
    return response.ok and is_inline and is_html and "<main" in response.text()


def is_page_of_its_own(response: APIResponse, address: str) -> bool:
    """Whether it is one that is met at this address, and not where the address leads to."""
    return response.url.endswith(address) and is_page(response, address)


def walk(
    page: Page, chosen: list[Route], world: dict[str, Any], is_looked_at: Callable[[APIResponse, str], bool]
) -> tuple[list[str], dict[str, list[str]]]:
    """The names of the pages that were looked at, and the faults by name."""
    seen, faults = [], {}
    for route in chosen:
        address = address_of(route, world)
        if not is_looked_at(page.request.get(address), address):
            continue
        page.goto(address)
        page.wait_for_function(HAS_SETTLED)
        seen.append(route.name)
        if found := [*find_unreached(page), *find_faults(page)]:
            faults[route.name] = found
    return seen, faults


def find_faults(page: Page) -> list[str]:
    """What axe-core finds, in both colour schemes; the page is left in the light one."""
    found = page.evaluate(FIND_FAULTS, EVERY_RULE)
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {fault}" for fault in page.evaluate(FIND_FAULTS, COLOUR_RULES)]
    page.emulate_media(color_scheme="light")
    return list(found)


def find_unreached(page: Page) -> list[str]:
    """What a person would click on and the Tab key does not come to."""
    presses = page.evaluate(COUNT_STOPS) + 5
    missed: list[str] = []
    # A field of a date holds several stops, and so does what scrolls: some more rounds, and none that brings nothing.
    for _ in range(ROUNDS):
        for _press in range(presses):
            page.keyboard.press("Tab")
        missed = page.evaluate(MISSED)
        if not missed:
            break
        presses = ROUND
    return missed
