"""Real post-mortems, read one by one before their marks were looked at; `truth.json` holds what was found.

Of each mark it says whether it is `right`, `arguable` or `wrong`, and of each phrase that is not marked whether it
certainly judges people. The documents lie beside some checkouts only; what the table itself promises holds everywhere.
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
    """Even where everything that can be argued about is counted as wrong."""
    words = sum(each["words"] for each in FILES if each["file"].startswith("postmortems/"))
    assert words > 10_000
    assert sum(mark["verdict"] == "wrong" for mark in MARKED) == 0
    assert sum(mark["verdict"] == "arguable" for mark in MARKED) <= words / 1_000


def test_what_certainly_judges_people_is_found_three_times_in_four() -> None:
    """What is missed stands in quotations, which are left alone."""
    found = sum(mark["verdict"] == "right" for mark in MARKED)
    missed = sum(phrase["is_certain"] for each in FILES for phrase in each["missed"])
    assert found >= 3 * missed > 0


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
            assert phrase["phrase"] in line(text.replace("\n>", "\n"))
            assert phrase["phrase"] not in marked


def test_the_rules_it_names_exist() -> None:
    assert {mark["rule"] for mark in MARKED} <= set(load_rules().rules)
