"""Instants in the reader's timezone, with UTC beside them."""

from datetime import UTC, datetime

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

# A number so great is in milliseconds: as seconds it would lie beyond the year 5000.
MILLISECONDS_FROM = 1e11


def moment_element(instant: datetime) -> SafeString:
    """`10 Mar 2024, 14:03` as a time element that shows UTC on hover; seconds where they are not zero."""
    local = timezone.localtime(instant)
    return _time_element(instant, f"{local.day} {local:%b %Y}, {_clock(local)}")


def clock_element(instant: datetime) -> SafeString:
    """`14:03` as a time element that shows date and UTC on hover; seconds where they are not zero."""
    return _time_element(instant, _clock(timezone.localtime(instant)))


def read_stored_instant(value: str | float) -> datetime | None:
    """The instant that an application stored as text or as a number of seconds or milliseconds; None if it is neither.

    Text without an offset is taken for UTC, as SQLite's own functions write it.
    """
    if isinstance(value, str):
        return _read_text(value.strip())
    seconds = value / 1000 if abs(value) >= MILLISECONDS_FROM else value
    try:
        return datetime.fromtimestamp(seconds, tz=UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _read_text(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        try:
            return read_stored_instant(float(text))
        except ValueError:
            return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _clock(local: datetime) -> str:
    return f"{local:%H:%M}" + (f":{local:%S}" if local.second else "")


def _time_element(instant: datetime, text: str) -> SafeString:
    utc = instant.astimezone(UTC)
    return format_html(
        '<time datetime="{}" title="{} UTC">{}</time>', f"{utc:%Y-%m-%dT%H:%M:%SZ}", f"{utc:%Y-%m-%d %H:%M:%S}", text
    )
