"""Markdown that people type, made into HTML that is safe to show. The only place that marks text as safe."""

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import markdown
import nh3
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from lib import markdown_addresses, markdown_pictures, markdown_references, markdown_tasks
from lib.markdown_brackets import silence_brackets, silence_targets
from lib.markdown_references import Reference, spell_keys
from lib.passages import Place, Text, mark_places

# Larger than any section; what is larger is shown as plain text.
MAX_LENGTH = 100_000
# So is what has hardly anything in each of its lines: the parser takes its time for every one.
MAX_LINES = 20_000
# Nesting, brackets and marks beyond these cost the parser seconds or its stack (Markdown 3.11.3) and help no reader.
MAX_QUOTE_DEPTH = 8
MAX_INDENT = 32
MAX_BRACKETS = 60
MAX_MARKS = 240
MAX_WORD = 2_000
MAX_PARAGRAPH_LINES = 200
# Longer texts are rendered anew each time.
MAX_REMEMBERED = 2_000

TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol", "p",
    "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt"},
    "td": {"align"},
    "th": {"align"},
    "ol": {"start"},
    # Tasks and their boxes
    "li": {"class"},
    "i": {"role", "aria-label"},
}
SCHEMES = {"http", "https", "mailto"}
LAZY = {"img": {"loading": "lazy"}}

# Characters that cost the parser time: beyond the limit they are shown, but mean nothing. While the parser works they
# are noncharacters of Unicode, which stand for themselves everywhere, in code as in an address.
_TAMED = {character: chr(0xFDD0 + place) for place, character in enumerate("[(<*_`\\")}
_RESTORED = str.maketrans({stand_in: character for character, stand_in in _TAMED.items()} | {_TAMED["<"]: "&lt;"})
# What the parser uses for itself, and the stand-ins, have no place in what people type.
_UNWANTED = str.maketrans(dict.fromkeys(["\x00", "\x02", "\x03", *_TAMED.values()], ""))

_bullet = re.compile(r"^([ \t>]*)\*(?=[ \t])", re.MULTILINE)
_quote_prefix = re.compile(rf"^(?:[ \t]{{0,3}}>){{{MAX_QUOTE_DEPTH + 1},}}", re.MULTILINE)
_indent = re.compile(rf"^[ \t]{{{MAX_INDENT + 1},}}", re.MULTILINE)
# No blank may be taken by two parts of it: there would be as many ways to share them as there are blanks, eight times.
_nested_markers = re.compile(
    rf"^((?:[ \t>]*+(?:[-*+]|\d{{1,9}}[.)])(?=[ \t])){{{MAX_QUOTE_DEPTH}}}[ \t]++)(?=[-*+\d])", re.MULTILINE
)
_long_word = re.compile(rf"\S{{{MAX_WORD}}}")
# No program reads a blank in a scheme; an address with one is none, whatever stands before its colon.
_blank_in_address = re.compile(r'href="[^":/?#\s]*+\s[^":]*:')
_blank_lines = re.compile(r"(\n[ \t]*\n)")

_of_thread = threading.local()


class _Dialect(markdown.Extension):
    """Raw HTML is text, so are images unless they are files of an incident; headings start below the page's own."""

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802  # the library's name
        """Takes out what reads raw HTML."""
        md.preprocessors.deregister("html_block")
        for pattern in ("html", "entity", "image_link", "image_reference", "short_image_ref"):
            md.inlinePatterns.deregister(pattern)
        markdown_pictures.register(md)
        markdown_references.register(md)
        markdown_addresses.register(md)
        markdown_tasks.register(md)


def render_markdown(text: str, *, top_heading: int = 3, references: Iterable[Reference] = ()) -> SafeString:
    """`text` as HTML without scripts, styles or raw HTML; links are http, https or mailto only.

    Pictures are files attached to incidents, by their address here; whoever may not see one gets none from there.

    Input that would take the parser long is made harmless first, so the time grows with the length alone.
    `top_heading` is the level that a `#` becomes. Those of the `references` that the text has become links.
    """
    meant = tuple(references)
    if meant:
        spelled = set(spell_keys(text))
        meant = tuple(reference for reference in meant if reference.key in spelled)
    return (_render_once if len(text) <= MAX_REMEMBERED else _render)(text, top_heading, meant)


def mark_passages(
    html: SafeString, text: Text, places: Mapping[int, Place], links: Mapping[int, SafeString]
) -> SafeString:
    """The same HTML, whose `text` was read of it, with marks at these places and a link behind each, by its key."""
    assert text.html == html  # noqa: S101  # nothing else becomes safe
    return mark_safe(mark_places(text, places, links))  # noqa: S308  # of safe parts alone


