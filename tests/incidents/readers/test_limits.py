"""How much is read of a document, and how long that takes: a file may hold anything."""

from collections.abc import Callable
from datetime import UTC
from time import process_time

import pytest

from incidents.lengths import LONG_TEXT, MOST_CAUSES, MOST_ITEMS
from incidents.readers.document import ReadPostmortem
from incidents.readers.read import read_postmortem
from incidents.transcripts.entry import MOST_ENTRIES

HEAD = "# A\n\n2021-02-03\n\n"
# Each as a function of how many blanks stand in it.
GAPS: dict[str, Callable[[int], str]] = {
    "bold and blanks": lambda count: f"**ab**{' ' * count}x",
    "bold, brackets and blanks": lambda count: f"**ab**{' ' * count}(c){' ' * count}x",
    "a heading and blanks": lambda count: f"# a{' ' * count}b",
    "a heading and tabs": lambda count: "# a" + "\t" * count + "b",
    "a cell and blanks": lambda count: f"## Timeline\n\n| When | What |\n|-|-|\n| 10:00{' ' * count}- | b |",
    "a cell and blanks before a word": lambda count: f"## Timeline\n\n| When | What |\n|-|-|\n| a{' ' * count}b | c |",
    "an item and blanks": lambda count: f"## Action items\n\n- a{' ' * count}(owner: b){' ' * count}c",
    "a cause and blanks": lambda count: f"## Root cause\n\n- a{' ' * count}b\n",
    "a tag and blanks": lambda count: f"<br{' ' * count}x",
    "lines that could each begin a table": lambda count: "|-|\n" * (count // 4),
    "odd blanks": lambda count: "**ab**" + "\u00a0\u2003" * (count // 2) + "x",
}


def read(text: str) -> ReadPostmortem:
    return read_postmortem(text, zone=UTC)


def seconds(text: str) -> float:
    """The quickest of three, on the processor."""
    took = []
    for _number in range(3):
        begun = process_time()
        read(text)
        took.append(process_time() - begun)
    return min(took)


@pytest.mark.parametrize("name", GAPS)
def test_eight_times_as_many_take_about_eight_times_as_long(name: str) -> None:
    # What grows with the square takes sixty-four times as long.
    small, large = (seconds(HEAD + GAPS[name](count)) for count in (1_000, 8_000))
    assert large < 20 * small + 0.02


def test_a_paragraph_of_very_many_lines_is_one_line() -> None:
    lines = "\n".join(f"word{number}  " if number % 1_000 == 999 else f" word{number}" for number in range(3_000))
    body = read(f"# A\n\n## Summary\n\n{lines}\n").sections[-1].body
    assert body.count("\n") == 2
    assert body.split() == [f"word{number}" for number in range(3_000)]
    small, large = (seconds(f"{HEAD}## Summary\n\n" + "a\n" * count) for count in (60_000, 240_000))
    assert large < 10 * small
    small, large = (seconds("# A\n\nDate: 2021-02-03\n" + "a\n" * count) for count in (60_000, 240_000))
    assert large < 10 * small


def test_words_on_both_sides_of_many_blanks_are_kept_and_code_as_it_is() -> None:
    gap = " " * 500
    body = read(f"# A\n\n## Summary\n\none{gap}two\n\n```\nthree{gap}four\n```\n").sections[-1].body
    assert body.split() == ["one", "two", "```", "three", "four", "```"]
    assert f"three{gap}four" in body


def remarks(found: ReadPostmortem) -> str:
    return " ".join(warning.sentence for warning in found.warnings)


@pytest.mark.parametrize("item", ["- Do {}\n", "- [ ] Do {}\n"])
def test_after_so_many_items_the_rest_is_prose(item: str) -> None:
    lines = "".join(item.format(number) for number in range(MOST_ITEMS + 2))
    found = read(f"{HEAD}## Action items\n\n{lines}\n## Follow-up\n\n- [ ] One more\n")
    assert [each.title for each in found.items] == [f"Do {number}" for number in range(MOST_ITEMS)]
    text = "\n".join(section.body for section in found.sections)
    assert all(words in text for words in (f"Do {MOST_ITEMS}", f"Do {MOST_ITEMS + 1}", "One more"))
    assert f"Only the first {MOST_ITEMS} are read" in remarks(found)


def test_after_so_many_rows_of_a_table_the_rest_is_prose() -> None:
    rows = "".join(f"| Do {number} | nok |\n" for number in range(MOST_ITEMS + 1))
    found = read(f"{HEAD}## Action items\n\n| Action | Owner |\n|-|-|\n{rows}")
    assert len(found.items) == MOST_ITEMS
    assert f"Do {MOST_ITEMS} " in found.sections[-1].body


def test_after_so_many_causes_the_rest_is_prose() -> None:
    lines = "".join(f"- Cause {number}\n" for number in range(MOST_CAUSES + 1))
    found = read(f"{HEAD}## Root causes\n\n{lines}\n## Trigger\n\n- A deployment\n")
    assert len(found.causes) == MOST_CAUSES
    text = "\n".join(section.body for section in found.sections)
    assert f"Cause {MOST_CAUSES}" in text
    assert "A deployment" in text
    assert f"Only the first {MOST_CAUSES} are read" in remarks(found)


@pytest.mark.parametrize("row", ["- 10:00 Event {}\n", "| 10:00 | Event {} |\n"])
def test_after_so_many_events_the_rest_is_prose(row: str) -> None:
    head = "| Time | What |\n|-|-|\n" if row.startswith("|") else ""
    half = MOST_ENTRIES // 2
    parts = [head + "".join(row.format(number) for number in part) for part in (range(half), range(half, 2 * half + 1))]
    found = read(f"{HEAD}## Timeline\n\n{parts[0]}\n## Timeline\n\n{parts[1]}")
    assert len(found.events) == MOST_ENTRIES
    assert f"Event {MOST_ENTRIES}" in "\n".join(section.body for section in found.sections)
    assert f"Only the first {MOST_ENTRIES} are read" in remarks(found)
    assert "no readable time" not in remarks(found)


def test_what_is_longer_than_a_record_holds_stays_prose() -> None:
    long = "word " * (LONG_TEXT // 5 + 1)
    found = read(f"{HEAD}## Timeline\n\n- 10:00 Full\n- 10:01 {long}\n\n## Root causes\n\n- {long}\n- Short\n")
    assert [event.text for event in found.events] == ["Full"]
    assert [cause.statement for cause in found.causes] == ["Short"]
    text = "\n".join(section.body for section in found.sections)
    assert text.count("word") == 2 * (LONG_TEXT // 5 + 1)
