"""Real post-mortems against what was counted in them by hand, and that nothing of them is lost.

Two people counted `truth.json`, the second without knowing the first's; where they differed, the source was read again.
An entry is its instant in UTC and how its text begins; the day alone where the source has no time.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from incidents.readers.document import ReadEvent, ReadItem, ReadPostmortem
from incidents.readers.read import read_postmortem
from tests.incidents.readers.own import DOCUMENTS
from tests.incidents.readers.samples import known_documents, known_samples, read_text, sample_files

ENOUGH = 0.95
Read = TypeVar("Read")


def texts() -> list[tuple[str, str]]:
    """The samples, where they are there, and always the tests' own."""
    return [*((path.name, read_text(path)) for path in sample_files()), *DOCUMENTS.items()]


def pair_off(counted: list[Any], read: Sequence[Read], is_it: Callable[[Any, Read], bool]) -> int:
    """How many of what was counted were read, in the same order; each that was read counts once, and no other is there.

    A second one of the same, one that nobody counted, or one in another place is left over, and the test fails.
    """
    wanted = iter(counted)
    found = 0
    for each in read:
        assert any(is_it(one, each) for one in wanted), f"Nobody counted this here: {each}"
        found += 1
    return found


def is_event(counted: list[str], read: ReadEvent) -> bool:
    at, begins = counted
    return at == f"{read.occurred_at.astimezone(UTC):%Y-%m-%dT%H:%MZ}" and read.text.startswith(begins)


def is_same_title(counted: dict[str, Any], read: ReadItem) -> bool:
    return read.title.startswith(counted["title"])


def is_same_item(counted: dict[str, Any], read: ReadItem) -> bool:
    due = date.fromisoformat(counted["due"]) if "due" in counted else None
    told = (counted.get("owner", ""), counted.get("done", False), counted.get("kind", ""), due)
    return is_same_title(counted, read) and told == (read.owner, read.is_done, read.kind, read.due_date)


def test_entries_are_recognised_with_their_time_and_words_and_none_is_invented() -> None:
    counted = found = 0
    for name, text, truth in known_documents():
        read = read_postmortem(text, zone=UTC, name=name)
        found += pair_off(truth["events"], read.events, is_event)
        counted += len(truth["events"])
    assert found >= ENOUGH * counted > 0


def test_action_items_are_recognised_with_owner_and_state_and_none_is_invented() -> None:
    counted = found = 0
    for name, text, truth in known_documents():
        read = read_postmortem(text, zone=UTC, name=name)
        assert pair_off(truth["items"], read.items, is_same_title) == len(truth["items"]), name
        found += sum(is_same_item(*each) for each in zip(truth["items"], read.items, strict=True))
        counted += len(truth["items"])
    assert found >= ENOUGH * counted > 0


def test_title_day_author_status_and_causes_are_recognised() -> None:
    for name, text, truth in known_documents():
        read = read_postmortem(text, zone=UTC, name=name)
        told = (truth["title"], truth.get("severity"), truth.get("status", ""))
        assert (read.title, read.severity, read.status) == told, name
        assert read.date == (truth["date"] and date.fromisoformat(truth["date"])), name
        assert truth.get("authors", "") in read.authors
        assert len(read.causes) == len(truth["causes"]), name
        for begins, cause in zip(truth["causes"], read.causes, strict=True):
            assert cause.statement.startswith(begins)


def test_every_sample_was_counted() -> None:
    assert {path for path, _truth in known_samples()} == {*sample_files()}


