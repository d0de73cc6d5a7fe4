"""A picture of what led to what: boxes in columns from left to right, others below, arrows between them.

For narrow screens the same boxes one below the other, with the arrows beside them. Pure geometry, in pixels of a
picture that is scaled as a whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lib.label_text import wrap

SIZE, LINE, PADDING = 11, 14, 7
NUMBER_WIDTH = 17
BOX_GAP, HEADING, LANE_GAP = 10, 22, 18
MOST_WIDTH = 240
COLUMN_GAP = 22
PER_ROW = 4
# What has room on one sheet of paper, and how many lines of words a box has, with or without its note, until it has.
MOST_HEIGHT = 850
ROOM = ((5, True), (4, True), (3, True), (2, True), (1, True), (1, False))
GUTTER, STEP = 40, 7


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
class Line:
    """Words at a place."""

    text: str
    x: float
    y: float


@dataclass(frozen=True)
class Box:
    """A box with its words."""

    key: str
    colour: str
    x: float
    y: float
    width: float
    height: float
    number: Line
    lines: tuple[Line, ...]
    note: Line | None
    is_aside: bool = False

    @property
    def middle(self) -> float:
        """Half its height."""
        return self.y + self.height / 2

    @property
    def centre(self) -> float:
        """Half its width."""
        return self.x + self.width / 2


@dataclass(frozen=True)
class Arrow:
    """A line with a head."""

    path: str
    head: str
    is_aside: bool = False


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
        flow = _draw(shown, stacks, edges, sheet, most)
        if flow.height <= MOST_HEIGHT:
            break
    return flow


def _draw(
    items: Sequence[Item], stacks: list[list[int]], edges: Sequence[tuple[int, int]], sheet: Sheet, most: int
) -> Flow:
    columns, width = sheet.columns, sheet.width
    box_width = min(width / len(columns) - COLUMN_GAP, MOST_WIDTH)
    offset = (width - box_width) / max(len(columns) - 1, 1)
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
    arrows = tuple(_curve(boxes[source], boxes[target]) for source, target in edges)
    return Flow(width, round(floor + 2), tuple(boxes[place] for place in sorted(boxes)), arrows, tuple(headings))


def _rows(items: Sequence[Item], y: float, width: int, most: int) -> list[Box]:
    """Boxes in rows, the first of them at this height."""
    box_width = (width - (PER_ROW - 1) * COLUMN_GAP) / PER_ROW
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
    arrows = _beside([(boxes[source], boxes[target]) for source, target in edges])
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


def _curve(source: Box, target: Box) -> Arrow:
    """From box to box by their nearest sides."""
    if source.is_aside != target.is_aside:
        return _upright(source, target)
    is_aside = source.is_aside
    if target.x > source.x:
        start, end, bend, side = source.x + source.width, target.x, 1, -1
    elif target.x < source.x:
        start, end, bend, side = source.x, target.x + target.width, -1, 1
    else:
        start, end, side = source.x + source.width, target.x + target.width, 1
        path = (
            f"M{start:g} {source.middle:g}C{start + 26:g} {source.middle:g} "
            f"{end + 26:g} {target.middle:g} {end + 5:g} {target.middle:g}"
        )
        return Arrow(path, _head(end, target.middle, side), is_aside)
    reach = max(abs(end - start) / 2, 12) * bend
    path = (
        f"M{start:g} {source.middle:g}C{start + reach:g} {source.middle:g} "
        f"{end - reach:g} {target.middle:g} {end + 5 * side:g} {target.middle:g}"
    )
    return Arrow(path, _head(end, target.middle, side), is_aside)


def _upright(source: Box, target: Box) -> Arrow:
    is_up = source.y > target.y
    start = source.y if is_up else source.y + source.height
    end = target.y + target.height if is_up else target.y
    away = 1 if is_up else -1
    path = (
        f"M{source.centre:g} {start:g}C{source.centre:g} {start - 22 * away:g} "
        f"{target.centre:g} {end + 22 * away:g} {target.centre:g} {end + 5 * away:g}"
    )
    x, foot = target.centre, end + 6 * away
    return Arrow(path, f"{x:g},{end:g} {x - 4:g},{foot:g} {x + 4:g},{foot:g}", is_aside=True)


def _head(x: float, y: float, side: int) -> str:
    """A triangle whose point touches the box at (x, y); it lies to the left (-1) or right (1) of that."""
    return f"{x:g},{y:g} {x + 6 * side:g},{y - 4:g} {x + 6 * side:g},{y + 4:g}"


def _beside(pairs: Sequence[tuple[Box, Box]]) -> list[Arrow]:
    """Each arrow in the nearest track where it runs over no other; when all are taken, in the last."""
    tracks: list[list[tuple[float, float]]] = [[] for _ in range(int(GUTTER / STEP) - 1)]
    arrows = []
    for source, target in sorted(pairs, key=lambda pair: abs(pair[0].middle - pair[1].middle)):
        start, end = source.middle + 5, target.middle - 5
        low, high = min(start, end), max(start, end)
        free = (n for n, taken in enumerate(tracks) if all(high < begin or stop < low for begin, stop in taken))
        track = next(free, len(tracks) - 1)
        tracks[track].append((low, high))
        x = source.x - 10 - track * STEP
        path = f"M{source.x:g} {start:g}H{x:g}V{end:g}H{target.x - 5:g}"
        arrows.append(Arrow(path, _head(target.x, end, -1), source.is_aside or target.is_aside))
    return arrows
