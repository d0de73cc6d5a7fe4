"""Every form of the incident and of its post-mortem walks one list."""

from collections.abc import Callable
from html import escape
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.conftest import signed_in
from tests.incidents.conftest import Scene
from tests.incidents.entries import ENTRIES, Entry

Stored = Callable[[], dict[str, Any]]
every_form = pytest.mark.parametrize("entry", ENTRIES.values(), ids=list(ENTRIES))


def is_whole_page(content: str) -> bool:
    return content.lstrip().startswith("<!doctype html>")


@every_form
def test_htmx_gets_the_form_as_one_fragment(
    as_responder: Client, htmx: dict[str, str], scene: Scene, entry: Entry
) -> None:
    if entry.route == "incident_create":
        return
    response = as_responder.get(entry.address(scene), headers=htmx)
    assert response.status_code == 200
    assert not is_whole_page(response.content.decode())
    assert f'action="{entry.address(scene)}"' in response.content.decode()


@every_form
def test_a_plain_browser_gets_a_page_with_the_form(as_responder: Client, scene: Scene, entry: Entry) -> None:
    response = as_responder.get(entry.address(scene))
    page = response.content.decode()
    assert response.status_code == 200
    assert is_whole_page(page)
    assert f'action="{entry.address(scene)}"' in page
    assert all(f'name="{name}"' in page for name in entry.valid)


@every_form
def test_what_htmx_sends_is_stored_and_answered_with_what_changed(
    as_responder: Client, htmx: dict[str, str], scene: Scene, stored: Stored, entry: Entry
) -> None:
    response = as_responder.post(entry.address(scene), entry.sent(as_responder, scene), headers=htmx)
    page = response.content.decode()
    if entry.route == "incident_create":
        assert response.status_code == 302
    elif entry.is_page_replaced:
        assert response.headers["HX-Redirect"] == scene.incident.get_absolute_url()
    else:
        assert response.status_code == 200
        assert not is_whole_page(page)
        assert all(escape(entry.valid[name]) in page for name in entry.texts if entry.valid[name])
    assert_stored(entry, stored())


@every_form
def test_what_a_plain_browser_sends_is_stored_and_answered_with_a_redirect(
    as_responder: Client, scene: Scene, stored: Stored, entry: Entry
) -> None:
    response = as_responder.post(entry.address(scene), entry.sent(as_responder, scene), follow=True)
    assert [code for _address, code in response.redirect_chain] == [302]
    assert is_whole_page(response.content.decode())
    assert all(escape(entry.valid[name]) in response.content.decode() for name in entry.texts if entry.valid[name])
    assert_stored(entry, stored())


def assert_stored(entry: Entry, stored: dict[str, Any]) -> None:
    rows = stored[entry.model.__name__]
    names = [name for name in entry.texts if name in rows[0]]
    expected = {name: entry.valid[name] for name in names}
    assert expected in [{name: row[name] for name in names} for row in rows]


@every_form
@pytest.mark.parametrize("is_htmx", [True, False])
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    as_responder: Client, htmx: dict[str, str], scene: Scene, stored: Stored, entry: Entry, is_htmx: bool
) -> None:
    known = stored()
    typed = entry.sent(as_responder, scene) | {name: f"typed {name} <{name}>" for name in entry.texts} | entry.wrong
    response = as_responder.post(entry.address(scene), typed, headers=htmx if is_htmx else None)
    page = response.content.decode()
    assert response.status_code == 422
    assert is_whole_page(page) == (not is_htmx or entry.route == "incident_create")
    assert entry.sentence in page
    assert all(escape(typed[name]) in page for name in typed if name in entry.texts)
    assert stored() == known


@every_form
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_viewer_is_refused_with_the_way_out(
    as_viewer: Client, scene: Scene, stored: Stored, entry: Entry, method: str
) -> None:
    known = stored()
    response = getattr(as_viewer, method)(entry.address(scene), entry.valid)
    assert response.status_code == 403
    assert "Ask an administrator for the responder role" in response.content.decode()
    assert stored() == known


@every_form
@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_is_not_signed_in_is_sent_to_sign_in(
    client: Client, htmx: dict[str, str], scene: Scene, stored: Stored, entry: Entry, method: str
) -> None:
    known, address = stored(), entry.address(scene)
    sent = entry.valid if method == "post" else {}
    response = getattr(client, method)(address, sent)
    if method == "get":
        assert (response.status_code, response.headers["Location"]) == (302, f"/accounts/login/?next={address}")
    else:
        assert response.status_code == 401
        assert all(escape(str(text)) in response.content.decode() for text in sent.values() if isinstance(text, str))
    assert getattr(client, method)(address, sent, headers=htmx).status_code == 401
    assert stored() == known


@every_form
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_no_other_method_is_taken(as_responder: Client, scene: Scene, entry: Entry, method: str) -> None:
    assert getattr(as_responder, method)(entry.address(scene)).status_code == 405


@every_form
@pytest.mark.parametrize("number", ["0", "4711", "99999999999999999999", "9" * 5000])
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_incident_is_not_there(
    as_responder: Client, scene: Scene, entry: Entry, number: str, method: str
) -> None:
    if entry.route != "incident_create":
        address = entry.address(scene).replace(f"/{scene.incident.number}/", f"/{number}/", 1)
        assert getattr(as_responder, method)(address, entry.valid).status_code == 404


@every_form
@pytest.mark.parametrize("key", ["0", "4711", "99999999999999999999"])
def test_an_unknown_record_is_not_there(as_responder: Client, scene: Scene, entry: Entry, key: str) -> None:
    if entry.of(scene):
        address = entry.address(scene).removesuffix(f"{entry.of(scene)[0]}/") + f"{key}/"
        assert as_responder.get(address).status_code == as_responder.post(address, entry.valid).status_code == 404


@every_form
def test_a_record_of_another_incident_is_not_there(
    as_responder: Client, scene: Scene, responder: User, entry: Entry
) -> None:
    as_responder.post(ENTRIES["incident_create"].address(scene), ENTRIES["incident_create"].valid)
    if entry.of(scene):
        other = scene.incident.number + 1
        address = entry.address(scene).replace(f"/{scene.incident.number}/", f"/{other}/", 1)
        assert as_responder.get(f"/incidents/{other}/").status_code == 200
        assert as_responder.post(address, entry.valid).status_code == 404


@every_form
def test_reading_a_form_writes_nothing(as_responder: Client, scene: Scene, stored: Stored, entry: Entry) -> None:
    known = stored()
    as_responder.get(entry.address(scene))
    as_responder.get(entry.address(scene), {"cancel": ""})
    as_responder.head(entry.address(scene))
    assert stored() == known


@every_form
def test_an_administrator_may_do_what_a_responder_may(administrator: User, scene: Scene, entry: Entry) -> None:
    client = signed_in(administrator)
    assert client.post(entry.address(scene), entry.sent(client, scene)).status_code == 302
