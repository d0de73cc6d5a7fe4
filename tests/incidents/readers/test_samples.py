"""Real post-mortems against what somebody counted in them by hand, and that nothing of them is lost."""

import re
from datetime import UTC, date, datetime

from incidents.readers.document import ReadPostmortem
from incidents.readers.read import read_postmortem
from tests.incidents.readers.own import DOCUMENTS
from tests.incidents.readers.samples import known_samples, read_text, sample_files

ENOUGH = 0.95


def texts() -> list[tuple[str, str]]:
    """The samples, where they are there, and always the tests' own."""
    return [*((path.name, read_text(path)) for path in sample_files()), *DOCUMENTS.items()]


def instants(read: ReadPostmortem) -> list[str]:
    return [f"{event.occurred_at.astimezone(UTC):%Y-%m-%dT%H:%MZ}" for event in read.events]


def test_entries_and_items_are_recognised_as_counted_by_hand() -> None:
    counted = found = invented = 0
    for path, truth in known_samples():
        read = read_postmortem(read_text(path), zone=UTC, name=path.name)
        assert read.title == truth["title"]
        assert read.date == (truth["date"] and date.fromisoformat(truth["date"])), path.name
        assert truth.get("authors", "") in read.authors
        assert (read.status, read.severity) == (truth.get("status", ""), truth["severity"])
        seen = instants(read)
        right = [each for each in truth["events"] if each in seen]
        items = [item for item in truth["items"] if _is_there(item, read)]
        counted += len(truth["events"]) + len(truth["items"])
        found += len(right) + len(items)
        invented += len(set(seen) - set(truth["events"])) + max(len(read.items) - len(truth["items"]), 0)
    assert found >= ENOUGH * counted
    assert invented <= (1 - ENOUGH) * counted


def _is_there(item: dict[str, object], read: ReadPostmortem) -> bool:
    due = item.get("due")
    return any(
        each.title.startswith(str(item["title"]))
        and each.owner == item.get("owner", "")
        and each.is_done == item.get("done", False)
        and each.kind == item.get("kind", "")
        and each.due_date == (due and date.fromisoformat(str(due)))
        for each in read.items
    )


def normalised(text: str) -> str:
    """The words alone: no markup, no marks, single blanks."""
    text = re.sub(r"</?(?:details|summary)[^>]*>|<!--\s*more\s*-->|:[a-z_]{3,40}:", " ", text)
    text = re.sub(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s+(?:\[[ xX]\])?", " ", text, flags=re.MULTILINE)
    return " ".join(re.findall(r"\w+", text.replace("_", " ").lower()))


def all_words(read: ReadPostmortem) -> str:
    """All that was read, each part by itself."""
    parts = [read.title]
    parts += [f"{event.written} {event.text}" for event in read.events]
    parts += [cause.statement for cause in read.causes]
    parts += [f"{item.title} {item.owner} {item.due_date or ''} {item.kind} {item.group}" for item in read.items]
    parts += [f"{section.title}\n{section.body}" for section in read.sections]
    parts += [": ".join(pair) for pair in read.particulars]
    return " ¶ ".join(map(normalised, parts))


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
        read = all_words(read_postmortem(text, zone=UTC, name=name, day=date(2024, 1, 2)))
        found = sentences(text)
        assert found
        lost += [(name, sentence) for sentence in found if sentence not in read and not _is_bare_value(sentence, read)]
    assert lost == []


def _is_bare_value(sentence: str, read: str) -> bool:
    """A time or a state that was understood, and stands in a cell by itself."""
    is_time = bool(re.fullmatch(r"[\d ]+|\d+ [a-z]+ \d{4}", sentence)) and len(sentence) <= 30
    return is_time or sentence in ("done", "open", "todo", "in progress", "yes")


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
