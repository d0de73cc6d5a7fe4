"""What of a Markdown text is its author's prose."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.wording.check import check
from incidents.wording.prose import BREAK, prose_of

PIECES = st.sampled_from(
    ["`", "``", "```", "~~~", "\n", "\n\n", "    ", "\t", "> ", "- ", "1. ", "# ", "|", "[a](", ")", "](", "<", ">",
     "<!--", "-->", "---\n", "http://x", "forgot", "should have been", "Ann", "ลืม", "เขา", "😀", " ", "*", "\r",
     "\\", BREAK, "'s"]
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "`forgot`",
        "``a ` forgot``",
        "a `b\nforgot` c",
        "```\nforgot\n```",
        "```\nforgot",
        "~~~ text\nforgot\n```\nforgot\n~~~",
        "- item\n\n  ```\n  forgot\n  ```",
        "Text\n\n    forgot",
        "> forgot",
        "> said\nforgot",
        "- > forgot",
        "[a](forgot)",
        "[a](x \"forgot\")",
        "<https://x.org/forgot>",
        "https://x.org/forgot-it?forgot",
        "www.example.org/forgot",
        "[a]: https://x.org/forgot",
        "<!-- forgot\n\nforgot -->",
        "<a title='forgot'>b</a>",
        "---\ntitle: forgot\n---\nText",
    ],
)  # fmt: skip
def test_code_addresses_and_quotations_are_not(text: str) -> None:
    assert check(text) == []
    assert len(prose_of(text)) == len(text)


@pytest.mark.parametrize(
    "text",
    [
        "forgot",
        "` forgot",
        "`a` forgot `b`",
        "```\na\n```\nforgot",
        "> said\n\nforgot",
        "> said\n- forgot",
        "> said\n# forgot",
        "[forgot](x)",
        "![forgot](x)",
        "# forgot",
        "- forgot",
        "- a\n    forgot",
        "1. a\n\n   forgot",
        "| forgot |",
        "a\n    forgot",
        "**forgot**",
        "<b>forgot</b>",
        "a < b forgot",
        "<!-- a --> forgot",
        "<!-- forgot",
        "---\na\n---\n\nforgot",
    ],
)
def test_everything_else_is(text: str) -> None:
    (mark,) = check(text)
    assert text[mark.start : mark.end] == "forgot"


@settings(max_examples=400)
@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=200))
def test_whatever_is_typed_keeps_its_places(text: str) -> None:
    prose = prose_of(text)
    assert len(prose) == len(text)
    for mark in check(text, ["Ann", "เขา"]):
        assert 0 <= mark.start < mark.end <= len(text)
        assert text[mark.start : mark.end].strip()
