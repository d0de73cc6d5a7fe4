"""Bytes become the text that somebody wrote, or are refused."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.text_files import NoTextError, read_text

THAI = "# ระบบล่ม\n\nลูกค้าชำระเงินไม่ได้สามสิบนาที เมื่อ 5 ม.ค. 2567 “ตอนเช้า”\n"
LATIN = "# Störung – “café”\n\nGrüße aus München, façade, Übergröße, mañana.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [THAI, LATIN])
def test_unicode_in_whatever_form(text: str, encoding: str) -> None:
    assert read_text(text.encode(encoding)) == text


def test_thai_and_latin_of_one_byte_a_letter_are_told_apart() -> None:
    assert read_text(THAI.encode("cp874")) == THAI
    assert read_text(LATIN.encode("cp1252")) == LATIN
    assert read_text("Störung façade\n".encode("latin-1")) == "Störung façade\n"
    assert read_text("Mostly English, with ล่ม in it.\n".encode("cp874")) == "Mostly English, with ล่ม in it.\n"


def test_lines_end_in_one_way() -> None:
    assert read_text(b"a\r\nb\rc\n") == "a\nb\nc\n"


def test_what_is_cut_within_a_character_is_read_up_to_there() -> None:
    assert read_text("ล่ม".encode()[:-1], is_cut=True) == "ล่"


@pytest.mark.parametrize(
    "content", [b"\x00\x01\x02\x03", b"a\x00b", b"\x89PNG\r\n\x1a\n\x00", bytes(range(256)), b"\xff\xfe\x00"]
)
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(NoTextError):
        read_text(content)


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_refused(content: bytes) -> None:
    with contextlib.suppress(NoTextError):
        assert "\0" not in read_text(content)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"))))
def test_all_that_is_utf_8_comes_back(text: str) -> None:
    assert read_text(text.encode()) == text.removeprefix("\ufeff")
