"""Letters made equal for searching: without case, European accents and the marks of Markdown; Thai stays whole.

The database folds what it indexes by the same table (`REPLACED`), and what is searched for is folded here.
"""

import re
import unicodedata

_BASES = {
    "a": "àáâãäåāăą",
    "c": "çćč",
    "d": "ďđ",
    "e": "èéêëēėęě",
    "g": "ğģ",
    "i": "ìíîïīį",
    "k": "ķ",
    "l": "łļĺľ",
    "n": "ñńņň",
    "o": "òóôõöøōő",
    "r": "řŕ",
    "s": "śšş",
    "t": "ťţ",
    "u": "ùúûüūůűų",
    "y": "ýÿ",
    "z": "źżž",
}
# Accents that were typed as characters of their own; Thai marks are none of them.
_COMBINING = "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0327\u0328"
_SPACES = "\t\n\r\u00a0"
_DROPPED = "*`\u200b\u00ad"
# One character each, by a plain letter, a space, or nothing.
REPLACED: dict[str, str] = {
    **{letter: base for base, letters in _BASES.items() for letter in letters + letters.upper()},
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys(_DROPPED + _COMBINING, ""),
}
# Sara am has two spellings that look the same.
SARA_AM = ("\u0e4d\u0e32", "\u0e33")
SIGMA = "\u03a3"
_table = str.maketrans(REPLACED)


def fold(text: str) -> str:
    """The text as it is compared: lower case, no accents, sara am spelt in one way, one line."""
    plain = text.translate(_table)
    folded = plain.lower()
    # Letter by letter only where that comes to something else: for letters that become several, and a sigma at an end.
    if len(folded) != len(plain) or SIGMA in plain:
        folded = "".join(map(_lower, plain))
    return folded.replace(*SARA_AM)


def pattern(term: str) -> str:
    """A regular expression, alike in Python and in PostgreSQL, for every spelling of a folded term of a few letters."""
    spellings = ((letter, "".join(other for other, plain in REPLACED.items() if plain == letter)) for letter in term)
    return "".join(f"[{letter}{others}]" if others else re.escape(letter) for letter, others in spellings)


def fold_with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters where it stands in `text`."""
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        plain = REPLACED.get(character)
        plain = _lower(character) if plain is None else plain
        if character == SARA_AM[0][1] and folded and folded[-1] == SARA_AM[0][0]:
            folded[-1] = SARA_AM[1]
        elif plain:
            folded.append(plain)
            places.append(place)
    return "".join(folded), places


def is_joined(character: str) -> bool:
    """True for a character that is drawn on or belongs to the one before it; text is never cut in front of one."""
    return character == SARA_AM[1] or unicodedata.category(character)[0] == "M"


def _lower(character: str) -> str:
    # One character for one, as databases do it.
    lower = character.lower()
    return lower if len(lower) == 1 else character
