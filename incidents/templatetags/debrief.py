"""What every template may use: times, durations, markdown."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, cast

from django import template
from django.db.models import Field, Model
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.urls import ResolverMatch
from django.utils.safestring import SafeString

from incidents.documents.outline import in_words
from incidents.queries.comments import Talk
from incidents.views.comment_marks import mark_comments
from incidents.views.section_records import RECORDS, Records
from lib.durations import format_bytes, format_duration, format_ongoing
from lib.fragments import remembered
from lib.markdown import render_markdown
from lib.markdown_references import Reference
from lib.moments import clock_element, moment_element

register = template.Library()

SETTINGS = (
    *("incidents:service", "incidents:severity", "incidents:tag", "incidents:team", "incidents:audit"),
    *(
        "incidents:person",
        "incidents:role_list",
        "incidents:wording_rule",
        "incidents:postmortem_template",
        "incidents:template_section",
    ),
    *("accounts:team", "accounts:person", "accounts:token"),
)


@register.filter
def moment(instant: datetime | None) -> SafeString | str:
    """`10 Mar 2024, 14:03` in the reader's timezone, with UTC on hover; nothing for None."""
    return "" if instant is None else moment_element(instant)


@register.filter
def clock(instant: datetime) -> SafeString:
    """`14:03` in the reader's timezone, with date and UTC on hover."""
    return clock_element(instant)


@register.filter
def duration(seconds: float | None) -> str:
    """`25 min`; nothing for None."""
    return "" if seconds is None else format_duration(seconds)


@register.filter
def ongoing(seconds: float) -> str:
    """`25 min` of what is going on; below a minute, that it is less."""
    return format_ongoing(seconds)


@register.filter
def bytes_size(count: int | None) -> str:
    """`104.9 MB`; nothing for None."""
    return "" if count is None else format_bytes(count)


@register.filter
def thousands(count: int | None) -> str:
    """`150,000`; nothing for None."""
    return "" if count is None else f"{count:,}"


@register.simple_tag
def settings_match(match: ResolverMatch | None) -> bool:
    """True on pages of what is set up once: services, teams, severity levels, tags, people, tokens, channels, audit."""
    if match is None:
        return False
    return match.app_name == "notifications" or match.view_name.startswith(SETTINGS)


@register.simple_tag
@remembered
def fixed(template: str) -> SafeString:
    """A template that needs no context, such as the list of style sheets: it comes out the same on every page."""
    return render_to_string(template)


@register.filter
def attributes(attrs: dict[str, Any]) -> SafeString:
    """Of a form's widget: ` id="x" checked`."""
    return flatatt(attrs)


@register.filter
def label(record: Model, field: str) -> str:
    """The value of a field with choices, in words; Django's own way to them hashes all of them each time."""
    return str(_labels(type(record), field)[getattr(record, field)])


@cache
def _labels(model: type[Model], field: str) -> dict[str, str]:
    found: dict[str, str] = dict(cast("Field[Any, Any]", model._meta.get_field(field)).flatchoices)
    return found


@register.filter
def at(values: dict[str, str] | str, key: str) -> str:
    """The value under this key; nothing where there is none."""
    return values.get(key, "") if isinstance(values, dict) else ""


@register.filter
def worded(text: str) -> str:
    """Words of a template in the reader's language, where they came with Debrief."""
    return in_words(text)


@register.filter
def talk(talks: Mapping[str, Talk] | str, key: str) -> Talk | None:
    """What is said of the section with this key and not resolved; None where nothing is."""
    return None if isinstance(talks, str) else talks.get(key)


@register.simple_block_tag(takes_context=True)
def commented(context: template.RequestContext, content: SafeString, talks: Mapping[str, Talk] | str, key: str) -> str:
    """A section with the passages marked that comments are about, and below it the comments whose passage is gone."""
    said = talk(talks, key)
    return mark_comments(content, said, context["incident"]) if said else content


@register.filter
def records(key: str) -> Records | None:
    """Where the records of the section with this key are changed; None where it shows none."""
    return RECORDS.get(key)


@register.filter
def markdown(text: str, references: Iterable[Reference] = ()) -> SafeString:
    """User markdown as safe HTML, with what its references stand for."""
    return render_markdown(text, references=references)
