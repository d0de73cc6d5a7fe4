"""Tables as Markdown writes them: `| 14:03 | it broke |`."""

import re

from incidents.transcripts.columns import guess_columns, read_row
from incidents.transcripts.draft import Reading
from incidents.transcripts.entry import Role

_SEPARATOR = re.compile(r"\s{0,8}\|?(?:\s{0,8}:?-{1,80}:?\s{0,8}\|){1,40}(?:\s{0,8}:?-{1,80}:?)?\s{0,8}$")
_BORDER = re.compile(r"(?<!\\)\|")
MOST_CELLS = 40


def find_table(lines: list[str], number: int) -> int:
    """How many lines from this one on (the first is 1) are a table; 0 where none begins here."""
    if "|" not in lines[number - 1] or (number > 1 and _is_row(lines[number - 2])):
        return 0
    count = 0
    while number - 1 + count < len(lines) and _is_row(lines[number - 1 + count]):
        count += 1
    has_separator = count > 1 and bool(_SEPARATOR.match(lines[number]))
    is_bordered = count > 1 and lines[number - 1].lstrip().startswith("|")
    return count if has_separator or is_bordered else 0


def read_table(reading: Reading, number: int, count: int) -> None:
    """The rows of a table as entries; its titles and separator are left over as such."""
    lines = range(number, number + count)
    is_titled = count > 1 and bool(_SEPARATOR.match(reading.lines[number]))
    rows = {line: _cells(reading.lines[line - 1]) for line in lines if not _is_separator(reading, line)}
    columns = guess_columns(list(rows.values()), has_titles=is_titled)
    zone, reading.zone = reading.zone, (columns.zone if columns else None) or reading.zone
    for line in lines:
        found = read_row(rows[line], columns) if columns and line in rows and not reading.is_full else None
        if found and not (is_titled and line == number):
            reading.begin(*found, line)
        elif line not in rows:
            reading.leave(line, Role.DECORATION)
        else:
            reading.leave(line, Role.HEADING if is_titled and line == number else Role.UNKNOWN)
    reading.current, reading.zone = None, zone


def _is_separator(reading: Reading, line: int) -> bool:
    return bool(_SEPARATOR.match(reading.lines[line - 1]))


def _is_row(line: str) -> bool:
    return "|" in line and len(_BORDER.findall(line, 0, 2_000)) >= (2 if line.lstrip().startswith("|") else 1)


def _cells(line: str) -> list[str]:
    text = line.strip().removeprefix("|")
    # The last border, unless it is escaped
    text = re.sub(r"(?<!\\)\|$", "", text)
    return [cell.strip().replace(r"\|", "|") for cell in _BORDER.split(text, maxsplit=MOST_CELLS)]
