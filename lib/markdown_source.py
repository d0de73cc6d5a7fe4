"""Markdown that people typed, made harmless for whichever program reads it next; it keeps looking the same."""

import re
from collections.abc import Iterator

from lib.markdown import split_fences

_line_code = re.compile(r"(?<!`)(`+)(?!`)([^\n]*?[^`\n])\1(?!`)")
_safe_autolink = re.compile(r"<(?:https?://|mailto:)[^\s<>\"'`]*>", re.IGNORECASE)
_tag_or_link = re.compile(r"(\\*)(<(?=[a-z/!?])|\](?=\s*[(:]))", re.IGNORECASE)
# A scheme that is known, or none at all up to the end of the address.
_safe_target = re.compile(
    r"\]:?\s*\(?\s*<?(?:https?://|mailto:|[\w./#?=%+,~-]*>?(?: +\"[^\"\n]*\")? *(?:\)|$))", re.IGNORECASE
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
    return re.sub(r"([\\`*_\[\]|])", r"\\\1", text).replace("<", "&lt;").replace(">", "&gt;")


def _defuse_prose(text: str) -> str:
    return "".join(_defuse_paragraph(part) for part in re.split(r"(\n[ \t]*\n)", text))


def _defuse_paragraph(text: str) -> str:
    return "".join(part if is_code else _defuse_text(part) for is_code, part in _split_code(text))


def _split_code(text: str) -> Iterator[tuple[bool, str]]:
    """The text in runs of plain text and of code between backticks (True).

    Code is only what every program takes for code: where a backtick has no partner in its line, or a cell's border
    stands between the two, it depends on the program, and all counts as text.
    """
    codes = list(_line_code.finditer(text))
    is_doubtful = "`" in _line_code.sub("", text) or "\\`" in text or any("|" in code[0] for code in codes)
    end = 0
    for code in [] if is_doubtful else codes:
        yield False, text[end : code.start()]
        yield True, code[0]
        end = code.end()
    yield False, text[end:]


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
