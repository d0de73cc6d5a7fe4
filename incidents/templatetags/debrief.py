"""What every template may use: times, durations, markdown."""

from datetime import datetime

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
    local, utc = timezone.localtime(instant), instant.astimezone(timezone.get_fixed_timezone(0))
    return format_html(
        '<time datetime="{}" title="{} UTC">{}</time>',
        utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
        utc.strftime("%Y-%m-%d %H:%M:%S"),
        f"{local.day} {local:%b %Y, %H:%M}" + (f":{local:%S}" if local.second else ""),
    )


@register.filter
def clock(instant: datetime) -> SafeString:
    """`14:03` in the reader's timezone, with date and UTC on hover."""
    local, utc = timezone.localtime(instant), instant.astimezone(timezone.get_fixed_timezone(0))
    return format_html(
        '<time datetime="{}" title="{} UTC">{}</time>',
        utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
        utc.strftime("%Y-%m-%d %H:%M:%S"),
        f"{local:%H:%M}" + (f":{local:%S}" if local.second else ""),
    )


@register.filter
def duration(seconds: float | None) -> str:
    """`25 min`; nothing for None."""
    return "" if seconds is None else format_duration(seconds)


@register.filter
def bytes_size(count: int | None) -> str:
    """`104.9 MB`; nothing for None."""
    return "" if count is None else format_bytes(count)


@register.filter
def markdown(text: str) -> SafeString:
    """User markdown as safe HTML."""
    return render_markdown(text)


@register.filter
def lookup(mapping: dict[str, float], key: str) -> float | None:
    """The value of a key that is not a name."""
    return mapping.get(key)
