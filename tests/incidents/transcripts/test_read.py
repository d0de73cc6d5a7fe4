"""Whatever was pasted, as entries: one excerpt for each way in which people and programs write."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from incidents.transcripts.entry import Doubt, Role, Transcript
from incidents.transcripts.read import read_transcript

DAY = date(2024, 3, 10)
BERLIN = ZoneInfo("Europe/Berlin")

TALK = [("14:03", "", "It broke"), ("14:05", "", "Rolled back")]
NAMED = [("14:03", "Nok", "It broke"), ("14:05", "Som Chai", "Rolled back")]
PASTES = {
    "dash": ("14:03 — It broke\n14:05 - Rolled back", TALK),
    "blank": ("14:03 It broke\n14:05 Rolled back", TALK),
    "colon": ("14:03: It broke\n14:05 : Rolled back", TALK),
    "seconds": ("14:03:00 - It broke\n14:05:00,123 Rolled back", TALK),
    "with a day": ("2024-03-10 14:03 It broke\n2024-03-10 14:05 Rolled back", TALK),
    "brackets": ("[2024-03-10 14:03] It broke\n(14:05) Rolled back", TALK),
    "half days": ("2:03 PM It broke\n2:05 p.m. – Rolled back", TALK),
    "ISO 8601": ("2024-03-10T14:03:00+01:00 It broke\n20240310T130500Z: Rolled back", TALK),
    "bullets": ("- 14:03 It broke\n* 14:05 Rolled back", TALK),
    "numbers": ("1. 14:03 It broke\n2) 14:05 Rolled back", TALK),
    "bold": ("- **14:03:** It broke\n**14:05** — Rolled back", TALK),
    "quoted": ("> 14:03 It broke\n>\n> 14:05 Rolled back", TALK),
    "a month in words": ("March 10th, 2024 14:03: It broke\nSunday, 10 Mar 2024 at 14:05 - Rolled back", TALK),
    "the day behind": ("14:03 Sunday March 10th: It broke\n14:05 on 10 March 2024: Rolled back", TALK),
    "a table": ("| Time | What |\n|---|---|\n| 14:03 | It broke |\n| 14:05 | Rolled back |", TALK),
    "a table without borders": ("Time | What\n--- | ---\n14:03 | It broke\n14:05 | Rolled back", TALK),
    "semicolons, day and time apart": ("10.03.2024;14:03;It broke\n10.03.2024;14:05;Rolled back", TALK),
    "repeated names": (
        "14:03 Nok: It broke\n14:04 **Som**: yes\n14:05 Nok: ok\n14:06 Som: done",
        [("14:03", "Nok", "It broke"), ("14:04", "Som", "yes"), ("14:05", "Nok", "ok"), ("14:06", "Som", "done")],
    ),
    "IRC": ("[14:03] <Nok> It broke\n14:05 <@Som> Rolled back", [NAMED[0], ("14:05", "Som", "Rolled back")]),
    "WhatsApp": ("[10/03/2024, 14:03:00] Nok: It broke\n[10/03/2024, 14:05:00] Som Chai: Rolled back", NAMED),
    "WhatsApp elsewhere": ("10/03/2024, 14:03 - Nok: It broke\n10/03/2024, 14:05 - Som Chai: Rolled back", NAMED),
    "Slack": ("Nok\n  2:03 PM\nIt broke\nSom Chai\n  2:05 PM\nRolled back", NAMED),
    "Slack in one line": ("Nok  2:03 PM\nIt broke\nSom Chai  2:05 PM\nRolled back", NAMED),
    "Slack with a status": ("Nok:palm_tree:  14:03\nIt broke\nSom Chai APP  14:05\nRolled back", NAMED),
    "Slack, the same person again": (
        "Nok  14:03\nIt broke\n14:05\nRolled back",
        [NAMED[0], ("14:05", "Nok", "Rolled back")],
    ),
    "Slack, the same person again in the afternoon": (
        "Nok  2:03 PM\nIt broke\n\nSince the deploy of 13:55\n2:05\nRolled back",
        [("14:03", "Nok", "It broke\n\nSince the deploy of 13:55"), ("14:05", "Nok", "Rolled back")],
    ),
    "Discord": ("Nok — 03/10/2024 2:03 PM\nIt broke\nSom Chai — Today at 14:05\nRolled back", NAMED),
    "Teams": (
        "[2:03 PM] Nok Srisai\nIt broke\n[2:05 PM] Som Chai\nRolled back",
        [("14:03", "Nok Srisai", "It broke"), NAMED[1]],
    ),
    "commas": ("time,author,message\n14:03,Nok,It broke\n14:05,Som Chai,Rolled back", NAMED),
    "commas without titles": ("14:03,Nok,It broke\n14:05,Som Chai,Rolled back", NAMED),
    "tabs": ("14:03\tNok\tIt broke\n14:05\tSom Chai\tRolled back", NAMED),
    "seconds since 1970": ("ts,user,text\n1710075780.000100,Nok,It broke\n1710075900,Som Chai,Rolled back", NAMED),
}  # fmt: skip


def read(text: str) -> Transcript:
    return read_transcript(text, day=DAY, zone=BERLIN)


def days(text: str) -> list[str]:
    return [f"{entry.at.astimezone(BERLIN):%m-%d %H:%M}" for entry in read(text).entries]


@pytest.mark.parametrize("way", PASTES)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_it_is_read(way: str, ending: str) -> None:
    text, expected = PASTES[way]
    found = read(text.replace("\n", ending))
    assert [(f"{each.at.astimezone(BERLIN):%H:%M}", each.name, each.text) for each in found.entries] == expected
    assert {entry.at.astimezone(BERLIN).date() for entry in found.entries} == {DAY}
    assert [left for left in found.leftovers if left.role is Role.UNKNOWN] == []


def test_an_end_is_read_even_over_midnight() -> None:
    first, second = read("14:03–14:20 Slow\n23:50 to 00:10 Down").entries
    assert (first.until.isoformat(), first.text) == ("2024-03-10T14:20:00+01:00", "Slow")
    assert (second.until.isoformat(), second.text) == ("2024-03-11T00:10:00+01:00", "Down")


@pytest.mark.parametrize("zone", ["UTC", "(UTC)", "Z", "GMT", "+00:00", "UTC+0", "+0000"])
def test_a_timezone_beside_the_time_is_meant(zone: str) -> None:
    (entry,) = read(f"14:03 {zone} - It broke").entries
    assert (entry.at.isoformat(), entry.text) == ("2024-03-10T14:03:00+00:00", "It broke")


@pytest.mark.parametrize(("zone", "offset"), [("PST", "-08:00"), ("CEST", "+02:00"), ("UTC+5:30", "+05:30")])
def test_abbreviations_that_mean_one_thing_are_known(zone: str, offset: str) -> None:
    assert read(f"14:03 {zone} It broke").entries[0].at.isoformat() == f"2024-03-10T14:03:00{offset}"


def test_a_heading_tells_the_timezone_of_what_is_below() -> None:
    text = "## Timeline (all times UTC)\n\n- 14:03 It broke\n\n| Time (PST) | What |\n|---|---|\n| 09:00 | Fixed |"
    assert [entry.at.utcoffset().total_seconds() / 3600 for entry in read(text).entries] == [0, -8]


def test_a_clock_that_jumps_back_has_passed_midnight() -> None:
    assert days("22:00 a\n23:50 b\n00:10 c\n09:00 d\n23:00 e\n01:00 f") == [
        "03-10 22:00", "03-10 23:50", "03-11 00:10", "03-11 09:00", "03-11 23:00", "03-12 01:00",
    ]  # fmt: skip


def test_a_small_jump_back_is_out_of_order_and_a_middling_one_is_doubted() -> None:
    found = read("14:00 a\n13:50 b\n14:10 c\n10:00 d\n10:05 e")
    assert [entry.doubts for entry in found.entries] == [(), (Doubt.OUT_OF_ORDER,), (), (Doubt.NEXT_DAY,), ()]
    assert days("14:00 a\n13:50 b\n14:10 c\n10:00 d") == ["03-10 14:00", "03-10 13:50", "03-10 14:10", "03-11 10:00"]


def test_a_list_with_the_newest_first_is_of_one_day() -> None:
    assert days("18:00 d\n14:20 c\n12:00 b\n09:00 a") == ["03-10 18:00", "03-10 14:20", "03-10 12:00", "03-10 09:00"]


@pytest.mark.parametrize(
    "divider",
    ["2024-03-08", "## 2024-03-08", "--- Friday, March 8th ---", "Friday", "**8 March 2024 (UTC)**", "Mar 8, 2024",
     "--- Day changed Fri Mar 08 2024"],
)  # fmt: skip
def test_a_line_may_say_the_day(divider: str) -> None:
    found = read(f"{divider}\n23:00 a\n01:00 b")
    assert [f"{entry.at:%m-%d}" for entry in found.entries] == ["03-08", "03-09"]
    assert [left.role for left in found.leftovers] == [Role.DATE]


def test_today_and_yesterday_are_seen_from_the_day_that_was_typed() -> None:
    text = "Yesterday\nNok  23:00\na\nToday\nNok  09:00\nb"
    assert days(text) == ["03-09 23:00", "03-10 09:00"]


@pytest.mark.parametrize(
    ("first", "second", "expected", "is_doubted"),
    [
        ("10/03/2024", "25/03/2024", "03-10", False),
        ("03/10/2024", "03/25/2024", "03-10", False),
        ("10/03/2024", "11/03/2024", "03-10", True),
        ("03/10/2024", "03/11/2024", "03-10", True),
        ("10.03.2024", "11.03.2024", "03-10", False),
    ],
)
def test_which_is_the_day_and_which_the_month(first: str, second: str, expected: str, is_doubted: bool) -> None:
    entry, _other = read(f"{first} 14:03 a\n{second} 14:03 b").entries
    assert (f"{entry.at:%m-%d}", Doubt.DAY_ORDER in entry.doubts) == (expected, is_doubted)


def test_hours_that_the_clocks_repeat_or_leave_out_are_doubted() -> None:
    found = read("2024-03-31 02:30 a\n2024-10-27 02:30 b\n2024-10-27 03:30 c")
    assert [entry.doubts for entry in found.entries] == [(Doubt.NEVER,), (Doubt.TWICE,), ()]


def test_an_hour_beyond_twelve_with_pm_is_taken_and_doubted() -> None:
    (entry,) = read("13:55 PM It broke").entries
    assert (f"{entry.at:%H:%M}", entry.doubts) == ("13:55", (Doubt.BOTH_CLOCKS,))


def test_lines_below_are_text_and_those_apart_are_left_over() -> None:
    found = read("14:03 It broke\nwith this:\n  Traceback\n\nSomething else\n14:05 Fixed")
    assert [entry.text for entry in found.entries] == ["It broke\nwith this:\n  Traceback", "Fixed"]
    assert [(left.line, left.text) for left in found.leftovers] == [(5, "Something else")]


def test_paragraphs_below_a_heading_that_is_a_time_belong_to_it() -> None:
    found = read("# Timeline\n\n### 14:03\n\nIt broke.\n\nBadly.\n\n### 14:05\n\nFixed.\n\n## Lessons\n\nTest more.")
    assert [entry.text for entry in found.entries] == ["It broke.\nBadly.", "Fixed."]
    assert [(left.role, left.text) for left in found.leftovers] == [
        (Role.HEADING, "# Timeline"), (Role.HEADING, "## Lessons"), (Role.UNKNOWN, "Test more."),
    ]  # fmt: skip


def test_paragraphs_of_a_message_stay_together() -> None:
    (entry,) = read("Nok  14:03\nfirst\n\nsecond\n").entries
    assert entry.text == "first\n\nsecond"


def test_what_a_chat_shows_around_messages_is_decoration() -> None:
    found = read(
        "Nok  14:03\nIt broke\n:eyes:\n2\n👍 3\n3 replies\nLast reply today at 15:00\n(edited)\nSom  14:05\nok"
    )
    assert [entry.text for entry in found.entries] == ["It broke", "ok"]
    assert {left.role for left in found.leftovers} == {Role.DECORATION}
    assert len(found.leftovers) == 6


def test_a_sentence_that_ends_in_a_time_is_no_name() -> None:
    found = read("Nok  14:03\nRolled back at 14:02\nGone since 14:01\nSom  14:05\nok")
    assert [entry.name for entry in found.entries] == ["Nok", "Som"]


@pytest.mark.parametrize(
    "text",
    ["10:20/tcp is open", "ratio 16:9", "25:10 no", "14:3 no", "1.2.3.4 no", "see 14:03 for more", "14:03abc", "May 3"],
)
def test_what_only_looks_like_a_time_is_left_over(text: str) -> None:
    found = read(text)
    assert found.entries == ()
    assert [left.text for left in found.leftovers] == [text]


def test_a_value_in_quotes_goes_over_lines_and_keeps_other_columns() -> None:
    found = read('when,what,host\n14:03,"It, broke\n\nbadly",db1\n14:05,Fixed,')
    assert [(entry.text, entry.lines) for entry in found.entries] == [
        ("It, broke\n\nbadly · host: db1", (2, 4)), ("Fixed", (5,)),
    ]  # fmt: skip
    assert found.leftovers[0].role is Role.HEADING


def test_a_row_without_a_time_is_left_over() -> None:
    found = read("| Time | What |\n|---|---|\n| 14:03 | a |\n| 14:04 | b |\n| later | Fixed \\| done |")
    assert [entry.text for entry in found.entries] == ["a", "b"]
    assert [left.text for left in found.leftovers if left.role is Role.UNKNOWN] == ["| later | Fixed \\| done |"]


def test_no_more_than_two_thousand_are_read() -> None:
    for text in ("14:03 x\n" * 2_100, "14:03,x\n" * 2_100, "Nok  14:03\nx\n" * 2_100):
        found = read(text)
        assert len(found.entries) == 2_000
        assert found.leftovers[0].line > found.entries[-1].lines[0]
