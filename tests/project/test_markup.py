"""The templates: nothing inline, nothing from elsewhere, forms that work without JavaScript, one root a fragment."""

import re

import pytest

from tests.project.markup import Element, Markup, parse, read
from tests.project.sources import (
    TEMPLATES,
    find,
    fragments,
    name_of,
    pages,
    python_files,
    static_files,
    templates,
    text_of,
)

# The document is one file that people keep: its style is inside, and no page of the application shows it.
CARRIES_ITS_STYLE = "templates/incidents/documents/document.html"
# Rendered without context, extensions or database, when everything else has failed
BARE = "templates/500.html"
# Asked while typing; without JavaScript there is no preview
ASKED_WHILE_TYPING = {
    "{% url 'incidents:section_preview' incident.number key %}",
}
# Lists of fragments, or values without an element of their own
MANY_ROOTS = {
    "_saved.html",
    "_passing.html",
    "_added.html",
    "_corrected.html",
    "_styles.html",
    "_scripts.html",
    "_cell.html",
    "_preview.html",
}
CONTEXT = re.compile(r"\{# .+ #\}")


def elements(name: str | None = None) -> list[tuple[Markup, Element]]:
    pairs = [(read(path), element) for path in templates() for element in read(path).elements]
    return [(markup, element) for markup, element in pairs if name in (None, element.name)]


def test_text_is_marked_as_safe_only_where_markdown_is_cleaned() -> None:
    product = [path for path in python_files() if name_of(path).split("/")[0] != "tests"]
    elsewhere = [path for path in product if name_of(path) != "lib/markdown.py"]
    assert list(find(r"\bmark_safe\b|\bSafe(String|Text)\(|\bhtml_safe\b|__html__", elsewhere)) == []
    assert list(find(r"\|\s*safe(seq)?\b|\{%\s*autoescape\s+off", templates())) == []


def test_no_script_is_inline() -> None:
    assert [m.at(e.line) for m, e in elements("script") if not e.attributes.get("src")] == []
    assert list(find(r"javascript:", templates())) == []


def test_no_style_is_inline() -> None:
    inline = [m.at(e.line) for m, e in elements("style") if name_of(m.path) != CARRIES_ITS_STYLE]
    assert inline + [m.at(e.line) for m, e in elements() if "style" in e.attributes] == []


def test_no_attribute_carries_code() -> None:
    carried = [(m.at(e.line), name) for m, e in elements() for name in e.attributes]
    assert [(at, name) for at, name in carried if re.match(r"on|(data-)?hx-on|hx-vars", name)] == []
    filtered = [m.at(e.line) for m, e in elements() if "[" in e.attributes.get("hx-trigger", "")]
    assert filtered == []


def test_nothing_is_fetched_from_other_hosts() -> None:
    files = [*templates(), *static_files(".css"), *static_files(".js")]
    addresses = r"""https?://[^\s"')]+|(?<=["'(=])//\w[^\s"')]+"""
    assert [place for place in find(addresses, files) if not place.endswith("http://www.w3.org/2000/svg")] == []


def test_every_template_begins_with_its_context() -> None:
    beginnings = {
        name_of(path): text_of(path).splitlines()[:2] for path in pages() + fragments() if name_of(path) != BARE
    }
    silent = [name for name, lines in beginnings.items() if not any(CONTEXT.fullmatch(line) for line in lines)]
    assert silent == []


def test_the_page_of_last_resort_needs_nothing() -> None:
    assert re.search(r"\{[{%#]", text_of(TEMPLATES / "500.html")) is None


def test_every_form_says_how_and_where_it_is_sent() -> None:
    forms = [(m.at(e.line), e.attributes) for m, e in elements("form")]
    assert forms
    assert [at for at, attributes in forms if attributes.get("method") not in ("get", "post")] == []
    assert [at for at, attributes in forms if not attributes.get("action")] == []


def test_every_form_that_changes_something_carries_the_token_and_no_other_does() -> None:
    forms = [
        (m.at(e.line), e.attributes.get("method") == "post", "csrf-token" in e.inside) for m, e in elements("form")
    ]
    assert [at for at, is_post, has_token in forms if is_post != has_token] == []


def test_htmx_sends_a_form_where_the_browser_would() -> None:
    sent = [(m, e) for m, e in elements() if "hx-post" in e.attributes]
    asked = [(m, e) for m, e in sent if m.spelled(e.attributes["hx-post"]) not in ASKED_WHILE_TYPING]
    assert asked
    # A button may send its form elsewhere.
    where = {"form": "action", "button": "formaction"}
    assert [m.at(e.line) for m, e in asked if e.attributes["hx-post"] != e.attributes.get(where.get(e.name, ""))] == []


def test_htmx_asks_only_by_links_forms_and_buttons_unless_it_asks_by_itself() -> None:
    asking = [(m.at(e.line), e) for m, e in elements() if {"hx-get", "hx-post"} & set(e.attributes)]
    by_hand = [(at, e) for at, e in asking if not re.match("load|every", e.attributes.get("hx-trigger", ""))]
    assert [at for at, e in by_hand if e.name not in ("a", "form", "button")] == []
    assert [at for at, e in by_hand if e.name == "a" and not e.attributes.get("href")] == []
    assert [at for at, e in asking if {"hx-put", "hx-patch", "hx-delete"} & set(e.attributes)] == []


def test_every_fragment_has_one_root_element() -> None:
    roots = {name_of(path): count_roots(read(path).top_level) for path in fragments() if path.name not in MANY_ROOTS}
    assert {name: count for name, count in roots.items() if count != 1} == {}


def count_roots(top_level: list[str]) -> int:
    """How many elements a template puts side by side at most: of alternatives the larger, a loop counts as many."""
    # Each open tag: its name, and the count of each of its branches
    stack: list[tuple[str, list[int]]] = [("", [0])]
    for word in top_level:
        if word in ("if", "for", "ifchanged"):
            stack.append((word, [0]))
        elif word in ("elif", "else", "empty"):
            stack[-1][1].append(0)
        elif word in ("endif", "endfor", "endifchanged"):
            kind, branches = stack.pop()
            stack[-1][1][-1] += (2 if kind == "for" else 1) * max(branches)
        elif word in ("element", "include", "text"):
            stack[-1][1][-1] += 1
    return stack[0][1][0]


@pytest.mark.parametrize(
    ("template", "roots"),
    [
        ("{# x #}\n<p>{% if a %}<b></b><b></b>{% endif %}</p>", 1),
        ("<p></p>{% if a %}<p></p>{% endif %}", 2),
        ("{% if a %}<p></p>{% elif b %}<p></p>{% else %}{% include 'c' %}{% endif %}", 1),
        ("{% for a in b %}<p></p>{% endfor %}", 2),
        ("{% url 'a' as b %}<p {% if a %}id='{{ b }}'{% endif %}></p> {{ a }}", 2),
        ("<img src='{% static 'a' %}' alt=''>\n<br>", 2),
    ],
)
def test_roots_are_counted_through_conditions(template: str, roots: int) -> None:
    assert count_roots(parse(template, TEMPLATES / "_.html").top_level) == roots