def _render(text: str, top_heading: int, references: tuple[Reference, ...]) -> SafeString:
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").translate(_UNWANTED))
    if len(text) > MAX_LENGTH or text.count("\n") > MAX_LINES:
        return format_html("<pre>{}</pre>", text)
    try:
        html = _parser(references).convert(tame(text))
    except RecursionError:
        del _of_thread.parser
        return format_html("<pre>{}</pre>", text)
    html = _shift_headings(html.translate(_RESTORED), top_heading - 1)
    return mark_safe(  # noqa: S308  # cleaned by nh3 right here
        nh3.clean(
            html,
            tags=TAGS,
            attributes=ATTRIBUTES,
            # Asked for each attribute, so only where there is a picture.
            attribute_filter=_keep_attribute if "<img" in html or _blank_in_address.search(html) else None,
            set_tag_attribute_values=LAZY,
            url_schemes=SCHEMES,
            link_rel="noopener noreferrer nofollow",
        )
    )


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "a" and name == "href" and re.match(r"[^:/?#\s]*+\s[^:]*:", value):
        return None
    return markdown_pictures.keep_attribute(tag, name, value)


# A timeline of 200 events is 200 short texts, the same at every view: at most 8 MB of text and HTML a process.
_render_once = lru_cache(maxsize=2_000)(_render)


def _parser(references: tuple[Reference, ...]) -> markdown.Markdown:
    """This thread's parser: making one costs more than a short text, and one must not serve two threads at once."""
    if not hasattr(_of_thread, "parser"):
        extensions: list[str | markdown.Extension] = ["tables", "fenced_code", "sane_lists", "nl2br", _Dialect()]
        settings = {"tables": {"use_align_attribute": True}}
        _of_thread.parser = markdown.Markdown(extensions=extensions, extension_configs=settings, output_format="html")
    parser: Any = _of_thread.parser
    parser.meant = {reference.key: reference for reference in references}
    reset: markdown.Markdown = parser.reset()
    return reset


def tame(text: str) -> str:
    """The same text in a form that the parser reads in a time that grows with its length alone."""
    lines: list[str] = []
    for is_code, part in split_fences(text.split("\n")):
        lines += part if is_code else _tame_prose("\n".join(part))
    return "\n".join(lines)


def split_fences(lines: list[str]) -> Iterator[tuple[bool, list[str]]]:
    """The lines in runs of prose and of fenced code (True), fences included, as CommonMark reads them.

    Each closing fence is made equal to its opening one, and one that is missing is added, so that every program that
    reads Markdown sees the same code. Prose that only looks like a fence is moved from the edge.
    """
    fence, run = "", list[str]()
    for line in lines:
        opening = None if fence else re.match(r"(`{3,})[^`]*$|(~{3,})", line)
        if opening:
            if run:
                yield False, run
            fence = opening[1] or opening[2]
            run = [fence + re.sub(r"^[^\w#+.-]*([\w#+.-]*).*$", r"\1", line[len(fence) :])]
        elif fence and re.match(rf" {{0,3}}{fence}{fence[0]}*[ \t]*$", line):
            yield True, [*run, fence]
            fence, run = "", []
        else:
            run.append(f" {line}" if not fence and line.startswith("```") else line)
    if run:
        yield bool(fence), [*run, fence] if fence else run


def _tame_prose(text: str) -> Iterator[str]:
    text = _quote_prefix.sub("> " * MAX_QUOTE_DEPTH, text)
    text = _indent.sub(" " * MAX_INDENT, text)
    # Behind a blank of no width a marker begins no list.
    text = _nested_markers.sub("\\1\u200b", text)
    text = _long_word.sub(lambda match: match[0] + " ", text)
    text = "".join(_tame_paragraph(part) for part in _blank_lines.split(text))
    return _broken_paragraphs(text.split("\n"))


def _broken_paragraphs(lines: list[str]) -> Iterator[str]:
    """The lines, with a blank one after every 200 of a paragraph: the parser's time grows with their square."""
    run = 0
    for line in lines:
        run = run + 1 if line.strip() else 0
        if run > MAX_PARAGRAPH_LINES:
            run = 1
            yield ""
        yield line


def _tame_paragraph(paragraph: str) -> str:
    parts = 1 + len(paragraph) // 4_000
    if paragraph.count("*") > MAX_MARKS * parts:
        # The bullet of a list is no emphasis; as a hyphen it says the same and is not counted.
        paragraph = _bullet.sub(r"\1-", paragraph)
    paragraph = silence_brackets(paragraph, _TAMED["["])
    paragraph = silence_targets(paragraph, _TAMED["("])
    for character, stand_in in _TAMED.items():
        if paragraph.count(character) > (MAX_BRACKETS if character == "[" else MAX_MARKS) * parts:
            paragraph = paragraph.replace(character, stand_in)
    return paragraph


def _shift_headings(html: str, by: int) -> str:
    return re.sub(r"(</?h)([1-6])\b", lambda match: f"{match[1]}{min(int(match[2]) + by, 6)}", html)
