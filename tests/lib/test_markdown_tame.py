import pytest

from lib.markdown import MAX_BRACKETS, MAX_LENGTH, MAX_MARKS, MAX_QUOTE_DEPTH, render_markdown, split_fences, tame


def filled(part: str, length: int = MAX_LENGTH) -> str:
    return (part * (length // len(part) + 1))[:length]


# Each of these kept the parser, or the expressions before it, busy for seconds to minutes at some time.
SLOW = {
    "brackets": filled("["),
    "brackets in paragraphs": filled("[" * MAX_BRACKETS + "a" * 3900 + "\n\n"),
    "links begun": filled("[a]("),
    "references": filled("[a]: b\n"),
    "stars": filled("*a **b "),
    "underscores": filled("_a __b "),
    "backticks": filled("` `` "),
    "runs of backticks": " ".join("`" * length for length in range(1, 440)),
    "backslashes": filled("\\"),
    "angles": filled("<a "),
    "autolinks": filled("<http://a>"),
    "quotes": filled("> "),
    "quoted lines": filled(">a\n"),
    "nested lists": "".join(" " * min(depth, 32) + "- a\n" for depth in range(3000)),
    "list items": filled("- a\n"),
    "one paragraph": filled("text word\n"),
    "a fence never closed": "```\n" + filled("text word\n"),
    "many fences never closed": filled("~~~a\n"),
    "fences of every length": "\n".join("~" * length for length in range(3, 440)),
    "attributes of fences": filled('```hl_lines="\n'),
    "one word": filled("a"),
    "accents": filled("a" + "\u0301" * 50),
    "a wide table": "a|b\n-|-\n" + filled("|"),
    "the parser's own marks": filled("\x02klzzwxh:0\x03"),
}


@pytest.mark.parametrize("name", SLOW)
def test_input_that_was_slow_finishes(name: str) -> None:
    assert render_markdown(SLOW[name][:MAX_LENGTH])


@pytest.mark.parametrize("character", "[(<*_`\\")
def test_too_many_marks_are_shown_and_mean_nothing(character: str) -> None:
    shown = "&lt;" if character == "<" else character
    html = render_markdown(f"{character}a " * (MAX_MARKS + 1))
    assert html.count(shown) == MAX_MARKS + 1
    assert "<em>" not in html
    assert "<code>" not in html


def test_code_is_never_altered_however_many_marks_it_has() -> None:
    code = "node_filesystem_avail_bytes[5m] * (a<b) `x` \\\n" * 200
    assert render_markdown(f"```\n{code}```").count("node_filesystem_avail_bytes[5m] * (a&lt;b) `x` \\\n") == 200


def test_a_long_table_of_names_keeps_them() -> None:
    rows = "".join(f"| `node_filesystem_avail_bytes_{n}` | **{n}** |\n" for n in range(60))
    html = render_markdown(f"| name | value |\n| --- | --- |\n{rows}")
    assert html.count("<code>node_filesystem_avail_bytes_") == 60
    assert html.count("<strong>") == 60


def test_a_long_list_stays_a_list_whatever_its_bullets() -> None:
    assert render_markdown("* a\n" * 300).count("<li>") == render_markdown("- a\n" * 300).count("<li>") > 290


def test_quotes_are_cut_at_their_deepest_level() -> None:
    assert render_markdown("> " * 50 + "a").count("<blockquote>") == MAX_QUOTE_DEPTH


@pytest.mark.parametrize(
    "text", ["", "a", "a\n\nb", "# a\n\n- b\n- c\n\n```sh\nd\n```\n\ne", "* a\n* b", "a_b `c_d` [e](f)"]
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert tame(text) == text


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a", [(False, ["a"])]),
        ("```\na\n```", [(True, ["```", "a", "```"])]),
        ("a\n```py title=x\nb\n  `````\nc", [(False, ["a"]), (True, ["```py", "b", "```"]), (False, ["c"])]),
        ("~~~\n```\n~~~\na", [(True, ["~~~", "```", "~~~"]), (False, ["a"])]),
        ("````\n```\n````", [(True, ["````", "```", "````"])]),
        ("```\na", [(True, ["```", "a", "```"])]),
        ("```a`b\nc", [(False, [" ```a`b", "c"])]),
        ("```\n``` not closed by this\n```", [(True, ["```", "``` not closed by this", "```"])]),
        ("  ```\na", [(False, ["  ```", "a"])]),
    ],
)
def test_fences_are_read_as_commonmark_reads_them(text: str, parts: list[tuple[bool, list[str]]]) -> None:
    assert list(split_fences(text.split("\n"))) == parts
