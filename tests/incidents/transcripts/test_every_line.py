"""Whatever is pasted: nothing is raised, and every line that is not blank is in one entry or left over."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.transcripts.read import read_transcript
from tests.incidents.transcripts.test_read import PASTES

PIECES = st.sampled_from(
    ["14:03", "2:03 PM", "25:61", "2024-03-10", "31/12/2024", "2024-02-30", "Feb 29", "Today", "Monday", "UTC",
     "+14:00", "[", "]", "(", ")", "|", "---", "**", "> ", "# ", "- ", ",", ";", "\t", '"', ":", "–", " ", "  ", "\n",
     "\n\n", "\r", "Nok", "Som Chai", "<nok>", "it broke", ":eyes:", "(edited)", "3 replies", "1710075780", "\u200e",
     "ฐาน", "٣",
     "9999-12-31 23:59", "00:00", "\x0b", "\x85", "\u2028", "😀"]
)  # fmt: skip
TEXTS = (
    st.text(max_size=400)
    | st.lists(PIECES, max_size=60).map("".join)
    | st.lists(st.sampled_from([text for text, _expected in PASTES.values()]), max_size=4).map("\n".join)
)
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "Asia/Bangkok", "Pacific/Apia", "America/St_Johns"])


@settings(max_examples=500)
@given(TEXTS, st.dates(), ZONES)
def test_no_line_is_lost_and_none_is_there_twice(text: str, day: date, zone: str) -> None:
    found = read_transcript(text, day=day, zone=ZoneInfo(zone))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    expected = [number for number, line in enumerate(lines, start=1) if line.strip()]
    told = [number for entry in found.entries for number in entry.lines] + [left.line for left in found.leftovers]
    assert sorted(told) == expected
    for left in found.leftovers:
        assert left.text == lines[left.line - 1]
    for entry in found.entries:
        assert isinstance(entry.at, datetime)
        assert entry.at.tzinfo is not None
        assert entry.until is None or entry.until >= entry.at


@settings(max_examples=200)
@given(st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12), min_size=1, max_size=8))
def test_no_character_of_a_message_is_lost(words: list[str]) -> None:
    text = "x" + " ".join(words)
    (entry,) = read_transcript(f"14:03 — {text}", day=date(2024, 3, 10), zone=ZoneInfo("UTC")).entries
    assert text in f"{entry.name}: {entry.text}" or entry.text == text
