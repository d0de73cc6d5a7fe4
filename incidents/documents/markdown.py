"""The document as Markdown with front matter, pleasant where Markdown is read."""

import json
import re
from functools import singledispatch

from django.conf import settings
from django.utils.translation import gettext

from incidents.documents.carried import body_of
from incidents.documents.markdown_record import comment_of, join
from incidents.documents.pictures import link_from_outside
from incidents.documents.tree import (
    CauseMap,
    Cell,
    Chart,
    Document,
    Facts,
    Figure,
    Gap,
    Improvements,
    Phases,
    Prose,
    Section,
    Table,
)
from lib.markdown import split_fences
from lib.markdown_references import Reference, link_references
from lib.markdown_source import defuse, defuse_line, escape

# Of an action item's states, those in which nothing is owed any more by having been kept.
DONE = ("done",)


def render_markdown_file(document: Document) -> str:
    """The whole document; front matter is YAML whose values are JSON strings. An internal one can be read back."""
    shown = {section.key: _parts(section, document) for section in document.sections}
    parts = [
        _front_matter(document),
        f"# {document.reference} {escape(document.title)}",
        _block(Facts(document.key_figures)),
        *(f"## {_heading(section)}\n\n{join(*shown[section.key])}" for section in document.sections),
        *([comment_of(document, shown)] if document.records else []),
    ]
    return "\n\n".join(parts) + "\n"


def _front_matter(document: Document) -> str:
    known: dict[str, str | int] = {
        "title": document.title,
        "incident": document.reference,
        "severity": document.severity,
        "severity_level": document.severity_level,
        "status": document.status,
        **({"sha256": document.publication.sha256} if document.publication and document.publication.sha256 else {}),
        "author": document.author,
        "timezone": document.zone,
        "modified": document.modified_at.isoformat(),
        **({"variant": document.variant} if document.is_external else {}),
        "generator": "Debrief",
    }
    return "\n".join(["---", *(f"{name}: {_as_yaml(value)}" for name, value in known.items()), "---"])


def _heading(section: Section) -> str:
    return " ".join(section.title.split())


def _parts(section: Section, document: Document) -> tuple[str, str]:
    """What stands under the heading: the prose, and the blocks below it."""
    is_written = bool(body_of(document, section))
    blocks = section.blocks[1:] if is_written else section.blocks
    prose = _block(section.blocks[0]) if is_written else ""
    return link_from_outside(prose), link_from_outside("\n\n".join(map(_block, blocks)))


@singledispatch
def _block(block: object) -> str:
    raise TypeError(f"No Markdown for {type(block).__name__}.")


@_block.register
def _(block: Prose) -> str:
    lines: list[str] = []
    for is_code, part in split_fences(defuse(block.markdown.strip("\n")).split("\n")):
        # A heading in prose stays below the document's own.
        lines += part if is_code else [_line(line, block.references) for line in part]
    return "\n".join(lines)


def _line(line: str, references: tuple[Reference, ...]) -> str:
    return link_references(re.sub(r"^(#{1,4})(?=\s)", r"##\1", line), references, settings.BASE_URL)


@_block.register
def _(block: Facts) -> str:
    title = [f"### {escape(block.title)}", ""] if block.title else []
    return "\n".join([*title, *(f"- **{fact.label}:** {_cell(fact.value)}" for fact in block.items)])


@_block.register
def _(block: Table) -> str:
    if block.is_tasks:
        return "\n".join(_task(block, row) for row in block.rows)
    heads = [column.title for column in block.columns]
    rows = [f"| {' | '.join(heads)} |", "|" + " --- |" * len(heads)]
    rows += [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in block.rows]
    caption = [f"### {escape(block.caption)}", ""] if block.caption else []
    return "\n".join([*caption, *rows])


@_block.register
def _(block: Phases) -> str:
    return f"### {escape(block.title)}\n\n{_block(block.table)}"


@_block.register
def _(block: CauseMap) -> str:
    lines = [f"### {escape(block.title)}", ""]
    for number, node in enumerate(block.nodes, start=1):
        lines.append(f"{number}. **{escape(node.kind_label)}** ({escape(node.category)}): {_cell(node.statement)}")
        lines += [f"{'    ' * depth}- {gettext('Why?')} {_cell(why)}" for depth, why in enumerate(node.whys, start=1)]
        if node.leads_to:
            lines.append(f"    - {node.led_to[:1].upper()}{node.led_to[1:]}")
        lines += [f"    - {escape(f'{each.reference} {each.title}')} ({escape(each.label)})" for each in node.actions]
        if node.is_unaddressed:
            lines.append(f"    - *{gettext('no action item')}*")
    if block.loose:
        loose = ", ".join(each.reference for each in block.loose)
        lines += ["", f"{gettext('Action items that address no cause:')} {loose}"]
    return "\n".join(lines)


@_block.register
def _(block: Improvements) -> str:
    return "\n".join(f"- **{escape(row.metric)}:** {_cell(row.before)} → {_cell(row.after)}" for row in block.rows)


@_block.register
def _(block: Figure) -> str:
    return f"![{escape(block.caption)}]({settings.BASE_URL}{block.address})"


@_block.register
def _(block: Chart) -> str:
    return f"*{escape(block.title)}: {escape(block.description)}*"


@_block.register
def _(block: Gap) -> str:
    return f"*{block.text}*"


def _task(table: Table, row: tuple[Cell, ...]) -> str:
    """`- [x] ACT-7 What to do — Owner: SRE Team · Due: 2024-03-20 · Status: Done`."""
    reference, title, *rest = row
    is_done = any(cell.style == "state" and cell.state in DONE for cell in rest)
    facts = [f"{column.title}: {_cell(cell)}" for column, cell in zip(table.columns[2:], rest, strict=True)]
    return f"- [{'x' if is_done else ' '}] **{_cell(reference)}** {_cell(title)} — {' · '.join(facts)}"


def _cell(cell: Cell) -> str:
    if cell.style == "markdown":
        return link_references(defuse_line(cell.text).replace("|", r"\|"), cell.references, settings.BASE_URL)
    return escape(cell.text)


def _as_yaml(value: str | int) -> str:
    """As JSON, which YAML reads; without the characters in which a program that knows no front matter sees markup."""
    text = json.dumps(value, ensure_ascii=False).replace("<", r"\u003c").replace("[", r"\u005b")
    # Some of them end a line in YAML.
    return "".join(each if each.isprintable() else f"\\U{ord(each):08x}" for each in text)
