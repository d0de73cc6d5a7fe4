"""Two people with the same form open: nobody's values go without a word."""

from html import unescape
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from incidents.models import Incident, Service, TimelineEvent
from tests.conftest import signed_in
from tests.factories import make_team, make_user
from tests.incidents.conftest import Scene
from tests.incidents.entries import ENTRIES, seen

CONFLICT = "Somebody saved this while you were writing. Compare both and save again to keep yours."
# What the other person saved meanwhile, and how it reads.
THEIRS: dict[str, tuple[dict[str, str], list[str]]] = {
    "facts_edit": (
        {"mode": "live", "severity": "2", "tags": "one, two"},
        ["Mode: Live", "Severity: SEV2", "Title: It", "Tags: one, two", "Timezone: Asia/Bangkok"],
    ),
    "impact_edit": (
        {"requests_failed": "501", "cost": "", "data_loss": "none"},
        ["Requests failed: 501", "Cost: empty", "Data loss: None"],
    ),
    "milestones_edit": ({"detected_at": "2024-03-10T13:30:00"}, ["Detected: 2024-03-10 13:30:00", "Closed: empty"]),
    "event_edit": ({"occurred_at": "2024-03-10T14:07:00"}, ["When: 2024-03-10 14:07:00"]),
    "cause_edit": ({"category": "process"}, ["Category: Process", "Kind: Trigger"]),
    "action_item_edit": ({"due_date": "2024-03-21"}, ["Due: 2024-03-21", "Owner: nobody yet", "Addresses: empty"]),
    "link_edit": ({"url": "https://example.org/d/2"}, ["Address: https://example.org/d/2", "Title: Dashboard"]),
    "improvement_edit": ({"after": "90 s"}, ["After: 90 s", "Metric: RTO"]),
}
# One by its course; of the other both texts are merged, or chosen from (test_sections.py).
SETTLED_ELSEWHERE = {"status_edit", "section_edit"}


def test_every_form_over_a_record_is_walked() -> None:
    assert set(THEIRS) == {route for route in ENTRIES if route.endswith("_edit")} - SETTLED_ELSEWHERE


@pytest.mark.parametrize("route", THEIRS)
@pytest.mark.parametrize("is_htmx", [True, False])
def test_who_saves_second_sees_what_the_first_has_saved(
    as_responder: Client, administrator: User, htmx: dict[str, str], scene: Scene, route: str, is_htmx: bool
) -> None:
    entry, first, headers = ENTRIES[route], signed_in(administrator), htmx if is_htmx else None
    theirs, words = THEIRS[route]
    mine = entry.sent(as_responder, scene)
    sent = entry.sent(first, scene, **theirs)
    assert first.post(entry.address(scene), sent).status_code == 302

    response = as_responder.post(entry.address(scene), mine, headers=headers)
    page = unescape(response.content.decode())
    assert response.status_code == 422
    # Of events it is known who was quicker.
    assert CONFLICT.replace("Somebody", "administrator" if route == "event_edit" else "Somebody") in page
    assert all(word in page for word in words)
    assert all(mine[name] in page for name in entry.texts)
    stands = seen(as_responder, entry.address(scene))
    assert f'name="seen" value="{stands["seen"]}"' in page

    over = as_responder.post(entry.address(scene), mine | stands, headers=headers)
    assert over.status_code == (200 if is_htmx else 302)


@pytest.mark.parametrize("route", THEIRS)
def test_a_form_that_does_not_say_what_it_has_seen_overwrites_nothing(
    as_responder: Client, scene: Scene, stored: Any, route: str
) -> None:
    known = stored()
    response = as_responder.post(ENTRIES[route].address(scene), ENTRIES[route].valid)
    assert response.status_code == 422
    assert CONFLICT in response.content.decode()
    assert stored() == known


def test_different_panels_do_not_get_in_each_others_way(as_responder: Client, scene: Scene) -> None:
    impact, milestones = ENTRIES["impact_edit"], ENTRIES["milestones_edit"]
    opened = impact.sent(as_responder, scene)
    sent = milestones.sent(as_responder, scene)
    assert as_responder.post(milestones.address(scene), sent).status_code == 302
    assert as_responder.post(impact.address(scene), opened).status_code == 302


def test_services_and_owners_chosen_meanwhile_are_noticed(as_responder: Client, scene: Scene) -> None:
    facts, item = ENTRIES["facts_edit"], ENTRIES["action_item_edit"]
    mine, my_item = facts.sent(as_responder, scene), item.sent(as_responder, scene)
    scene.incident.services.add(Service.objects.create(name="shop"), Service.objects.create(name="till"))
    scene.item.owner_team = make_team("Platform")
    scene.item.save()
    assert "Services: shop, till" in as_responder.post(facts.address(scene), mine).content.decode()
    assert "Owner: Platform" in as_responder.post(item.address(scene), my_item).content.decode()
    scene.item.owner_team, scene.item.owner_person = None, make_user("ann")
    scene.item.save()
    assert "Owner: ann" in as_responder.post(item.address(scene), my_item).content.decode()


def test_a_correction_of_the_time_alone_shows_in_the_timezone_that_it_is_typed_in(
    as_responder: Client, responder: User, scene: Scene
) -> None:
    responder.time_zone, scene.incident.time_zone = "Asia/Bangkok", "Europe/Berlin"
    responder.save()
    scene.incident.save()
    entry = ENTRIES["event_edit"]
    mine = entry.sent(as_responder, scene)
    TimelineEvent.objects.filter(pk=scene.event.pk).update(occurred_at="2024-03-10T14:07:00Z", is_pinned=False)
    page = as_responder.post(entry.address(scene), mine).content.decode()
    assert "When: 2024-03-10 15:07:00" in page
    assert "In the post-mortem: no" in page


def test_nothing_is_lost_where_two_save_other_fields_of_one_form(as_responder: Client, scene: Scene) -> None:
    entry = ENTRIES["milestones_edit"]
    mine = entry.sent(as_responder, scene)
    detected = entry.sent(as_responder, scene, detected_at="2024-03-10T13:30:00")
    assert as_responder.post(entry.address(scene), detected).status_code == 302
    assert as_responder.post(entry.address(scene), mine).status_code == 422
    assert Incident.objects.get().detected_at is not None
