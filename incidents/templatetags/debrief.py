"""What every template may use: times, durations, markdown."""

from datetime import UTC, datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from lib.durations import format_bytes, format_duration
from lib.markdown import render_markdown

register = template.Library()


@register.filter
def moment(instant: datetime | None) -> SafeString | str:
    """`10 Mar 2024, 14:03` in the reader's timezone, as a time element with UTC beside it on hover."""
    if instant is None:
        return ""
    local = timezone.localtime(instant)
    return _time_element(instant, f"{local.day} {local:%b %Y}, {_clock(local)}")


@register.filter
def clock(instant: datetime) -> SafeString:
    """`14:03` in the reader's timezone, with date and UTC on hover."""
    return _time_element(instant, _clock(timezone.localtime(instant)))


@register.filter
def duration(seconds: float | None) -> str:
    """`25 min`; nothing for None."""
    return "" if seconds is None else format_duration(seconds)


@register.filter
def bytes_size(count: int | None) -> str:
    """`104.9 MB`; nothing for None."""
    return "" if count is None else format_bytes(count)


@register.filter
def thousands(count: int | None) -> str:
    """`150,000`; nothing for None."""
    return "" if count is None else f"{count:,}"


@register.filter
def markdown(text: str) -> SafeString:
    """User markdown as safe HTML."""
    return render_markdown(text)


def _clock(local: datetime) -> str:
    return f"{local:%H:%M}" + (f":{local:%S}" if local.second else "")


def _time_element(instant: datetime, text: str) -> SafeString:
    utc = instant.astimezone(UTC)
    return format_html(
        '<time datetime="{}" title="{} UTC">{}</time>', f"{utc:%Y-%m-%dT%H:%M:%SZ}", f"{utc:%Y-%m-%d %H:%M:%S}", text
    )
