"""Every word that a reader sees is marked for translation."""

import re

from django.template.base import Lexer, Token, TokenType

from tests.project.markup import MARK, read
from tests.project.sources import name_of, templates, text_of

# Names and abbreviations that are the same in every language
SAME_EVERYWHERE = {
    "RPO",
    "RTO",
    "SHA-256",
    "PDF",
    "HTML",
    "Markdown",
    "CSV",
    "JSON",
    "Debrief",
    "ACT-",
    "INC-",
    "RT-",
    "p90",
    "n =",
}
# Rendered without context or extensions, when everything else has failed
BARE = "templates/500.html"
READ_ALOUD_OR_SHOWN = ("aria-label", "aria-description", "title", "alt", "placeholder", "label", "data-label")
NOT_SHOWN = {"script", "style"}
# Their strings are translated, name templates and routes, or format dates.
OTHER_STRINGS = {"translate", "blocktranslate", "extends", "include", "url", "static", "load", "block", "with"}
FORMATS = re.compile(r"""\|(date|time):("[^"]*"|'[^']*')""")
# Put in for each row
FILLED_IN = re.compile(r"\{\w+\}")
MARKED = re.compile(r"""_\(("[^"]*"|'[^']*')\)""")


def words(text: str) -> str:
    """What remains to be translated of a text."""
    text = FILLED_IN.sub(" ", MARK.sub(" ", text))
    for name in sorted(SAME_EVERYWHERE, key=len, reverse=True):
        text = re.sub(rf"(?<![\w-]){re.escape(name)}(?!\w)", " ", text)
    return text.strip() if re.search(r"[^\W\d_]", text) else ""


def unmarked_strings(token: Token) -> list[str]:
    """Words in quotes inside a template tag that reach the page as they are."""
    if token.token_type not in (TokenType.VAR, TokenType.BLOCK):
        return []
    contents = MARKED.sub("", FORMATS.sub("", token.contents))
    if token.token_type == TokenType.BLOCK and contents.split()[0] in OTHER_STRINGS:
        contents = contents.partition(" with ")[2] if contents.startswith("include") else ""
    strings = [double or single for double, single in re.findall(r""""([^"]*)"|'([^']*)'""", contents)]
    return [text for text in strings if words(text) and re.search(r"[^\W\d_]{2,} [^\W\d_]|^[A-Z][a-z]", text)]


def test_every_text_is_translated() -> None:
    markups = [read(path) for path in templates() if name_of(path) != BARE and path.suffix == ".html"]
    shown = [
        (m.at(line), words(text)) for m in markups for line, text, parents in m.texts if not NOT_SHOWN & {*parents}
    ]
    assert [place for place in shown if place[1]] == []


def test_every_attribute_that_people_read_is_translated() -> None:
    elements = [(read(path), element) for path in templates() for element in read(path).elements]
    shown = [(m.at(e.line), words(e.attributes.get(name, ""))) for m, e in elements for name in READ_ALOUD_OR_SHOWN]
    assert [place for place in shown if place[1]] == []


def test_every_string_in_a_tag_is_translated() -> None:
    tokens = [(path, token) for path in templates() for token in Lexer(text_of(path)).tokenize()]
    assert [(name_of(path), text) for path, token in tokens for text in unmarked_strings(token)] == []
