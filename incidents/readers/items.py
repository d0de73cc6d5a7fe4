"""What is promised: lists and checkboxes, tables with owner and due date, with the words that say it is done."""

import re
from dataclasses import dataclass, field
from datetime import date

from incidents.lengths import MOST_ITEMS
from incidents.readers.dates import find_date
from incidents.readers.document import Line, ReadItem
from incidents.readers.item_titles import plain_text, title_of
from incidents.readers.outline import heading_of
from incidents.readers.tables import Table, find_table
from incidents.readers.titles import clean_title
from incidents.readers.words import any_line

_BULLET = re.compile(r"(?P<indent>\s{0,3})(?:[-*+•]|\d{1,3}[.)])\s+(?P<text>.*)$")
_BOX = re.compile(r"\[(?P<mark>[ xX✓✔])\]\s+")
_STATE = re.compile(
    r"(?:\*\*|`|~~)?(?:\[(?P<state>done|todo|to do|open|wip|in progress|complete|completed|closed|pending|fixed)\]"
    r"|(?P<bare>DONE|TODO|COMPLETED?|OPEN|WIP|FIXED)(?=\s?[:–—-]))(?:\*\*|`|~~)?\s{0,3}[:–—-]?\s{0,3}",
    re.IGNORECASE,
)
_STATE_BEHIND = re.compile(
    r"\s{1,3}[–—-]{0,1}\s{0,2}[\[(](done|todo|completed?|open|fixed|closed)[\])]\.?$|\s[–—-]\s(DONE|TODO)$",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"(?:done|x|completed?|closed|fixed|finished|resolved|yes|✓|✔|✅|☑️?|:white_check_mark:|เสร็จ(?:แล้ว|สิ้น)?)$",
    re.IGNORECASE,
)
_BEHIND = re.compile(r"\s{0,3}[\[(](?P<inside>[^()\[\]]{2,120})[\])]\.?$")
_OWNER = re.compile(
    r"(?:owner|assignee|assigned to|responsible|dri|who|ผู้รับผิดชอบ)\s?[:=]\s{0,3}(?P<name>@?[^,;|()\[\]]{1,60})",
    re.IGNORECASE,
)
_DUE = re.compile(
    r"(?:due(?: date| by| on)?|deadline|by|eta|target|กำหนด)\s?[:=]?\s{1,3}(?P<day>[\w\u0e31-\u0e4e/., -]{4,30})",
    re.IGNORECASE,
)
_MENTION = re.compile(r"(?<!\w)@(?P<name>[\w.-]{2,40})")
_TITLES = {
    "due": r"""
        \b(due|deadline|when|eta|target|by when|completion date)\b|กำหนด
    """,
    "owner": r"""
        \b(owners?|who|assignees?|assigned( to)?|responsible|dri|person|lead|team)\b|ผู้รับผิดชอบ
    """,
    "kind": r"""
        ^(type|kind|category)\b|ประเภท
    """,
    "state": r"""
        \b(status|state|done|progress|complete)\b|สถานะ
    """,
    "text": r"""
        \b(actions?|items?|tasks?|what|description|todo|title|remediation|follow ?ups?)\b
        \b(recommendation|measure|improvement)s?\b
        รายการ|งาน
    """,
}
_PATTERNS = {name: any_line(words) for name, words in _TITLES.items()}
KINDS = {
    "prevent": "prevent",
    "prevention": "prevent",
    "detect": "detect",
    "detection": "detect",
    "mitigate": "mitigate",
    "mitigation": "mitigate",
    "process": "process",
}


@dataclass
class ItemsReading:
    """Action items in order, and the lines that stay prose: an item that says more than its record holds stays both.

    After `most` of them the rest is prose; `is_full` says that there was more.
    """

    items: list[ReadItem] = field(default_factory=list)
    rest: list[Line] = field(default_factory=list)
    most: int = MOST_ITEMS
    is_full: bool = False


