"""Names of people in text, however they are spelled: in any case, without accents, across marks of Markdown."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from accounts.models import User
from lib.folding import fold_with_places, is_joined

THAI = re.compile("[\u0e00-\u0e7f]")
# Between the letters of a name these are no part of it; some are seen by nobody.
PASSED_OVER = "_~\\\u200c\u200d\u2060\ufeff"
SIGNS = re.compile(r"[*`~]")
# Two or three letters may be the beginning of anything; as a name they begin with a capital.
SHORT = 3
SHORTEST = 2
PARTS = re.compile(r"[\s.,'’()-]+")
OWN = re.compile(r"[\d._]")
# Somebody who has no account here.
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
HANDLE = re.compile(r"(?<![\w/.@+-])@[^\W\d_][\w.-]*\w")


@dataclass(frozen=True)
class Needle:
    """What may name a person, folded; `is_sure` where it can be nothing else."""

    folded: str
    spelled: str
    person: int
    is_sure: bool = False

    @property
    def is_thai(self) -> bool:
        """True where it may stand in the middle of a line of letters: Thai is written without blanks."""
        return bool(THAI.search(self.spelled))


@dataclass(frozen=True)
class Folded:
    """A text as names are looked for in it, and where each of its characters stands in the text."""

    text: str
    folded: str
    places: Sequence[int]


@dataclass(frozen=True)
class Found:
    """A name in a text; `person` is the key of its account, 0 where it has none."""

    start: int
    end: int
    person: int
    is_sure: bool = False


def fold_text(text: str) -> Folded:
    """The text in lower case, without accents and marks, each run of blanks as one."""
    folded, places = list[str](), list[int]()
    for character, place in zip(*fold_with_places(text), strict=True):
        if character in PASSED_OVER:
            continue
        blank = character.isspace()
        if not (blank and folded and folded[-1] == " "):
            folded.append(" " if blank else character)
            places.append(place)
    return Folded(text, "".join(folded), places)


def needles_of(person: User) -> list[Needle]:
    """The name, user name and address, and what may be short for them: parts of the name, and of the address."""
    name, username, email = person.name.strip(), person.username, person.email.strip()
    # A user name such as “it” or “support” is a word, too.
    sure = [email, f"@{username}"] + [name] * bool(PARTS.search(name)) + [username] * bool(OWN.search(username))
    unsure = [username, name, *PARTS.split(name), email.partition("@")[0]]
    known: dict[str, Needle] = {}
    for words, is_sure in (*((each, True) for each in sure), *((each, False) for each in unsure)):
        folded = fold_text(words).folded.strip()
        if len(folded) >= SHORTEST and not folded.isdecimal():
            known.setdefault(folded, Needle(folded, words, person.pk, is_sure))
    return sorted(known.values(), key=lambda needle: -len(needle.folded))


def relevant(people: Iterable[User], folded: str) -> list[Needle]:
    """What of all these people's names stands anywhere in the folded text: most people are in no document."""
    return [needle for person in people for needle in needles_of(person) if needle.folded in folded]


def find_names(text: Folded, needles: Iterable[Needle]) -> list[Found]:
    """Each name in the text in order; of names inside one another the longest."""
    taken: list[Found] = []
    for needle in sorted(needles, key=lambda each: (-len(each.folded), not each.is_sure)):
        for start, end in _places(text, needle):
            if not any(start < other.end and other.start < end for other in taken):
                is_sure = needle.is_sure or _is_record(text.text, start, end)
                taken.append(Found(start, end, needle.person, is_sure))
    return sorted(taken, key=lambda found: found.start)


def find_strangers(text: str, taken: Sequence[Found]) -> Iterator[Found]:
    """Addresses and handles of people who have no account here."""
    for pattern in (ADDRESS, HANDLE):
        for match in pattern.finditer(text):
            if not any(match.start() < other.end and other.start < match.end() for other in taken):
                yield Found(match.start(), match.end(), 0)


def replace_found(text: str, found: Iterable[Found], words: Mapping[int, str], otherwise: str) -> str:
    """The text with these names by the words for their people; marks of Markdown that were opened stay closed."""
    parts, done = list[str](), 0
    for each in sorted(found, key=lambda one: one.start):
        signs = "".join(SIGNS.findall(text[each.start : each.end]))
        parts += [text[done : each.start], words.get(each.person, otherwise), signs]
        done = each.end
    return "".join([*parts, text[done:]])


def _places(text: Folded, needle: Needle) -> Iterator[tuple[int, int]]:
    at = text.folded.find(needle.folded)
    while at >= 0:
        start, end = text.places[at], text.places[at + len(needle.folded) - 1] + 1
        while end < len(text.text) and is_joined(text.text[end]) and not needle.is_thai:
            end += 1
        if needle.is_thai or (_is_apart(text.text, start, end) and _is_spelled_so(text.text[start:end], needle)):
            yield start, end
        at = text.folded.find(needle.folded, at + 1)


def _is_apart(text: str, start: int, end: int) -> bool:
    """True for a word of its own, and for one that a capital sets apart, as in `screenshotNok2`."""
    before, after = text[start - 1 : start], text[end : end + 1]
    begins = not _is_letter(before) or (before.islower() and text[start].isupper())
    return begins and (not _is_letter(after) or (text[end - 1].islower() and after.isupper()))


def _is_letter(character: str) -> bool:
    return character.isalpha() and not THAI.match(character)


def _is_spelled_so(words: str, needle: Needle) -> bool:
    return len(needle.folded) > SHORT or words[:1].isupper() or words == needle.spelled


def _is_record(text: str, start: int, end: int) -> bool:
    """True where a record names a person: alone, or before a comma and when that was."""
    return (start == 0 or text[:start].endswith("; ")) and (end == len(text) or text[end] == ",")
