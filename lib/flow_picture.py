"""A picture of what led to what: boxes in columns from left to right, others below, arrows between them.

For narrow screens the same boxes one below the other, with the arrows beside them. Pure geometry, in pixels of a
picture that is scaled as a whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lib.flow_arrows import beside, connect
from lib.flow_shapes import Area, Arrow, Box, Line
from lib.label_text import text_width, wrap

SIZE, LINE, PADDING = 11, 14, 7
NUMBER_WIDTH = 19
BOX_GAP, HEADING, LANE_GAP = 10, 22, 18
MOST_WIDTH = 240
COLUMN_GAP = 22
PER_ROW = 4
# What has room on one sheet of paper, and how many lines of words a box has, with or without its note, until it has.
MOST_HEIGHT = 850
ROOM = ((5, True), (4, True), (3, True), (2, True), (1, True), (1, False))
GUTTER, STEP = 40, 7
# Room for a line below the last row.
BELOW = 8


@dataclass(frozen=True)
class Item:
    """Something to be drawn: a machine word that colours it, its number, its words and a note below them.

    `column` counts from the left; None: it stands beside, in the `lane` with that heading.
    """

    key: str
    number: str
    text: str
    note: str = ""
    column: int | None = None
    lane: int = 0
    # On paper; pages have their own, by day and by night.
    colour: str = "#536170"


@dataclass(frozen=True)
class Sheet:
    """What stands above the columns and above the rows below them, and how wide the picture is."""

    columns: Sequence[str]
    lanes: Sequence[str]
    width: int


@dataclass(frozen=True)
class Flow:
    """The picture."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    headings: tuple[Line, ...]


def draw_wide(items: Sequence[Item], edges: Sequence[tuple[int, int]], sheet: Sheet) -> Flow:
    """The items in their columns, in an order that keeps arrows short; those beside in rows below.

    Of their words, so many as leave the whole on one sheet of paper, where that is possible.
    """
    stacks = _order(items, edges, len(sheet.columns))
    for most, has_notes in ROOM:
        shown = items if has_notes else [replace(item, note="") for item in items]
        boxes, headings, floor = _place(shown, stacks, sheet, most)
        if floor + BELOW <= MOST_HEIGHT:
            break
    ordered = tuple(boxes[place] for place in sorted(boxes))
    named = [Area(line.x, line.y - 10, line.x + text_width(line.text, SIZE), line.y + 3) for line in headings]
    pairs = [(boxes[source], boxes[target]) for source, target in edges]
    arrows = connect(pairs, ordered, headings=named, width=sheet.width, height=floor)
    return Flow(sheet.width, round(floor + BELOW), ordered, tuple(arrows), tuple(headings))