def normalised(text: str) -> str:
    """The words alone: no markup, no marks, single blanks."""
    text = re.sub(r"</?(?:details|summary)[^>]*>|<!--\s*more\s*-->|:[a-z_]{3,40}:", " ", text)
    text = re.sub(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s+(?:\[[ xX]\])?", " ", text, flags=re.MULTILINE)
    return " ".join(re.findall(r"\w+", text.replace("_", " ").lower()))


def parts_of(read: ReadPostmortem) -> list[str]:
    """All that was read, each part by itself."""
    parts = [read.title]
    parts += [f"{event.written} {event.text}" for event in read.events]
    parts += [cause.statement for cause in read.causes]
    parts += [f"{item.title} {item.owner} {item.due_date or ''} {item.kind} {item.group}" for item in read.items]
    parts += [f"{section.title}\n{section.body}" for section in read.sections]
    return parts + [": ".join(pair) for pair in read.particulars]


def sentences(text: str) -> list[str]:
    """The sentences of the source, without what is structure: fences, separators and heads of tables, days alone."""
    front = re.match(r"(---|\+\+\+)\n.*?\n\1\n", text, re.DOTALL)
    lines = text[front.end() if front else 0 :].split("\n")
    found: list[str] = []
    paragraph: list[str] = []
    for number, line in enumerate([*lines, ""]):
        below = lines[number + 1] if number + 1 < len(lines) else ""
        if re.fullmatch(r"[\s|:=-]*", line) or re.fullmatch(r"[|\s]*[:|\s-]*-{2}[|\s:-]*", below) or _is_day(line):
            found += _split("\n".join(paragraph))
            paragraph = []
        elif re.match(r"\s*(?:[-*+#|>]|\d+[.)])", line) or "|" in line:
            found += _split("\n".join(paragraph))
            paragraph = [line]
            if "|" in line:
                found += [cell for cell in line.split("|") if cell.strip()]
                paragraph = []
        else:
            paragraph.append(line)
    return [words for each in found if (words := normalised(_without_marks(each)))]


def _is_day(line: str) -> bool:
    return bool(re.fullmatch(r"[\s#*_>-]*(?:\d{4}[-/]\d\d[-/]\d\d|\d+ [A-Z][a-z]+ \d{4})[\s#*_:]*", line))


def _split(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+(?=[A-Zก-๙])", re.sub(r"\n\s*>?\s*", " ", text))


def _without_marks(text: str) -> str:
    """Without what only says how far an item is, or with which label a paragraph begins."""
    text = re.sub(r"\[(?:x|X| |DONE|TODO)\]|~~|— TODO$|\bowner:|\bdue:", " ", text)
    return re.sub(r"^\s*\*\*[^*:]{2,30}:\*\*|^\s*\*\*[^*]{2,30}\*\*:", " ", text)


def test_no_sentence_is_lost() -> None:
    lost = []
    for name, text in texts():
        read = " ¶ ".join(map(normalised, parts_of(read_postmortem(text, zone=UTC, name=name, day=date(2024, 1, 2)))))
        found = sentences(text)
        assert found
        lost += [(name, sentence) for sentence in found if sentence not in read and not _is_bare_value(sentence, read)]
    assert lost == []


def _is_bare_value(sentence: str, read: str) -> bool:
    """A day or a time that was understood, or the state of an item, in a cell by itself."""
    is_time = bool(re.fullmatch(r"(?:\d{4} \d\d \d\d ?)?(?:\d\d \d\d)?|\d+ [a-z]+ \d{4}", sentence))
    return is_time or sentence in ("done", "open", "todo")


# What stands in the source for what is no prose: emoji codes, tags, the box and number of an item, a day alone in its
# line, the titles of a table's columns.
STRUCTURE = (
    r":[a-z_]{3,40}:",
    r"</?(?:details|summary)[^>]*>|<!--\s*more\s*-->",
    r"^\s*(?:[-*+]|\d{1,2}[.)])\s+(?:\[[x ]\])?",
    r"^[\s#*>]*(?:\d{4}/\d\d/\d\d|\d\d? [A-Z][a-z]+ \d{4})[\s*]*$",
    r"^.*\|.*$(?=\n[|\s:-]*-{2}[|\s:-]*$)",
)
# And for what a value says now: `draft: false`, the state of an item, a due date that was written in words.
VALUES = {"false", "owner", "due", "done", "todo", "open", "march", "1"}


def words_of(text: str) -> Counter[str]:
    return Counter(re.findall(r"[\w\u0e31-\u0e4e]+", text.lower().replace("_", " ")))


def test_no_word_is_lost() -> None:
    for name, text in texts():
        read = read_postmortem(text, zone=UTC, name=name, day=date(2024, 1, 2))
        structure = "\n".join(each for pattern in STRUCTURE for each in re.findall(pattern, text, re.MULTILINE))
        lost = words_of(text) - words_of("\n".join(parts_of(read))) - words_of(structure)
        assert {*lost} <= VALUES, (name, lost)


def test_no_sentence_is_lost_without_any_day() -> None:
    text = "# Outage\n\n## Timeline\n\n- 10:00 It broke.\n- 10:30 It was mended.\n"
    read = read_postmortem(text, zone=UTC)
    assert read.events == ()
    assert "10:00 It broke." in read.sections[-1].body
    assert any("no day" in warning.sentence for warning in read.warnings)


def test_times_are_instants() -> None:
    for name, text in texts():
        for event in read_postmortem(text, zone=UTC, name=name).events:
            assert isinstance(event.occurred_at, datetime)
            assert event.occurred_at.tzinfo is not None
            assert event.text
