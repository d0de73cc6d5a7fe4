"""Addresses as people paste them."""

import pytest

from lib.markdown import render_markdown


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("See https://example.org/a_b_c?x=1&y=2.", ["https://example.org/a_b_c?x=1&amp;y=2"]),
        ("(http://a.b/c), then **https://d.e**", ["http://a.b/c", "https://d.e"]),
        ("(https://en.wikipedia.org/wiki/Raft_(algorithm))", ["https://en.wikipedia.org/wiki/Raft_(algorithm)"]),
        ("ดู https://a.b/ก ต่อ", ["https://a.b/ก"]),
        ("[words](https://a.b) and <https://c.d>", ["https://a.b", "https://c.d"]),
        ("[https://a.b](https://c.d)", ["https://c.d"]),
        ("`https://a.b`", []),
        ("    https://a.b", []),
        ("javascript://a.b file://a.b xhttps://a.b a@https://b http://", []),
        (r"https\://a.b", []),
        ("- [ ] https://a.b", ["https://a.b"]),
    ],
)
def test_an_address_becomes_a_link_to_where_it_says(text: str, addresses: list[str]) -> None:
    html = render_markdown(text)
    assert [part.split('"')[0] for part in html.split('href="')[1:]] == addresses
