"""What every template may use: times, durations, markdown."""

from datetime import datetime

from django import template
from django.utils.safestring import SafeString

from lib.durations import format_bytes, format_duration
from lib.markdown import render_markdown
from lib.moments import moment_element

register = template.Library()


@register.filter
def moment(instant: datetime | None) -> SafeString | str:
    """`10 Mar 2024, 14:03` in the reader's timezone, with UTC on hover; nothing for None."""
    return "" if instant is None else moment_element(instant)


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
