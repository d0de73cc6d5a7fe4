"""Cron expressions: what is one, what it says in words, and when it comes round."""

import hashlib
from collections import deque
from datetime import UTC, datetime
from itertools import pairwise

from celery.schedules import ParseException, crontab
from cron_descriptor import Options, get_description
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django_celery_beat import validators
from django_celery_beat.tzcrontab import TzAwareCrontab

from recovery.errors import RecoveryError

VALIDATORS = {
    "minute": validators.minute_validator,
    "hour": validators.hour_validator,
    "day_of_month": validators.day_of_month_validator,
    "month_of_year": validators.month_of_year_validator,
    "day_of_week": validators.day_of_week_validator,
}
# A star for the minute is a slip: it asks for sixty restore tests in an hour.
SHORTEST_MINUTES = 10
# By night, and early enough to be over before people come.
FIRST_HOUR, NIGHT_HOURS = 1, 4


def parse_cron(text: str) -> dict[str, str]:
    """The five fields by the names that Celery gives them; RecoveryError for what is no cron expression."""
    parts = text.split()
    if len(parts) != len(VALIDATORS):
        raise RecoveryError(
            _(
                "Give five fields: minute, hour, day of the month, month, day of the week. "
                "“0 3 * * 0” is Sunday at 03:00."
            ),
            field="cron",
        )
    fields = dict(zip(VALIDATORS, parts, strict=True))
    fields["day_of_week"] = _count_from_sunday(fields["day_of_week"])
    for name, text_of_field in fields.items():
        try:
            VALIDATORS[name](text_of_field)
        except ValidationError:
            raise _refusal(text_of_field) from None
    try:
        crontab(**fields | {"month_of_year": "*"})
    except (ParseException, ValueError, KeyError):
        raise _refusal(text) from None
    try:
        schedule = crontab(**fields)
    except ValueError:
        raise RecoveryError(_("There is no such day in any month, so this would never run."), field="cron") from None
    _check_room_between(sorted(schedule.minute))  # type: ignore[attr-defined]
    return fields


def describe_cron(fields: dict[str, str]) -> str:
    """The expression in words, such as “At 03:00, only on Sunday”."""
    options = Options()
    options.use_24hour_time_format = True
    return str(get_description(" ".join(fields[name] for name in VALIDATORS), options))


def make_default_cron(name: str) -> str:
    """Once a week by night; day, hour and minute follow from the name, so that many databases do not start together."""
    digest = hashlib.sha256(name.encode()).digest()
    return f"{digest[0] % 60} {FIRST_HOUR + digest[1] % NIGHT_HOURS} * * {digest[2] % 7}"


def next_after(schedule: TzAwareCrontab, moment: datetime) -> datetime:
    """The first time after `moment` that the schedule comes round (UTC), by the reckoning that beat goes by."""
    start, delta, _now = schedule.remaining_delta(moment)
    found: datetime = start + delta
    return found.astimezone(UTC)


def list_times(schedule: TzAwareCrontab, *, after: datetime, until: datetime, most: int) -> list[datetime]:
    """The times after `after` up to `until` that the schedule came round, oldest first; the newest `most` of them."""
    times: deque[datetime] = deque(maxlen=most)
    moment = next_after(schedule, after)
    while moment <= until:
        times.append(moment)
        moment = next_after(schedule, moment)
    return list(times)


def _count_from_sunday(days: str) -> str:
    """Sunday as 0: cron takes 7 for it as well, and Celery does not."""
    parts = ["0" if part == "7" else part for part in days.split(",")]
    return ",".join(f"{part[:-1]}6,0" if part.endswith("-7") and part != "0-7" else part for part in parts)


def _refusal(text: str) -> RecoveryError:
    return RecoveryError(
        _("“%(text)s” is not understood. Use numbers, “*”, lists such as “1,15”, ranges “1-5” and steps “*/2”.")
        % {"text": text},
        field="cron",
    )


def _check_room_between(minutes: list[int]) -> None:
    gaps = [later - earlier for earlier, later in pairwise(minutes)]
    if gaps and min(gaps) < SHORTEST_MINUTES:
        raise RecoveryError(
            _("This runs several times within ten minutes. Give one minute, such as “0”, as the first field."),
            field="cron",
        )
