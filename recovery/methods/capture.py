"""Keeps what a tool prints, in bounded memory and fit to be shown."""

import re
import unicodedata

LOG_TAIL_BYTES = 4096
_TERMINAL_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?)")
# Marks that change the direction of text can make a log line read differently from what it says.
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Capture:
    """A pipe's bytes: the first `limit` of them, or the last `limit` when `keeps_tail`."""

    def __init__(self, limit: int, *, keeps_tail: bool = False) -> None:
        self._limit = limit
        self._keeps_tail = keeps_tail
        self._data = bytearray()

    def add(self, piece: bytes) -> None:
        """Keep `piece` as far as the limit allows; the rest is dropped, for the tool must never wait on a full pipe."""
        self._data += piece
        if len(self._data) > self._limit:
            cut = slice(0, len(self._data) - self._limit) if self._keeps_tail else slice(self._limit, None)
            del self._data[cut]

    @property
    def data(self) -> bytes:
        """What was kept."""
        return bytes(self._data)


def clean_log(raw: bytes) -> str:
    """The last 4 KB of a log as text, of whole lines where there are any.

    It has no control characters but line feeds, no terminal colours and no direction marks.
    """
    text = _TERMINAL_SEQUENCE.sub("", raw.decode("utf-8", "replace").replace("\r\n", "\n"))
    kept = "".join(_shown(character) for character in text).strip()
    tail = kept.encode()[-LOG_TAIL_BYTES:].decode("utf-8", "ignore")
    _, line_feed, whole_lines = tail.partition("\n")
    return (whole_lines if line_feed and tail != kept else tail).strip()


def _shown(character: str) -> str:
    if character == "\n":
        return character
    if character == "\t":
        return " "
    return "" if unicodedata.category(character) == "Cc" or character in _DIRECTION_MARKS else character
