"""Boxes never cover one another, stay in the picture, and arrows begin and end at them."""

import itertools
import random
import re

import pytest

from lib.flow_picture import GUTTER, MOST_HEIGHT, Flow, Item, Sheet, draw_narrow, draw_wide
from lib.flow_shapes import Box

SHEET = Sheet(["Triggers", "Factors", "Incident"], ["Mitigators"], 640)


def make(count: int, *, seed: int = 1) -> tuple[list[Item], list[tuple[int, int]]]:
    chance = random.Random(seed)
    items = []
    for n in range(1, count + 1):
        column = chance.choice([0, 1, None])
        items.append(
            Item("root_cause", str(n), "Something about the system " * chance.randint(1, 9), "ACT-1 open", column)
        )
    items.append(Item("incident", "", "INC-1 It broke", column=2))
    edges = [(a, b) for a, b in itertools.combinations(range(count + 1), 2) if chance.random() < 0.1]
    return items, edges


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


@pytest.mark.parametrize("draw", [draw_wide, draw_narrow])
@pytest.mark.parametrize("count", [1, 5, 25, 60])
def test_boxes_have_places_of_their_own(draw: object, count: int) -> None:
    for seed in range(5):
        items, edges = make(count, seed=seed)
        flow: Flow = draw(items, edges, SHEET)  # type: ignore[operator]
        assert [box.number.text for box in flow.boxes] == [item.number for item in items]
        assert not any(overlap(*pair) for pair in itertools.combinations(flow.boxes, 2))
        assert all(box.x >= 0 and box.x + box.width <= flow.width + 0.2 for box in flow.boxes)
        assert all(box.y + box.height <= flow.height + 1 for box in flow.boxes)
        assert all(line.y < box.y + box.height for box in flow.boxes for line in box.lines)
        assert len(flow.arrows) == len(edges)


@pytest.mark.parametrize("count", [1, 5, 25])
def test_up_to_twenty_five_have_room_on_a_sheet(count: int) -> None:
    for seed in range(5):
        assert draw_wide(*make(count, seed=seed), SHEET).height <= MOST_HEIGHT


def test_few_boxes_say_more_than_many() -> None:
    few, many = draw_wide(*make(3), SHEET), draw_wide(*make(60), SHEET)
    assert max(len(box.lines) for box in few.boxes) > max(len(box.lines) for box in many.boxes) == 1


@pytest.mark.parametrize(("source", "target"), list(itertools.permutations(range(4), 2)))
def test_an_arrow_points_at_its_box(source: int, target: int) -> None:
    items = [
        Item("trigger", "1", "a", column=0),
        Item("trigger", "2", "b", column=0),
        Item("root_cause", "3", "c", column=1),
    ]
    items += [Item("risk", "4", "d"), Item("incident", "", "e", column=2)]
    flow = draw_wide(items, [(source, target)], SHEET)
    x, y = map(float, flow.arrows[0].head.split()[0].split(","))
    box = flow.boxes[target]
    assert box.x - 0.1 <= x <= box.x + box.width + 0.1
    assert box.y - 0.1 <= y <= box.y + box.height + 0.1


def test_arrows_beside_narrow_boxes_stay_left_of_them() -> None:
    items, _edges = make(25)
    flow = draw_narrow(items, list(itertools.pairwise(range(26))), SHEET)
    for arrow in flow.arrows:
        assert all(0 <= float(x) <= GUTTER for x in re.findall(r"H([\d.]+)", arrow.path))


def test_an_item_stands_near_what_it_leads_to() -> None:
    items = [Item("trigger", str(n), "x", column=0) for n in (1, 2)] + [
        Item("root_cause", str(n), "x", column=1) for n in (3, 4)
    ]
    items.append(Item("incident", "", "x", column=2))
    flow = draw_wide(items, [(0, 3), (1, 2)], SHEET)
    assert flow.boxes[0].y > flow.boxes[1].y
