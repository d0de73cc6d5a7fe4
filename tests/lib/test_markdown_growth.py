"""Twice the text costs at most about twice the work, whatever it is made of."""

import sys
from collections.abc import Callable
from functools import partial
from time import process_time
from typing import Any

import pytest

from lib.markdown import MAX_LENGTH, MAX_LINES, _render, render_markdown, tame
from lib.markdown_brackets import silence_brackets, silence_targets
from tests.lib.slow_markdown import SHAPES, filled

SMALL = 12_000
# Twice, and some more for what happens once a text, or once a few thousand characters.
MOST_GROWTH = 2.6


def work(text: str) -> int:
    """How many calls rendering takes: the same on every machine. The parser's loops call once a character."""
    calls = 0

    def count(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        _render(text, 3, ())
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("name", SHAPES)
def test_twice_the_text_is_twice_the_work(name: str) -> None:
    render_markdown("a")
    small, large = (work(filled(SHAPES[name], length)) for length in (SMALL, 2 * SMALL))
    assert large <= MOST_GROWTH * small + 2_000


def seconds(text: str, rounds: int) -> float:
    """The quickest of so many times, on the processor: what a single call of a pattern takes is in here alone."""
    taken = []
    for _round in range(rounds):
        begun = process_time()
        _render(text, 3, ())
        taken.append(process_time() - begun)
    return min(taken)


# Texts that are no part over and over, as functions of their length.
WHOLES: dict[str, Callable[[int], str]] = {
    **{name: partial(filled, part) for name, part in SHAPES.items()},
    "an address of many blanks": lambda length: f"[a](<{'b ' * (length // 2)}>)",
    "an address of blanks alone": lambda length: f"[a](<b{' ' * length}>)",
    "a marker and many blanks": lambda length: f"- {' ' * length}x",
    "many markers and many blanks": lambda length: ("- " + " " * (length // 8)) * 8 + "x",
}


@pytest.mark.parametrize("name", WHOLES)
def test_eight_times_the_text_takes_about_eight_times_as_long(name: str) -> None:
    # What grows with the square takes sixty-four times as long.
    render_markdown("a")
    small = seconds(WHOLES[name](3_000), 3)
    assert seconds(WHOLES[name](24_000), 2) < 24 * small + 0.05


@pytest.mark.parametrize("name", SHAPES)
def test_at_full_size_it_is_shown(name: str) -> None:
    assert render_markdown(filled(SHAPES[name], MAX_LENGTH))


def test_the_count_sees_what_grows_with_the_square() -> None:
    """Else the test above would prove nothing: the same text without what makes it harmless."""
    import markdown

    def raw(length: int) -> int:
        calls = 0

        def count(_frame: Any, event: str, _argument: Any) -> None:
            nonlocal calls
            calls += event in ("call", "c_call")

        parser = markdown.Markdown()
        sys.setprofile(count)
        try:
            parser.convert("[" * length)
        finally:
            sys.setprofile(None)
        return calls

    assert raw(600) > 3 * raw(300)


def test_links_are_left_as_they_are() -> None:
    text = "[a](b) [c][d] [[e]] `[` \\[ " * 20
    assert silence_brackets(text, "X") == text
    assert silence_targets(text, "X") == text


def test_brackets_that_nothing_closes_are_silenced() -> None:
    assert silence_brackets("[a] " * 9 + "[b", "X") == "[a] " * 9 + "Xb"
    assert silence_brackets("[" * 8 + "b", "X") == "[" * 8 + "b"
    assert silence_brackets("[" * 9 + "b" + "]" * 9, "X") == "[" * 4 + "X" * 5 + "b" + "]" * 9


def test_targets_that_nothing_closes_are_silenced() -> None:
    assert silence_targets("[a](b) " * 9 + "[a](b", "X") == "[a](b) " * 9 + "[a]Xb"


def test_nested_markers_stay_text() -> None:
    assert render_markdown("- " * 50 + "a").count("<li>") <= 9
    assert tame("- - a") == "- - a"


def test_what_has_more_lines_than_any_section_is_plain_text() -> None:
    assert render_markdown("a\n" * MAX_LINES).startswith("<p>")
    assert render_markdown("a\n" * (MAX_LINES + 1)).startswith("<pre>")
