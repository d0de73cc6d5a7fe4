"""Real post-mortems, read one by one: `truth.json` says of each mark whether it is right, and what was missed.

The documents lie beside some checkouts only; what the table itself promises holds everywhere.
"""

import json
from pathlib import Path
from typing import Any

from incidents.wording.check import check
from incidents.wording.rules import load_rules
from tests.project.sources import ROOT

SAMPLES = ROOT.parent / "shared" / "samples"
TRUTH: dict[str, Any] = json.loads((Path(__file__).parent / "truth.json").read_text(encoding="utf-8"))
FILES: list[dict[str, Any]] = TRUTH["files"]
MARKED = [mark for each in FILES for mark in each["marked"]]


def line(text: str) -> str:
    return " ".join(text.split())


def present() -> list[tuple[dict[str, Any], str]]:
    """The documents that are here, with what is known of them."""
    return [
        (each, (SAMPLES / each["file"]).read_text(encoding="utf-8"))
        for each in FILES
        if (SAMPLES / each["file"]).exists()
    ]


def test_of_a_thousand_words_at_most_one_is_marked_wrongly() -> None:
    words = sum(each["words"] for each in FILES)
    assert words > 10_000
    assert sum(not mark["is_right"] for mark in MARKED) <= words / 1_000


def test_more_is_found_than_missed() -> None:
    right = [mark for mark in MARKED if mark["is_right"]]
    missed = [phrase for each in FILES for phrase in each["missed"]]
    assert len(right) > len(missed)


def test_the_documents_are_marked_as_the_table_says() -> None:
    for each, text in present():
        found = [(line(text[mark.start : mark.end]), mark.rule) for mark in check(text, TRUTH["people"])]
        assert found == [(mark["phrase"], mark["rule"]) for mark in each["marked"]], each["file"]
        assert each["words"] == len(text.split())


def test_every_document_is_in_the_table() -> None:
    named = {each["file"] for each in FILES}
    there = {path.relative_to(SAMPLES).as_posix() for path in (SAMPLES / "postmortems").rglob("*.md")}
    assert there <= named
    assert len(named) == len(FILES) > 20


def test_what_was_missed_stands_there_unmarked() -> None:
    for each, text in present():
        marked = " ".join(line(text[mark.start : mark.end]) for mark in check(text, TRUTH["people"]))
        for phrase in each["missed"]:
            assert phrase in line(text)
            assert phrase not in marked


def test_the_rules_it_names_exist() -> None:
    assert {mark["rule"] for mark in MARKED} <= set(load_rules().rules)
