"""A text as words, and the names of people among them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from incidents.wording.prose import BREAK, THING

# What no word of a phrase is: the end of a sentence, and a pause in one.
END, PAUSE, CODE = ".", ",", THING

_letter = r"(?:[^\W_]|[\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])"
_pieces = re.compile(
    rf"(?P<word>{_letter}+(?:['’‑-]{_letter}+)*+(?:(?<=s)['’](?=\s+{_letter}))?)"
    rf"|(?P<end>[.!?…](?=[\s\"'”’)\]*_]|$)|[;:|{BREAK}])"
    rf"|(?P<pause>,|[—–(){{}}]|\s-\s)"
    rf"|(?P<code>{THING})"
)
# Names that are words as well: in lower case they are those words.
_plain = {
    "admin", "app", "art", "bill", "chase", "dean", "deploy", "drew", "faith", "frank", "grace", "grant",
    "guest", "hope", "jack", "joy", "main", "mark", "may", "merge", "miles", "ops", "page", "pat", "ray",
    "rich", "rob", "root", "service", "skip", "sue", "support", "system", "team", "test", "user", "web",
    "will",
}  # fmt: skip
MIN_NAME = 2


@dataclass
class Words:
    """The words of a text in lower case with straight apostrophes, and where each stands.

    `names` says where a name begins and behind which word it ends; `owners` the same for a name with 's.
    """

    words: list[str] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)
    names: dict[int, int] = field(default_factory=dict)
    owners: dict[int, int] = field(default_factory=dict)


Names = dict[str, list[tuple[str, ...]]]


def read_names(people: Iterable[str]) -> Names:
    """The names by their first word: each as a whole, and each of its words that could stand alone."""
    known: Names = {}
    for person in people:
        parts = tuple(word for _kind, word, _place in _split(person.strip().removeprefix("@")))
        alone = [(part,) for part in parts if len(part) > MIN_NAME] if len(parts) > 1 else []
        for name in filter(None, [parts, *alone]):
            if sum(map(len, name)) >= MIN_NAME and name not in known.setdefault(name[0].lower(), []):
                known[name[0].lower()].append(name)
    for names in known.values():
        names.sort(key=len, reverse=True)
    return known


def read_words(prose: str, names: Names) -> Words:
    """The words of what `prose_of` gave."""
    found = Words()
    for kind, word, place in _split(prose):
        is_word = kind == "word"
        found.words.append(word.lower() if is_word else {"end": END, "pause": PAUSE}.get(kind, CODE))
        found.places.append(place)
    if names:
        _find_names(found, prose, names)
    return found


def _split(text: str) -> Iterator[tuple[str, str, tuple[int, int]]]:
    for match in _pieces.finditer(text):
        yield match.lastgroup or "", match[0].replace("’", "'").replace("‑", "-"), match.span()


def _find_names(found: Words, prose: str, names: Names) -> None:
    for place, word in enumerate(found.words):
        for name in names.get(_bare(word)) or ():
            end = place + len(name)
            last = found.words[end - 1] if end <= len(found.words) else ""
            middle = [part.lower() for part in name[:-1]]
            is_owner = last.endswith(("'s", "s'"))
            if found.words[place : end - 1] != middle or _bare(last) != name[-1].lower():
                continue
            if _is_name(prose, found.places[place][0], name):
                (found.owners if is_owner else found.names)[place] = end
                break


def _bare(word: str) -> str:
    return word.removesuffix("'s").removesuffix("'")


def _is_name(prose: str, start: int, name: tuple[str, ...]) -> bool:
    """A word in lower case is a name behind an @, or where the name itself is written so and is no other word."""
    if not prose[start].islower() or prose[start - 1 : start] == "@":
        return True
    return name[0][0].islower() and name[0] not in _plain
