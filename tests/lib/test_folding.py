"""Letters that count as equal when something is searched for."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.folding import REPLACED, fold, fold_with_places, is_joined, pattern


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Café CAFÉ", "cafe cafe"),
        ("cafe\u0301", "cafe"),
        ("Łódź, Ångström, Öl", "lodz, angstrom, ol"),
        ("**full** `disk`", "full disk"),
        ("two\nlines\tand a\u00a0space", "two lines and a space"),
        ("น\u0e49\u0e4d\u0e32", "น\u0e49\u0e33"),
        ("ฐานข้อมูลล่ม", "ฐานข้อมูลล่ม"),
        ("STRASSE Straße", "strasse straße"),
        ("ΑΘΗΝΑ Москва", "αθηνα москва"),
    ],
)
def test_what_is_equal_folds_to_the_same(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_thai_marks_stay_since_they_make_other_words() -> None:
    assert len({fold(word) for word in ("เสือ", "เสื่อ", "เสื้อ")}) == 3


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from([*REPLACED, "\u0e4d", "\u0e32", "ก", "a"]))))
def test_places_belong_to_the_same_folded_text(text: str) -> None:
    folded, places = fold_with_places(text)
    assert folded == fold(text)
    assert len(places) == len(folded)
    assert places == sorted(set(places))


def test_vowels_and_marks_are_joined_to_their_consonant() -> None:
    assert [is_joined(letter) for letter in "นำก้a"] == [False, True, False, True, False]


def test_letters_are_made_small_one_by_one() -> None:
    # Together, a sigma at the end of a word would become another letter, and a dotted I two of them.
    assert fold("ΟΔΟΣ Σ ÇOK İ") == fold_with_places("ΟΔΟΣ Σ ÇOK İ")[0]
    assert fold("ΟΔΟΣ")[-1] == "σ"


@given(st.text(alphabet="aàÀöÖ%_]^-\\[.ก", min_size=1, max_size=2))
def test_a_pattern_finds_every_spelling_of_a_term_and_nothing_else(text: str) -> None:
    term = fold(text)
    assert re.fullmatch(pattern(term), text, re.IGNORECASE)
    assert not re.fullmatch(pattern(term), f"{text}x", re.IGNORECASE)
    assert not re.search(pattern(term), "xyz", re.IGNORECASE)
