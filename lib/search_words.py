"""What somebody types into a search field, taken apart."""

import re
import unicodedata
from dataclasses import dataclass

from lib.folding import fold

MAX_LENGTH = 200
MAX_TERMS = 8
_token = re.compile(r'(-?)["“”„«»]([^"“”„«»]*)["“”„«»]?|(\S+)')
_reference = re.compile(r"(inc|act|rt|ev)-(\d{1,15})", re.IGNORECASE)


@dataclass(frozen=True)
class Words:
    """Folded terms that must all be found, in any order, and terms that must not; a term is a word or a phrase."""

    terms: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    # Terms beyond the limit, which are not searched for.
    ignored: tuple[str, ...] = ()


def parse_words(typed: str) -> Words:
    """The words of what was typed: "a phrase" stays together, -word excludes."""
    wanted: dict[str, None] = {}
    excluded: dict[str, None] = {}
    for match in _token.finditer(clean(typed)):
        minus, quoted, bare = match[1], match[2], match[3]
        if quoted is None:
            minus, bare = ("-", bare[1:]) if re.match(r"-[^-]", bare) else ("", bare)
        term = fold(quoted if quoted is not None else bare.strip('"“”„«»')).strip()
        if term:
            (excluded if minus else wanted)[term] = None
    terms = tuple(wanted)
    return Words(terms[:MAX_TERMS], tuple(excluded)[:MAX_TERMS], terms[MAX_TERMS:])


def parse_reference(typed: str) -> tuple[str, int] | None:
    """`("ACT", 7)` for ACT-7 in whatever case, alone; None for everything else."""
    match = _reference.fullmatch(typed.strip())
    return (match[1].upper(), int(match[2])) if match else None


def clean(typed: str) -> str:
    """One composed line without control characters, no longer than is searched for."""
    composed = unicodedata.normalize("NFC", typed[:MAX_LENGTH])
    return "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in composed).strip()
