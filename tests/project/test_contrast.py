"""Text can be read by day and by night: WCAG 2.2 AA, 4.5:1 for text and 3:1 for the edges of controls."""

import re

import pytest

from tests.project.sources import STATIC, text_of

CARDS = ("ground", "surface", "sunken")
SEVERITIES = (*(f"sev{level}" for level in range(1, 6)), "sev-purple", "sev-green")
# The colours of text that stands on each background; hovering changes the background too.
TEXT_ON = {
    "ground": ("ink", "ink-soft", "accent", "good", "warn", "bad"),
    "surface": ("ink", "ink-soft", "accent", "good", "warn", "bad", *SEVERITIES),
    "sunken": ("ink", "ink-soft", "accent", *SEVERITIES),
    "accent": ("accent-ink",),
    "accent-soft": ("ink", "ink-soft", "accent"),
    "good-soft": ("ink", "good"),
    "warn-soft": ("ink", "warn"),
    "bad-soft": ("ink", "bad"),
}
PAIRS = [(text, ground) for ground, texts in TEXT_ON.items() for text in texts]


def tokens() -> dict[str, tuple[str, str]]:
    """The colours of base.css, each by day and by night."""
    found = re.findall(r"--([\w-]+):\s*light-dark\((#\w{6}),\s*(#\w{6})\)", text_of(STATIC / "css" / "base.css"))
    return {name: (day, night) for name, day, night in found}


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, as WCAG 2.2 defines it."""
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def least_contrast(one: str, other: str) -> float:
    """The smaller of the contrasts by day and by night."""
    return min(contrast(*pair) for pair in zip(tokens()[one], tokens()[other], strict=True))


@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_from_its_background(text: str, ground: str) -> None:
    assert least_contrast(text, ground) >= 4.5


@pytest.mark.parametrize("ground", CARDS)
def test_the_edge_of_a_control_stands_out(ground: str) -> None:
    assert least_contrast("line-strong", ground) >= 3


def test_every_colour_is_measured_or_is_only_a_line() -> None:
    measured = {name for pair in PAIRS for name in pair} | {"line-strong"}
    assert set(tokens()) - measured == {"line"}
    assert len(tokens()) == text_of(STATIC / "css" / "base.css").count("light-dark(")


def test_the_document_can_be_read_on_white_paper() -> None:
    colours = set(re.findall(r"(?<![\w-])color:\s*(#\w{6})\b", text_of(STATIC / "css" / "document.css")))
    assert colours
    assert {colour for colour in colours if contrast(colour, "#ffffff") < 4.5} == set()


def test_black_on_white_is_21_to_1() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
