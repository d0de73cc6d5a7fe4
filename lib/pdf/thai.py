"""Two cures for Thai text in PDF, applied to the inside of WeasyPrint.

1. A glyph tells a reader which characters it stands for, and ำ shares its glyphs with other clusters, so words with it
   can be neither found nor copied. Every line with Thai in it carries its own text (`/ActualText`).
2. WeasyPrint lays SVG text out one code point at a time, which tears vowels and tone marks from their consonants and
   draws them on dotted circles (its issue 2249). It is laid out whole, or cluster by cluster where its letters are
   placed one by one.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import wraps
from importlib import import_module
from typing import Any

WRITTEN_FOR = "70"
THAI = re.compile("[\u0e00-\u0e7f]")
# Break opportunities that have no glyph; between two letters of the text they would hide the word from a search.
INVISIBLE = str.maketrans("", "", "\u200b\u2060\u00ad")
# Letters by category, but drawn on the consonant before them: Thai and Lao AM.
AM = "\u0e33\u0eb3"
PLACED_APART = ("rotate", "letter-spacing", "textLength")


class UnsupportedWeasyPrintError(Exception):
    """The installed WeasyPrint is not the one this module was written for."""


def install() -> None:
    """Thai text drawn by this process from now on can be searched, copied and read; a second call changes nothing."""
    check_version(import_module("weasyprint").__version__)
    drawing: Any = import_module("weasyprint.draw.text")
    if not hasattr(drawing.draw_first_line, "__wrapped__"):
        drawing.draw_first_line = with_actual_text(drawing.draw_first_line)
        import_module("weasyprint.svg").Node.text = property(svg_text)


def check_version(installed: str) -> None:
    """Raises UnsupportedWeasyPrintError unless the major version is the one the cures were written for."""
    if installed.partition(".")[0] != WRITTEN_FOR:
        raise UnsupportedWeasyPrintError(
            f"WeasyPrint {installed} is installed, but lib/pdf/thai.py changes the inside of WeasyPrint {WRITTEN_FOR}: "
            f"type `pip install 'weasyprint~={WRITTEN_FOR}.0'`, or fit thai.py to the new version and run its tests."
        )


def with_actual_text(draw_first_line: Callable[..., Any]) -> Callable[..., Any]:
    """The same drawing, put between `/Span <</ActualText …>> BDC` and `EMC` where the line has Thai in it."""
    pydyf = import_module("pydyf")

    @wraps(draw_first_line)
    def draw(stream: Any, textbox: Any, *arguments: Any) -> Any:
        start = len(stream.stream)
        emojis = draw_first_line(stream, textbox, *arguments)
        # Read after drawing, which is when an ellipsis gets its final text.
        text = textbox.pango_layout.text.partition("\n")[0].translate(INVISIBLE)
        if THAI.search(text) and len(stream.stream) > start:
            properties = pydyf.Dictionary({"ActualText": pydyf.String(text)})
            stream.stream[start:start] = ["/Span", properties, b"BDC"]
            stream.end_marked_content()
        return emojis

    return draw


class Pieces(str):
    """Text that is iterated in the pieces to be laid out rather than by code point."""

    __slots__ = ("pieces",)
    pieces: list[str]

    def __iter__(self) -> Iterator[str]:
        return iter(self.pieces)


def svg_text(node: Any) -> str | None:
    """The text of an SVG node; iterating it gives clusters, or the whole text where nothing is placed between them."""
    plain = node._etree_node.text
    if not plain:
        return plain  # type: ignore[no-any-return]
    text = Pieces(plain)
    text.pieces = clusters(plain) if _is_placed_apart(node.attrib) else [plain]
    return text


def clusters(text: str) -> list[str]:
    """The text cut before every character that is not drawn on the one before it; joined, the pieces are the text."""
    pieces: list[str] = []
    for character in text:
        if pieces and (character in AM or unicodedata.category(character)[0] == "M"):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _is_placed_apart(attributes: dict[str, str]) -> bool:
    lists = (attributes.get(name, "").replace(",", " ").split() for name in ("x", "y", "dx", "dy"))
    return any(name in attributes for name in PLACED_APART) or any(len(values) > 1 for values in lists)
