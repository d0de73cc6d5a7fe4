"""Tables of a spreadsheet or a program: values between commas, semicolons or tabs."""

import csv
from collections import Counter
from collections.abc import Iterator

from incidents.transcripts.columns import SAMPLE, Columns, guess_columns, read_row
from incidents.transcripts.draft import Reading
from incidents.transcripts.entry import Role

DELIMITERS = "\t;,"
# So many of the first rows have the same number of values.
SHARE = 0.8


def read_delimited(lines: list[str]) -> Reading | None:
    """The rows as entries; None where the lines are no such table."""
    for delimiter in DELIMITERS:
        if (columns := _guess(lines, delimiter)) is not None:
            try:
                return _read(lines, delimiter, columns)
            except csv.Error:
                return None
    return None


def _guess(lines: list[str], delimiter: str) -> Columns | None:
    sample = [line for line in lines[:SAMPLE] if line.strip()]
    if sum(delimiter in line for line in sample) * 2 < max(len(sample), 1):
        return None
    try:
        rows = [row for row in csv.reader((f"{line}\n" for line in sample), delimiter=delimiter) if any(row)]
    except csv.Error:
        return None
    widths = Counter(map(len, rows))
    width, count = widths.most_common(1)[0] if widths else (0, 0)
    return guess_columns(rows) if width > 1 and count >= SHARE * len(rows) else None


def _rows(lines: list[str], delimiter: str) -> Iterator[tuple[list[str], list[int]]]:
    """Each row with the lines it stands in; a value in quotes may go over several."""
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=delimiter)
    begun = 0
    for row in reader:
        numbers = [number for number in range(begun + 1, reader.line_num + 1) if lines[number - 1].strip()]
        begun = reader.line_num
        if numbers:
            yield row, numbers


def _read(lines: list[str], delimiter: str, columns: Columns) -> Reading:
    reading = Reading(lines, zone=columns.zone)
    for place, (row, numbers) in enumerate(_rows(lines, delimiter)):
        if reading.is_full:
            reading.leave_rest(numbers[0])
            break
        is_titles = place == 0 and bool(columns.titles)
        found = None if is_titles else read_row(row, columns)
        if found:
            reading.begin(*found, *numbers)
            continue
        for number in numbers:
            reading.leave(number, Role.HEADING if is_titles else Role.UNKNOWN)
    return reading
