"""What is typed into a search field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.search_words import MAX_TERMS, Words, clean, parse_reference, parse_words


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", Words()),
        ("  disk   Full ", Words(("disk", "full"))),
        ('"Disk full" node', Words(("disk full", "node"))),
        ("“disk full”", Words(("disk full",))),
        ('"never closed', Words(("never closed",))),
        ("disk -full", Words(("disk",), ("full",))),
        ('disk -"was full"', Words(("disk",), ("was full",))),
        ("-only", Words((), ("only",))),
        ("--force", Words(("--force",))),
        ("a-b -", Words(("a-b", "-"))),
        ("disk disk DISK", Words(("disk",))),
        ('""', Words()),
        ("** `` ", Words()),
        ("ฐานข้อมูล ล่ม", Words(("ฐานข้อมูล", "ล่ม"))),
        ("nul\x00byte", Words(("nul", "byte"))),
        ("1 2 3 4 5 6 7 8 9 10", Words(tuple("12345678"), (), ("9", "10"))),
    ],
)
def test_words_phrases_and_what_to_leave_out(typed: str, words: Words) -> None:
    assert parse_words(typed) == words


@given(st.text())
def test_anything_can_be_typed(typed: str) -> None:
    words = parse_words(typed)
    assert len(words.terms) <= MAX_TERMS
    assert all(term.strip() for term in (*words.terms, *words.excluded))


@pytest.mark.parametrize(
    ("typed", "reference"),
    [
        ("INC-42", ("INC", 42)),
        (" act-7 ", ("ACT", 7)),
        ("RT-12", ("RT", 12)),
        ("ev-3", ("EV", 3)),
        ("INC-42 disk", None),
        ('"INC-42"', None),
        ("ABC-1", None),
        ("INC-" + "9" * 40, None),
    ],
)
def test_a_reference_stands_alone(typed: str, reference: tuple[str, int] | None) -> None:
    assert parse_reference(typed) == reference


def test_what_is_searched_for_is_one_short_line() -> None:
    assert clean("a\nb\x00" + "c" * 500) == "a b " + "c" * 196
