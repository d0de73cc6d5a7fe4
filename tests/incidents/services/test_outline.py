"""The sections of a document: added, renamed, moved, removed and brought back, and never a word lost."""

from typing import Any

import pytest

from accounts.models import User
from incidents.documents.build import build_document
from incidents.errors import IncidentError
from incidents.models import Postmortem, PostmortemSection
from incidents.queries.search import search
from incidents.services.drafts import start_postmortem
from incidents.services.outline import (
    add_section,
    bring_back_section,
    change_heading,
    heading_values,
    move_section,
    remove_section,
)
from incidents.services.section_order import MOST_SECTIONS
from incidents.services.sections import save_section, text_at
from lib.edits import fingerprint
from lib.errors import EditConflict
from tests.changes import list_changes
from tests.factories import NOW, make_incident


@pytest.fixture
def postmortem(responder: User) -> Postmortem:
    return start_postmortem(make_incident(responder), actor=responder)


def section(postmortem: Postmortem, key: str = "impact") -> PostmortemSection:
    return PostmortemSection.with_removed.get(postmortem=postmortem, key=key)


def keys(postmortem: Postmortem) -> list[str]:
    return [one.key for one in postmortem.sections.all()]


def shown(postmortem: Postmortem) -> list[tuple[str, str]]:
    return [(one.key, one.title) for one in build_document(postmortem).sections]


def test_sections_move_up_and_down_and_stop_at_the_ends(postmortem: Postmortem) -> None:
    before = keys(postmortem)
    move_section(section(postmortem), direction="up")
    assert keys(postmortem) == ["impact", "summary", *before[2:]]
    move_section(section(postmortem), direction="up")
    assert keys(postmortem)[0] == "impact"
    move_section(section(postmortem), direction="down")
    assert keys(postmortem) == before
    move_section(section(postmortem, before[-1]), direction="down")
    assert keys(postmortem) == before
    assert [key for key, _title in shown(postmortem)] == before


def test_any_walk_of_moves_leaves_every_section_in_place_once(postmortem: Postmortem) -> None:
    before = keys(postmortem)
    for number in range(60):
        move_section(section(postmortem, before[number * 7 % 13]), direction="up" if number % 3 else "down")
    assert sorted(keys(postmortem)) == sorted(before)
    assert keys(postmortem) != before


def test_moving_leaps_over_what_was_removed(postmortem: Postmortem) -> None:
    remove_section(section(postmortem, "impact"), now=NOW)
    move_section(section(postmortem, "timeline"), direction="up")
    assert keys(postmortem)[:2] == ["timeline", "summary"]
    bring_back_section(section(postmortem, "impact"))
    assert keys(postmortem)[:3] == ["timeline", "impact", "summary"]


def test_one_is_added_for_prose_and_renamed(postmortem: Postmortem) -> None:
    added = add_section(postmortem, title="ถึงลูกค้า", prompt="What do they know?")
    add_section(postmortem, title="Another")
    assert keys(postmortem)[-2:] == ["own-1", "own-2"]
    change_heading(added, title="To customers", prompt="")
    assert shown(postmortem)[-2] == ("own-1", "To customers")
    # The records' own sections may be renamed as well: the key says what stands in them.
    change_heading(section(postmortem, "impact"), title="Who noticed", prompt="")
    assert ("impact", "Who noticed") in shown(postmortem)
    assert list_changes(section(postmortem, "impact"))[0].fields[0].after == "Who noticed"


def test_who_was_slower_hears_it(postmortem: Postmortem) -> None:
    seen = fingerprint(heading_values(section(postmortem)))
    change_heading(section(postmortem), title="Mine", prompt="", seen=seen)
    with pytest.raises(EditConflict):
        change_heading(section(postmortem), title="Theirs", prompt="", seen=seen)


def test_a_removed_one_is_nowhere_and_comes_back_with_text_and_history(postmortem: Postmortem, responder: User) -> None:
    save_section(section(postmortem), body="first", actor=responder, now=NOW)
    save_section(section(postmortem), body="kangaroo", actor=responder, now=NOW)
    before = keys(postmortem)
    changed_at = build_document(postmortem).modified_at
    remove_section(section(postmortem), now=NOW)
    assert "impact" not in dict(shown(postmortem))
    assert search(responder, "kangaroo").results == []
    assert build_document(Postmortem.objects.get()).modified_at > changed_at
    bring_back_section(section(postmortem))
    assert keys(postmortem) == before
    assert (section(postmortem).body, text_at(section(postmortem), 2)) == ("kangaroo", "first")
    assert len(search(responder, "kangaroo").results) == 1


def test_adding_the_records_that_were_removed_brings_their_section_back(
    postmortem: Postmortem, responder: User
) -> None:
    save_section(section(postmortem), body="kept", actor=responder, now=NOW)
    with pytest.raises(IncidentError, match="stand under “Impact” already"):
        add_section(postmortem, title="Again", kind="impact")
    remove_section(section(postmortem), now=NOW)
    back = add_section(postmortem, title="Again", kind="impact")
    assert (back.body, keys(postmortem)[-1]) == ("kept", "impact")
    assert PostmortemSection.with_removed.filter(postmortem=postmortem).count() == 13


def test_there_is_always_one_and_never_too_many(postmortem: Postmortem) -> None:
    for key in keys(postmortem)[1:]:
        remove_section(section(postmortem, key), now=NOW)
    with pytest.raises(IncidentError, match="only section"):
        remove_section(section(postmortem, "summary"), now=NOW)
    for number in range(MOST_SECTIONS - 1):
        add_section(postmortem, title=f"Another {number}")
    for act in (lambda: add_section(postmortem, title="One more"), lambda: bring_back_section(section(postmortem))):
        with pytest.raises(IncidentError, match="as many as fit"):
            act()
    assert len(keys(postmortem)) == MOST_SECTIONS


@pytest.mark.parametrize("act", [lambda s: move_section(s, direction="up"), lambda s: remove_section(s, now=NOW)])
def test_those_who_watch_the_incident_see_it(postmortem: Postmortem, act: Any) -> None:
    revision = postmortem.incident.revision
    act(section(postmortem))
    postmortem.incident.refresh_from_db()
    assert postmortem.incident.revision > revision
