"""Markdown that people typed, made harmless for whichever program reads it next; it keeps looking the same."""

import re
from collections.abc import Iterator

from lib.markdown import split_fences

_backticks = re.compile(r"`+")
_safe_autolink = re.compile(r"<(?:https?://|mailto:)[^\s<>\"'`]*>", re.IGNORECASE)
_tag_or_link = re.compile(r"(?<!\\)(\\*)(<(?=[a-z/!?])|\](?=\s*[(:]))", re.IGNORECASE)
# A scheme that is known, or none at all up to the end of the address.
_safe_target = re.compile(
    r"\]:?\s*\(?\s*<?(?:https?://|mailto:|[\w./#?=%+,~-]*>?(?: +\"[^\"\n]*\")? *\))", re.IGNORECASE
)


def defuse(markdown: str) -> str:
    """The markdown without raw HTML and without links that are not http, https, mailto or relative.

    What is taken away stands there as plain text. Code stays as it is.
    """
    lines: list[str] = []
    for is_code, part in split_fences(markdown.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
        lines += part if is_code else _defuse_prose("\n".join(part)).split("\n")
    return "\n".join(lines)


def defuse_line(markdown: str) -> str:
    """The same for one line, as a cell of a table holds it."""
    return _defuse_prose(" ".join(markdown.split()))


def escape(text: str) -> str:
    """Plain text in one line, in which nothing is taken for markup."""
    text = re.sub(r"&(?=#?\w+;)", "&amp;", " ".join(text.split()))
    text = re.sub(r"([\\`*_\[\]|]|:(?=//))", r"\\\1", text)
    return text.replace("<", "&lt;").replace(">", "&gt;")


def _defuse_prose(text: str) -> str:
    return "".join(_defuse_paragraph(part) for part in re.split(r"(\n[ \t]*\n)", text))


def _defuse_paragraph(text: str) -> str:
    return "".join(part if is_code else _defuse_text(part) for is_code, part in _split_code(text))


def _split_code(text: str) -> Iterator[tuple[bool, str]]:
    """The text in runs of plain text and of code between backticks (True).

    Code is only what every program takes for code: where a backtick has no partner in its line, or a cell's border
    stands between the two, it depends on the program, and all counts as text.
    """
    lines = [(line, _code_spans(line)) for line in text.splitlines(keepends=True)]
    if "\\`" in text or any(spans is None for _line, spans in lines):
        yield False, text
        return
    for line, spans in lines:
        end = 0
        for start, stop in spans or []:
            yield False, line[end:start]
            yield True, line[start:stop]
            end = stop
        yield False, line[end:]


def _code_spans(line: str) -> list[tuple[int, int]] | None:
    """Where code begins and ends in the line; None where programs disagree."""
    runs = [match.span() for match in _backticks.finditer(line)]
    partners: dict[int, int | None] = {}
    newest: dict[int, int] = {}
    for place in range(len(runs) - 1, -1, -1):
        length = runs[place][1] - runs[place][0]
        partners[place] = newest.get(length)
        newest[length] = place
    spans, place = [], 0
    while place < len(runs):
        partner = partners[place]
        if partner is None:
            return None
        spans.append((runs[place][0], runs[partner][1]))
        place = partner + 1
    return None if any("|" in line[start:stop] for start, stop in spans) else spans


def _defuse_text(text: str) -> str:
    def replace(match: re.Match[str]) -> str:
        backslashes, is_escaped = match[1], len(match[1]) % 2
        if match[2] == "]":
            is_safe = is_escaped or _safe_target.match(text, match.start(2))
            return backslashes + ("]" if is_safe else r"\]")
        if not is_escaped and _safe_autolink.match(text, match.start(2)):
            return match[0]
        return backslashes[is_escaped:] + "&lt;"

    return _tag_or_link.sub(replace, text)