def has_marked_items(lines: list[Line]) -> bool:
    """Whether there are checkboxes or words such as `[TODO]`, which no other list has."""
    for line in lines:
        found = None if line.is_code else _BULLET.match(line.text)
        if found and (_BOX.match(found["text"]) or re.match(r"\[(?:done|todo)\]", found["text"], re.IGNORECASE)):
            return True
    return False


def read_items(lines: list[Line], *, is_every: bool, most: int = MOST_ITEMS) -> ItemsReading:
    """The first action items; `is_every`: each bullet is one, else those with a checkbox or a state alone."""
    reading = ItemsReading(most=most)
    group, place = "", 0
    while place < len(lines):
        line = lines[place]
        if table := find_table(lines, place):
            _read_table(reading, table, group)
            place += len(table.lines)
            continue
        if heading := heading_of(line):
            group = clean_title(heading[1])
            reading.rest.append(line)
            place += 1
            continue
        found = None if line.is_code else _BULLET.match(line.text)
        if found and (is_every or _BOX.match(found["text"]) or _STATE.match(found["text"])):
            end = _end_of_item(lines, place, len(found["indent"]))
            if _has_room(reading):
                _read_bullet(reading, lines[place:end], found["text"], group)
            else:
                reading.rest += lines[place:end]
            place = end
            continue
        reading.rest.append(line)
        place += 1
    reading.rest = _without_told_groups(reading.rest, {item.group for item in reading.items})
    return reading


def _has_room(reading: ItemsReading) -> bool:
    reading.is_full = reading.is_full or len(reading.items) >= reading.most
    return not reading.is_full


def _end_of_item(lines: list[Line], place: int, indent: int) -> int:
    end = place + 1
    while end < len(lines):
        line = lines[end]
        if line.is_blank:
            # What is indented behind a blank line belongs to it still.
            following = lines[end + 1].text if end + 1 < len(lines) else ""
            if not following.startswith("  ") or len(following) - len(following.lstrip()) <= indent:
                break
        else:
            found = _BULLET.match(line.text)
            if (found and len(found["indent"]) <= indent) or heading_of(line):
                break
        end += 1
    return end


def _read_bullet(reading: ItemsReading, lines: list[Line], first: str, group: str) -> None:
    text, is_done = take_state(first)
    nested = [line for line in lines[1:] if line.is_code or _BULLET.match(line.text.lstrip())]
    if not nested:
        text = " ".join([text, *(line.text.strip() for line in lines[1:] if not line.is_blank)])
    text, behind = take_state_behind(text)
    text, owner, due = take_owner(text)
    title, is_whole = title_of(text)
    if not title:
        reading.rest += lines
        return
    reading.items.append(ReadItem(title, lines[0].number, owner, due, is_done or behind, group=group))
    if nested or not is_whole:
        reading.rest += lines


def take_state(text: str) -> tuple[str, bool]:
    """The text without its checkbox, `[DONE]` or `TODO:`, and whether that says done; struck out is done."""
    is_done = False
    if box := _BOX.match(text):
        is_done, text = not box["mark"].isspace(), text[box.end() :]
    if state := _STATE.match(text):
        is_done = is_done or bool(_DONE.match(state["state"] or state["bare"]))
        text = text[state.end() :]
    struck = re.fullmatch(r"~~(.+)~~", text.strip())
    return (struck[1], True) if struck else (text.strip(), is_done)


def take_state_behind(text: str) -> tuple[str, bool]:
    """The same for a state at the end: `Alert earlier (done)`."""
    found = _STATE_BEHIND.search(text[-60:])
    if not found:
        return text, False
    return text[: max(len(text) - 60, 0) + found.start()].rstrip(), bool(_DONE.match(found[1] or found[2]))


