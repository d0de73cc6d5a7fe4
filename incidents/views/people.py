"""A person: their parts in incidents, what they owe and declared. People themselves belong to the accounts app."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import get_visible_person
from accounts.request import Request
from incidents.queries.people import list_declared, list_former_parts, list_held_parts, list_owed_items
from incidents.queries.reviews import list_asked_reviews

PARTS = ("role", "declared", "action")


@require_safe
def detail(request: Request, pk: int) -> HttpResponse:
    """Who it is, and what they do and did in the incidents that the reader sees."""
    person, reader = get_visible_person(pk), request.user
    context: dict[str, Any] = {
        "person": person,
        "shows_address": reader.is_administrator or reader == person,
        "held": list_held_parts(person, reader),
        "former": list_former_parts(person, reader),
        "owed": list_owed_items(person, reader),
        "asked": list_asked_reviews(person, reader),
        "declared": list_declared(person, reader),
        "today": timezone.localdate(),
        "lists": {part: _address(person.username, part) for part in PARTS},
    }
    return render(request, "incidents/person/detail.html", context)


def _address(username: str, part: str) -> str:
    """Of the list of incidents with which the person has to do in this way."""
    return f"{reverse('incidents:incident_list')}?{urlencode({'person': username, 'part': part})}"
