"""Every change says by whom and by which door it came."""

from threading import Thread

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from accounts.api import ScopedToken
from accounts.audit import Door, Origin, changes_are_by, changes_by, current_origin
from accounts.middleware import ChangesMiddleware
from accounts.models import Change, Scope, User
from accounts.services.people import password_link_path
from incidents.models import Incident
from tests.changes import list_changes
from tests.factories import make_incident, make_team, make_token

NOBODY = Origin(None, Door.SYSTEM)


def origins() -> list[tuple[User | None, str]]:
    """Of the newest change first."""
    return [(change.actor, change.door) for change in Change.objects.all()]


def answer(request: HttpRequest, *, user: User | None = None) -> Origin:
    """What holds for a change that is made while this request is answered."""
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(current_origin())
        return HttpResponse()

    request.user = user
    ChangesMiddleware(view)(request)
    return seen[0]


def test_what_a_form_changes_is_by_whoever_sent_it(as_administrator: Client, administrator: User) -> None:
    as_administrator.post("/people/new/", {"username": "anna", "name": "Anna", "email": "", "role": "viewer"})
    newest = list_changes(User.objects.get(username="anna"))[0]
    assert (newest.actor, newest.door) == (administrator, Door.PAGE)
    assert current_origin() == NOBODY


def test_an_incident_declared_on_a_page_is_so_throughout(as_responder: Client, responder: User) -> None:
    before = Change.objects.count()
    as_responder.post("/incidents/new/", {"title": "Checkout is slow", "severity": "3", "mode": "live"})
    incident = Incident.objects.get()
    made = origins()[: Change.objects.count() - before]
    assert len(made) >= 2
    assert set(made) == {(responder, Door.PAGE)}
    assert list_changes(incident)[-1].action == "created"


def test_choosing_a_password_by_its_link_is_by_nobody_yet(administrator: User, client: Client) -> None:
    page = client.get(password_link_path(administrator), follow=True)
    password = "quite another password"
    client.post(page.redirect_chain[-1][0], {"password1": password, "password2": password})
    administrator.refresh_from_db()
    assert administrator.check_password(password)
    newest = list_changes(administrator)[0]
    assert (newest.actor, newest.door, newest.actor_label) == (None, Door.PAGE, "somebody who was not signed in")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_requests_that_change_something_say_who(administrator: User, method: str) -> None:
    request = getattr(RequestFactory(), method)("/")
    assert answer(request, user=administrator) == Origin(administrator, Door.PAGE)
    assert current_origin() == NOBODY


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_requests_that_only_read_ask_for_nobody(method: str) -> None:
    class Untouchable:
        def __get__(self, *_: object) -> None:
            raise AssertionError("Who asks was looked up.")

    class Reading(HttpRequest):
        user = Untouchable()

    request = Reading()
    request.method = method.upper()
    assert ChangesMiddleware(lambda _request: HttpResponse())(request).status_code == 200


def test_a_request_that_fails_leaves_nobody_behind(administrator: User) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        raise RuntimeError("a bug")

    request = RequestFactory().post("/")
    request.user = administrator
    with pytest.raises(RuntimeError):
        ChangesMiddleware(view)(request)
    assert current_origin() == NOBODY


def test_by_the_api_it_is_the_tokens_owner(administrator: User) -> None:
    token, text = make_token(actor=administrator)
    scope = ScopedToken(Scope.REPORT_RESTORE_TESTS)

    def view(request: HttpRequest) -> HttpResponse:
        assert scope.authenticate(request, text) == token
        make_team()
        return HttpResponse()

    request = RequestFactory().post("/api/v1/teams/")
    request.user = None
    ChangesMiddleware(view)(request)
    assert origins()[0] == (administrator, Door.API)
    assert current_origin() == NOBODY


def test_reading_by_the_api_leaves_nobody_behind(administrator: User) -> None:
    _token, text = make_token(actor=administrator)
    ScopedToken(Scope.REPORT_RESTORE_TESTS).authenticate(RequestFactory().get("/"), text)
    assert current_origin() == NOBODY


def test_what_nobody_asked_for_is_the_systems(responder: User) -> None:
    assert origins()[0] == (None, Door.SYSTEM)
    assert list_changes(responder)[0].actor_label == "Debrief"


def test_an_import_inside_a_request_is_an_import(responder: User) -> None:
    with changes_by(responder, door=Door.PAGE):
        with changes_by(responder, door=Door.IMPORT):
            make_team("Storage")
        make_team("Network")
    make_team("Billing")
    assert origins()[:3] == [(None, Door.SYSTEM), (responder, Door.PAGE), (responder, Door.IMPORT)]


def test_whoever_is_recognised_later_counts_to_the_end(administrator: User, responder: User) -> None:
    with changes_by(administrator, door=Door.PAGE):
        with changes_by(None, door=Door.PAGE):
            changes_are_by(responder, door=Door.API)
            assert current_origin() == Origin(responder, Door.API)
        assert current_origin() == Origin(administrator, Door.PAGE)


def test_threads_know_nothing_of_each_other(administrator: User) -> None:
    seen = []
    with changes_by(administrator, door=Door.PAGE):
        thread = Thread(target=lambda: seen.append(current_origin()))
        thread.start()
        thread.join()
    assert seen == [NOBODY]


def test_the_example_is_an_import(administrator: User) -> None:
    from incidents.services.example import load_example_incident

    incident = load_example_incident(actor=administrator)
    about = Change.objects.filter(incident_number=incident.number)
    assert about.count() > 20
    assert {(change.actor, change.door) for change in about} == {(administrator, Door.IMPORT)}


def test_no_token_is_kept(administrator: User) -> None:
    token, text = make_token(actor=administrator)
    kept = str([*Change.objects.values_list("changes", "additional_data", "object_repr")])
    assert token.name in kept
    assert text not in kept
    assert token.sha256 not in kept


def test_an_incident_has_its_number_from_the_start(responder: User) -> None:
    incident = make_incident(responder)
    assert {change.incident_number for change in Change.objects.exclude(incident_number=None)} == {incident.number}
