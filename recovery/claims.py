"""Sentences that claim a recovery: that no data was lost, or how long restoring took. Pure; English and Thai."""

import re
from collections.abc import Iterator

from lib.markdown import split_fences

_number = r"(?:about |around |under |~|<|≈)?\s?\d[\d.,]*\s?"
_time = rf"{_number}(?:ms|s|sec\w*|m|min\w*|h|hrs?|hours?|วินาที|นาที|ชั่วโมง|ชม\.?)(?![A-Za-z])"
_things = r"(?:rows?|records?|transactions?|writes?|bytes?|data)"
_were = r"(?:was|were|is|are|got|has been|have been)"
CLAIMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:0|zero|no|not a single|not one) (?:\w+ ){{0,2}}{_things}(?: {_were})? (?:lost|missing)\b",
        r"\b(?:no|zero|without(?: any)?) data[- ]loss\b|\bwithout losing (?:any )?(?:data|rows|a row)\b",
        r"\bnothing (?:was|got|is) lost\b|\b(?:lost|losing) (?:nothing|no data|no rows?|0 rows?)\b",
        r"\ball (?:the )?(?:data|rows|records) (?:was|were|is|are|came) (?:restored|recovered|back)\b",
        rf"\b(?:restor\w+|recover\w+)\b[^.\n]{{0,60}}?\b(?:in|within|took|takes|after) {_time}",
        rf"\b(?:RTO|RPO)\b[^.\n]{{0,40}}?{_time}",
        r"ไม่มีข้อมูล(?:ใด)?(?:สูญ)?หาย|ข้อมูลไม่(?:สูญ)?หาย|ไม่(?:มีการ)?สูญเสียข้อมูล|(?:ข้อมูล)?(?:สูญ)?หาย\s?0\b|0\s?แถว",
        rf"กู้(?:คืน|ข้อมูล)[^\n]{{0,60}}?(?:ใน|ภายใน|ใช้เวลา)\s?{_time}",
        r"กู้(?:คืน)?(?:ข้อมูล)?(?:ได้|กลับมา)(?:ทั้งหมด|ครบ)",
    )
)
# What somebody wants is no claim that it was so.
WANTED = re.compile(
    r"\b(?:objectives?|targets?|goals?|should|must|budget|if|would|could)\b|เป้า|ควร|ต้อง|ถ้า", re.IGNORECASE
)
EVIDENCE = re.compile(r"\b(?:RT|EV)-[1-9]\d*")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
LONGEST = 2_000


def find_claims(markdown: str) -> Iterator[str]:
    """Each sentence that claims something of a recovery, without its code, in its order."""
    for is_code, lines in split_fences(markdown.split("\n")):
        if is_code:
            continue
        for sentence in SENTENCE_END.split("\n".join(lines)):
            words = re.sub(r"`[^`]*`|[*_]{1,3}|^[ \t]*(?:[-+*>#]+|\d+[.)])[ \t]+", "", sentence[:LONGEST]).strip()
            if not WANTED.search(words) and any(claim.search(words) for claim in CLAIMS):
                yield words


def evidence_in(sentence: str) -> set[str]:
    """The references to evidence that a sentence has."""
    return set(EVIDENCE.findall(sentence))
