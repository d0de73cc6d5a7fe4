"""Arrows between boxes: a curve where nothing stands between the two, else a way around what does."""

from collections.abc import Sequence

from lib.flow_routes import Grid
from lib.flow_shapes import Area, Arrow, Box, head

# An arrow that goes back ends below the place where another begins.
BACK = 7
# In how many places a curve is looked at, and how near it may come to another box.
PROBES, NEAR = 24, 2
# Among more boxes, ways around are no longer looked for: nobody could follow them.
MOST_ROUTED = 40

Point = tuple[float, float]


def connect(
    pairs: Sequence[tuple[Box, Box]], boxes: Sequence[Box], *, headings: Sequence[Area], width: int, height: float
) -> list[Arrow]:
    """An arrow for each pair, none of them through a third box unless there are very many."""
    grid = Grid(boxes, headings, (width, height)) if len(boxes) <= MOST_ROUTED else None
    arrows = []
    for source, target in pairs:
        points = _curve(source, target)
        others = [box for box in boxes if box is not source and box is not target]
        route = grid.find(source, target) if grid and any(_meets(points, box) for box in others) else None
        if route:
            arrows.append(Arrow(_rounded(route), _head_of(route), _is_aside(source, target)))
            continue
        arrows.append(_arrow(points, is_aside=_is_aside(source, target)))
    return arrows


def _is_aside(source: Box, target: Box) -> bool:
    return source.is_aside or target.is_aside


def _curve(source: Box, target: Box) -> list[Point]:
    """A Bézier's four points, from box to box by their nearest sides."""
    if source.is_aside != target.is_aside or (source.x == target.x and source.is_aside):
        return _upright(source, target)
    if target.x == source.x:
        lower = target.middle + (BACK if source.middle > target.middle else -BACK)
        bulge = source.right + 20
        return [(source.right, source.middle), (bulge, source.middle), (bulge, lower), (target.right, lower)]
    if target.x > source.x:
        reach = max((target.x - source.right) / 2, 12)
        start, end = (source.right, source.middle), (target.x, target.middle)
    else:
        reach = -max((source.x - target.right) / 2, 12)
        start, end = (source.x, source.middle + BACK), (target.right, target.middle + BACK)
    return [start, (start[0] + reach, start[1]), (end[0] - reach, end[1]), end]


def _upright(source: Box, target: Box) -> list[Point]:
    is_up = source.y > target.y
    start = source.y if is_up else source.bottom
    end = target.bottom if is_up else target.y
    reach = -22 if is_up else 22
    return [(source.centre, start), (source.centre, start + reach), (target.centre, end - reach), (target.centre, end)]


def _arrow(points: list[Point], *, is_aside: bool) -> Arrow:
    (x1, y1), (x2, y2), (x3, y3), (x4, y4) = points
    dx, dy = _sign(x4 - x3), _sign(y4 - y3) if x4 == x3 else 0
    path = f"M{x1:g} {y1:g}C{x2:g} {y2:g} {x3:g} {y3:g} {x4 - 5 * dx:g} {y4 - 5 * dy:g}"
    return Arrow(path, head(x4, y4, dx, dy), is_aside)


def _meets(points: list[Point], box: Box) -> bool:
    for step in range(PROBES + 1):
        t = step / PROBES
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        x = sum(weight * point[0] for weight, point in zip(weights, points, strict=True))
        y = sum(weight * point[1] for weight, point in zip(weights, points, strict=True))
        if box.x - NEAR < x < box.right + NEAR and box.y - NEAR < y < box.bottom + NEAR:
            return True
    return False


def _rounded(route: list[Point]) -> str:
    """The route with its corners cut off, up to where the head begins."""
    last, end = route[-2], route[-1]
    route = [*route[:-1], (end[0] - 5 * _sign(end[0] - last[0]), end[1] - 5 * _sign(end[1] - last[1]))]
    path = f"M{route[0][0]:g} {route[0][1]:g}"
    for before, corner, after in zip(route, route[1:], route[2:], strict=False):
        near, far = _towards(corner, before), _towards(corner, after)
        path += f"L{near[0]:g} {near[1]:g}Q{corner[0]:g} {corner[1]:g} {far[0]:g} {far[1]:g}"
    return f"{path}L{route[-1][0]:g} {route[-1][1]:g}"


def _towards(corner: Point, other: Point) -> Point:
    """A little of the way from the corner to the other point; the two share a row or a column."""
    length = abs(other[0] - corner[0]) + abs(other[1] - corner[1])
    share = min(5.0, length / 2)
    return (
        corner[0] + share * _sign(other[0] - corner[0]),
        corner[1] + share * _sign(other[1] - corner[1]),
    )


def _head_of(route: list[Point]) -> str:
    (x1, y1), (x2, y2) = route[-2], route[-1]
    return head(x2, y2, _sign(x2 - x1), _sign(y2 - y1))


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)


def beside(pairs: Sequence[tuple[Box, Box]], tracks_at: float, step: int, count: int) -> list[Arrow]:
    """Arrows left of boxes that stand in one column, each in the nearest track where it runs over no other.

    When all tracks are taken, in the last.
    """
    tracks: list[list[tuple[float, float]]] = [[] for _ in range(count)]
    arrows = []
    for source, target in sorted(pairs, key=lambda pair: abs(pair[0].middle - pair[1].middle)):
        start, end = source.middle + 5, target.middle - 5
        low, high = min(start, end), max(start, end)
        free = (n for n, taken in enumerate(tracks) if all(high < begin or stop < low for begin, stop in taken))
        track = next(free, len(tracks) - 1)
        tracks[track].append((low, high))
        x = source.x - tracks_at - track * step
        path = f"M{source.x:g} {start:g}H{x:g}V{end:g}H{target.x - 5:g}"
        arrows.append(Arrow(path, head(target.x, end, 1, 0), _is_aside(source, target)))
    return arrows
