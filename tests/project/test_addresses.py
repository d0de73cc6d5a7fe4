"""Every address of the project: its name, and what it answers to whom."""

import re
from collections import Counter
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.project.world import Route, address_of, make_world, routes

# Reached without an account: signing in, and choosing a password by the link that an administrator made
PUBLIC = {"account_login", "account_reset_password_from_key", "account_reset_password_from_key_done", "api:openapi"} | {
    # What exported files look like; it tells of no record
    "incidents:postmortem_schema"
}
# What everyone with an account may send: about themselves, or without changing an incident
FOR_VIEWERS = {
    "account_logout",
    "account_change_password",
    "accounts:profile_edit",
    "incidents:pdf_create",
    "incidents:export_create",
    "incidents:publication_file",
    "incidents:external_create",
}
# Without a session an API says 401 or 403; a page leads to signing in.
REFUSALS = {401, 403, 404, 405}
ACTIONS = {"list", "create", "edit", "delete", "detail"}
NEVER_IN_A_NOUN = ACTIONS | {
    *("new", "add", "update", "change", "remove", "save", "get", "show", "view", "make", "load", "run", "download"),
    *(
        "resolve",
        "close",
        "publish",
        "attach",
        "withdraw",
        "acknowledge",
        "declare",
        "assign",
        "from",
        "to",
        "by",
        "of",
    ),
}


@pytest.fixture
def world(administrator: User) -> dict[str, Any]:
    return make_world(administrator)


def named() -> list[Route]:
    """The routes whose names are the project's own; django-allauth looks its own ones up by name."""
    return [route for route in routes() if not route.name.startswith("account_")]


def pages() -> list[Route]:
    """The routes for people; those of the API are for programs with a token."""
    return [route for route in routes() if not route.name.startswith("api:")]


def is_refused(response: HttpResponse) -> bool:
    to_sign_in = response.status_code == 302 and response["Location"].startswith(reverse(settings.LOGIN_URL))
    return to_sign_in or response.status_code in REFUSALS


def test_the_public_addresses_are_the_ones_named_here(world: dict[str, Any], client: Client) -> None:
    open_to_all = {route.name for route in routes() if not is_refused(client.get(address_of(route, world)))}
    assert open_to_all == PUBLIC


def test_without_signing_in_nothing_can_be_sent(world: dict[str, Any], client: Client) -> None:
    closed = [route for route in routes() if route.name not in PUBLIC]
    assert [route.name for route in closed if not is_refused(client.post(address_of(route, world)))] == []


def test_a_viewer_changes_nothing_but_what_is_theirs(world: dict[str, Any], as_viewer: Client) -> None:
    closed = [route for route in routes() if route.name not in PUBLIC | FOR_VIEWERS]
    answers = {route.name: as_viewer.post(address_of(route, world)).status_code for route in closed}
    assert {name: status for name, status in answers.items() if status not in (401, 403, 404, 405)} == {}


def test_what_viewers_may_send_is_still_there() -> None:
    assert (PUBLIC | FOR_VIEWERS) - {route.name for route in routes()} == set()


def test_an_administrator_finds_every_address(world: dict[str, Any], as_administrator: Client) -> None:
    """Whoever adds a route with a parameter of its own names a value for it in world.py."""
    own = [route for route in pages() if route.name != "account_reset_password_from_key"]
    answers = {}
    for route in own:
        response = as_administrator.get(address_of(route, world))
        answers[route.name] = response.status_code
        # A file that nobody reads to its end
        response.close()
    assert {name: status for name, status in answers.items() if status not in (200, 302, 304, 405)} == {}


def test_a_session_opens_no_address_of_the_api(world: dict[str, Any], as_administrator: Client) -> None:
    closed = {route.name: address_of(route, world) for route in routes() if route not in pages()}
    assert closed.pop("api:openapi")
    assert as_administrator.get(closed.pop("api:elsewhere")).status_code == 404
    assert closed
    assert {name: as_administrator.get(address).status_code for name, address in closed.items()} == dict.fromkeys(
        closed, 401
    )


def test_every_address_has_a_name_of_its_own() -> None:
    counts = Counter(route.name for route in routes())
    assert len(counts) > 20
    assert [name for name, count in counts.items() if count > 1 or name.endswith("None")] == []


def test_every_name_is_a_noun_or_a_noun_with_an_action() -> None:
    words = {route.name: route.name.rpartition(":")[2].split("_") for route in named()}
    nouns = {name: parts[:-1] if parts[-1] in ACTIONS else parts for name, parts in words.items()}
    assert [name for name, parts in nouns.items() if not parts or NEVER_IN_A_NOUN & set(parts)] == []
    assert [name for name in words if not re.fullmatch(r"[a-z]+:[a-z]+(_[a-z]+)*", name)] == []


def test_no_address_contains_a_verb() -> None:
    segments = {route.path: set(re.findall(r"(?<![<:\w])[a-z]+(?=/)", route.path)) for route in named()}
    assert {path: found for path, names in segments.items() if (found := names & (NEVER_IN_A_NOUN - {"new"}))} == {}


def test_every_address_ends_with_a_slash() -> None:
    """But for documents, which have an ending of their own, and for what takes every other address of the API."""
    known = [route.path for route in routes() if route.path and route.name != "api:elsewhere"]
    assert [path for path in known if not re.search(r"/\$?$|\.[a-z]+$", path)] == []
