"""What other apps hang on events of the timeline: registered once, asked for when events are shown."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from incidents.models import TimelineEvent


@dataclass(frozen=True)
class Chip:
    """Something an event points to. `state` is a machine word that colours it; the text says it too."""

    text: str
    title: str
    address: str
    state: str = ""
    state_label: str = ""


@dataclass(frozen=True)
class ChipSource:
    """Where chips come from, in one query for any number of events, and the page on which they are chosen.

    `route` takes the incident's number and the event's key, with which its address ends; `label` is what leads there.
    """

    find: Callable[[Iterable[TimelineEvent]], Mapping[int, list[Chip]]]
    route: str
    label: str | Promise


_sources: list[ChipSource] = []


def register(source: ChipSource) -> None:
    """From now on, events show what this source finds."""
    if source not in _sources:
        _sources.append(source)


def chip_sources() -> tuple[ChipSource, ...]:
    """Everything that may hang something on an event."""
    return tuple(_sources)


def find_chips(events: Iterable[TimelineEvent]) -> dict[int, list[Chip]]:
    """What hangs on each of these events, by their keys."""
    events = list(events)
    found: dict[int, list[Chip]] = {}
    for source in _sources if events else ():
        for pk, chips in source.find(events).items():
            found.setdefault(pk, []).extend(chips)
    return found
