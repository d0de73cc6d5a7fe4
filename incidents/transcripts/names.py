"""Who wrote an entry, where the line says so."""

import re
from collections import Counter

from incidents.transcripts.draft import Draft

MOST_WORDS = 5
_NICK = re.compile(r"<[@+~&% ]?([^<>\s]{1,40})>\s+(?=\S)")
_COLON = re.compile(r"(\*\*|__|@)?([^\W\d_][^:<>\[\]|*_`]{0,39})(?:\*\*|__)?:(?:\*\*|__)?\s+(?=\S)")
_EMOJI_CODE = re.compile(r"\s*:[a-z0-9_+-]{2,40}:\s*$")
_BADGE = re.compile(r"\s+(?:APP|BOT)$")


def split_nick(text: str) -> tuple[str, str]:
    """`<nok> it is down` as name and text; no name where there is none."""
    found = _NICK.match(text)
    return (found[1], text[found.end() :]) if found else ("", text)


def split_colon(text: str) -> tuple[str, str]:
    """`Nok: it is down` as name and text; no name where what stands before the colon is too long for one."""
    found = _COLON.match(text)
    if found is None or len(found[2].split()) > MOST_WORDS:
        return "", text
    return found[2].strip(), text[found.end() :]


def take_repeated_names(drafts: list[Draft]) -> None:
    """Where several entries begin with the same `nok: `, that is who wrote them."""
    nameless = [draft for draft in drafts if not draft.name and draft.parts]
    counts = Counter(split_colon(draft.parts[0])[0] for draft in nameless)
    for draft in nameless:
        name, text = split_colon(draft.parts[0])
        if name and counts[name] > 1:
            draft.name, draft.parts[0] = name, text


def clean_name(name: str) -> str:
    """The name without the emoji of a status and the badge of a bot behind it."""
    return _BADGE.sub("", _EMOJI_CODE.sub("", name)).strip()
