"""Who may do what with a post-mortem: each of its addresses, read and sent."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import User
from incidents.models import Incident
from incidents.services.reviews import ask_reviewers
from tests.conftest import signed_in
from tests.factories import NOW, make_incident, make_user
from tests.incidents.published import make_publication
from tests.project.world import address_of, make_world, routes

READ_BY_ALL = {
    *("postmortem", "postmortem_changes", "section_history", "completeness", "wording", "pdf", "pdf_file"),
    *("html_file", "markdown_file", "postmortem_json_file", "external_create"),
    *("review", "comment_list", "checklist", "publication_list", "publication", "publication_comparison"),
}
SENT_BY_ALL = {"pdf_create", "publication_file", "external_create"}
SENT_BY_REVIEWERS = {"review_decision", "comment_create", "comment_answer", "comment_resolution"}
# The comment of this world is an administrator's.
OF_ITS_AUTHOR = {"comment_edit", "comment_removal"}
DONE = {200, 302, 409, 422}


@pytest.fixture
def world(administrator: User) -> dict[str, Any]:
    return make_world(administrator)


@pytest.fixture
def incident(world: dict[str, Any]) -> Incident:
    return Incident.objects.get(pk=world["number"])


def ask_for_all(client: Client, world: dict[str, Any], method: str) -> dict[str, int]:
    """How each address of the post-mortem answers; nothing that is written stays."""
    answers = {}
    for route in routes():
        if route.path.startswith("incidents/<int:number>/postmortem/"):
            with transaction.atomic():
                answer = getattr(client, method)(address_of(route, world))
                answer.close()
                transaction.set_rollback(True)
            answers[route.name.removeprefix("incidents:")] = answer.status_code
    assert len(answers) > 40
    return answers


def may(client: Client, world: dict[str, Any], method: str) -> set[str]:
    return {name for name, status in ask_for_all(client, world, method).items() if status in DONE}


def test_whoever_sees_the_incident_reads_all_of_it_and_changes_nothing(
    world: dict[str, Any], as_viewer: Client
) -> None:
    assert may(as_viewer, world, "get") == READ_BY_ALL
    assert may(as_viewer, world, "post") == SENT_BY_ALL


def test_whoever_was_asked_for_a_review_comments_and_decides(
    world: dict[str, Any], incident: Incident, as_viewer: Client, viewer: User, administrator: User
) -> None:
    ask_reviewers(incident.postmortem, people=[viewer], actor=administrator, now=NOW)
    assert may(as_viewer, world, "get") == READ_BY_ALL | {"comment_create"}
    assert may(as_viewer, world, "post") == SENT_BY_ALL | SENT_BY_REVIEWERS


def test_writers_do_everything_but_what_is_somebody_elses(world: dict[str, Any], as_responder: Client) -> None:
    for method in ("get", "post"):
        answers = ask_for_all(as_responder, world, method)
        refused = {name for name, status in answers.items() if status not in DONE | {405}}
        assert refused <= OF_ITS_AUTHOR | {"review_decision", "review_withdrawal"}


def test_an_author_who_may_write_no_more_writes_no_more(world: dict[str, Any], administrator: User) -> None:
    User.objects.filter(pk=administrator.pk).update(role="viewer")
    client = signed_in(User.objects.get(pk=administrator.pk))
    # They were asked for a review, and the comment is theirs.
    assert may(client, world, "post") == SENT_BY_ALL | SENT_BY_REVIEWERS | OF_ITS_AUTHOR


def test_of_a_restricted_one_nobody_else_is_told_that_it_is_there(world: dict[str, Any], incident: Incident) -> None:
    """Nor are administrators, and those who were asked for a review before it was restricted."""
    outsider = make_user("outsider", "administrator")
    ask_reviewers(incident.postmortem, people=[outsider], actor=outsider, now=NOW)
    Incident.objects.filter(pk=incident.pk).update(visibility="restricted")
    for method in ("get", "post"):
        assert set(ask_for_all(signed_in(outsider), world, method).values()) <= {404, 405}


def test_records_of_another_incident_are_not_found_under_this_ones_number(
    world: dict[str, Any], administrator: User
) -> None:
    """Whoever may see the one incident may not see the other."""
    here = make_publication(make_incident(administrator), administrator).postmortem.incident
    Incident.objects.filter(pk=world["number"]).update(visibility="restricted")
    client = signed_in(make_user("outsider", "administrator"))
    known = world | {"number": here.pk}
    asked = set()
    for route in routes():
        if route.path.startswith("incidents/<int:number>/postmortem/") and {"pk", "digest"} & {*route.parameters}:
            asked.add(route.name)
            for method in ("get", "post"):
                answer = getattr(client, method)(address_of(route, known))
                answer.close()
                assert answer.status_code in (404, 405), (route.name, method)
    assert {"incidents:comment_resolution", "incidents:pdf_file", "incidents:dismissal_removal"} <= asked
