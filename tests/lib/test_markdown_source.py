"""Other programs read what is exported: CommonMark by markdown-it, and Python-Markdown with raw HTML."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.markdown_source import defuse, defuse_line, escape
from tests.lib.hostile import ATTACKS, COMMONMARK, dangers, read_by_others


def test_these_programs_do_execute_what_is_not_defused() -> None:
    assert len([attack for attack in ATTACKS if dangers(attack)]) > 45


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_is_executed_by_other_programs(attack: str) -> None:
    for frame in ("{}", "text {}", "- {}", "> {}", "{}\n\n{}", "`a` {} `b`", "```\na\n```\n{}"):
        assert dangers(defuse(frame.replace("{}", attack))) == [], frame


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_is_executed_in_a_cell(attack: str) -> None:
    for cell in (defuse_line(attack), escape(attack)):
        assert "\n" not in cell
        assert dangers(f"| a |\n| - |\n| {cell} |\n\n# {cell}\n\n- **a:** {cell}") == []


PIECES = st.lists(
    st.sampled_from(
        [*"`<[]()|>\\\n\ta ", "```", "~~~", "\n\n", "- ", "    ", "# ", "|-|-|\n", "<!--", "]]>", "<script>"]
    )
    | st.sampled_from(["[x]", "(javascript:1)", ":javascript:1", "<img src=x onerror=1>"]),
    max_size=14,
).map("".join)


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(PIECES)
def test_no_combination_is_executed(source: str) -> None:
    assert dangers(defuse(source)) == []


@pytest.mark.parametrize(
    "source",
    [
        "a < b and c > d",
        "**a** `b` *c*",
        "run `ssh <host>` on `a`",
        "[a](https://a.b/c?d=e)",
        '[a](https://a.b "title")',
        "[runbook](notes/run.md)",
        "<https://a.b>",
        "arr[0] = f(x)",
        "[a]: https://a.b\n\n[a]",
        "```sh\nls <dir> | [x](javascript:1)\n```",
        "| a | b |\n| --- | --- |\n| 1 | `2` |",
        "การเขียน **Post-mortem**",
    ],
)
def test_what_is_harmless_stays_as_it_was_typed(source: str) -> None:
    assert defuse(source) == source


@pytest.mark.parametrize(
    ("source", "seen"),
    [("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"), ("[x](javascript:1)", "[x](javascript:1)")],
)
def test_what_is_taken_away_is_seen_as_text(source: str, seen: str) -> None:
    assert [html.strip() for html in read_by_others(defuse(source))] == [f"<p>{seen}</p>"] * 2


@pytest.mark.parametrize("text", ["*a* _b_ `c` [d](e) <f> g|h \\i &amp; &#60; <!-- -->", "a\nb", "# a"])
def test_plain_text_is_seen_as_plain_text(text: str) -> None:
    seen = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    html = COMMONMARK.render(f"x {escape(text)}")
    assert html.strip() == f"<p>x {seen}</p>"
