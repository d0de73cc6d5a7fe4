"""References in Markdown, such as INC-42, RT-12.rto and @ann, become links with the value that they stand for.

Only those that somebody has looked up: whatever else looks like one stays text.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

# Thai is written without blanks, so that its letters are no part of the word before or behind them.
LETTER = r"[^\W\u0e00-\u0e7f]"
REFERENCE = re.compile(
    rf"(?<!{LETTER})(?<![-.@#&=+~%?\\])(?<!(?<!\d)/)(?:"
    rf"(?P<record>(?:INC|ACT|RT|EV)-[1-9]\d{{0,14}}(?:\.[a-z][a-z_]{{1,40}})?)(?!{LETTER})(?![-.]\w)"
    r"|(?P<mention>@\w[\w\u0e00-\u0e7f.@+-]{0,149}))"
)
NOT_THAI = re.compile(r"[^\u0e00-\u0e7f]+")
# What Markdown does not read as plain words: code, links, addresses.
NO_WORDS = re.compile(
    r"(?<!`)(?P<ticks>`+)(?!`)[^`]*(?P=ticks)(?!`)|!?\[[^\[\]\n]*\](?:\([^()\n]*\)|\[[^\[\]\n]*\]|:)|<[^<>\s]*>"
)
INDENTED_CODE = re.compile(r"(?: {4}|\t)\s*(?![-+*] |\d+[.)] )\S")
LINKED = re.compile(r'\[[^\[\]\n]{1,300}\]\(https?://[^\s()]{1,300} "(?P<key>' + REFERENCE.pattern + r')"\)')
# Behind what makes links and code of the text, before what puts escaped characters back.
PRIORITY = 15
UNTOUCHED = {"a", "code", "pre"}


@dataclass(frozen=True)
class Reference:
    """What stands for something else: `key` as it was typed, what the link says, and where it leads.

    Without an `address` it is no link. `value` is what was measured, in words; None where none was asked for.
    """

    key: str
    label: str
    address: str = ""
    value: str | None = None


def spell_keys(text: str) -> Iterator[str]:
    """Each reference in the text as it was typed; of a mention, all that it may have been meant to be."""
    for match in REFERENCE.finditer(text):
        yield from _spellings(match)


def link_references(text: str, references: Sequence[Reference], base: str) -> str:
    """Markdown without fenced code, with its references as links led by `base`; each says in its title what was typed.

    Code and links are left as they are.
    """
    known = {reference.key: reference for reference in references}
    if not known:
        return text
    return "".join(
        line if INDENTED_CODE.match(line) else _link_line(line, known, base) for line in text.splitlines(keepends=True)
    )


def unlink_references(text: str) -> str:
    """The text with the links that `link_references` wrote as they were typed."""
    return LINKED.sub(lambda match: match["key"], text)


class ReferenceLinks(Treeprocessor):
    """Links instead of the references that the parser was given; none in code, none in links.

    It goes over the text once, so that a text with thousands of them takes no longer than its length asks for.
    """

    def run(self, root: Element) -> None:
        """Every text of the tree outside of code and links."""
        known: Mapping[str, Reference] = getattr(self.md, "meant", {})
        if known:
            put_elements(root, lambda text: _split(text, known))


def put_elements(element: Element, split: Callable[[str | None], tuple[str | None, list[Element]]]) -> None:
    """Every text of the tree outside of code and links is what `split` makes of it: a text, and elements behind it."""
    if element.tag in UNTOUCHED:
        return
    element.text, children = split(element.text)
    for child in element:
        put_elements(child, split)
        children.append(child)
        child.tail, behind = split(child.tail)
        children += behind
    element[:] = children


def register(parser: Any) -> None:
    """The parser links the references that it is given from now on."""
    parser.treeprocessors.register(ReferenceLinks(parser), "references", PRIORITY)


def _split(text: str | None, known: Mapping[str, Reference]) -> tuple[str | None, list[Element]]:
    """What comes before the first reference, and an element for each, with what follows it as its tail."""
    if not text or isinstance(text, AtomicString):
        return text, []
    first, elements = "", list[Element]()
    for part, reference in _cut(text, known):
        if reference:
            elements.append(_element(reference))
        elif elements:
            elements[-1].tail = part
        else:
            first = part
    return first, elements


def _element(reference: Reference) -> Element:
    # The cleaner takes the span away and leaves what is in it.
    span = Element("span")
    link = Element("a", href=reference.address) if reference.address else Element("span")
    link.text = AtomicString(reference.label)
    if reference.value is not None:
        span.text, link.tail = f"{reference.value} (", ")"
    span.append(link)
    return span


def _link_line(line: str, known: Mapping[str, Reference], base: str) -> str:
    end, linked = 0, ""
    for match in NO_WORDS.finditer(line):
        linked += _link_words(line[end : match.start()], known, base) + match[0]
        end = match.end()
    return linked + _link_words(line[end:], known, base)


def _link_words(words: str, known: Mapping[str, Reference], base: str) -> str:
    return "".join(
        part if reference is None else _as_markdown(reference, base) for part, reference in _cut(words, known)
    )


def _as_markdown(reference: Reference, base: str) -> str:
    words = reference.label if reference.value is None else f"{reference.value} ({reference.label})"
    words = re.sub(r"([\\`*_\[\]|<>])", r"\\\1", words)
    return f'[{words}]({base}{reference.address} "{reference.key}")' if reference.address else words


def _cut(text: str, known: Mapping[str, Reference]) -> Iterator[tuple[str, Reference | None]]:
    """The text in parts; each that is a known reference with what it stands for."""
    end = 0
    for match in REFERENCE.finditer(text):
        key = next((spelled for spelled in _spellings(match) if spelled in known), None)
        if key is not None:
            if match.start() > end:
                yield text[end : match.start()], None
            yield key, known[key]
            end = match.start() + len(key)
    if end < len(text):
        yield text[end:], None


def _spellings(match: re.Match[str]) -> Iterator[str]:
    """The longest first: a full stop, and Thai words, may belong to the sentence behind a name."""
    if match["record"]:
        yield match["record"]
        return
    before = ""
    for whole in (match["mention"], _without_thai(match["mention"])):
        name = whole
        while len(name) > 1 and name != before:
            yield name
            name = name.rstrip(".@+-") if name[-1] in ".@+-" else ""
        before = whole


def _without_thai(mention: str) -> str:
    found = NOT_THAI.match(mention)
    return found[0] if found else ""
