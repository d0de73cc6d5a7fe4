"""Tables of Markdown as rows of cells."""

import re
from dataclasses import dataclass

from incidents.readers.document import Line

_SEPARATOR = re.compile(r"\s{0,8}\|?(?:\s{0,8}:?-{1,400}:?\s{0,8}\|){1,40}(?:\s{0,8}:?-{1,400}:?)?\s{0,8}$")
_BORDER = re.compile(r"(?<!\\)\|")
MOST_CELLS = 40


@dataclass(frozen=True)
class Table:
    """A table with its head; `lines` are all that it takes."""

    titles: tuple[str, ...]
    rows: tuple[tuple[Line, tuple[str, ...]], ...]
    lines: tuple[Line, ...]


def find_table(lines: list[Line], place: int) -> Table | None:
    """The table that begins at this place; None where none does."""
    if place + 1 >= len(lines) or "|" not in lines[place].text or lines[place].is_code:
        return None
    if not _SEPARATOR.match(lines[place + 1].text):
        return None
    end = place + 2
    while end < len(lines) and "|" in lines[end].text and not lines[end].is_code:
        end += 1
    rows = tuple((line, _cells(line.text)) for line in lines[place + 2 : end])
    return Table(_cells(lines[place].text), rows, tuple(lines[place:end]))


def _cells(text: str) -> tuple[str, ...]:
    text = re.sub(r"(?<!\\)\|$", "", text.strip().removeprefix("|"))
    return tuple(cell.strip().replace(r"\|", "|") for cell in _BORDER.split(text, maxsplit=MOST_CELLS))
