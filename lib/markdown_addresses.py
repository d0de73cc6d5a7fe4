"""Addresses that stand in Markdown by themselves, as people paste them: they become links."""

import re
from xml.etree.ElementTree import Element

import markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from lib.markdown_references import put_elements

# Nothing in front that would make it a part of something longer.
_address = re.compile(r"(?<![\w@/.=-])https?://[^\s<>\"\x02\x03]{1,2000}")
# Marks that end the sentence rather than the address
_behind = re.compile(r"[.,;:!?'*_~]+$")
# Behind what makes links and code of the text, as for references.
PRIORITY = 16


def register(md: markdown.Markdown) -> None:
    """From now on the parser `md` makes a link of each http and https address that is none yet."""
    md.treeprocessors.register(_Addresses(md), "addresses", PRIORITY)
    # With a backslash before its colon, as CommonMark reads it, an address stays text.
    md.ESCAPED_CHARS.append(":")


class _Addresses(Treeprocessor):
    def run(self, root: Element) -> None:
        put_elements(root, _split)


def _split(text: str | None) -> tuple[str | None, list[Element]]:
    if not text or "://" not in text or isinstance(text, AtomicString):
        return text, []
    links: list[Element] = []
    first, done = text, 0
    for found in _address.finditer(text):
        address = _without_end(found[0])
        between = text[done : found.start()]
        if links:
            links[-1].tail = between
        else:
            first = between
        link = Element("a", {"href": address})
        link.text = AtomicString(address)
        links.append(link)
        done = found.start() + len(address)
    if links:
        links[-1].tail = text[done:]
    return first, links


def _without_end(address: str) -> str:
    address = _behind.sub("", address)
    while address.endswith(")") and address.count("(") < address.count(")"):
        address = _behind.sub("", address[:-1])
    return address
