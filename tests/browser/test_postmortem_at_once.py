"""Two people write in one section of a post-mortem at once, for long: nothing that Debrief acknowledged is lost."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Installation
from tests.browser.test_postmortem_writing import STORY, area, begin, open_section, write

# Whoever writes has each round of a bout acknowledged, and the word before them, by a save of its own.
BOUTS, ROUNDS = 10, 24
SAVES = 2 * BOUTS * (1 + ROUNDS)
ROBOT = f"""async (name) => {{
  {Path(__file__).with_name("random_saves.js").read_text()}
  window.writer = await begin(name);
}}"""
KNOWN = """
from incidents.models import PostmortemSection
from incidents.queries.section_versions import list_sittings
section = PostmortemSection.objects.get(postmortem__incident={number}, key="lessons")
print(*{{word for each in list_sittings(section, is_each=True) for word in each.after.split()}})
"""


@pytest.mark.slow
def test_no_acknowledged_word_is_lost_in_500_saves_of_two_browsers(
    installation: Installation, page: Page, ann: Page
) -> None:
    address = begin(installation, page, "At once", " ".join(f"{STORY} {count}." for count in range(6)))
    open_section(ann, address)
    for name, each in (("writer", page), ("ann", ann)):
        each.evaluate(ROBOT, name)
    for bout in range(BOUTS):
        assert area(page).input_value() == area(ann).input_value()
        for each in (page, ann):
            each.evaluate("isCareful => { writer.isCareful = isCareful; }", bout >= BOUTS // 2)
        # At the same place they clash; far apart they do not, whoever comes first.
        page.evaluate("writer.hold(false)")
        ann.evaluate("isApart => writer.hold(isApart)", bool(bout % 2))
        let_both("writer.letGo()", page, ann)
        let_both(f"writer.write({ROUNDS})", page, ann)
        close(page, ann)
        for each in (page, ann):
            write(each)
    told = [each.evaluate("[writer.saves, writer.merges, writer.conflicts]") for each in (page, ann)]
    saves, merges, conflicts = map(sum, zip(*told, strict=True))
    assert saves >= SAVES
    assert merges >= BOUTS / 2
    assert conflicts >= BOUTS / 2
    acknowledged, cared = (
        {word for each in (page, ann) for word in each.evaluate(f"[...writer.{words}]")}
        for words in ("acknowledged", "cared")
    )
    assert len(acknowledged) >= SAVES
    assert acknowledged - known_words(installation, address) == set()
    # What nobody wrote over was acknowledged to the last word, and stands in the document itself.
    assert cared - acknowledged == set()
    assert cared - set(area(page).input_value().split()) == set()


def let_both(act: str, *pages: Page) -> None:
    """Both do this at once, and have done."""
    for each in pages:
        each.evaluate(f"void {act}")
    for each in pages:
        each.wait_for_function("() => writer.isIdle", timeout=120_000)


def close(*pages: Page) -> None:
    for each in pages:
        area(each).press("Escape")
        expect(area(each)).to_have_count(0)


def known_words(installation: Installation, address: str) -> set[str]:
    """Every word that the lessons say, or that their history shows."""
    number = re.search(r"/incidents/(\d+)/", address)[1]  # type: ignore[index]
    told = installation.manage("shell", "-v", "0", "-c", KNOWN.format(number=number))
    assert told.returncode == 0, told.stderr
    return set(told.stdout.split())
