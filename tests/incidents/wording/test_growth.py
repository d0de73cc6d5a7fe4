"""The time that a check takes grows with the length of the text, whatever the text is."""

import time

import pytest

from incidents.wording.check import check
from incidents.wording.rules import TeamRule

LENGTH = 100_000
PIECES = [
    *("forgot ", "should ", "had we ", "Ann failed ", "Ann Ann Lee ", "](", "](a(", "<a ", "<!--", "`", "` `` "),
    "```\n",
    *("> ", "- ", "| ", "\n\n", "http://", "if only we ", "'s ", "a-", "x", "_", "*", "---\n"),
    *("no one ", "......", "    a\n", "he ", "we ", "nobody a b was ", "without a b accidentally "),
    *("Ann Lees' ", "s' ", "a a ", "ก", "กa"),
    *("ลืม", "เขา", "ทำไม", "น่าจะ", "ควร", "ถ้า", "ไม่", "ใคร", "ควรจะ", "ต่อไป", "เขาแก้ที่", "ทำไมทีม"),
]  # fmt: skip
# Twelve words, any of which could be the last one before what never comes.
STARS = " * " * 11
TEAM_RULES = [TeamRule("team-1", "en", f"a{STARS}b", "", ""), TeamRule("team-2", "th", f"ก{STARS}ข", "", "")]


def seconds(text: str) -> float:
    """Of this process alone, and the lesser of two: whatever else the machine does."""
    taken = []
    for _round in range(2):
        started = time.process_time()
        check(text, ["Ann Lee"], TEAM_RULES)
        taken.append(time.process_time() - started)
    return min(taken)


@pytest.mark.parametrize("piece", PIECES)
def test_eight_times_the_text_takes_about_eight_times_as_long(piece: str) -> None:
    """With the square of the length it would be 64 times."""
    whole = (piece * (LENGTH // len(piece) + 1))[:LENGTH]
    assert seconds(whole) < 24 * seconds(whole[: LENGTH // 8])
