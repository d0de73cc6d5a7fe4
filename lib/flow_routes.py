"""The shortest ways of right angles from box to box, around all that stands between them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from itertools import pairwise
from typing import NamedTuple

from lib.flow_shapes import Area, Box

Point = tuple[float, float]
# Lines run this far from boxes, side by side where there is room, and stay this far from them.
BESIDE = (6.0, 13.0)
ABOVE, CLEAR = 5.0, 2.0
# What a corner costs, and what a stretch costs that another arrow has taken, in pixels of a longer way.
CORNER, TAKEN = 18.0, 3.0
# The sides of a box are left before its top and bottom.
UPRIGHT = 24.0


class State(NamedTuple):
    """A crossing of two lines, by their numbers, and whether it was reached on the level one."""

    column: int
    row: int
    is_level: bool


class Port(NamedTuple):
    """Where a way begins or ends beside a box, and where it touches it."""

    state: State
    edge: Point


class Grid:
    """The lines that ways may follow between these boxes; it remembers what was taken, for the ways that come later."""

    def __init__(self, boxes: Sequence[Box], headings: Sequence[Area], size: tuple[float, float]) -> None:
        areas = [*headings, *(Area(box.x, box.y, box.right, box.bottom) for box in boxes)]
        columns = {x for box in boxes for gap in BESIDE for x in (box.x - gap, box.right + gap)}
        rows = {y for area in areas for y in (area.y - ABOVE, area.bottom + ABOVE)}
        columns |= {box.centre for box in boxes}
        rows |= {box.middle for box in boxes}
        self.columns = sorted(x for x in columns if CLEAR <= x <= size[0] - CLEAR)
        self.rows = sorted(y for y in rows if CLEAR <= y <= size[1] + ABOVE)
        # The stretches behind a crossing, to the right and down, that run through something.
        self._closed: set[State] = set()
        self._taken: set[State] = set()
        for area in areas:
            self._close(area)

    def find(self, source: Box, target: Box) -> list[Point] | None:
        """The corners of the way, its two ends included; None where there is none."""
        ends = {port.state: port.edge for port in self._ports(target)}
        starts = {port.state: port.edge for port in self._ports(source)}
        goal = (target.centre, target.middle)
        came: dict[State, State | None] = {}
        queue: list[tuple[float, float, State, State | None]] = []
        for state in starts:
            heappush(queue, (0.0, 0.0 if state.is_level else UPRIGHT, state, None))
        while queue:
            _guess, cost, state, before = heappop(queue)
            if state in came:
                continue
            came[state] = before
            if state in ends:
                return self._way(came, state, starts, ends[state])
            for after, length in self._steps(state):
                if after not in came:
                    further = cost + length + (UPRIGHT if after in ends and not after.is_level else 0)
                    heappush(queue, (further + self._distance(after, goal), further, after, state))
        return None

    def _close(self, area: Area) -> None:
        left, right = area.x - CLEAR, area.right + CLEAR
        top, bottom = area.y - CLEAR, area.bottom + CLEAR
        first, last = bisect_right(self.columns, left), bisect_left(self.columns, right)
        upper, lower = bisect_right(self.rows, top), bisect_left(self.rows, bottom)
        self._closed |= {
            State(column, row, is_level=True) for row in range(upper, lower) for column in range(first - 1, last)
        }
        self._closed |= {
            State(column, row, is_level=False) for column in range(first, last) for row in range(upper - 1, lower)
        }

    def _ports(self, box: Box) -> Iterator[Port]:
        for x, edge in ((box.x - BESIDE[0], box.x), (box.right + BESIDE[0], box.right)):
            if CLEAR <= x <= self.columns[-1]:
                yield Port(State(self.columns.index(x), self.rows.index(box.middle), is_level=True), (edge, box.middle))
        for y, edge in ((box.y - ABOVE, box.y), (box.bottom + ABOVE, box.bottom)):
            yield Port(State(self.columns.index(box.centre), self.rows.index(y), is_level=False), (box.centre, edge))

    def _steps(self, state: State) -> Iterator[tuple[State, float]]:
        column, row, was_level = state
        for step in (-1, 1):
            if 0 <= column + step < len(self.columns):
                stretch = State(min(column, column + step), row, is_level=True)
                if stretch not in self._closed:
                    length = abs(self.columns[column + step] - self.columns[column])
                    yield State(column + step, row, is_level=True), self._cost(stretch, length, turns=not was_level)
            if 0 <= row + step < len(self.rows):
                stretch = State(column, min(row, row + step), is_level=False)
                if stretch not in self._closed:
                    length = abs(self.rows[row + step] - self.rows[row])
                    yield State(column, row + step, is_level=False), self._cost(stretch, length, turns=was_level)

    def _cost(self, stretch: State, length: float, *, turns: bool) -> float:
        return length * (TAKEN if stretch in self._taken else 1) + (CORNER if turns else 0)

    def _distance(self, state: State, goal: Point) -> float:
        """Rather less than what is left: a way ends beside the box, not in its middle."""
        across, down = abs(self.columns[state.column] - goal[0]), abs(self.rows[state.row] - goal[1])
        return max(0.0, across + down - 200)

    def _way(
        self, came: dict[State, State | None], last: State, starts: dict[State, Point], edge: Point
    ) -> list[Point]:
        states = [last]
        while before := came[states[-1]]:
            states.append(before)
        states.reverse()
        for one, other in pairwise(states):
            self._taken.add(State(min(one.column, other.column), min(one.row, other.row), other.is_level))
        way = [starts[states[0]], *((self.columns[one.column], self.rows[one.row]) for one in states), edge]
        corners = [
            here
            for before, here, after in zip(way, way[1:], way[2:], strict=False)
            if not (before[0] == here[0] == after[0] or before[1] == here[1] == after[1])
        ]
        return [way[0], *corners, way[-1]]
