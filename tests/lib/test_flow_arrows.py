"""Arrows run around the boxes that they do not belong to, and say where they lead."""

import itertools
import random
import re

import pytest

from lib.flow_arrows import MOST_ROUTED
from lib.flow_picture import Flow, Item, Sheet, draw_wide
from lib.flow_shapes import Arrow, Box

SHEET = Sheet(["Triggers", "Factors", "Causes", "Incident"], ["Mitigators", "Risks"], 640)
Point = tuple[float, float]


def make(count: int, seed: int) -> tuple[list[Item], list[tuple[int, int]]]:
    chance = random.Random(seed)
    items = [
        Item("x", str(n), "Something about it " * chance.randint(1, 4), "ACT-1", chance.choice([0, 1, 2, None]))
        for n in range(count)
    ]
    items = [
        item if item.column is not None else Item("x", item.number, item.text, lane=chance.randint(0, 1))
        for item in items
    ]
    items.append(Item("incident", "", "INC-1 It broke", column=3))
    pairs = list(itertools.permutations(range(count + 1), 2))
    return items, chance.sample(pairs, min(count, len(pairs)))


def curve(points: list[Point]) -> list[Point]:
    """Places along a Bézier with these points, by halving between them again and again."""
    places = []
    for step in range(17):
        share, left = step / 16, points
        while len(left) > 1:
            left = [(a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])) for a, b in itertools.pairwise(left)]
        places.append(left[0])
    return places


def places(arrow: Arrow) -> list[Point]:
    found: list[Point] = []
    for sign, numbers in re.findall(r"([MLQC])([^MLQC]+)", arrow.path):
        values = [float(number) for number in numbers.split()]
        points = list(zip(values[::2], values[1::2], strict=True))
        found += points if sign == "M" else curve([found[-1], *points])
    return found


def is_inside(place: Point, box: Box) -> bool:
    return box.x < place[0] < box.x + box.width and box.y < place[1] < box.y + box.height


def crossed(flow: Flow, edges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [
        (source, target)
        for (source, target), arrow in zip(edges, flow.arrows, strict=True)
        for number, box in enumerate(flow.boxes)
        if number not in (source, target) and any(is_inside(place, box) for place in places(arrow))
    ]


@pytest.mark.parametrize("count", [3, 6, 12, 25])
def test_no_arrow_runs_through_a_box_that_it_does_not_belong_to(count: int) -> None:
    for seed in range(8):
        items, edges = make(count, seed)
        assert crossed(draw_wide(items, edges, SHEET), edges) == []


def test_the_check_sees_an_arrow_through_a_box() -> None:
    items = [Item("x", str(n), "a", column=n) for n in range(4)]
    flow = draw_wide(items, [(0, 2)], SHEET)
    straight = Arrow(f"M{flow.boxes[0].right:g} {flow.boxes[0].middle:g}L600 {flow.boxes[0].middle:g}", "")
    through = Flow(flow.width, flow.height, flow.boxes, (straight,), flow.headings)
    assert crossed(through, [(0, 2)])
    assert not crossed(flow, [(0, 2)])


@pytest.mark.parametrize("count", [6, 25])
def test_arrows_stay_in_the_picture_and_begin_and_end_at_their_boxes(count: int) -> None:
    for seed in range(4):
        items, edges = make(count, seed)
        flow = draw_wide(items, edges, SHEET)
        for (source, target), arrow in zip(edges, flow.arrows, strict=True):
            along = places(arrow)
            assert all(0 <= x <= flow.width and 0 <= y <= flow.height for x, y in along)
            assert touches(along[0], flow.boxes[source])
            assert touches(head_of(arrow), flow.boxes[target])


def touches(place: Point, box: Box) -> bool:
    return (
        box.x - 0.2 <= place[0] <= box.x + box.width + 0.2
        and box.y - 0.2 <= place[1] <= box.y + box.height + 0.2
        and not is_inside(
            (place[0], place[1]), Box("", "", box.x + 1, box.y + 1, box.width - 2, box.height - 2, *PLAIN)
        )
    )


def head_of(arrow: Arrow) -> Point:
    x, y = arrow.head.split()[0].split(",")
    return float(x), float(y)


PLAIN = (None, (), None)


def test_there_and_back_are_two_arrows() -> None:
    items = [Item("x", str(n), "a", column=n) for n in range(4)]
    there, back = draw_wide(items, [(0, 1), (1, 0)], SHEET).arrows
    assert {y for _x, y in places(there)}.isdisjoint({y for _x, y in places(back)})


def test_among_very_many_boxes_arrows_are_drawn_straight() -> None:
    items, edges = make(MOST_ROUTED + 20, 1)
    assert len(draw_wide(items, edges, SHEET).arrows) == len(edges)
