import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from accounts.models import User
from incidents.documents.build import build_document
from incidents.documents.html import render_print_source, render_self_contained
from incidents.documents.markdown import render_markdown_file
from incidents.documents.phase_picture import draw_phases
from incidents.models import Incident, Postmortem
from incidents.services.drafts import start_postmortem
from incidents.services.roles import assign_role, release_role
from incidents.services.status import change_status
from tests.factories import make_incident
from tests.incidents.conftest import THEN

END = THEN + timedelta(minutes=25)


@pytest.fixture
def incident(responder: User) -> Incident:
    incident = make_incident(responder, now=THEN, impact_started_at=THEN - timedelta(minutes=5))
    Incident.objects.filter(pk=incident.pk).update(detected_at=THEN, acknowledged_at=THEN + timedelta(minutes=1))
    return Incident.objects.get(pk=incident.pk)


def postmortem_of(incident: Incident, actor: User) -> Postmortem:
    return start_postmortem(incident, actor=actor)


def test_phases_are_labelled_with_their_lengths_and_the_milestones_with_their_times(
    incident: Incident, responder: User
) -> None:
    resolved = change_status(incident, status="resolved", actor=responder, now=END)
    picture = draw_phases(resolved, now=END, zone=UTC)
    assert [(row.label, row.length) for row in picture.rows] == [
        ("Undetected", "5 min"),
        ("Unacknowledged", "1 min"),
        ("Being mitigated", "24 min"),
        ("Being resolved", "0 s"),
    ]
    wide, narrow = picture.axes
    assert [part.label for part in wide.parts] == ["1 · 5 min", "2", "3 · Being mitigated · 24 min", ""]
    assert [mark.label for mark in wide.marks] == [
        "Impact started 13:55",
        "Detected, declared 14:00",
        "",
        "Mitigated, resolved 14:25",
    ]
    assert [mark.label for mark in narrow.marks if mark.label] == ["Impact started 13:55", "Mitigated, resolved 14:25"]
    assert (
        picture.description == "Undetected: 5 min; Unacknowledged: 1 min; Being mitigated: 24 min; Being resolved: 0 s."
    )


def test_an_ongoing_incident_is_open_up_to_now(incident: Incident) -> None:
    picture = draw_phases(incident, now=END, zone=UTC)
    assert (picture.rows[-1].length, picture.rows[-1].end) == ("24 min so far", None)
    assert [axis.parts[-1].is_open for axis in picture.axes] == [True, True]
    assert {axis.marks[-1].label for axis in picture.axes} == {"now"}


def test_times_are_the_readers_and_have_their_day_where_there_are_two(incident: Incident) -> None:
    now = THEN + timedelta(hours=20)
    wide = draw_phases(incident, now=now, zone=ZoneInfo("Asia/Bangkok")).axes[0]
    assert wide.marks[0].label == "Impact started 10 Mar 20:55"


@pytest.mark.parametrize(
    ("milestones", "sentence"),
    [
        ({"impact_started_at": END + timedelta(minutes=1)}, "The milestones are out of order."),
        (
            dict.fromkeys(("impact_started_at", "detected_at", "acknowledged_at", "mitigated_at")),
            "Too little",
        ),
    ],
)
def test_what_cannot_be_drawn_is_said(
    incident: Incident, responder: User, milestones: dict[str, datetime | None], sentence: str
) -> None:
    resolved = change_status(incident, status="resolved", actor=responder, now=END)
    later = {"declared_at": END + timedelta(days=1)}
    Incident.objects.filter(pk=resolved.pk).update(**(later | milestones))
    picture = draw_phases(Incident.objects.get(pk=resolved.pk), now=END, zone=UTC)
    assert picture.gap.startswith(sentence)
    assert (picture.axes, picture.rows) == ((), ())
    document = build_document(postmortem_of(incident, responder))
    assert '<svg class="phase-axis"' not in render_self_contained(document)


def test_the_document_has_the_picture_and_a_table_that_says_the_same(incident: Incident, responder: User) -> None:
    change_status(incident, status="resolved", actor=responder, now=END)
    document = build_document(postmortem_of(incident, responder))
    for render in (render_self_contained, render_print_source):
        html = render(document)
        assert len(re.findall(r'<svg class="phase-axis"', html)) == 2
        assert '<title id="course-600-title">Course of the incident. Undetected: 5 min;' in html
    assert "### Course of the incident" in render_markdown_file(document)
    assert "| 3 | Being mitigated | 24 min | 2024-03-10 14:01 | 2024-03-10 14:25 |" in render_markdown_file(document)


def test_the_document_of_an_ongoing_incident_is_drawn_to_its_newest_change(incident: Incident, responder: User) -> None:
    postmortem = postmortem_of(incident, responder)
    document = build_document(postmortem)
    assert document == build_document(postmortem)
    assert f"as of {document.modified_at:%Y-%m-%d %H:%M}" in render_markdown_file(document)


def test_the_document_says_who_had_which_role(incident: Incident, responder: User, administrator: User) -> None:
    postmortem = postmortem_of(incident, responder)
    assert "Incident commander" not in render_markdown_file(build_document(postmortem))
    held = assign_role(incident, role="commander", person=responder, actor=responder, now=THEN)
    release_role(held, actor=responder, now=END)
    assign_role(incident, role="expert", person=administrator, actor=responder, now=THEN)
    text = render_markdown_file(build_document(postmortem))
    assert "- **Incident commander:** responder, 2024-03-10 14:00 to 2024-03-10 14:25" in text
    assert "- **Subject-matter expert:** administrator, since 2024-03-10 14:00" in text


def test_the_page_shows_both_pictures_and_a_legend(as_viewer: Client, incident: Incident) -> None:
    text = as_viewer.get(incident.get_absolute_url()).content.decode()
    assert text.count('<svg class="phase-axis"') == 2
    assert text.count('<li data-phase="') == 3
    assert "style=" not in text.partition('id="course"')[2].partition("</figure>")[0]
