"""A cure inside WeasyPrint for the tags of a PDF: lists of facts, which screen readers hear item by item."""

from collections.abc import Callable, Iterator
from functools import wraps
from importlib import import_module
from typing import Any

# A term is what its description is called by. A link's generated content is no link in the link.
TAGS = {"dt": "Lbl", "dd": "LBody", "a::after": "Span", "a::before": "Span"}


def install() -> None:
    """From now on a `<div>` in a `<dl>` is an item with its label and its body; twice does nothing."""
    tags: Any = import_module("weasyprint.pdf.tags")
    if not hasattr(tags._build_box_tree, "__wrapped__"):
        tags._get_pdf_tag = _with_own_tags(tags._get_pdf_tag)
        tags._build_box_tree = _with_items(tags._build_box_tree)


def _with_own_tags(get_tag: Callable[[str | None], str]) -> Callable[[str | None], str]:
    @wraps(get_tag)
    def get(tag: str | None) -> str:
        return TAGS.get(tag or "") or get_tag(tag)

    return get


def _with_items(build: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    @wraps(build)
    def build_tree(box: Any, parent: Any, *arguments: Any) -> Iterator[Any]:
        for element in build(box, parent, *arguments):
            # PDF/UA-1 (ISO 32000-1, 14.8.4.3.3): a list holds items alone.
            if parent["S"] == "/L" and element["S"] == "/Div":
                element["S"] = "/LI"
            yield element

    return build_tree
