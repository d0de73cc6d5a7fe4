import pytest

from lib.markdown import MAX_LENGTH, render_markdown
from tests.lib.hostile import ATTACKS, danger_in_fragment


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_is_typed_is_executed(attack: str) -> None:
    for frame in ("{}", "text {} text", "- {}", "> {}", "# {}", "|a|\n|-|\n|{}|", "**{}**", "{}\n\n{}"):
        assert danger_in_fragment(render_markdown(frame.replace("{}", attack))) == [], frame


def test_raw_html_is_shown_as_it_was_typed() -> None:
    assert render_markdown("<b>bold</b> &amp; <script>") == ("<p>&lt;b&gt;bold&lt;/b&gt; &amp; &lt;script&gt;</p>")


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("**a** *b* `c`", "<p><strong>a</strong> <em>b</em> <code>c</code></p>"),
        ("a\nb", "<p>a<br>\nb</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("# a", "<h3>a</h3>"),
        ("###### a", "<h6>a</h6>"),
        ("```sh\nls <dir>\n```", "<pre><code>ls &lt;dir&gt;\n</code></pre>"),
        ("~~~\na\n~~~~~", "<pre><code>a\n</code></pre>"),
        ("```\nnever closed", "<pre><code>never closed\n</code></pre>"),
        ("```a``` b", "<p><code>a</code> b</p>"),
        ("* * *", "<hr>"),
        ("[a](mailto:a@b.c)", '<p><a href="mailto:a@b.c" rel="noopener noreferrer nofollow">a</a></p>'),
        ("", ""),
        ("ผู้ใช้ที่นี่", "<p>ผู้ใช้ที่นี่</p>"),
    ],
)
def test_what_people_type_looks_as_they_expect(source: str, html: str) -> None:
    assert render_markdown(source) == html


def test_a_table_keeps_its_columns() -> None:
    html = render_markdown("| a | b |\n| --- | --: |\n| 1 | 2 |")
    assert "<td>1</td>" in html
    assert html.count("<th") == 3  # thead and two headings


def test_the_top_heading_can_be_chosen() -> None:
    assert render_markdown("# a", top_heading=2) == "<h2>a</h2>"


def test_line_ends_do_not_matter() -> None:
    expected = render_markdown("a\n\n- b")
    assert render_markdown("a\r\n\r\n- b\r\n") == render_markdown("a\r\r- b") == expected


@pytest.mark.parametrize("length", [MAX_LENGTH + 1, 10_000_000])
def test_what_is_larger_than_any_section_is_plain_text(length: int) -> None:
    html = render_markdown("*" * (length - 3) + "<b>")
    assert html.startswith("<pre>***")
    assert html.endswith("&lt;b&gt;</pre>")