def take_owner(text: str) -> tuple[str, str, date | None]:
    """The text without the brackets at its end that name an owner or a day, the owner, the day."""
    found = _BEHIND.search(text)
    # The brackets of a link are none.
    inside = found["inside"] if found and not text[: found.start()].endswith("]") else ""
    owner, due = _owner_and_day(inside, is_apart=True) if inside else ("", None)
    if found and (owner or due):
        return text[: found.start()].rstrip(), owner, due
    return text, *_owner_and_day(text, is_apart=False)


def _owner_and_day(text: str, *, is_apart: bool) -> tuple[str, date | None]:
    owner = _OWNER.search(text) or _MENTION.search(text)
    due = _DUE.search(text) if is_apart or re.search(r"\b(?:due|deadline)\b", text, re.IGNORECASE) else None
    name = owner["name"].split(" due ")[0].strip(" .*_`@") if owner else ""
    day = find_date(due["day"]) if due else None
    return name, day or (find_date(text) if is_apart and owner else None)


def _without_told_groups(lines: list[Line], groups: set[str]) -> list[Line]:
    """The lines without headings that nothing stands below but items, which carry the words."""
    kept: list[Line] = []
    following: Line | None = None
    for line in reversed(lines):
        heading = heading_of(line)
        if heading and clean_title(heading[1]) in groups and (following is None or heading_of(following)):
            continue
        kept.append(line)
        following = following if line.is_blank else line
    return kept[::-1]


def _read_table(reading: ItemsReading, table: Table, group: str) -> None:
    columns = _columns(table)
    if "text" not in columns:
        reading.rest += table.lines
        return
    is_whole = True
    for line, cells in table.rows:
        item = _read_row(cells, columns, line, group)
        if item and _has_room(reading):
            reading.items.append(item)
            is_whole = is_whole and _is_whole_row(cells, columns, item)
        elif any(cells):
            is_whole = False
    if not is_whole:
        reading.rest += table.lines


def _columns(table: Table) -> dict[str, int]:
    columns: dict[str, int] = {}
    for place, title in enumerate(table.titles):
        words = re.sub(r"[*_`#]", "", title).strip()
        name = next(
            (name for name, pattern in _PATTERNS.items() if name not in columns and pattern.search(words)), None
        )
        if name:
            columns[name] = place
    return columns


def _cell(cells: tuple[str, ...], columns: dict[str, int], name: str) -> str:
    place = columns.get(name, -1)
    return cells[place] if 0 <= place < len(cells) else ""


def _read_row(cells: tuple[str, ...], columns: dict[str, int], line: Line, group: str) -> ReadItem | None:
    text, is_done = take_state(_cell(cells, columns, "text"))
    title, _is_whole = title_of(text)
    if not title:
        return None
    others = [cell for place, cell in enumerate(cells) if place != columns["text"]]
    is_done = is_done or any(_DONE.match(plain_text(cell)) for cell in others)
    kind = KINDS.get(plain_text(_cell(cells, columns, "kind")).lower(), "")
    owner = plain_text(_cell(cells, columns, "owner")).strip("@ ")
    due = find_date(_cell(cells, columns, "due"))
    return ReadItem(title, line.number, owner if owner not in ("-", "—", "n/a", "?") else "", due, is_done, kind, group)


def _is_whole_row(cells: tuple[str, ...], columns: dict[str, int], item: ReadItem) -> bool:
    """Whether the item says all that the row says."""
    if not title_of(take_state(_cell(cells, columns, "text"))[0])[1]:
        return False
    for place, cell in enumerate(cells):
        name = next((name for name, column in columns.items() if column == place), "")
        is_held = name in ("text", "owner") or (name == "due" and item.due_date) or (name == "kind" and item.kind)
        if cell and not is_held and not _DONE.match(plain_text(cell)) and not _STATE_WORDS.match(plain_text(cell)):
            return False
    return True


_STATE_WORDS = re.compile(r"(?:open|todo|to do|not started)$", re.IGNORECASE)
