"""The structured blocks of a document, made from the incident's records."""

from datetime import datetime, tzinfo

from django.utils.translation import gettext as _

from incidents.documents.tree import Block, Cell, Column, Fact, Facts, Gap, Table
from incidents.durations import Duration, DurationState
from incidents.lifecycle import MILESTONES
from incidents.models import ActionItem, Incident, TimelineEvent
from lib.durations import format_duration


def unknown() -> Cell:
    """What is not known is said so, never guessed."""
    return Cell(_("unknown"), state="unknown")


def known_or_not(text: str | int | None) -> Cell:
    """The value, or that it is unknown."""
    if text is None or text == "":
        return unknown()
    return Cell(f"{text:,}" if isinstance(text, int) else text)


def format_instant(instant: datetime, zone: tzinfo) -> str:
    """`2024-03-10 15:03 +01:00` in the document's timezone; seconds where they are not zero, no offset in UTC."""
    local = instant.astimezone(zone)
    offset = "" if is_utc(zone) else f" {local.isoformat(timespec='seconds')[19:]}"
    return f"{local:%Y-%m-%d %H:%M}" + (f":{local:%S}" if local.second else "") + offset


def is_utc(zone: tzinfo) -> bool:
    """True where no time needs its offset beside it."""
    return str(zone) == "UTC"


def duration_cell(duration: Duration, *, is_short: bool = False) -> Cell:
    """The duration in words, or its state and, unless it `is_short`, why there is none."""
    if is_short and duration.state is DurationState.NOT_APPLICABLE:
        return unknown()
    if duration.seconds is None:
        state = "invalid" if duration.state is DurationState.INVALID else "unknown"
        return Cell(duration.state.label if is_short else f"{duration.state.label}: {duration.reason}", state=state)
    return Cell(format_duration(duration.seconds))


def milestone_block(incident: Incident, zone: tzinfo) -> Block:
    """When what happened, and how long it took."""
    facts = [
        Fact(str(label), Cell(format_instant(instant, zone)) if instant else unknown())
        for name, label in MILESTONES.items()
        for instant in [incident.milestones[name]]
        if instant or name != "closed_at"
    ]
    facts += [Fact(str(duration.label), duration_cell(duration)) for duration in incident.durations]
    return Facts(tuple(facts), title=_("Milestones and durations"))


def impact_block(incident: Incident) -> Block:
    """The impact figures, each with unknown as an honest value."""
    facts = (
        Fact(_("Customers affected"), known_or_not(incident.customers_affected)),
        Fact(_("Requests failed"), known_or_not(incident.requests_failed)),
        Fact(_("Data lost"), known_or_not(incident.data_loss_in_words)),
        Fact(_("Cost"), known_or_not(incident.cost)),
    )
    return Facts(facts, title=_("Impact figures"))


def timeline_block(events: list[TimelineEvent], zone: tzinfo) -> Block:
    """The events chosen for the post-mortem, in order; the date stands in the caption where all share one."""
    events = [event for event in events if event.is_pinned and not event.is_hidden]
    if not events:
        return Gap(_("No timeline event has been chosen for the post-mortem yet."))
    instants = [instant for event in events for instant in (event.occurred_at, event.ended_at) if instant]
    days = {instant.astimezone(zone).date() for instant in instants}
    times = [_format_span(event, zone) for event in events]
    caption = ""
    if len(days) == 1:
        times = [text.partition(" ")[2] for text in times]
        caption = days.pop().isoformat()
    width = _time_width(times)
    columns = (Column(_("Time"), width), Column(_("Kind"), 3), Column(_("What happened"), 9 - width))
    rows = tuple(
        (Cell(text, "code"), Cell(_kind_and_grading(event)), Cell(event.text, "markdown"))
        for text, event in zip(times, events, strict=True)
    )
    return Table(caption, columns, rows)


def _time_width(times: list[str]) -> int:
    """In twelfths: what the longest needs on paper; what went on for a while may take two lines."""
    longest = max(len(text.partition("–")[0]) for text in times)
    if longest <= len("15:03"):
        return 1 if "–" not in "".join(times) else 2
    return 2 if longest <= len("2024-03-10 15:03") else 3


def _format_span(event: TimelineEvent, zone: tzinfo) -> str:
    """`2024-03-10 15:03`, for what went on for a while `2024-03-10 15:03–15:20`; the day again where it is another."""
    start = format_instant(event.occurred_at, zone)
    if event.ended_at is None:
        return start
    end = format_instant(event.ended_at, zone)
    is_same_day = start[:10] == end[:10]
    if start[-6:] == end[-6:] and not is_utc(zone):
        # One offset behind both times.
        start = start[:-7]
    return f"{start}–{end[11:]}" if is_same_day else f"{start} – {end}"


def _kind_and_grading(event: TimelineEvent) -> str:
    if event.grading != TimelineEvent.Grading.RECOLLECTED:
        return event.kind_label
    return _("%(kind)s (from memory)") % {"kind": event.kind_label}


def action_item_block(items: list[ActionItem]) -> Block:
    """The promises, who keeps them and by when."""
    if not items:
        return Gap(_("No action item has been recorded yet."))
    # What a twelfth of paper has room for.
    number = 1 if max(len(item.reference) for item in items) <= len("ACT-999") else 2
    columns = (
        Column("#", number),
        Column(_("Action"), 6 - number),
        Column(_("Owner"), 2),
        Column(_("Due"), 2),
        Column(_("Status"), 2),
    )
    rows = tuple(
        (
            Cell(item.reference, "code"),
            Cell(f"{item.title} ({item.reason})" if item.shows_reason else item.title),
            Cell(str(item.owner)) if item.owner else Cell(_("no owner"), state="unknown"),
            Cell(item.due_date.isoformat(), "code") if item.due_date else Cell(_("no date"), state="unknown"),
            Cell(item.get_status_display(), "state", item.status),
        )
        for item in items
    )
    return Table("", columns, rows, is_tasks=True)


def key_figures(incident: Incident, zone: tzinfo) -> tuple[Fact, ...]:
    """What stands on the cover."""
    start = incident.impact_started_at or incident.declared_at
    resolve = next(duration for duration in incident.durations if duration.name == "time_to_resolve")
    return (
        Fact(_("Date"), Cell(start.astimezone(zone).date().isoformat())),
        Fact(_("Severity"), Cell(incident.severity.name)),
        Fact(_("Status"), Cell(incident.get_status_display())),
        Fact(_("Duration"), duration_cell(resolve, is_short=True)),
        Fact(_("Requests failed"), known_or_not(incident.requests_failed)),
        Fact(_("Data lost"), known_or_not(incident.data_loss_in_words)),
    )


def not_written() -> str:
    """What an empty section says."""
    return _("Not written yet.")
