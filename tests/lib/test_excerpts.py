"""Pieces of texts around what was found in them."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.excerpts import LENGTH, Part, excerpt, mark, plain_text


def shown(parts: list[Part]) -> str:
    return "".join(f"[{part.text}]" if part.is_hit else part.text for part in parts)


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("## What\n**was** `df -h` and _so_ on", "What was df -h and so on"),
        ("- one\n- two\n1. three", "one • two • three"),
        ("> said\n> twice", "said twice"),
        ("see [the graph](https://example.org/g) now", "see the graph now"),
        ("![a picture](x.png)", "a picture"),
        ("```\nmax_connections = 5\n```", "max_connections = 5"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a b 1 2"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_marks_of_markdown_are_left_out(markdown: str, plain: str) -> None:
    assert plain_text(markdown) == plain


def test_blanks_are_not_looked_at_again_and_again() -> None:
    begun = time.process_time()
    assert plain_text("\n".join([" " * 19_900 + "x"] * 20)) == " ".join("x" * 20)
    # It is done in no time; with the square of the blanks, in a minute.
    assert time.process_time() - begun < 10


def test_words_are_marked_whatever_their_case_and_accents() -> None:
    assert shown(mark("The Café was FULL of cafés", ["cafe", "full"])) == "The [Café] was [FULL] of [café]s"


def test_words_that_overlap_are_marked_once() -> None:
    assert shown(mark("database", ["data", "tabas"])) == "[databas]e"


def test_html_stays_text_for_the_template_to_escape() -> None:
    assert Part("<b>") in mark("<b>disk</b>", ["disk"])


def test_a_long_text_is_shown_where_most_words_are() -> None:
    text = "disk " + "filler " * 200 + "the disk was full here " + "filler " * 200
    piece = shown(excerpt(text, ["disk", "full"]))
    assert "the [disk] was [full] here" in piece
    assert piece.startswith("… ")
    assert piece.endswith(" …")
    assert len(piece) < LENGTH + 60


def test_a_phrase_across_marks_is_marked() -> None:
    assert shown(excerpt("the **disk**\nwas `full`", ["disk was full"])) == "the [disk was full]"


def test_what_stands_in_an_address_alone_is_shown_with_it() -> None:
    assert "[wiki]" in shown(excerpt("[notes](https://wiki.example.org/1)", ["wiki"]))


def test_thai_is_cut_between_letters_that_are_not_joined() -> None:
    text = "ฐานข้อมูลล่มเพราะดิสก์เต็มทำให้ระบบชำระเงินไม่ตอบสนอง" * 20
    for length in range(40, 60):
        for part in excerpt(text, ["ชำระเงิน"], length=length):
            assert not unicodedata.category(part.text[0]).startswith("M"), part


@given(st.text(), st.lists(st.text(min_size=1, max_size=5), max_size=3))
def test_any_text_and_any_words_make_parts(text: str, terms: list[str]) -> None:
    assert "".join(part.text for part in mark(text, terms)) == text
    excerpt(text, terms)
