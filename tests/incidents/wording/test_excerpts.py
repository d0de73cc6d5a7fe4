"""A phrase in its sentence."""

import pytest

from incidents.wording.excerpts import NEAR, sentence_around


def around(text: str, phrase: str = "forgot") -> tuple[str, str]:
    start = text.index(phrase)
    return sentence_around(text, start, start + len(phrase))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He forgot it.", ("He ", " it.")),
        ("One. He forgot it. Two.", (" He ", " it.")),
        ("# Title\n\nHe\nforgot it\n\nTwo", ("He ", " it ")),
        ("- One\n- He forgot it\n- Two", ("He ", " it ")),
        ("| 14:03 | He forgot it | Ann |", ("He ", " it ")),
        ("forgot", ("", "")),
    ],
)
def test_it_begins_and_ends_where_the_sentence_does(text: str, expected: tuple[str, str]) -> None:
    before, behind = around(text)
    assert (before.strip(), behind.strip()) == (expected[0].strip(), expected[1].strip())


def test_a_long_sentence_is_cut_between_words_and_says_so() -> None:
    before, behind = around("word " * 100 + "forgot" + " word" * 100)
    assert before.startswith("…word ")
    assert behind.endswith(" word…")
    assert len(before) <= NEAR + 1
    assert len(behind) <= NEAR + 1
