"""Pictures in Markdown: those that are files of an incident, and nothing else."""

import re
from typing import Any
from xml.etree.ElementTree import Element

from markdown.inlinepatterns import InlineProcessor

# The whole address and nothing more: no scheme, no host, no query.
ADDRESS = re.compile(r"/incidents/[1-9]\d{0,17}/attachments/[1-9]\d{0,17}/")
PICTURE = rf"!\[([^\[\]\n]{{0,300}})\]\(({ADDRESS.pattern})\)"
# Behind escapes and code, before links, which would read the rest of it.
PRIORITY = 165


class AttachedPicture(InlineProcessor):
    """`![alt](/incidents/42/attachments/7/)` as a picture that leads to itself; any other stays text."""

    def handleMatch(  # type: ignore[override]  # noqa: N802  # the library's name
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002
    ) -> tuple[Element, int, int]:
        """The link with the picture in it."""
        link = Element("a", href=m[2])
        # A picture that nobody described is at least told from another, in any language.
        picture = Element("img", src=m[2], alt=self.unescape(m[1]).strip() or m[2])
        link.append(picture)
        return link, m.start(0), m.end(0)


def keep_attribute(tag: str, name: str, value: str) -> str | None:
    """The value of an attribute, for the cleaner; None for a picture's address that is no file of an incident."""
    if tag == "img" and name == "src" and not ADDRESS.fullmatch(value):
        return None
    return value


def register(parser: Any) -> None:
    """The parser reads pictures from now on."""
    parser.inlinePatterns.register(AttachedPicture(PICTURE, parser), "attached_picture", PRIORITY)
