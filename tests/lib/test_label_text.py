"""Words in a picture are broken where they may be, and nothing of a cluster is torn off."""

import pytest

from lib.label_text import text_width, wrap
from lib.pdf.thai import clusters

THAI = "ระบบเตือนพื้นที่ดิสก์ทำงานเมื่อเหลือเพียงสองเปอร์เซ็นต์ซึ่งให้เวลาเพียงสี่นาที"


@pytest.mark.parametrize(
    "text", ["The disk of the host filled up", THAI, "a" * 200, "x " * 90, "ก" * 90, "混合テキスト" * 9]
)
@pytest.mark.parametrize("width", [60.0, 140.0])
def test_lines_fit_and_say_all(text: str, width: float) -> None:
    lines = wrap(text, width=width, size=11, lines=1000)
    assert all(text_width(line, 11) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    # No line begins with a mark that is drawn on the letter before.
    assert all(clusters(line)[0] in clusters(text) for line in lines)


def test_words_are_kept_together() -> None:
    assert wrap("one two three", width=60, size=11, lines=5) == ["one two", "three"]


@pytest.mark.parametrize("lines", [1, 2, 3])
def test_what_does_not_fit_is_cut_and_says_so(lines: int) -> None:
    found = wrap("many words " * 20, width=80, size=11, lines=lines)
    assert len(found) == lines
    assert found[-1].endswith("…")
    assert text_width(found[-1], 11) <= 80


def test_nothing_is_one_empty_line() -> None:
    assert wrap(" ", width=80, size=11, lines=3) == [""]
