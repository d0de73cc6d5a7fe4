"""Words that somebody quoted, found and marked in HTML."""

import re
from html import escape, unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.markdown import render_markdown
from lib.passages import Passage, find_places, mark_places, read_text

LINK = "<a>#</a>"


def marked(html: str, *passages: Passage) -> str:
    text = read_text(html)
    return mark_places(text, find_places(text, passages), {passage.key: LINK for passage in passages})


@pytest.mark.parametrize(
    ("html", "quote", "expected"),
    [
        ("<p>The disk was full.</p>", "disk was", f'<p>The <mark class="passage-mark">disk was</mark>{LINK} full.</p>'),
        # Blanks and line ends count for nothing.
        ("<p>The disk<br>\n was full.</p>", "disk was", f"<p>The {{disk}}<br>\n {{was}}{LINK} full.</p>"),
        ("<p>a <strong>b</strong> c</p>", "a b c", f"<p>{{a }}<strong>{{b}}</strong> {{c}}{LINK}</p>"),
        (
            "<ul>\n<li>one</li>\n<li>two</li>\n</ul>",
            "one two",
            f"<ul>\n<li>{{one}}</li>\n<li>{{two}}{LINK}</li>\n</ul>",
        ),
        # A link holds no other link.
        ('<p>see <a href="/x">the log</a> now</p>', "the log", f'<p>see <a href="/x">{{the log}}</a>{LINK} now</p>'),
        ("<p>a &lt;b&gt; &amp; c</p>", "<b> &", f"<p>a {{&lt;b&gt; &amp;}}{LINK} c</p>"),
        # What stands in an attribute, a drawing or a comment is not read.
        ('<p title="disk > full">disk</p>', "disk", f'<p title="disk > full">{{disk}}{LINK}</p>'),
        ("<svg><text>disk</text></svg><p>disk</p>", "disk", f"<svg><text>disk</text></svg><p>{{disk}}{LINK}</p>"),
        ("<!-- disk --><p>disk</p>", "disk", f"<!-- disk --><p>{{disk}}{LINK}</p>"),
        ("<p>จานเต็มแล้วระบบหยุด</p>", "เต็มแล้ว", f"<p>จาน{{เต็มแล้ว}}{LINK}ระบบหยุด</p>"),
        # As it is copied from the text area.
        ("<p>The <strong>log disk</strong></p>", "**log disk**", f"<p>The <strong>{{log disk}}{LINK}</strong></p>"),
        ("<p>The disk</p>", "the tape", "<p>The disk</p>"),
        ("<p>The disk</p>", " ** ", "<p>The disk</p>"),
    ],
)
def test_the_passage_is_marked_where_it_is_read(html: str, quote: str, expected: str) -> None:
    spelled = re.sub(r"\{([^{}]*)\}", r'<mark class="passage-mark">\1</mark>', expected)
    found = marked(html, Passage(1, quote))
    # Whether a blank at the edge of a mark is inside of it makes no difference to anybody.
    assert found.replace("a </mark>", "a</mark> ") == spelled.replace("a </mark>", "a</mark> ")


def test_of_the_same_words_those_are_meant_that_stand_behind_the_same_words() -> None:
    html = "<p>The disk was full. A disk was empty. That disk was new.</p>"
    assert marked(html, Passage(1, "disk was", "was full. A")).index("<mark") == html.index("disk was empty")
    assert marked(html, Passage(1, "disk was", "Another")).index("<mark") == html.index("disk was full")


def test_passages_that_overlap_are_marked_once_with_a_link_for_each() -> None:
    html = marked("<p>one two three four</p>", Passage(1, "one two three"), Passage(2, "two three four"))
    opening = '<mark class="passage-mark">'
    assert html == f"<p>{opening}one two three</mark>{LINK} {opening}four</mark>{LINK}</p>"


def test_the_words_around_a_passage_are_read_from_the_edge_of_a_word() -> None:
    text = read_text(f"<p>{'before ' * 20}<em>the disk</em>, {'behind ' * 20}</p>")
    place = find_places(text, [Passage(1, "the disk")])[1]
    assert place.before.startswith("… before ")
    assert place.before.endswith("before ")
    assert place.after.startswith(", behind ")
    assert place.after.endswith("behind …")


@given(st.lists(st.sampled_from(["disk", "**log**", "[x](http://h/)", "`code`", "<b>", "&amp;", "\n\n", "- a", "ก"])))
def test_marking_adds_marks_and_changes_nothing_else(words: list[str]) -> None:
    html = str(render_markdown(" ".join(words)))
    text = read_text(html)
    whole = "".join(text.characters)
    passages = [Passage(start, whole[start : start + 7]) for start in range(0, len(whole), 5)]
    added = re.compile(rf'{re.escape(LINK)}|</?mark(?: class="passage-mark")?>')
    assert added.sub("", marked(html, *passages)) == html
    assert re.sub(r"\s", "", unescape(re.sub(r"<[^>]*>", "", html))) == whole


def test_what_is_quoted_never_becomes_markup() -> None:
    html = f"<p>{escape('<script>alert(1)</script>')}</p>"
    assert "<script" not in marked(html, Passage(1, "<script>alert(1)</script>", "<script>"))
