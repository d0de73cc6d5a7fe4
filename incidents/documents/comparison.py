"""What differs between two documents, section by section: prose word by word, records row by row."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from incidents.documents.tree import Block, Cell, Document, Fact, Gap, Phases, Prose, Section
from lib.merging import Piece, compare_texts, differences


@dataclass(frozen=True)
class SectionChange:
    """A section of either document; `state` is "same", "changed", "added" or "removed". Each line is in pieces."""

    key: str
    title: str
    state: str
    lines: tuple[tuple[Piece, ...], ...] = ()


def compare_documents(older: Document, newer: Document) -> list[SectionChange]:
    """Every section of the newer one in its order, then those that only the older one has; first the heading facts."""
    before = {section.key: section for section in older.sections}
    heads = _compare("", newer.title, _head(older), _head(newer))
    changes = [_compare_section(before.pop(section.key, None), section) for section in newer.sections]
    return [heads, *changes, *(_compare_section(section, None) for section in before.values())]


def _compare_section(older: Section | None, newer: Section | None) -> SectionChange:
    known = newer or older
    assert known is not None  # noqa: S101  # one of both is there
    change = _compare(known.key, known.title, _lines(older), _lines(newer))
    state = "added" if older is None else "removed" if newer is None else change.state
    return SectionChange(change.key, change.title, state, change.lines)


def _compare(key: str, title: str, older: list[str], newer: list[str]) -> SectionChange:
    if older == newer:
        return SectionChange(key, title, "same")
    return SectionChange(key, title, "changed", tuple(_pieces(older, newer)))


def _pieces(older: list[str], newer: list[str]) -> Iterator[tuple[Piece, ...]]:
    """Each line that is not the same in both; one that became another one word by word."""
    for kind, i1, i2, j1, j2 in differences(older, newer):
        if kind == "equal":
            continue
        gone, come = older[i1:i2], newer[j1:j2]
        shared = min(len(gone), len(come))
        for before, after in zip(gone[:shared], come[:shared], strict=True):
            yield tuple(compare_texts(before, after))
        yield from ((Piece("removed", line),) for line in gone[shared:])
        yield from ((Piece("added", line),) for line in come[shared:])


def _head(document: Document) -> list[str]:
    return [document.title, document.author, document.severity, *map(_row, document.key_figures)]


def _lines(section: Section | None) -> list[str]:
    """The section as lines: its title, each paragraph of prose, each row of its records."""
    if section is None:
        return []
    return [section.title, *(line for block in section.blocks for line in _block_lines(block))]


def _block_lines(block: Block) -> Iterator[str]:
    if isinstance(block, Phases | Gap):
        # The phases say what the milestones do, and up to now while the incident goes on: that is no change of the
        # text. What stands where nothing was written or recorded yet is nobody's words.
        return
    if isinstance(block, Prose):
        yield from (part.strip() for part in block.markdown.split("\n\n") if part.strip())
        return
    yield from _walk(block)


def _walk(value: Any) -> Iterator[str]:
    """Whatever a block holds that people read; a row of cells is one line."""
    if isinstance(value, Cell | Fact) or _is_row(value):
        yield _row(value)
    elif isinstance(value, tuple):
        for each in value:
            yield from _walk(each)
    elif is_dataclass(value):
        # A picture's places say nothing that its table does not.
        for field in (field for field in fields(value) if field.name not in ("axes", "columns", "references")):
            yield from _walk(getattr(value, field.name))
    elif isinstance(value, str) and value:
        yield value


def _is_row(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and all(isinstance(each, Cell) for each in value)


def _row(value: Any) -> str:
    if isinstance(value, Fact):
        return f"{value.label}: {value.value.text}"
    return value.text if isinstance(value, Cell) else " · ".join(cell.text for cell in value)
