"""A phrase in its sentence, so that it can be judged where it stands."""

import re

# To either side of the phrase, in characters
NEAR = 110
_ends = re.compile(r"[.!?](?=[\s\"'”’)]|$)|\n\s*\n|\n(?=\s*(?:[-*+#|>]|\d+[.)])\s)|\|")


def sentence_around(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before the phrase and behind it in its sentence, in one line each; `…` where it is cut."""
    before, behind = text[max(0, start - NEAR) : start], text[end : end + NEAR]
    ends = list(_ends.finditer(before))
    if ends:
        before = before[ends[-1].end() :]
    elif start > NEAR:
        before = "…" + before.partition(" ")[2]
    if stop := _ends.search(behind):
        behind = behind[: stop.end()].rstrip("|")
    elif len(text) > end + NEAR:
        behind = behind.rpartition(" ")[0] + "…"
    return _line(before).lstrip(" -*+#>|"), _line(behind)


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text)
