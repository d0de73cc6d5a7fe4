"""A document's lines in sections: by headings, by bold lines, by labels before a paragraph."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from incidents.readers.document import Line
from incidents.readers.titles import clean_title, key_of_title

DEEPEST = 7
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_BOLD = re.compile(r"\s{0,3}(?:\*\*|__)([^*_\n]{2,80})(?:\*\*|__)\s*(\([^()]{1,60}\))?\s*:?\s*$")
_LABEL = re.compile(r"\s{0,3}(?:\*\*|__)([^*_\n]{2,60}?)\s?(?::(?:\*\*|__)|(?:\*\*|__):)\s+(?=\S)")
# More than anybody writes, and more than any pattern of the readers goes over again and again.
_GAP = re.compile(r"[^\S\n]{41,}")
_FENCE = re.compile(r"\s{0,12}(?:[-*+]\s+|\d+[.)]\s+)?(`{3,}|~{3,})([^`]*)$")
_TAG = re.compile(
    r"\s*</?(?:details|summary|div|p|br|center)\b[^<>]{0,200}>\s*$|\s*<!--\s*(?:more|truncate)\s*-->\s*$",
    re.IGNORECASE,
)

# Lines that are never more of the one above: lists, headings, tables, quotes, rules, code by its indent.
_STANDS_ALONE = re.compile(r"\s*(?:[-*+•]\s|\d{1,9}[.)]\s|#{1,6}\s|\||>|[-*_=]{3,}\s*$|\[[^\]]+\]:)|\s{8,}|\t\t")
# And those that nothing goes on from.
_ENDS = re.compile(r"\s*(?:#{1,6}\s|\||>|[-*_=]{3,}\s*$|\[[^\]]+\]:)|\s{8,}|\t\t")


@dataclass
class Section:
    """A section while it is read. `level` is that of its heading; 0: what stands before the first."""

    key: str
    title: str
    level: int
    line: int
    lines: list[Line] = field(default_factory=list)


def number_lines(text: str, skipped: int = 0) -> list[Line]:
    """The lines with their numbers, those of fenced code marked; `skipped` of them at the top are left out.

    Of the blanks in a row at most forty are kept, but in code.
    """
    lines: list[Line] = []
    fence = ""
    for number, line in enumerate(text.split("\n")[skipped:], start=skipped + 1):
        found = _FENCE.match(line)
        is_code = bool(fence) or found is not None
        if found and not fence:
            fence = found[1]
        elif found and found[1].startswith(fence) and not found[2].strip():
            fence = ""
        if not is_code:
            line = _GAP.sub(" " * 40, line)
            line = "" if _TAG.match(line) else line
        lines.append(Line(number, line, is_code))
    return lines


def heading_of(line: Line) -> tuple[int, str] | None:
    """Level and text of a heading with `#`."""
    found = None if line.is_code else _HEADING.match(line.text)
    return (len(found[1]), found[2]) if found else None


def split_sections(lines: Iterable[Line]) -> list[Section]:
    """The sections in order; the first one is what stands before all headings.

    A heading below another stays in its section, unless it means a section of the outline by itself.
    """
    sections = [Section("", "", 0, 1)]
    for line in _with_plain_headings(list(lines)):
        current = sections[-1]
        heading = heading_of(line)
        if heading and _begins(*heading, current):
            sections.append(Section(key_of_title(heading[1]), clean_title(heading[1]), heading[0], line.number))
        elif begun := _begun_by_words(line, current):
            sections.append(begun)
        else:
            current.lines.append(line)
    return sections


def unwrap(lines: Iterable[Line]) -> str:
    """The text with paragraphs in one line each: in Debrief a line that ends is a line that is broken."""
    parts: list[list[str]] = []
    goes_on = False
    for line in lines:
        text = line.text if line.is_code else line.text.rstrip("\r\n\t")
        if goes_on and not line.is_code and not line.is_blank and not _STANDS_ALONE.match(text):
            parts[-1].append(text)
        else:
            parts.append([text])
        is_prose = not line.is_code and not line.is_blank and not _ENDS.match(parts[-1][0])
        goes_on = is_prose and not text.endswith(("  ", "\\"))
    paragraphs = map(_in_one_line, parts)
    text = "\n".join(part.rstrip(" ") if part.isspace() else part for part in paragraphs)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def _in_one_line(lines: list[str]) -> str:
    first, *more = lines
    if not more:
        return first
    return " ".join([first.rstrip(), *(line.strip() for line in more[:-1]), more[-1].lstrip()])


def _begins(level: int, text: str, current: Section) -> bool:
    key = key_of_title(text)
    # Below the title every heading begins a section.
    return level <= current.level or current.level < 2 or (bool(key) and key != current.key)


def _begun_by_words(line: Line, current: Section) -> Section | None:
    """A bold line that is a heading of the outline; or a label before a paragraph, where labels are the headings."""
    if line.is_code:
        return None
    bold = _BOLD.match(line.text)
    if bold and (key := key_of_title(bold[1])) and (key != current.key or current.level == DEEPEST):
        level = min(current.level + 1, DEEPEST) if current.level > 1 else DEEPEST
        return Section(key, clean_title(" ".join(filter(None, bold.groups()))), level, line.number)
    label = _LABEL.match(line.text) if current.level in (0, 1, DEEPEST) else None
    if label and (key := key_of_title(label[1])):
        rest = Line(line.number, line.text[label.end() :])
        return Section(key, clean_title(label[1]), DEEPEST, line.number, [rest])
    return None


def _with_plain_headings(lines: list[Line]) -> Iterable[Line]:
    """The same lines with headings that are underlined written with `#`."""
    above: Line | None = None
    for line in lines:
        found = None if line.is_code else _UNDERLINE.match(line.text)
        if found and above and _may_be_heading(above):
            level = "#" if found[1].startswith("=") else "##"
            yield Line(above.number, f"{level} {above.text.strip()}")
            above = None
            continue
        if above:
            yield above
        above = line
    if above:
        yield above


def _may_be_heading(line: Line) -> bool:
    text = line.text.strip()
    return bool(text) and not line.is_code and not re.match(r"[#>|*+-]|\d+[.)]\s", text) and "|" not in text
