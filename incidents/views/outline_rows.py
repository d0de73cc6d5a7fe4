"""The list in which sections are put in order, the same for documents and for templates."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest, QueryDict

from incidents.documents.outline import in_words, kind_of
from incidents.models import PostmortemSection, TemplateSection
from incidents.services.section_order import DOWN, UP

AnySection = PostmortemSection | TemplateSection


@dataclass(frozen=True)
class SectionRow:
    """One section, and where it is changed; `focus` is the button that the keyboard is on."""

    name: str
    title: str
    prompt: str
    kind: str
    edit: str
    position: str
    removal: str
    is_first: bool
    is_last: bool
    asks: bool
    focus: str


def section_rows(
    sections: Iterable[AnySection],
    request: HttpRequest,
    *,
    name_of: Callable[[AnySection], str],
    address_of: Callable[[str, AnySection], str],
) -> list[SectionRow]:
    """A row for each section. `name_of` tells them apart in addresses; `address_of` finds a page of one: `position`."""
    sections = list(sections)
    last = len(sections) - 1
    return [
        SectionRow(
            name=name_of(section),
            title=in_words(section.title) if isinstance(section, TemplateSection) else section.title,
            prompt=in_words(section.prompt) if isinstance(section, TemplateSection) else section.prompt,
            kind=kind_of(section.key),
            edit=address_of("edit", section),
            position=address_of("position", section),
            removal=address_of("removal", section),
            is_first=place == 0,
            is_last=place == last,
            asks=isinstance(section, PostmortemSection) and bool(section.body.strip()),
            focus=request.GET.get("direction", "") if request.GET.get("moved") == name_of(section) else "",
        )
        for place, section in enumerate(sections)
    ]


def chosen_direction(posted: QueryDict) -> str:
    """Up, or down where nothing else is said."""
    return UP if posted.get("direction") == UP else DOWN
