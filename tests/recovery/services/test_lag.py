"""When a lag is an alarm."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from recovery.models import Database, Replica
from recovery.services.lag import Seen, Verdict, judge_lag, judge_silence, lag_limit
from tests.factories import NOW

Method = Replica.Method
OPEN, KEEP, CLOSE = Verdict.OPEN, Verdict.KEEP, Verdict.CLOSE


def seen(*lags: float | None) -> list[Seen]:
    """One measurement a minute, the last one now."""
    start = NOW - timedelta(minutes=len(lags) - 1)
    return [Seen(start + timedelta(minutes=place), lag, "No route.") for place, lag in enumerate(lags)]


@pytest.mark.parametrize(
    ("set_to", "objective", "method", "limit"),
    [
        (None, None, Method.LITESTREAM, 300),
        (None, 1, Method.LITESTREAM, 60),
        (None, 0, Method.LITESTREAM, 60),
        (None, 900, Method.LITESTREAM, 900),
        (None, None, Method.POSTGRESQL_STREAMING, 300),
        (None, None, Method.SQLITE_BACKUP, 93_600),
        (None, None, Method.FILE_COPY, 93_600),
        (None, 3600, Method.FILE_COPY, 3600),
        (5, 900, Method.LITESTREAM, 5),
        (5, None, Method.SQLITE_BACKUP, 5),
    ],
)
def test_the_limit(set_to: int | None, objective: int | None, method: str, limit: int) -> None:
    database = Database(lag_alert_seconds=set_to, rpo_objective_seconds=objective)
    assert lag_limit(database, method) == limit


@pytest.mark.parametrize(
    ("lags", "verdict"),
    [
        ([], KEEP),
        ([0], CLOSE),
        ([60], CLOSE),
        ([61], KEEP),
        ([5, 61], KEEP),
        ([61, 61], OPEN),
        ([5, 61, 62], OPEN),
        ([61, 5, 61], KEEP),
        ([61, None, 61], OPEN),
        ([61, 61, 60], CLOSE),
        ([None], KEEP),
        ([61, 61, None], KEEP),
        ([None] * 10, KEEP),
        ([None] * 11, OPEN),
        ([5, *[None] * 10], KEEP),
        ([5, *[None] * 11], OPEN),
        ([*[None] * 8, 5, None, None, None], KEEP),
        ([*[None] * 11, 5], CLOSE),
    ],
)
def test_the_verdict(lags: Sequence[float | None], verdict: Verdict) -> None:
    assert judge_lag(seen(*lags), limit=60)[0] == verdict


def test_the_reasons_say_how_far_and_how_long() -> None:
    assert judge_lag(seen(90, 4000), limit=60)[1] == "It is 1 h 6 min behind; the limit is 1 min."
    assert judge_lag(seen(90, 0.2), limit=60)[1] == "It is 200 ms behind again; the limit is 1 min."
    unknown = judge_lag(seen(*[None] * 13), limit=60)[1]
    assert unknown == "How far it is behind has been unknown for 12 minutes. No route."


@pytest.mark.parametrize(
    ("reads", "verdict"),
    [
        ([], KEEP),
        ([True], CLOSE),
        ([False] * 10, KEEP),
        ([True, *[False] * 11], OPEN),
        ([*[False] * 11, True], CLOSE),
        ([*[False] * 11, True, False], KEEP),
    ],
)
def test_where_nobody_can_know_the_lag_only_silence_is_an_alarm(reads: Sequence[bool], verdict: Verdict) -> None:
    history = [
        Seen(NOW + timedelta(minutes=place), None, "No route.", is_read=read) for place, read in enumerate(reads)
    ]
    assert judge_silence(history)[0] == verdict


def test_a_silence_of_the_watch_is_not_one_of_the_replica() -> None:
    history = [Seen(NOW - timedelta(minutes=1), None), Seen(NOW, None)]
    assert judge_lag(history, limit=60)[0] == KEEP
