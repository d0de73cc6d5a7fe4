"""Every response carries the policy, and every page asks for sign-in."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.middleware import ReaderTimezoneMiddleware
from accounts.models import User
from tests.project.world import address_of, make_world, routes
from tests.storage import no_writes

# Signing out when one is not signed in has nothing to protect.
PUBLIC = {"account_login", "account_logout", "account_reset_password_from_key", "account_reset_password_from_key_done"}


def assert_strict(response: HttpResponse) -> None:
    policy = dict(part.partition(" ")[::2] for part in response.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    if "sandbox" in policy:
        # A file that somebody attached: nothing of it may run or load.
        assert not {"script-src", "style-src", "object-src"} & set(policy)
        assert (policy["sandbox"], policy["form-action"]) == ("", "'none'")
    else:
        assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
        assert policy["object-src"] == "'none'"
    assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"


@pytest.fixture
def world(administrator: User) -> dict[str, Any]:
    return make_world(administrator)


def test_every_response_carries_the_policy(as_administrator: Client, client: Client, world: dict[str, Any]) -> None:
    for route in routes():
        for visitor in (client, as_administrator):
            for method in (visitor.get, visitor.post, visitor.put):
                if route.name not in ("recovery:example_create", "account_logout"):
                    response = method(address_of(route, world))
                    assert_strict(response)
                    response.close()
    for address in ("/nowhere/", "/static/css/base.css", "/static/js/nowhere.js"):
        assert_strict(client.get(address))


def test_no_page_has_scripts_or_styles_of_its_own(as_administrator: Client, world: dict[str, Any]) -> None:
    for route in routes():
        response = as_administrator.get(address_of(route, world))
        page = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
        if "attachment" in response.headers.get("Content-Disposition", "") or route.name == "account_logout":
            continue
        text = page.decode(errors="replace")
        assert all(re.search(r'\ssrc="/static/', tag) for tag in re.findall(r"<script[^>]*>", text)), route.name
        assert not re.search(r"""<style|\sstyle=["']|\son[a-z]+=["']|hx-on""", text), route.name


def test_every_page_asks_for_sign_in(client: Client, world: dict[str, Any]) -> None:
    for route in routes():
        response = client.get(address_of(route, world))
        if route.name in PUBLIC or route.name in ("api:openapi", "incidents:postmortem_schema"):
            assert "?next=" not in response.headers.get("Location", ""), route.name
        elif route.name.startswith("api:"):
            # For programs, which a page to sign in on would only confuse.
            assert response.status_code in (401, 404), route.name
            assert "Location" not in response.headers, route.name
        else:
            assert response.headers["Location"].startswith("/accounts/login/?next=/"), route.name
            assert client.get(address_of(route, world), headers={"HX-Request": "true"}).status_code == 401


def test_an_error_page_carries_the_policy(as_responder: Client) -> None:
    with no_writes():
        response = as_responder.post("/incidents/new/", {"title": "It is down", "severity": "3"})
    assert response.status_code == 503
    assert_strict(response)


def test_scripts_and_styles_ask_nobody_else() -> None:
    folder: Path = settings.BASE_DIR / "static"
    for path in [*folder.rglob("*.js"), *folder.rglob("*.css")]:
        assert not re.search(r"https?://(?!www\.w3\.org/)|@import|\beval\(", path.read_text()), path.name


@pytest.mark.parametrize("zone", ["", "Asia/Bangkok", "America/New_York"])
def test_the_readers_timezone_holds_for_their_request_alone(zone: str) -> None:
    seen: list[str] = []

    def page(_request: HttpRequest) -> HttpResponse:
        seen.append(timezone.get_current_timezone_name())
        return HttpResponse()

    request = RequestFactory().get("/")
    request.user = User(time_zone=zone)
    ReaderTimezoneMiddleware(page)(request)
    request.user = AnonymousUser()
    ReaderTimezoneMiddleware(page)(request)
    assert seen == [zone or "UTC", "UTC"]
