"""The example's other incidents: what a newcomer sees on the board, in the figures and beside the main one."""

from datetime import timedelta

import pytest

from accounts.models import User
from incidents.durations import DurationState
from incidents.errors import IncidentError
from incidents.models import ActionItem, Incident, Postmortem
from incidents.queries.similar import list_similar
from incidents.services.example import load_example_incident
from incidents.services.example_history import TAG, load_example_history, remove_example_history
from incidents.services.merging import merge_incident
from tests.factories import NOW, make_incident


@pytest.fixture
def history(responder: User) -> list[Incident]:
    load_example_incident(actor=responder)
    return load_example_history(actor=responder, now=NOW)


def test_they_lie_in_the_past_in_order_and_are_tagged(history: list[Incident]) -> None:
    assert len(history) == 6
    for incident in history:
        times = [at for at in incident.milestones.values() if at]
        assert times == sorted(times)
        assert NOW - timedelta(days=80) < times[0] <= times[-1] <= NOW
        assert all(event.occurred_at <= NOW for event in incident.events.all())
        assert TAG in incident.tags.values_list("name", flat=True)


def test_all_but_the_drill_have_their_four_durations(history: list[Incident]) -> None:
    drill = next(incident for incident in history if incident.is_drill)
    assert not drill.is_over
    for incident in history:
        if incident != drill:
            assert {duration.state for duration in incident.durations} == {DurationState.RECORDED}


def test_something_is_owed_and_something_was_kept_and_missed(history: list[Incident]) -> None:
    items = ActionItem.objects.filter(incident__in=history)
    assert items.filter(status="open", due_date__lt=NOW.date()).exists()
    done = [item for item in items if item.completed_at and item.due_date]
    assert {item.completed_at.date() <= item.due_date for item in done} == {True, False}
    statuses = Postmortem.objects.filter(incident__in=history).values_list("status", flat=True)
    assert {*statuses} == {"draft", "published"}


def test_the_main_incident_is_like_some_of_them(history: list[Incident], viewer: User) -> None:
    main = Incident.objects.get(example="sqlite-corruption")
    alike = list_similar(viewer, main)
    assert len(alike) >= 3
    assert any(similar.open_items for similar in alike)


def test_loading_again_changes_nothing_and_brings_back_what_is_gone(history: list[Incident], viewer: User) -> None:
    before = [*Incident.objects.values()]
    assert load_example_history(actor=viewer, now=NOW + timedelta(days=3)) == []
    assert [*Incident.objects.values()] == before
    history[0].delete()
    (again,) = load_example_history(actor=viewer, now=NOW + timedelta(days=3))
    assert again.example == history[0].example


def test_removing_them_leaves_every_other_incident(history: list[Incident], responder: User) -> None:
    own = make_incident(responder)
    assert remove_example_history() == 6
    assert {*Incident.objects.values_list("example", flat=True)} == {"", "sqlite-corruption"}
    assert Incident.objects.filter(pk=own.pk).exists()
    assert remove_example_history() == 0


def test_none_is_removed_while_another_rests_on_one(history: list[Incident], responder: User) -> None:
    merge_incident(make_incident(responder), duplicate_of=history[3], actor=responder, now=NOW)
    with pytest.raises(IncidentError, match=f"{history[3].reference} stays"):
        remove_example_history()
    assert Incident.objects.exclude(example="").count() == 7