def _place(
    items: Sequence[Item], stacks: list[list[int]], sheet: Sheet, most: int
) -> tuple[dict[int, Box], list[Line], float]:
    """The boxes with so many lines of words, what stands above them, and where the last row ends."""
    columns, width = sheet.columns, sheet.width
    box_width = min(width / len(columns) - COLUMN_GAP, MOST_WIDTH)
    # One less, for the edge of the last box.
    offset = (width - 1 - box_width) / max(len(columns) - 1, 1)
    boxes: dict[int, Box] = {}
    heights = []
    for column, stack in enumerate(stacks):
        y = float(HEADING)
        for place in stack:
            boxes[place] = _box(items[place], column * offset, y, box_width, most)
            y += boxes[place].height + BOX_GAP
        heights.append(y - BOX_GAP)
    floor = max(heights)
    for column, stack in enumerate(stacks):
        for place in stack:
            boxes[place] = _moved(boxes[place], (floor - heights[column]) // 2)
    headings = [Line(words, round(column * offset, 1), 12.0) for column, words in enumerate(columns)]
    for lane, words in enumerate(sheet.lanes):
        headings.append(Line(words, 0, floor + LANE_GAP + 12))
        places = [place for place, item in enumerate(items) if _lane(item) == lane]
        found = _rows([items[place] for place in places], floor + LANE_GAP + HEADING, width, most)
        boxes |= dict(zip(places, found, strict=True))
        floor = max((box.y + box.height for box in found), default=floor)
    return boxes, headings, floor


def _rows(items: Sequence[Item], y: float, width: int, most: int) -> list[Box]:
    """Boxes in rows, the first of them at this height."""
    box_width = (width - 1 - (PER_ROW - 1) * COLUMN_GAP) / PER_ROW
    boxes: list[Box] = []
    for start in range(0, len(items), PER_ROW):
        row = items[start : start + PER_ROW]
        drawn = [_box(item, n * (box_width + COLUMN_GAP), y, box_width, most) for n, item in enumerate(row)]
        y = max(box.y + box.height for box in drawn) + BOX_GAP
        boxes += drawn
    return boxes


def draw_narrow(items: Sequence[Item], edges: Sequence[tuple[int, int]], sheet: Sheet) -> Flow:
    """The same one below the other; arrows run at the left."""
    groups = [(words, place, True) for place, words in enumerate(sheet.columns)]
    groups += [(words, place, False) for place, words in enumerate(sheet.lanes)]
    boxes: dict[int, Box] = {}
    headings, y = [], 0.0
    for words, group, is_main in groups:
        headings.append(Line(words, GUTTER, y + 12))
        y += HEADING
        for place, item in enumerate(items):
            if (item.column if is_main else _lane(item)) == group:
                boxes[place] = _box(item, GUTTER, y, sheet.width - GUTTER - 1, 6)
                y += boxes[place].height + BOX_GAP
    pairs = [(boxes[source], boxes[target]) for source, target in edges]
    arrows = beside(pairs, 10, STEP, int(GUTTER / STEP) - 1)
    ordered = tuple(boxes[place] for place in sorted(boxes))
    return Flow(sheet.width, round(y), ordered, tuple(arrows), tuple(headings))


def _lane(item: Item) -> int | None:
    return item.lane if item.column is None else None


def _order(items: Sequence[Item], edges: Sequence[tuple[int, int]], count: int) -> list[list[int]]:
    """The places of each column's items, each near to what it leads to; the last column first."""
    stacks = [[place for place, item in enumerate(items) if item.column == column] for column in range(count)]
    heights: dict[int, float] = {}
    for stack in reversed(stacks):
        wanted = {}
        for number, place in enumerate(stack):
            targets = [heights[target] for source, target in edges if source == place and target in heights]
            wanted[place] = sum(targets) / len(targets) if targets else (number + 0.5) / len(stack)
        stack.sort(key=lambda place: wanted[place])
        heights |= {place: (number + 0.5) / len(stack) for number, place in enumerate(stack)}
    return stacks


def _box(item: Item, x: float, y: float, width: float, most: int) -> Box:
    x, y, width = round(x, 1), round(y, 1), round(width, 1)
    room = width - 2 * PADDING - NUMBER_WIDTH
    words = wrap(item.text, width=room, size=SIZE, lines=most)
    left = x + PADDING + NUMBER_WIDTH
    lines = tuple(Line(text, left, y + PADDING + 10 + number * LINE) for number, text in enumerate(words))
    height = 2 * PADDING + len(lines) * LINE
    note = None
    if item.note:
        height += LINE
        words = wrap(item.note, width=width - 2 * PADDING, size=SIZE - 1, lines=1)
        note = Line(words[0], x + PADDING, y + height - PADDING - 3)
    number = Line(item.number, x + PADDING, y + PADDING + 10)
    return Box(item.key, item.colour, x, y, width, height, number, lines, note, is_aside=item.column is None)


def _moved(box: Box, down: float) -> Box:
    def move(line: Line) -> Line:
        return replace(line, y=line.y + down)

    note = move(box.note) if box.note else None
    return replace(box, y=box.y + down, number=move(box.number), lines=tuple(map(move, box.lines)), note=note)
