"""The document as Markdown with front matter, pleasant where Markdown is read."""

import json
import re
from functools import singledispatch

from django.conf import settings

from incidents.documents.pictures import link_from_outside
from incidents.documents.tree import Cell, Document, Facts, Figure, Gap, Phases, Prose, Section, Table
from lib.markdown import split_fences
from lib.markdown_source import defuse, defuse_line, escape


def render_markdown_file(document: Document) -> str:
    """The whole document; front matter is YAML whose values are JSON strings."""
    front_matter: dict[str, str | int] = {
        "title": document.title,
        "incident": document.reference,
        "severity": document.severity,
        "severity_level": document.severity_level,
        "status": document.status,
        "author": document.author,
        "timezone": document.zone,
        "modified": document.modified_at.isoformat(),
        "generator": "Debrief",
    }
    lines = [
        "---",
        *(f"{name}: {_front_matter(value)}" for name, value in front_matter.items()),
        "---",
    ]
    parts = [
        "\n".join(lines),
        f"# {document.reference} {escape(document.title)}",
        _block(Facts(document.key_figures)),
        *(_section(section) for section in document.sections),
    ]
    return link_from_outside("\n\n".join(parts)) + "\n"


def _section(section: Section) -> str:
    return "\n\n".join([f"## {section.title}", *(_block(block) for block in section.blocks)])


@singledispatch
def _block(block: object) -> str:
    raise TypeError(f"No Markdown for {type(block).__name__}.")


@_block.register
def _(block: Prose) -> str:
    lines: list[str] = []
    for is_code, part in split_fences(defuse(block.markdown.strip("\n")).split("\n")):
        # A heading in prose stays below the document's own.
        lines += part if is_code else [re.sub(r"^(#{1,4})(?=\s)", r"##\1", line) for line in part]
    return "\n".join(lines)


@_block.register
def _(block: Facts) -> str:
    title = [f"### {escape(block.title)}", ""] if block.title else []
    return "\n".join([*title, *(f"- **{fact.label}:** {_cell(fact.value)}" for fact in block.items)])


@_block.register
def _(block: Table) -> str:
    heads = [column.title for column in block.columns]
    rows = [f"| {' | '.join(heads)} |", "|" + " --- |" * len(heads)]
    rows += [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in block.rows]
    caption = [f"### {escape(block.caption)}", ""] if block.caption else []
    return "\n".join([*caption, *rows])


@_block.register
def _(block: Phases) -> str:
    return f"### {escape(block.title)}\n\n{_block(block.table)}"


@_block.register
def _(block: Figure) -> str:
    return f"![{escape(block.caption)}]({settings.BASE_URL}{block.address})"


@_block.register
def _(block: Gap) -> str:
    return f"*{block.text}*"


def _cell(cell: Cell) -> str:
    if cell.style == "markdown":
        return defuse_line(cell.text).replace("|", r"\|")
    return escape(cell.text)


def _front_matter(value: str | int) -> str:
    """As JSON, which YAML reads; without the characters in which a program that knows no front matter sees markup."""
    return json.dumps(value, ensure_ascii=False).replace("<", r"\u003c").replace("[", r"\u005b")
