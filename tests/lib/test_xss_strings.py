"""Known strings that attack whoever shows them: none reaches a fragment, a page, the HTML file or the PDF's source."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client

from accounts.models import User
from incidents.documents.build import build_document
from incidents.documents.html import render_print_source, render_self_contained
from incidents.documents.tree import Prose, Section
from incidents.services.drafts import start_postmortem
from lib.markdown import render_markdown
from tests.factories import NOW, make_event, make_incident
from tests.lib.hostile import danger_in_fragment, danger_in_page

STRINGS: list[str] = json.loads(Path(__file__).with_name("xss_strings.json").read_text())
FRAMES = ("{}", "text {} text", "- {}", "> {}", "# {}", "|a|\n|-|\n|{}|", "**{}**", "{}\n\n{}", "[{}](https://a.b)")
TAGS = ("script", "style", "link", "svg", "math", "iframe", "object", "embed", "base", "meta", "form", "video", "img")


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.counts = dict.fromkeys(TAGS, 0)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.counts and not any((value or "").startswith("/incidents/1/attachments/") for _n, value in attrs):
            self.counts[tag] += 1


def tags(html: str) -> dict[str, int]:
    parser = _Tags()
    parser.feed(html)
    parser.close()
    return parser.counts


def test_there_are_enough_of_them() -> None:
    assert len(set(STRINGS)) >= 100


def test_the_check_sees_what_is_dangerous() -> None:
    raw = [string for string in STRINGS if danger_in_fragment(string) or any(tags(string).values())]
    assert len(raw) >= 90


@pytest.mark.parametrize("frame", FRAMES)
def test_no_fragment_holds_one(frame: str) -> None:
    found = {}
    for string in STRINGS:
        html = render_markdown(frame.replace("{}", string))
        dangers = [danger for danger in danger_in_fragment(html) if danger != "<img>"]
        if dangers or any(tags(html).values()):
            found[string] = dangers or html
    assert found == {}


@pytest.mark.parametrize("render", [render_self_contained, render_print_source])
def test_no_document_holds_one(responder: User, render: object) -> None:
    document = build_document(start_postmortem(make_incident(responder), actor=responder))
    harmless, hostile = (
        replace(document, sections=tuple(_section(document.sections[0], n, text) for n, text in enumerate(texts)))
        for texts in (["text"] * len(STRINGS), STRINGS)
    )
    html: str = render(hostile)  # type: ignore[operator]
    assert danger_in_page(html, own_scripts=False) == danger_in_page(render(harmless), own_scripts=False) == []  # type: ignore[operator]
    assert tags(html) == tags(render(harmless))  # type: ignore[operator]


def _section(section: Section, number: int, text: str) -> Section:
    return replace(section, key=f"own-{number}", title=f"Section {number}", blocks=(Prose(text),))


def test_no_page_holds_one(as_responder: Client, responder: User) -> None:
    incident = make_incident(responder)
    postmortem = start_postmortem(incident, actor=responder)
    for number, section in enumerate(postmortem.sections.all()):
        # Each apart, and none that opens code which swallows the rest.
        section.body = "\n\n".join(
            string for string in STRINGS[number::13] if "``" not in string and "~~~" not in string
        )
        section.save()
    for string in STRINGS:
        make_event(incident, text=string, occurred_at=NOW)
    for address in (incident.get_absolute_url(), postmortem.get_absolute_url()):
        page = as_responder.get(address).content.decode()
        assert danger_in_page(page) == [], address
        assert not re.search(r"<[^>]*(?:href|src)=[\"']?\s*(?:javascript|file|vbscript):", page, re.IGNORECASE)
