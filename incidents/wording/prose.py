"""Which characters of a Markdown text its author wrote as prose: neither code, nor addresses, nor somebody's words."""

import re
from collections.abc import Iterator

# What stands in a phrase's way at the end of a heading, an item, a cell, a paragraph.
BREAK = "\u2029"
# Stands for code or an address: a thing, and one word.
THING = "\ufffc"

_front_matter = re.compile(r"\A---[ \t]*\n(?:(?!---[ \t]*\n).*\n)*+---[ \t]*(?:\n|\Z)")
_fence = re.compile(r"[ \t]*+(?:(?:[-*+]|\d{1,9}[.)]|>)[ \t]*+){0,8}(`{3,}|~{3,})")
_item = re.compile(r"([ \t]*+)([-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t])?")
_heading = re.compile(r"[ \t]{0,3}#{1,6}(?:[ \t]|$)")
_rule = re.compile(r"[ \t]{0,3}(?:[-=*_][ \t]*){3,}+$")
_backticks = re.compile(r"`+")
_things = re.compile(
    r"(?P<target>\]\([^()\n]{0,500}+(?:\([^()\n]{0,500}+\)[^()\n]{0,500}+){0,4}\))"
    r"|(?P<tag><[a-zA-Z/][^<>\n]{0,500}+>)"
    r"|(?P<url>(?:https?://|www\.|mailto:)[^\s<>()\[\]|\"]*+)"
)


def prose_of(text: str) -> str:
    """As long as `text`: prose stands as it is, code and addresses are things, everything else is blank.

    Where a phrase cannot go on, a line ends in BREAK; a line that only wraps ends in a line feed. The time taken grows
    with the length of the text alone.
    """
    text = text.replace("\r", "\n").replace(BREAK, "\n").replace(THING, " ")
    text = _blank(text, *match.span()) if (match := _front_matter.match(text)) else text
    return BREAK.join(_without_things(part) for part in _blocks(_without_comments(text)).split(BREAK))


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]


def _without_comments(text: str) -> str:
    parts, done = [], 0
    while (start := text.find("<!--", done)) >= 0 and (end := text.find("-->", start)) >= 0:
        # Not blank at its start, or what follows in the line would be indented.
        parts += [text[done:start], THING, re.sub(r"[^\n]", " ", text[start + 1 : end + 3])]
        done = end + 3
    return "".join([*parts, text[done:]])


def _blocks(text: str) -> str:
    """The text with lines of code and quotations blank, and BREAK between blocks."""
    kept = ""
    parts: list[str] = []
    for line, is_prose, begins_block in _read_lines(text.split("\n")):
        if parts:
            parts.append(BREAK if begins_block or not kept else "\n")
        kept = line if is_prose and line.strip() else ""
        parts.append(line if kept else " " * len(line))
        if kept and _heading.match(line):
            kept = ""
    return "".join(parts)


def _read_lines(lines: list[str]) -> Iterator[tuple[str, bool, bool]]:
    """Each line, whether it is prose, and whether a block begins with it."""
    fence, indent, is_quote, is_loose = "", 0, False, True
    for line in lines:
        if fence:
            is_closing = line.strip() and not line.strip().strip(fence[0]) and len(line.strip()) >= len(fence)
            fence = "" if is_closing else fence
            yield line, False, True
            continue
        item = _item.match(line)
        depth = len(line) - len(line.lstrip(" \t"))
        if opening := _fence.match(line):
            fence = opening[1]
            yield line, False, True
        elif not line.strip():
            is_quote, is_loose = False, True
            yield line, True, True
            continue
        elif is_loose and depth >= indent + 4 and not item:
            yield line, False, True
            continue
        elif line[item.end() if item else 0 :].lstrip().startswith(">") or (
            is_quote and not item and not _heading.match(line)
        ):
            is_quote = True
            yield line, False, True
        else:
            indent = item.end() if item else indent if depth else 0
            is_quote = False
            yield line, not _rule.match(line), bool(item or line.lstrip().startswith("|") or _heading.match(line))
        is_loose = False


def _without_things(block: str) -> str:
    if "`" in block:
        block = _without_code(block)
    return _things.sub(_thing, block) if any(mark in block for mark in ("](", "<", "://", "www.", "mailto:")) else block


def _thing(match: re.Match[str]) -> str:
    length = len(match[0])
    return THING + " " * (length - 1) if match.lastgroup == "url" else "]" + " " * (length - 1)


def _without_code(block: str) -> str:
    """The block with a thing in the place of what stands between equal runs of backticks."""
    runs = [match.span() for match in _backticks.finditer(block)]
    partners: list[int | None] = [None] * len(runs)
    next_of: dict[int, int] = {}
    for place in range(len(runs) - 1, -1, -1):
        length = runs[place][1] - runs[place][0]
        partners[place] = next_of.get(length)
        next_of[length] = place
    parts, done, place = [], 0, 0
    while place < len(runs):
        partner = partners[place]
        if partner is not None:
            start, end = runs[place][0], runs[partner][1]
            parts += [block[done:start], THING, " " * (end - start - 1)]
            done, place = end, partner
        place += 1
    return "".join([*parts, block[done:]])
