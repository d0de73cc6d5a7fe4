"""Files as text, whatever wrote them: UTF-8, UTF-16, and the one-byte encodings of Windows in Thai and in Latin."""

import re

# Controls that no text has; tabs, line ends and page breaks it may have.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
# Bytes that are Thai letters and marks in Windows-874.
_HIGH = re.compile(rb"[\x80-\xff]+")
_THAI = re.compile("[\u0e01-\u0e3a\u0e3f-\u0e5b]")
# Latin letters with marks stand among others, one or two at a time; words in Thai are nothing but such bytes.
_LONG_RUN = 3


class NoTextError(ValueError):
    """The bytes are no text in any known encoding."""


def read_text(content: bytes, *, is_cut: bool = False) -> str:
    """The text of a file, its line ends as `\\n`, without the mark at its beginning. Raises NoTextError.

    `is_cut`: the end is missing, maybe in the middle of a character.
    """
    for encoding in _candidates(content):
        try:
            text = content.decode(encoding, "ignore" if is_cut and encoding.startswith("utf") else "strict")
        except UnicodeDecodeError:
            continue
        if not _NO_TEXT.search(text):
            return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    raise NoTextError


def _candidates(content: bytes) -> list[str]:
    """The encodings that it may have, the likeliest first."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ["utf-16"]
    if b"\0" in content:
        # Without its mark: of the two bytes of a Latin letter, one is zero.
        even, odd = content[::2].count(0), content[1::2].count(0)
        return ["utf-16-le" if odd > even else "utf-16-be"] if len(content) % 2 == 0 and max(even, odd) > 1 else []
    return ["utf-8-sig", "cp874" if _is_thai(content) else "cp1252", "latin-1"]


def _is_thai(content: bytes) -> bool:
    runs = _HIGH.findall(content)
    long = sum(len(run) for run in runs if len(run) >= _LONG_RUN)
    if not runs or long * 2 < sum(map(len, runs)):
        return False
    text = content.decode("cp874", "ignore")
    return len(_THAI.findall(text)) * 2 > sum(map(len, runs))
