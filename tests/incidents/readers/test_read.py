"""The ways in which teams write their post-mortems, one by one."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from incidents.readers.document import ReadPostmortem
from incidents.readers.read import read_postmortem

BANGKOK = ZoneInfo("Asia/Bangkok")


def read(text: str, name: str = "") -> ReadPostmortem:
    return read_postmortem(text, zone=UTC, name=name)


def timeline(lines: str, head: str = "# A\n\n**Date:** 2021-02-03\n") -> list[tuple[str, str]]:
    found = read(f"{head}\n## Timeline\n\n{lines}\n").events
    return [(f"{event.occurred_at.astimezone(UTC):%m-%d %H:%M}", event.text) for event in found]


def items(lines: str, heading: str = "Action items") -> list[tuple[str, str, date | None, bool]]:
    found = read(f"# A\n\n## {heading}\n\n{lines}\n").items
    return [(item.title, item.owner, item.due_date, item.is_done) for item in found]


@pytest.mark.parametrize(
    "line",
    [
        "14:03 — It broke",
        "- 14:03 - It broke",
        "* **14:03** It broke",
        "- **14:03 UTC:** It broke",
        "- **14:03** — It broke",
        "1. 14:03: It broke",
        "> 14:03 It broke",
        "[2021-02-03 14:03 UTC] It broke",
        "- 2021-02-03 14:03 It broke",
        "2021-02-03T14:03:00Z It broke",
        "- 2:03 PM: It broke",
        "- 2:03pm It broke",
        "`14:03` It broke",
        "- ~14:03 It broke",
        "- approx. 14:03 It broke",
        "### 14:03\n\nIt broke",
        "### 14:03 It broke",
        "- 14:03 (UTC) It broke",
        "- Feb 3, 2021 14:03: It broke",
        "| Time | Event |\n| --- | --- |\n| 14:03 | It broke |",
        "| Time (UTC) | What |\n|--|--|\n| 14:03 | It broke |",
        "| Event | When |\n|--|--|\n| It broke | 2021-02-03 14:03 |",
    ],
)
def test_an_entry_however_it_is_written(line: str) -> None:
    assert timeline(line) == [("02-03 14:03", "It broke")]


@pytest.mark.parametrize(
    ("statement", "time"),
    [
        ("All times UTC.", "14:03"),
        ("All times in CET.", "13:03"),
        ("(all times in Pacific Time)", "22:03"),
        ("Times are PST", "22:03"),
        ("Timezone: Asia/Bangkok", "07:03"),
        ("All times are UTC+7", "07:03"),
        ("Times in +05:30", "08:33"),
        ("All times are in 24-hour PST8PDT.", "22:03"),
    ],
)
def test_the_timezone_that_the_document_names(statement: str, time: str) -> None:
    assert timeline(f"{statement}\n\n- 14:03 It broke") == [(f"02-03 {time}", "It broke")]


def test_the_timezone_in_the_heading_of_the_timeline_or_of_a_column() -> None:
    events = read("# A\n\n**Date:** 2021-02-03\n\n## Timeline (CET)\n\n- 14:03 a\n").events
    assert events[0].occurred_at == datetime(2021, 2, 3, 13, 3, tzinfo=UTC)
    assert timeline("| Time (ICT) | Event |\n|--|--|\n| 14:03 | a |\n| 14:04 | b |")[0] == ("02-03 07:03", "a")


def test_without_a_timezone_that_of_the_reader_counts_and_is_said() -> None:
    found = read_postmortem("# A\n\n2021-02-03\n\n## Timeline\n\n- 14:03 a\n", zone=BANGKOK)
    assert found.events[0].occurred_at == datetime(2021, 2, 3, 7, 3, tzinfo=UTC)
    assert [warning.sentence for warning in found.warnings] == [
        "The document names no timezone; its times are read as Asia/Bangkok."
    ]


def test_past_midnight_the_next_day_begins() -> None:
    assert timeline("- 23:50 a\n- 00:10 b\n- 01:00 c") == [
        ("02-03 23:50", "a"),
        ("02-04 00:10", "b"),
        ("02-04 01:00", "c"),
    ]


def test_days_stand_above_their_times() -> None:
    assert timeline("**2021-02-05**\n\n- 10:00 a\n\n### 2021-02-07\n\n- 09:00 b\n\nThe next day:\n\n- 08:00 c") == [
        ("02-05 10:00", "a"),
        ("02-07 09:00", "b"),
        ("02-08 08:00", "c"),
    ]


def test_ranges_have_an_end() -> None:
    event = read("# A\n\n2021-02-03\n\n## Timeline\n\n- 23:50-00:20 It was slow\n").events[0]
    assert (event.occurred_at, event.ended_at) == (
        datetime(2021, 2, 3, 23, 50, tzinfo=UTC),
        datetime(2021, 2, 4, 0, 20, tzinfo=UTC),
    )


def test_lines_below_an_entry_belong_to_it_and_code_holds_no_entries() -> None:
    text = "- 14:03 It broke\n  in two\n\n  ```\n  14:05 GET /\n  ```\n- 14:10 Mended\n\nA paragraph stays prose."
    assert timeline(text) == [("02-03 14:03", "It broke in two\n\n```\n14:05 GET /\n```"), ("02-03 14:10", "Mended")]


def test_what_is_no_entry_stays_prose() -> None:
    found = read("# A\n\n2021-02-03\n\n## Timeline\n\nAt 14:03 it broke.\n\n- 14:04 a\n- Nobody knows when b\n")
    assert [event.text for event in found.events] == ["a"]
    assert found.sections[-1].body == "At 14:03 it broke.\n\n- Nobody knows when b"


def test_rows_without_a_time_stay_a_table_with_a_warning() -> None:
    rows = "| Time | Event |\n|--|--|\n| 14:03 | a |\n| 14:04 | b |\n| --:-- | c |"
    found = read(f"# A\n\n2021-02-03\n\n## Timeline\n\n{rows}\n")
    assert [event.text for event in found.events] == ["a", "b"]
    assert found.sections[-1].body == "| Time | Event |\n|--|--|\n| --:-- | c |"
    assert 11 in [warning.line for warning in found.warnings]


@pytest.mark.parametrize(
    ("line", "item"),
    [
        ("- Alert earlier", ("Alert earlier", "", None, False)),
        ("- [ ] Alert earlier", ("Alert earlier", "", None, False)),
        ("- [x] Alert earlier", ("Alert earlier", "", None, True)),
        ("- [DONE] Alert earlier", ("Alert earlier", "", None, True)),
        ("- [TODO] Alert earlier", ("Alert earlier", "", None, False)),
        ("- DONE: Alert earlier", ("Alert earlier", "", None, True)),
        ("- ~~Alert earlier~~", ("Alert earlier", "", None, True)),
        ("- Alert earlier (done)", ("Alert earlier", "", None, True)),
        ("1. Alert **earlier**", ("Alert earlier", "", None, False)),
        ("- Alert earlier (@nok)", ("Alert earlier", "nok", None, False)),
        (
            "- Alert earlier (owner: Nok Srisai, due 2021-03-01)",
            ("Alert earlier", "Nok Srisai", date(2021, 3, 1), False),
        ),
        ("- Alert\n  earlier", ("Alert earlier", "", None, False)),
        ("- Alert [earlier](https://a.b)", ("Alert earlier", "", None, False)),
        ("- **Alert earlier**: " + "because " * 40, ("Alert earlier", "", None, False)),
    ],
)
def test_an_item_however_it_is_written(line: str, item: tuple[str, str, date | None, bool]) -> None:
    assert items(line) == [item]


@pytest.mark.parametrize(
    "heading",
    [
        "Action Items",
        "Follow-ups",
        "Follow-up tasks",
        "Remediation",
        "Next steps",
        "8. Action items & Followups",
        "TODO",
    ],
)
def test_items_stand_under_many_headings(heading: str) -> None:
    assert items("- a", heading) == [("a", "", None, False)]


def test_tables_of_items_have_owners_days_and_kinds() -> None:
    rows = "| Task | Type | Owner | Due date | Status |\n|--|--|--|--|--|\n"
    rows += "| Alert | Detect | @nok | 1 March 2021 | Done |\n"
    found = read(f"# A\n\n## Action items\n\n{rows}")
    item = found.items[0]
    assert (item.kind, item.owner, item.due_date, item.is_done) == ("detect", "nok", date(2021, 3, 1), True)
    assert found.sections[-1].body == ""


def test_what_an_item_cannot_hold_stays_as_text_too() -> None:
    rows = "| Task | Ticket |\n|--|--|\n| Alert | OPS-7 |\n"
    assert "OPS-7" in read(f"# A\n\n## Action items\n\n{rows}").sections[-1].body
    assert "https://a.b" in read("# A\n\n## Action items\n\n- See [this](https://a.b)\n").sections[-1].body


def test_bullets_elsewhere_are_no_items() -> None:
    assert items("- a\n- b", "What went well") == []
    assert items("- a\n- [ ] b", "Notes") == [("b", "", None, False)]


def test_causes_have_kinds() -> None:
    text = "# A\n\n## Root cause\n\nIt was full.\n\n## Trigger\n\nA job ran.\n\n"
    text += "## Contributing factors\n\n- No alert\n- No limit\n"
    assert [(cause.statement, cause.kind) for cause in read(text).causes] == [
        ("It was full.", "root_cause"),
        ("A job ran.", "trigger"),
        ("No alert", "contributing_factor"),
        ("No limit", "contributing_factor"),
    ]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("**Severity:** SEV2", 2),
        ("Severity: P1", 1),
        ("- **Severity**: critical", 1),
        ("| Severity | SEV-3 |\n|--|--|\n| a | b |", 3),
        ("", None),
    ],
)
def test_the_severity_however_it_is_written(text: str, level: int | None) -> None:
    assert read(f"# A\n\n{text}\n").severity == level


@pytest.mark.parametrize(
    ("text", "name", "day"),
    [
        ("# Outage of 2021-02-03", "", date(2021, 2, 3)),
        ("# Outage, Feb 3rd 2021", "", date(2021, 2, 3)),
        ("# Outage\n\nDate: 3 February 2021", "", date(2021, 2, 3)),
        ("# Outage", "2021-02-03-outage.md", date(2021, 2, 3)),
        ("---\ndate: 2021-02-03T10:00:00Z\n---\n# Outage", "", date(2021, 2, 3)),
        ("# Outage\n\n## Summary\n\nOn February 3, 2021 it broke.", "", date(2021, 2, 3)),
        ("# Outage 10.0.12.1 of version 1.12.20", "", None),
    ],
)
def test_the_day_however_it_is_told(text: str, name: str, day: date | None) -> None:
    assert read(text, name).date == day


def test_the_title_comes_from_front_matter_the_heading_or_the_name() -> None:
    assert read("---\ntitle: B\n---\n# A").title == "B"
    assert read("A\n===\n\ntext").title == "A"
    assert read("## Summary\n\ntext", "disk-full.md").title == "disk full"
    assert read("").title == "Untitled"


@pytest.mark.parametrize(
    "text", ["---\na: [\n---\n", "+++\na = \n+++\n", "---\na: &a [x]\nb: *a\n---\n", "---\n- a\n---\n"]
)
def test_front_matter_that_cannot_be_read_stays_text(text: str) -> None:
    found = read(f"{text}\nProse.")
    assert any("Prose." in section.body for section in found.sections)
    assert any("front matter" in warning.sentence for warning in found.warnings)


def test_thai_headings_are_known() -> None:
    found = read("# ระบบล่ม\n\n## สรุป\n\nล่ม\n\n## สาเหตุ\n\nดิสก์เต็ม\n\n## บทเรียน\n\nดูดิสก์\n")
    assert [section.key for section in found.sections if section.key] == ["summary", "root_causes", "lessons"]
    assert found.causes[0].statement == "ดิสก์เต็ม"


def test_wrapped_paragraphs_become_one_line_and_breaks_stay() -> None:
    found = read("# A\n\n## Summary\n\none\ntwo  \nthree\n- four\n  five\n\n```\nsix\nseven\n```\n")
    assert found.sections[-1].body == "one two  \nthree\n- four five\n\n```\nsix\nseven\n```"


@pytest.mark.parametrize(
    "text",
    ["\0", "\ufeff", "#" * 5000, "|" * 5000, "- " * 3000, "[" * 5000, "14:03 " * 2000, "\n" * 5000, "**" * 4000, "```"],
)
def test_anything_can_be_read(text: str) -> None:
    for part in (text, f"# A\n\n2021-02-03\n\n## Timeline\n\n{text}", f"# A\n\n## Action items\n\n- {text}"):
        assert read(part).title
