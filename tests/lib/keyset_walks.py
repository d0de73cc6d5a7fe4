"""Walks over sorted lists, compared with a sort in memory; run by the test suite, and against PostgreSQL."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from django.db.models import F
from django.utils import timezone

from incidents.models import ActionItem, Incident
from incidents.queries.sorting import ORDERS, sort_keys
from lib.keyset import Key, Page, list_numbers, read_last_page, read_number, read_page, read_place, walk
from tests.factories import NOW

MANY = [
    Key("severity", F("incident__severity_id"), read_number, is_descending=True, least=0),
    Key("cause", F("root_cause_id"), read_number, least=-1),
    Key("owner", F("owner_person_id"), read_number, is_descending=True, least=-1),
    Key("number", F("number"), read_number),
]


def fill(incident: Incident, seed: int, count: int) -> None:
    """So many incidents with many equal values and unknown ones."""
    choice = Random(seed)
    for n in range(count):
        began = choice.choice((None, NOW - timedelta(hours=choice.randint(1, 3), microseconds=choice.randint(0, 1))))
        is_over = choice.random() < 0.6
        Incident.objects.create(
            title=f"Number {n}",
            severity_id=choice.randint(1, 3),
            status=choice.choice(("resolved", "closed") if is_over else ("investigating", "monitoring")),
            impact_started_at=began,
            declared_at=NOW - timedelta(hours=choice.randint(0, 2)),
            resolved_at=NOW if is_over else None,
            declared_by=incident.declared_by,
        )
    Incident.objects.filter(number__in=[*Incident.objects.values_list("number", flat=True)[: count // 2]]).update(
        updated_at=timezone.now()
    )
    causes = [incident.root_causes.create(statement=f"Cause {n}").pk for n in range(2)]
    numbers = [*Incident.objects.values_list("number", flat=True)]
    for _item in range(count):
        ActionItem.objects.create(
            incident_id=choice.choice(numbers),
            title="Mend it",
            root_cause_id=choice.choice([None, *causes]),
            owner_person=choice.choice([None, incident.declared_by]),
        )


def in_memory(rows: Any, keys: list[Key]) -> list[int]:
    """The keys of the rows as a sort of Python's puts them, empty values last."""
    known = list(rows.annotate(**{key.label: key.expression for key in keys}))
    for key in reversed(keys):
        with_value = [row for row in known if getattr(row, key.label) is not None]
        with_value.sort(key=lambda row, key=key: getattr(row, key.label), reverse=key.is_descending)
        known = with_value + [row for row in known if getattr(row, key.label) is None]
    return [row.pk for row in known]


def check_walks(rows: Any, keys: list[Key], size: int) -> None:
    """Forwards from the first page, backwards from the last, and all at once: each row once, in order."""
    expected = in_memory(rows, keys)
    forwards, backwards = [], []
    page: Page[Any] = read_page(rows, keys, size=size)
    assert page.before == ""
    while True:
        forwards += [row.pk for row in page.rows]
        if not page.after:
            break
        page = read_page(rows, keys, size=size, after=read_place(page.after, keys))
        assert page.before
    page = read_last_page(rows, keys, size=size)
    assert page.after == ""
    while True:
        backwards = [row.pk for row in page.rows] + backwards
        if not page.before:
            break
        page = read_page(rows, keys, size=size, before=read_place(page.before, keys))
        assert page.after
    assert forwards == expected
    assert backwards == expected
    assert [row.pk for chunk in walk(rows, keys, size=size) for row in chunk] == expected
    assert list_numbers(rows, keys) == expected


def check_all(incident: Incident, seed: int, count: int, size: int) -> None:
    """Every order of incidents in both directions, and one of four keys of which three may be empty."""
    fill(incident, seed, count)
    for name in ORDERS:
        for sort in (name, f"-{name}"):
            check_walks(Incident.objects.all(), sort_keys(sort), size)
    check_walks(ActionItem.objects.all(), MANY, size)
    check_walks(ActionItem.objects.all(), [replace(key, is_descending=not key.is_descending) for key in MANY], size)
