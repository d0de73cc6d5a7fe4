"""Whatever a file holds, it is read; and what is read of a document is there however the file is written down."""

import random
from datetime import UTC, date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.readers.read import read_postmortem
from tests.incidents.readers.own import DOCUMENTS
from tests.incidents.readers.samples import read_text, sample_files
from tests.incidents.readers.test_samples import parts_of, words_of

TEXTS = [*DOCUMENTS.values(), *map(read_text, sample_files())]
# What stands at the edges of what readers look for.
PIECES = [
    *("# A", "## Timeline", "## Action items", "## Root cause", "**Timeline**", "- ", "  - ", "1. ", "> ", "| a | b |"),
    *("|--|--|", "| --:-- | x |", "```", "~~~", "14:03 x", "25:99 x", "2024-02-30 10:00 x", "T+5 min x", "T = 14:03"),
    *("T+99999999d x", "T0 = 9999-12-31 23:59", "0001-01-01 00:00 x", "2999-12-31 23:59 x", "- [x] a (owner: b)"),
    *(
        "---",
        "+++",
        "date: 2024-01-05",
        "Date: 31 ก.พ. 2567",
        "๕ มกราคม ๒๕๖๗",
        "14.03 น. ล่ม",
        "[2021-02-03 10:00 UTC] x",
    ),
    *(
        "next day",
        "Severity: SEV9",
        "**",
        "`",
        "~~",
        "<!--",
        "-->",
        "\t",
        "",
        "\u200b",
        "\ufeff",
        "\u2028",
        "a\vb\fc",
        "😀",
    ),
    *(
        "10:00-09:00 x",
        "1707000000 x",
        "99:99",
        "10:00 +99:99 x",
        "10:00 Not/AZone x",
        "10:00 Etc/GMT x",
        "2021-3-4T1:2",
    ),
]


def read_whatever(text: str) -> None:
    for day in (None, date(2024, 1, 2), date.max, date.min, date(2999, 12, 31)):
        found = read_postmortem(text, zone=UTC, name="a.md", day=day)
        assert found.title
        for event in found.events:
            assert event.text
            assert event.occurred_at.astimezone(UTC)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=30), max_size=25))
def test_any_pieces_are_read(pieces: list[str]) -> None:
    read_whatever("\n".join(pieces))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(TEXTS), st.randoms(use_true_random=False))
def test_any_part_of_a_document_is_read(text: str, chance: random.Random) -> None:
    begin, end = sorted(chance.sample(range(len(text)), 2))
    part = list(text[begin:end][:5_000])
    for _number in range(chance.randrange(20)):
        place = chance.randrange(len(part) + 1)
        part[place:place] = chance.choice(PIECES)
    read_whatever("".join(part))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_no_word_of_any_document_is_lost(pieces: list[str]) -> None:
    # Each with a word of its own, in a line that may be prose, an entry, an item, a cell or code.
    text = "\n".join(f"{piece} word{number}" for number, piece in enumerate(pieces))
    kept = words_of("\n".join(parts_of(read_postmortem(text, zone=UTC, day=date(2024, 1, 2)))))
    assert [number for number in range(len(pieces)) if f"word{number}" not in kept] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_ends_of_lines_and_a_mark_at_the_beginning_change_nothing(name: str) -> None:
    text = DOCUMENTS[name]
    expected = read_postmortem(text, zone=UTC, name=name)
    for other in (text.replace("\n", "\r\n"), text.replace("\n", "\r"), f"\ufeff{text}"):
        assert read_postmortem(other, zone=UTC, name=name) == expected


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "9999-12-31T23:59:59+00:00"])
def test_a_day_at_the_end_of_the_calendar_is_none(day: str) -> None:
    found = read_postmortem(f"---\ndate: {day}\n---\n# A\n\n## Timeline\n\n- 10:00-09:00 x\n- 09:00 y\n", zone=UTC)
    assert (found.date, found.events) == (None, ())
