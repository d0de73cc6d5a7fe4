"""What is offered while a mention or a reference is being typed."""

import re

import pytest
from django.test import Client

from accounts.models import User
from incidents.models import Incident, IncidentGrant
from tests.factories import make_database, make_incident, make_replica, make_restore_test, make_user
from tests.incidents.conftest import THEN, Scene
from tests.incidents.views.test_sections import address


@pytest.fixture
def ann() -> User:
    return make_user("ann", name="Ann Other")


def test_mentions_and_references_are_completed_as_far_as_readers_may_know(
    as_responder: Client, scene: Scene, ann: User, responder: User
) -> None:
    here = address("completions", scene)
    hidden = make_incident(responder, "Secret search", now=THEN)
    Incident.objects.filter(pk=hidden.pk).update(visibility="restricted")
    IncidentGrant.objects.create(incident=hidden, person=responder, granted_by=responder)
    seen = make_incident(responder, "Search is slow", now=THEN)

    def offered(typed: str) -> str:
        return as_responder.get(here, {"q": typed}).content.decode()

    assert 'data-text="@ann"' in offered("@oth")
    assert f'data-text="{seen.reference}"' in offered("INC-sea")
    # Who sees this incident may not know of that one, so that it would become no link.
    assert "Secret" not in offered("INC-sea")
    assert f'data-text="{scene.item.reference}"' in offered("ACT-")
    assert f'data-text="{seen.reference}.time_to_resolve"' in offered(f"{seen.reference}.time_to_r")
    assert f'data-text="{scene.item.reference}"' in offered("act-")
    somchai = make_user("somchai", name="สมชาย ใจดี")
    assert f'data-text="@{somchai.username}"' in offered("@สมช")
    assert "Nothing here is called like this." in offered("INC-unheard")
    for typed in ("", "x", "INC", "@@", "INC-1.2.3", "ZZ-1", "INC-0.x", "@" * 200):
        assert "role=" not in offered(typed)


def test_records_are_found_by_the_beginning_of_their_number(as_responder: Client, scene: Scene, ann: User) -> None:
    first = Incident.objects.get(pk=scene.incident.pk)
    for number in (4_200, 4_299, 5_000):
        facts = {"severity": first.severity, "declared_by": ann, "declared_at": THEN}
        Incident.objects.create(number=number, title=f"Number {number}", **facts)

    def offered(typed: str) -> list[str]:
        page = as_responder.get(address("completions", scene), {"q": typed}).content.decode()
        return re.findall(r'data-text="([^"]+)"', page)

    assert offered("INC-42") == ["INC-4299", "INC-4200"]
    assert offered("INC-5000") == ["INC-5000"]
    assert sorted(offered("INC-number 42"), reverse=True) == ["INC-4299", "INC-4200"]
    assert offered("INC-") == ["INC-5000", "INC-4299", "INC-4200"]
    assert offered("INC-77") == []
    shop = make_replica(make_database("shop"))
    other = make_incident(ann, "Secret", visibility="restricted", people=[ann, first.declared_by])
    known, hidden = make_restore_test(shop), make_restore_test(shop, incident=other)
    # The writer sees both; whoever reads this document may know of one.
    assert offered("RT-sho") == [f"RT-{known.number}"]
    assert offered(f"RT-{known.number}") == [f"RT-{known.number}"]
    assert offered(f"RT-{hidden.number}") == []
    assert offered("RT-") == [f"RT-{known.number}"]


def test_who_may_not_see_the_incident_is_not_offered(
    as_responder: Client, scene: Scene, ann: User, responder: User
) -> None:
    Incident.objects.filter(pk=scene.incident.pk).update(visibility="restricted")
    IncidentGrant.objects.create(incident=scene.incident, person=responder, granted_by=responder)
    page = as_responder.get(address("completions", scene), {"q": "@"}).content.decode()
    assert "@ann" not in page
    assert f"@{responder.username}" in page
