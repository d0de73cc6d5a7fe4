"""Lists of tasks in Markdown: `- [ ] open` and `- [x] done`, as GitHub and GitLab show them."""

import re
from xml.etree.ElementTree import Element

import markdown
from django.utils.translation import gettext as _
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

_box = re.compile(r"\[([ xX])\][ \t]+(?=\S)")


def register(md: markdown.Markdown) -> None:
    """From now on the parser `md` puts a box in front of what is to be done, ticked where it is done."""
    # Before what reads the text of the items.
    md.treeprocessors.register(_Tasks(md), "tasks", 25)


class _Tasks(Treeprocessor):
    def run(self, root: Element) -> None:
        for item in root.iter("li"):
            # With blank lines between the items, each is a paragraph.
            place = item[0] if len(item) and item[0].tag == "p" and not (item.text or "").strip() else item
            if found := _box.match(place.text or ""):
                item.set("class", "task")
                self._put_box(place, found)

    def _put_box(self, place: Element, found: re.Match[str]) -> None:
        is_done = found[1] != " "
        box = Element("i", {"role": "img", "aria-label": _("done") if is_done else _("to do")})
        box.text = AtomicString("✓" if is_done else "")
        box.tail = (place.text or "")[found.end() :]
        place.text = ""
        place.insert(0, box)
