"""Days and times as they are written in Thai."""

from datetime import date

import pytest

from incidents.transcripts.days import date_of, read_day
from incidents.transcripts.plain_lines import begin_of_line

FULL = ["มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน"]
FULL += ["กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม"]
SHORT = ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."]


def day_of(text: str) -> date | None:
    found = read_day(text)
    return date_of(found[0], date(2024, 6, 1), day_first=False) if found and found[1] == len(text) else None


@pytest.mark.parametrize("number", range(1, 13))
def test_every_month_has_a_full_and_a_short_name(number: int) -> None:
    for name in (FULL[number - 1], SHORT[number - 1], SHORT[number - 1].replace(".", "")):
        assert day_of(f"5 {name} 2567") == date(2024, number, 5)


@pytest.mark.parametrize(
    "text",
    [
        "5 มกราคม 2567", "5 ม.ค. 67", "5 ม.ค.67", "วันที่ 5 มกราคม พ.ศ. 2567", "วันที่ 5 เดือนมกราคม พ.ศ.2567",
        "๕ มกราคม ๒๕๖๗", "วันศุกร์ที่ 5 มกราคม 2567", "ศุกร์ 5 ม.ค. 2567", "5 มกราคม ค.ศ. 2024", "5 ม.ค. 2024",
        "5/1/2567", "05-01-2567", "๐๕/๐๑/๒๕๖๗", "2567-01-05", "5 January 2567",
    ],
)  # fmt: skip
def test_a_day_however_it_is_written(text: str) -> None:
    assert day_of(text) == date(2024, 1, 5)


def test_a_leap_day_is_one_in_its_own_year() -> None:
    assert day_of("29 ก.พ. 2567") == date(2024, 2, 29)
    assert day_of("29 ก.พ. 2566") is None


def test_without_a_year_it_is_the_nearest() -> None:
    assert day_of("5 ต.ค.") == date(2024, 10, 5)


@pytest.mark.parametrize(
    "line",
    [
        "14:03 น. ล่ม", "14.03 น. ล่ม", "- 14.03น. ล่ม", "- เวลา 14.03 น. ล่ม", "**๑๔:๐๓ น.** ล่ม", "๑๔.๐๓ น. - ล่ม",
        "- 5 ม.ค. 2567 เวลา 14:03 น. ล่ม", "[5 ม.ค. 67 14:03] ล่ม",
    ],
)  # fmt: skip
def test_a_time_however_it_is_written(line: str) -> None:
    found = begin_of_line(line)
    assert found
    assert (f"{found[0].clock:%H:%M}", found[2]) == ("14:03", "ล่ม")


def test_a_number_before_a_word_is_no_time() -> None:
    assert begin_of_line("10.50 น้ำท่วม") is None
    assert begin_of_line("10.50 บาท") is None


def test_a_range_has_one_unit() -> None:
    found = begin_of_line("14.03-14.30 น. ล่ม")
    assert found
    assert (f"{found[0].until:%H:%M}", found[2]) == ("14:30", "ล่ม")
