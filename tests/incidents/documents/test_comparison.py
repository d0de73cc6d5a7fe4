"""What differs between two documents: sections, lines, words."""

from dataclasses import replace
from typing import Any

import pytest

from incidents.documents.comparison import SectionChange, compare_documents
from incidents.documents.tree import Block, Cell, Column, Document, Fact, Facts, Gap, Phases, Prose, Section, Table
from tests.factories import NOW


def make(*sections: Section, **facts: Any) -> Document:
    about = {"reference": "INC-1", "title": "It broke", "language": "en", "zone": "UTC", "author": "ann"}
    about |= {"created_at": NOW, "modified_at": NOW, "status": "Draft", "severity": "SEV1", "severity_level": 1}
    about |= {"severity_colour": "#000", "key_figures": (Fact("Resolved in", Cell("5 min")),), "sections": sections}
    return Document(**(about | facts))


def section(key: str, *blocks: Block) -> Section:
    return Section(key, key.title(), blocks)


def prose(text: str) -> Document:
    return make(section("summary", Prose(text)))


def table(*rows: tuple[str, ...]) -> Table:
    return Table("Items", (Column("Name", 6), Column("Owner", 6)), tuple(tuple(map(Cell, row)) for row in rows))


def changed(older: Document, newer: Document) -> list[SectionChange]:
    return [change for change in compare_documents(older, newer) if change.state != "same"]


def lines(older: Document, newer: Document) -> list[list[tuple[str, str]]]:
    [change] = changed(older, newer)
    return [[(piece.kind, piece.text) for piece in line] for line in change.lines]


def test_the_same_says_so_section_by_section() -> None:
    document = make(section("summary", Prose("It broke.")), section("impact"))
    assert [(change.key, change.state) for change in compare_documents(document, document)] == [
        ("", "same"),
        ("summary", "same"),
        ("impact", "same"),
    ]


def test_sections_that_came_and_went_are_shown_whole() -> None:
    older = make(section("summary", Prose("It broke.")), section("impact", Prose("Nobody paid.")))
    newer = make(section("summary", Prose("It broke.")), section("lessons", Prose("Alert earlier.")))
    assert [(change.key, change.title, change.state) for change in changed(older, newer)] == [
        ("lessons", "Lessons", "added"),
        ("impact", "Impact", "removed"),
    ]
    came, went = changed(older, newer)
    assert [line[0] for line in came.lines] == [("added", "Lessons"), ("added", "Alert earlier.")]
    assert [line[0] for line in went.lines] == [("removed", "Impact"), ("removed", "Nobody paid.")]


def test_a_paragraph_is_compared_word_by_word_and_others_are_left_out() -> None:
    found = lines(prose("It broke.\n\nThe disk was full."), prose("It broke.\n\nThe log disk was full."))
    assert found == [[("same", "The "), ("added", "log "), ("same", "disk was full.")]]


def test_paragraphs_that_came_and_went_are_told_beside_those_that_changed() -> None:
    older, newer = prose("One.\n\nTwo.\n\nThree."), prose("One.\n\nTwo, and more.")
    assert ("removed", "Three.") in [piece for line in lines(older, newer) for piece in line]
    assert ("added", "Three.") in [piece for line in lines(newer, older) for piece in line]


@pytest.mark.parametrize(
    "facts",
    [
        {"title": "It burnt"},
        {"author": "ben"},
        {"severity": "SEV2"},
        {"key_figures": (Fact("Resolved in", Cell("6 min")),)},
    ],
)
def test_the_heading_is_compared_too(facts: dict[str, Any]) -> None:
    [change] = changed(make(), make(**facts))
    assert (change.key, len(change.lines)) == ("", 1)


def test_a_row_of_records_is_a_line() -> None:
    older = make(section("actions", table(("ACT-1", "ann"), ("ACT-2", "ben"))))
    newer = make(section("actions", table(("ACT-1", "ann"), ("ACT-2", "cid"), ("ACT-3", "dan"))))
    texts = ["".join(text for kind, text in line if kind != "removed") for line in lines(older, newer)]
    assert texts == ["ACT-2 · cid", "ACT-3 · dan"]


def test_headings_of_columns_and_how_far_it_is_are_no_change() -> None:
    before, after = table(("ACT-1", "ann")), table(("ACT-1", "ann"))
    after = replace(after, columns=(Column("Thing", 6), Column("Who", 6)))
    assert changed(make(section("actions", before)), make(section("actions", after), status="Published")) == []


def test_the_picture_of_the_phases_is_no_change_of_its_own() -> None:
    """It says what the milestones do; while the incident goes on it is another one each time."""
    older, newer = (Phases("Phases", words, (), table((words, ""))) for words in ("until 14:00", "until 14:01"))
    fact = Facts((Fact("Detected", Cell("14:00")),))
    assert changed(make(section("impact", older, fact)), make(section("impact", newer, fact))) == []


def test_what_stands_where_nothing_was_written_is_no_text_that_was_removed() -> None:
    empty, written = make(section("summary", Gap("Not written yet."))), prose("The rollback took long.")
    assert lines(empty, written) == [[("added", "The rollback took long.")]]
    assert lines(written, empty) == [[("removed", "The rollback took long.")]]
