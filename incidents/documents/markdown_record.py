"""A Markdown file that is read back: a comment at its end, which no reader sees, carries what the text cannot.

Prose that somebody changed in the file by hand counts; tables do not, and whoever reads them back is told.
"""

import json
import re
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from incidents.documents.carried import Carried, CarriedSection, carried_by, sha256
from incidents.documents.tree import Document
from incidents.documents.tree_json import UnreadableDocumentError, read_value, write_value
from incidents.readers.front_matter import in_words, split_front_matter
from lib.markdown import split_fences
from lib.markdown_references import unlink_references

OPENING = "<!-- Read by Debrief when this file is imported; please leave it as it is."
COMMENT = re.compile(rf"\n\n{re.escape(OPENING)}\n(.+)\n-->\s*\Z", re.DOTALL)
HEADING = re.compile(r"^## (.*)$", re.MULTILINE)
# Nothing that a person wrote ends the comment, or is taken for markup by a program that does not know comments.
ESCAPES = {"<": "\\u003c", ">": "\\u003e", "--": "-\\u002d", "&": "\\u0026", "](": "\\u005d(", "]:": "\\u005d:"}


def comment_of(document: Document, shown: dict[str, tuple[str, str]]) -> str:
    """The comment for a document whose sections are `shown` as prose and as the blocks below it, by key."""
    carried = carried_by(document)
    sections = tuple(_fit(section, *shown[section.key]) for section in carried.sections)
    # A line for each value, so that git and people can see what changed.
    written = json.dumps(write_value(replace(carried, sections=sections)), ensure_ascii=False, separators=(",\n", ":"))
    for text, stand_in in ESCAPES.items():
        written = written.replace(text, stand_in)
    return f"{OPENING}\n{written}\n-->"


def has_record(text: str) -> bool:
    """True for a Markdown file of Debrief's own that can be read back whole."""
    return COMMENT.search(_plain(text)) is not None


def read_markdown(text: str) -> tuple[Carried, list[str]]:
    """What the file carries, with what somebody changed in it by hand, and sentences about what was not understood.

    Raises UnreadableDocumentError where the comment is gone or damaged.
    """
    text = _plain(text)
    found = COMMENT.search(text)
    if found is None:
        raise UnreadableDocumentError(_("The block that Debrief reads is missing at the end of this Markdown file."))
    try:
        carried = read_value(Carried, json.loads(found[1]))
    except (ValueError, RecursionError):
        raise UnreadableDocumentError(
            _("The block that Debrief reads at the end of this Markdown file is damaged. Export it once more.")
        ) from None
    carried = _typed_by_hand(text, carried)
    warnings: list[str] = []
    shown = _split_sections(text[: found.start()], carried)
    sections = tuple(_read_section(section, shown.get(section.key), warnings) for section in carried.sections)
    return replace(carried, sections=sections), warnings


def _plain(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def _fit(section: CarriedSection, prose: str, blocks: str) -> CarriedSection:
    """The section for the comment: its text only where the file shows it otherwise than it was typed."""
    return replace(
        section,
        body="" if section.body == prose else section.body,
        prose_sha256=sha256(prose),
        prose_length=len(prose),
        blocks_sha256=sha256(blocks),
        blocks_length=len(blocks),
    )


def _typed_by_hand(text: str, carried: Carried) -> Carried:
    known, _lines, _is_read = split_front_matter(text)
    return replace(
        carried,
        title=_changed(known.get("title"), carried.title),
        author=_changed(known.get("author"), carried.author),
    )


def _changed(said: Any, exported: str) -> str:
    """What somebody typed instead, in one line; where nobody did, every blank of it is as it was."""
    words = in_words(said)
    return exported if words in ("", in_words(exported)) else words


def join(prose: str, blocks: str) -> str:
    """What stands under a section's heading."""
    return "\n\n".join(part for part in (prose, blocks) if part)


def _split_sections(text: str, carried: Carried) -> dict[str, str]:
    """What stands under each section's heading, by key."""
    shown: dict[str, str] = {}
    place = 0
    for number, section in enumerate(carried.sections):
        heading = _find_heading(text, place, section)
        if heading is None:
            continue
        begin = heading.end() + 2
        length = (
            section.prose_length + section.blocks_length + (2 if section.prose_length and section.blocks_length else 0)
        )
        place = begin + length
        if not _is_as_exported(text[begin:place], section):
            found = (_find_heading(text, heading.end(), other) for other in carried.sections[number + 1 :])
            following = next((each for each in found if each), None)
            place = following.start() if following else len(text)
        shown[section.key] = text[begin:place].strip("\n")
    return shown


def _find_heading(text: str, place: int, section: CarriedSection) -> re.Match[str] | None:
    # In the file there is one blank between the words of a title, whatever was typed.
    title = section.title.split()
    return next((each for each in HEADING.finditer(text, place) if each[1].split() == title), None)


def _is_as_exported(shown: str, section: CarriedSection) -> bool:
    """True where every character is: a heading of the same words within it, as code may have one, ends nothing."""
    prose, blocks = shown[: section.prose_length], shown[len(shown) - section.blocks_length :]
    return sha256(prose) == section.prose_sha256 and sha256(blocks) == section.blocks_sha256


def _read_section(section: CarriedSection, shown: str | None, warnings: list[str]) -> CarriedSection:
    words = {"title": section.title}
    if shown is None:
        warnings.append(_("The section “%(title)s” is not in the file any more; it comes back as it was.") % words)
        return section
    if _is_as_exported(shown, section):
        return section if section.body else replace(section, body=shown[: section.prose_length])
    prose, blocks = _cut(shown, section.blocks_length)
    if sha256(blocks) != section.blocks_sha256:
        warnings.append(
            _("Something below the text of “%(title)s” was changed by hand: it stands in the text now.") % words
        )
        return replace(section, body=raise_headings(shown))
    warnings.append(_("The text of “%(title)s” was changed by hand; it is read as it stands in the file.") % words)
    return replace(section, body=raise_headings(prose))


def _cut(shown: str, length: int) -> tuple[str, str]:
    """Prose and blocks, which stand below it."""
    if not length:
        return shown, ""
    return shown[:-length].rstrip("\n"), shown[-length:]


def raise_headings(prose: str) -> str:
    """The prose with its headings where they were before they went below those of the document, references as typed."""
    lines: list[str] = []
    for is_code, part in split_fences(prose.split("\n")):
        lines += part if is_code else (unlink_references(re.sub(r"^##(?=#{1,4}\s)", "", line)) for line in part)
    return "\n".join(lines)
