"""A template as a tree of HTML: template tags become marks that an HTML parser passes through."""

import re
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from django.template.base import Lexer, Token, TokenType

from tests.project.sources import name_of, text_of

# A mark is a number between two signs that no template contains: one pair for values, one for everything else.
VALUE, CONTROL = "\ue000{}\ue001", "\ue002{}\ue003"
MARK = re.compile("[\ue000\ue002](\\d+)[\ue001\ue003]")
VALUE_TAGS = {"url", "static", "translate", "firstof", "cycle", "now", "blocktranslate"}
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "csrf-token"}


@dataclass
class Element:
    """One start tag: what stands in it, where, and the elements inside."""

    name: str
    attributes: dict[str, str]
    line: int
    parents: tuple[str, ...]
    inside: list[str] = field(default_factory=list)


@dataclass
class Markup:
    """What a template says: its elements, its texts outside {% translate %}, and what stands at its top level."""

    path: Path
    tokens: list[str]
    elements: list[Element] = field(default_factory=list)
    texts: list[tuple[int, str, tuple[str, ...]]] = field(default_factory=list)
    top_level: list[str] = field(default_factory=list)

    def at(self, line: int) -> str:
        return f"{name_of(self.path)}:{line}"

    def spelled(self, text: str) -> str:
        """The text with its template tags as they were written."""
        return MARK.sub(lambda match: "{" + self.tokens[int(match[1])] + "}", text)


class _Reader(HTMLParser):
    """Fills a Markup."""

    def __init__(self, markup: Markup) -> None:
        super().__init__()
        self.markup = markup
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        parents = tuple(element.name for element in self.open)
        known = {name: value or "" for name, value in attrs if not MARK.search(name)}
        element = Element(tag, known, self.getpos()[0], parents)
        if not self.open:
            self.markup.top_level.append("element")
        for parent in self.open:
            parent.inside.append(tag)
        self.markup.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop().name != tag:
            pass

    def handle_data(self, data: str) -> None:
        parents = tuple(element.name for element in self.open)
        self.markup.texts.append((self.getpos()[0], MARK.sub(" ", data), parents))
        if not self.open:
            self.markup.top_level += self._outline(data)

    def _outline(self, data: str) -> list[str]:
        """The first words of the template tags in the data, "text" for the words and values between them."""
        outline = []
        for part in re.findall("[\ue000\ue002]\\d+[\ue001\ue003]|[^\ue000\ue002\\s]+", data):
            is_control = part[0] == "\ue002"
            outline.append(self.markup.tokens[int(part[1:-1])].strip("% ").split()[0] if is_control else "text")
        return outline


@cache
def read(path: Path) -> Markup:
    """The template of this file."""
    return parse(text_of(path), path)


def parse(text: str, path: Path) -> Markup:
    markup = Markup(path, [])
    reader = _Reader(markup)
    reader.feed("".join(_marked(text, markup.tokens)))
    reader.close()
    return markup


def _marked(text: str, tokens: list[str]) -> list[str]:
    """The template's HTML; a mark for each template tag; as many line ends as before."""
    parts: list[str] = []
    skipping_until = None
    for token in Lexer(text).tokenize():
        word = token.contents.split()[0] if token.contents.split() else ""
        if skipping_until:
            skipping_until = None if word == skipping_until else skipping_until
            parts.append("\n" * token.contents.count("\n"))
            continue
        if token.token_type == TokenType.BLOCK and word in ("blocktranslate", "comment"):
            skipping_until = f"end{word}"
        parts.append(_mark(token, word, tokens))
    return parts


def _mark(token: Token, word: str, tokens: list[str]) -> str:
    lines = "\n" * token.contents.count("\n")
    if token.token_type == TokenType.TEXT:
        return token.contents
    if token.token_type == TokenType.COMMENT or word == "comment":
        return lines
    if word == "csrf_token":
        return "<csrf-token>"
    is_value = token.token_type == TokenType.VAR
    spelled = f"{{ {token.contents} }}"[1:-1] if is_value else f"% {token.contents} %"
    if spelled not in tokens:
        tokens.append(spelled)
    number = tokens.index(spelled)
    if is_value or (word in VALUE_TAGS and not re.search(r" as \w+$", token.contents)):
        return VALUE.format(number)
    return f" {CONTROL.format(number)} {lines}"
