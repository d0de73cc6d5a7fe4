from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from lib.time_axis import Stretch, draw_axis, extent, text_width

START = datetime(2024, 3, 10, 14, 0, tzinfo=UTC)
# From nothing over seconds to weeks
LENGTHS = st.lists(st.sampled_from([0, 0.001, 1, 59, 300, 3600, 86_400, 3_000_000]), min_size=1, max_size=5)
WORDS = st.text("abcdefghij ", min_size=1, max_size=40)


def stretches(lengths: list[float], *, is_open: bool = False) -> list[Stretch]:
    edges = [START]
    for length in lengths:
        edges.append(edges[-1] + timedelta(seconds=length))
    pairs = list(pairwise(edges))
    return [
        Stretch(
            "x", ("#fff", "#000"), first, last, (f"{n} · a long name · {n} min", str(n)), is_open and n == len(pairs)
        )
        for n, (first, last) in enumerate(pairs, start=1)
    ]


@settings(deadline=None)
@given(LENGTHS, st.lists(WORDS, min_size=6, max_size=6), st.sampled_from([300, 600, 840]), st.floats(1, 5))
def test_labels_never_overlap_nor_leave_the_picture_however_wide_it_is_shown(
    lengths: list[float], words: list[str], width: int, wider: float
) -> None:
    parts = stretches(lengths)
    edges = [parts[0].start, *(part.end for part in parts)]
    axis = draw_axis(parts, list(zip(edges, words, strict=False)), width=width)
    shown = width * wider
    labelled = [mark for mark in axis.marks if mark.label]
    for mark in labelled:
        left, right = extent(mark, shown)
        assert left >= -0.5
        assert right <= shown + 0.5
    for one, other in combinations(labelled, 2):
        if one.is_above == other.is_above:
            (left, right), (begin, end) = extent(one, shown), extent(other, shown)
            assert right < begin or end < left
    for part in axis.parts:
        assert text_width(part.label) <= part.width / 100 * shown


@settings(deadline=None)
@given(LENGTHS, st.booleans())
def test_every_part_is_to_be_seen_in_order_and_inside(lengths: list[float], is_open: bool) -> None:
    axis = draw_axis(stretches(lengths, is_open=is_open), [(START, "start")], width=600)
    assert len(axis.parts) == len(lengths)
    assert all(part.width >= 0.4 and part.x >= 0 and part.x + part.width <= 100.01 for part in axis.parts)
    assert all(before.x <= after.x for before, after in pairwise(axis.parts))
    assert axis.parts[-1].is_open is is_open


def test_places_are_true_to_time() -> None:
    axis = draw_axis(stretches([60, 180]), [(START, "a"), (START + timedelta(minutes=4), "b")], width=600)
    assert [(part.x, part.width) for part in axis.parts] == [(0, 25), (25, 75)]
    assert [(mark.x, mark.anchor, mark.is_above) for mark in axis.marks] == [(0, "start", True), (100, "end", True)]


def test_the_longest_words_that_have_room_are_written_and_none_where_there_is_none() -> None:
    axis = draw_axis(stretches([1000, 60, 1]), [], width=600)
    assert [part.label for part in axis.parts] == ["1 · a long name · 1 min", "2", ""]


def test_the_ends_have_words_before_what_lies_between() -> None:
    words = "a name that takes its room"
    moments = [(START + timedelta(seconds=second), words) for second in (0, 1, 2, 3, 1000)]
    axis = draw_axis(stretches([1000]), moments, width=400)
    assert [(bool(mark.label), mark.is_above) for mark in axis.marks][::4] == [(True, True), (True, True)]
    assert [mark.label for mark in axis.marks][1:4] == [words, "", ""]


def test_the_last_mark_of_what_goes_on_is_open() -> None:
    axis = draw_axis(stretches([60], is_open=True), [(START, "a"), (START + timedelta(minutes=1), "now")], width=600)
    assert [mark.is_open for mark in axis.marks] == [False, True]


def test_a_mark_within_a_part_strikes_through_no_words() -> None:
    moments = [(START, "a"), (START + timedelta(minutes=1), "b"), (START + timedelta(minutes=2), "c")]
    first, within, last = draw_axis(stretches([120]), moments, width=600).marks
    assert (first.begin, first.end) == (last.begin, last.end) == (18, 54)
    assert (within.begin, within.end) == (18, 24)
    crowded = draw_axis(stretches([120]), [moments[0], (moments[1][0], "b" * 99), moments[2]], width=600).marks[1]
    assert (crowded.label, crowded.begin, crowded.end) == ("", 24, 24)
