"""A whole post-mortem in Thai."""

from datetime import UTC, date, datetime

from tests.incidents.readers.test_read import read

TEXT = """# ระบบชำระเงินล่ม

**วันที่:** ๕ มกราคม พ.ศ. ๒๕๖๗
**ผู้เขียน:** นก ศรีใส
**ระดับความรุนแรง:** SEV2

## สรุป

ลูกค้าชำระเงินไม่ได้สามสิบนาที

## ลำดับเหตุการณ์

เวลาทั้งหมดเป็นเวลาไทย

- 23.50 น. คิวเริ่มยาว
- **23.58 น.** แจ้งเตือน
- 00.10-00.40 น. เพิ่มเครื่อง
- 6 ม.ค. 67 เวลา 08:00 น. กลับมาปกติ

| เวลา | เหตุการณ์ |
| --- | --- |
| 09.15 น. | แก้ไขแดชบอร์ด |
| 09.30 น. | ปิดเรื่อง |

## สาเหตุ

ตั้งค่าผิด

## สิ่งที่ต้องทำ

| รายการ | ผู้รับผิดชอบ | กำหนด | สถานะ |
| --- | --- | --- | --- |
| เพิ่มการแจ้งเตือน | นก | 1 มี.ค. 2567 | เสร็จแล้ว |

- [ ] ทบทวนค่า (ผู้รับผิดชอบ: เล็ก, กำหนด: 15 มิถุนายน 2567)
"""


def test_it_is_read_as_one_in_english_would_be() -> None:
    found = read(TEXT)
    assert (found.title, found.date, found.authors) == ("ระบบชำระเงินล่ม", date(2024, 1, 5), "นก ศรีใส")
    assert (found.severity, found.time_zone) == (2, "Asia/Bangkok")
    assert [f"{event.occurred_at.astimezone(UTC):%d %H:%M} {event.text}" for event in found.events] == [
        "05 16:50 คิวเริ่มยาว",
        "05 16:58 แจ้งเตือน",
        "05 17:10 เพิ่มเครื่อง",
        "06 01:00 กลับมาปกติ",
        "06 02:15 แก้ไขแดชบอร์ด",
        "06 02:30 ปิดเรื่อง",
    ]
    assert found.events[2].ended_at == datetime(2024, 1, 5, 17, 40, tzinfo=UTC)
    assert [(item.title, item.owner, item.due_date, item.is_done) for item in found.items] == [
        ("เพิ่มการแจ้งเตือน", "นก", date(2024, 3, 1), True),
        ("ทบทวนค่า", "เล็ก", date(2024, 6, 15), False),
    ]
    assert [cause.statement for cause in found.causes] == ["ตั้งค่าผิด"]
    assert found.warnings == ()


def test_the_day_may_stand_in_prose_or_in_the_title() -> None:
    assert read("# ระบบล่มเมื่อวันที่ 5 มกราคม 2567\n").date == date(2024, 1, 5)
    assert read("# ล่ม\n\n## สรุป\n\nเมื่อวันที่5 ม.ค. 67 ระบบล่ม\n").date == date(2024, 1, 5)
    assert read("# ล่ม\n\nวันเกิดเหตุ: 5/1/2567\n").date == date(2024, 1, 5)
