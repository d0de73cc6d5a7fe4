"""What counts as a claim of recovery, and what does not."""

import time

import pytest

from recovery.claims import evidence_in, find_claims


@pytest.mark.parametrize(
    "sentence",
    [
        *("0 rows lost", "No rows were lost", "There was no data loss", "Zero data-loss", "nothing was lost"),
        *("without losing any data", "Zero customer records were lost", "We lost nothing", "All data was restored"),
        *("Restored in 8 s", "The database was restored within 2 minutes", "Recovery took 25 min", "RTO 2 min"),
        *("RTO: 8.5 s", "RPO < 1 second", "**No data loss**", "- 0 rows lost", "recovered in about 3 minutes"),
        *("ไม่มีข้อมูลสูญหาย", "ข้อมูลไม่หาย", "ข้อมูลสูญหาย 0 แถว", "กู้คืนได้ภายใน 8 วินาที", "กู้คืนข้อมูลใช้เวลา 3 นาที"),
        *("กู้คืนได้ทั้งหมด", "RTO 2 นาที"),
    ],
)
def test_a_claim_is_found(sentence: str) -> None:
    assert len(list(find_claims(f"Before it.\n\n{sentence}\n\nAfter it."))) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        *("The disk was full.", "We restored the service.", "Some rows were lost.", "500 requests failed."),
        *("The RTO objective is 5 min.", "RTO should be 2 min.", "เป้าหมาย RTO คือ 5 นาที", "`0 rows lost`"),
        *("```\n0 rows lost\n```", "It took 25 minutes to notice.", "Recovery begins with the runbook."),
    ],
)
def test_what_claims_nothing_is_left_alone(sentence: str) -> None:
    assert list(find_claims(sentence)) == []


def test_sentences_are_told_apart() -> None:
    text = "It began at 14:03. No data was lost, see RT-3. The cause was a full disk."
    assert list(find_claims(text)) == ["No data was lost, see RT-3."]
    assert evidence_in("RT-3.rto and EV-9, not FORT-1 or RT-0") == {"RT-3", "EV-9"}


@pytest.mark.parametrize("piece", ["no ", "restored ", "RTO ", "0 rows ", "กู้คืน", "ไม่มีข้อมูล", "a. ", "`"])
def test_long_texts_are_read_in_passing(piece: str) -> None:
    begin = time.process_time()
    list(find_claims(piece * (100_000 // len(piece))))
    assert time.process_time() - begin < 3
