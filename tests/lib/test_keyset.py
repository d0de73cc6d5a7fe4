import pytest
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from incidents.models import Incident
from incidents.queries.sorting import sort_keys
from lib.keyset import Key, read_instant, read_number, read_page, read_place, write_place
from tests.factories import NOW, make_incident, make_user
from tests.lib.keyset_walks import check_all

NUMBER = Key("number", F("number"), read_number)
OPTIONAL = Key("duration", F("number"), read_number, least=0)
INSTANT = Key("began", F("declared_at"), read_instant)


class WalkTest(TestCase):
    @settings(max_examples=20, deadline=None, suppress_health_check=[*HealthCheck], derandomize=True)
    @given(seed=st.integers(0, 10_000), count=st.integers(0, 14), size=st.integers(2, 9))
    def test_walking_gives_each_row_once_in_order(self, seed: int, count: int, size: int) -> None:
        check_all(make_incident(make_user()), seed, count, size)


@pytest.mark.parametrize("values", [(NOW, 42), (NOW.replace(microsecond=1), 2**63 - 1)])
def test_a_place_is_read_as_it_was_written(values: tuple[object, ...]) -> None:
    assert read_place(write_place(values), [INSTANT, NUMBER]) == values


def test_a_place_without_a_value_is_read_as_it_was_written() -> None:
    assert write_place((None, 42)) == "-~42"
    assert read_place("-~42", [OPTIONAL, NUMBER]) == (None, 42)


@pytest.mark.parametrize(
    "text", ["", "x", "4.5~1", "1", "1~2~3", "-~1", f"{2**63}~1", f"{'9' * 5000}~1", "2024-03-10~1", "1~²", "\x00~1"]
)
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_place(text, [NUMBER, NUMBER])


@pytest.mark.parametrize("text", ["now~1", "2024-13-01T00:00:00Z~1", "0001-01-01T00:00:00+23:59~1"])
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_place(text, [INSTANT, NUMBER])


@pytest.mark.django_db
def test_what_is_added_meanwhile_moves_nothing() -> None:
    for n in range(6):
        make_incident(title=f"Number {n}")
    keys = sort_keys("-number")
    first = read_page(Incident.objects.all(), keys, size=3)
    make_incident(title="Newer than all")
    second = read_page(Incident.objects.all(), keys, size=3, after=read_place(first.after, keys))
    assert [row.title for row in first.rows + second.rows] == [f"Number {n}" for n in reversed(range(6))]
    Incident.objects.get(title="Number 3").delete()
    again = read_page(Incident.objects.all(), keys, size=3, after=read_place(first.after, keys))
    assert again.rows == second.rows
