"""Instants in the reader's timezone, with UTC beside them."""

from datetime import UTC, datetime

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString


def moment_element(instant: datetime) -> SafeString:
    """`10 Mar 2024, 14:03` as a time element that shows UTC on hover; seconds where they are not zero."""
    local = timezone.localtime(instant)
    return _time_element(instant, f"{local.day} {local:%b %Y}, {_clock(local)}")


def clock_element(instant: datetime) -> SafeString:
    """`14:03` as a time element that shows date and UTC on hover; seconds where they are not zero."""
    return _time_element(instant, _clock(timezone.localtime(instant)))


def _clock(local: datetime) -> str:
    return f"{local:%H:%M}" + (f":{local:%S}" if local.second else "")


def _time_element(instant: datetime, text: str) -> SafeString:
    utc = instant.astimezone(UTC)
    return format_html(
        '<time datetime="{}" title="{} UTC">{}</time>', f"{utc:%Y-%m-%dT%H:%M:%SZ}", f"{utc:%Y-%m-%d %H:%M:%S}", text
    )
