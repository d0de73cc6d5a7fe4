"""Passages in HTML: where words that somebody quoted stand in what is shown, and the same HTML with them marked.

Blanks and line ends count for nothing, so that what was selected on a page is found whatever its text is laid out as.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape

# A drawing is no text that can be marked; its words stand in a table too. In quotes, `<` and `>` are no tag's.
TOKEN = re.compile(
    r'<(svg|style|script|title)\b.*?</\1>|<!--.*?-->|<(/?[a-z][a-z0-9]*)\b[^<>"]*(?:"[^"]*"[^<>"]*)*>|[^<]+|<', re.S
)
CHARACTER = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|\w{1,32});|\S", re.S)
LINK = re.compile(r"<a\b.*?</a>", re.S)
# Within a word these end nothing.
INLINE = {"a", "code", "del", "em", "mark", "span", "strong"}
# As people copy them from the text area.
SIGNS = re.compile(r"[*_`~]")
AROUND = 60
MOST_PLACES = 200


@dataclass(frozen=True)
class Passage:
    """Words that something is said about, under a key; `before` is what stood in front of them."""

    key: int
    quote: str
    before: str = ""


@dataclass(frozen=True)
class Place:
    """Where a passage stands among the characters, and the words around it as they are read."""

    start: int
    end: int
    before: str
    after: str


@dataclass
class Text:
    """The characters of an HTML text without blanks: where each stands in the HTML, in which part, and in the words."""

    html: str
    characters: list[str] = field(default_factory=list)
    spans: list[tuple[int, int, int]] = field(default_factory=list)
    words: str = ""
    in_words: list[int] = field(default_factory=list)


def read_text(html: str) -> Text:
    """What somebody reads in it."""
    text, words, length = Text(html), list[str](), 0
    for number, token in enumerate(TOKEN.finditer(html)):
        if token[1] or token[2] or token[0].startswith("<!--"):
            gap = "" if token[2] and token[2].strip("/") in INLINE else " "
            words.append(gap)
            length += len(gap)
            continue
        end = 0
        for match in CHARACTER.finditer(token[0]):
            gap = " " if match.start() > end else ""
            end = match.end()
            shown = unescape(match[0])
            words.append(gap + shown)
            # A blank that is written as an entity is one too.
            for place, character in enumerate(shown if not shown.isspace() else ""):
                text.characters.append(character)
                text.spans.append((token.start() + match.start(), token.start() + end, number))
                text.in_words.append(length + len(gap) + place)
            length += len(gap) + len(shown)
        if end < len(token[0]):
            words.append(" ")
            length += 1
    text.words = "".join(words)
    return text


def find_places(text: Text, passages: Iterable[Passage]) -> dict[int, Place]:
    """Where each passage stands, by its key; those that are not there any more are left out.

    Of several places, the one with the same words in front of it, else the first.
    """
    all_characters = "".join(text.characters)
    found = {}
    for passage in passages:
        quote, before = _squeeze(passage.quote), _squeeze(passage.before)
        start = _best(all_characters, quote, before)
        if start < 0 and SIGNS.search(quote):
            quote = SIGNS.sub("", quote)
            start = _best(all_characters, quote, before)
        if start >= 0:
            found[passage.key] = _place(text, start, start + len(quote))
    return found


def mark_places(text: Text, places: Mapping[int, Place], links: Mapping[int, str]) -> str:
    """The HTML with these places marked; behind each, outside of any link, stands its HTML of `links`."""
    covered, ends = set[int](), dict[int, list[int]]()
    for key, place in sorted(places.items()):
        covered.update(range(place.start, place.end))
        ends.setdefault(place.end - 1, []).append(key)
    spans_of_links = [match.span() for match in LINK.finditer(text.html)] if ends else []
    inserted: list[tuple[int, int, str]] = []
    for run in _runs(text, sorted(covered), ends):
        inserted.append((text.spans[run[0]][0], 2, '<mark class="passage-mark">'))
        end = text.spans[run[-1]][1]
        inserted.append((end, 0, "</mark>"))
        if run[-1] in ends:
            behind = next((stop for start, stop in spans_of_links if start < end < stop), end)
            inserted.append((behind, 1, "".join(links[key] for key in ends[run[-1]])))
    parts, done = [], 0
    for at, _order, html in sorted(inserted, key=lambda each: each[:2]):
        parts += [text.html[done:at], html]
        done = at
    return "".join([*parts, text.html[done:]])


def _runs(text: Text, covered: list[int], ends: Mapping[int, object]) -> Iterator[list[int]]:
    """Characters that follow one another in the same part of the HTML; where a passage ends, a run does."""
    run: list[int] = []
    for place in covered:
        is_next = run and place == run[-1] + 1 and text.spans[place][2] == text.spans[run[-1]][2]
        if run and (not is_next or run[-1] in ends):
            yield run
            run = []
        run.append(place)
    if run:
        yield run


def _best(characters: str, quote: str, before: str) -> int:
    best, most, start = -1, -1, characters.find(quote) if quote else -1
    for _time in range(MOST_PLACES):
        if start < 0:
            break
        shared = _shared_end(characters[max(start - len(before), 0) : start], before)
        if shared > most:
            best, most = start, shared
        start = characters.find(quote, start + 1)
    return best


def _shared_end(one: str, other: str) -> int:
    count = 0
    for first, second in zip(reversed(one), reversed(other), strict=False):
        if first != second:
            break
        count += 1
    return count


def _place(text: Text, start: int, end: int) -> Place:
    first, last = text.in_words[start], text.in_words[end - 1] + 1
    before, after = text.words[max(first - AROUND, 0) : first], text.words[last : last + AROUND]
    if first > AROUND:
        # Not from the middle of a word, where there are words with blanks between them.
        before = f"… {before.partition(' ')[2] or before}"
    if last + AROUND < len(text.words):
        after = f"{after.rpartition(' ')[0] or after} …"
    return Place(start, end, re.sub(r"\s+", " ", before), re.sub(r"\s+", " ", after))


def _squeeze(words: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFC", words))
