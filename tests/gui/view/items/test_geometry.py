"""The ways of wires, the index of boxes, and how numbers are written: pure parts of the view."""

from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_editor.document.sizes import BOX_HEIGHT, BOX_WIDTH
from graph_editor.view.items.grid_index import Bounds, GridIndex
from graph_editor.view.items.routing import route, sample, through
from graph_editor.view.painting.content import compact
from graph_editor.view.painting.metrics import port_offsets

BOUNDS = st.builds(
    lambda x, y, w, h: (x, y, x + w, y + h),
    st.floats(-2000, 2000),
    st.floats(-2000, 2000),
    st.floats(0, 900),
    st.floats(0, 900),
)


def touch(a: Bounds, b: Bounds) -> bool:
    return a[0] <= b[2] and a[2] >= b[0] and a[1] <= b[3] and a[3] >= b[1]


@given(places=st.lists(BOUNDS, max_size=20), moved=st.lists(BOUNDS, max_size=20), area=BOUNDS)
def test_the_index_finds_what_touches(places: list[Bounds], moved: list[Bounds], area: Bounds) -> None:
    index, plain = GridIndex(), {}
    for new in (places, moved):
        for number, bounds in enumerate(new):
            index.put(str(number), bounds)
            plain[str(number)] = bounds
    if plain:
        index.drop("0")
        del plain["0"]
    assert set(index.within(area)) == {key for key, bounds in plain.items() if touch(bounds, area)}


@given(
    columns=st.lists(st.integers(-3, 3), min_size=1, max_size=6),
    start=st.integers(-3, 3),
    end=st.integers(-3, 3),
)
def test_wires_run_round_boxes_that_stand_in_rows(columns: list[int], start: int, end: int) -> None:
    """Boxes 200 apart, one in each row between the ends: no wire goes through one."""
    boxes = [
        (column * 200.0, 100.0 * row + 100, column * 200.0 + BOX_WIDTH, 100.0 * row + 100 + BOX_HEIGHT)
        for row, column in enumerate(columns)
    ]
    index = GridIndex()
    for number, box in enumerate(boxes):
        index.put(str(number), box)
    first = (start * 200 + BOX_WIDTH / 2, 50.0)
    last = (end * 200 + BOX_WIDTH / 2, 100.0 * len(columns) + 100)
    curves = route(first, last, lambda area: [index.bounds(key) for key in index.within(area)])
    points = [point for curve in curves for point in sample(curve, 40)]
    assert points[0] == first and points[-1] == pytest.approx(last)
    if len({start, end, *columns}) == 1:  # the usual case: a skip along the trunk
        for x, y in points:
            assert not any(left < x < right and top < y < bottom for left, top, right, bottom in boxes), (x, y)


def test_a_skip_runs_beside_the_trunk_and_a_free_way_is_straight() -> None:
    trunk = [(0.0, 100.0 * row, BOX_WIDTH, 100.0 * row + BOX_HEIGHT) for row in (1, 2, 3)]
    middle = BOX_WIDTH / 2
    skip = route((middle, 50), (middle, 400), lambda area: [box for box in trunk if touch(box, area)])
    assert len(skip) == 3 and BOX_WIDTH < skip[1][0][0] < BOX_WIDTH + 40
    free = route((middle, 50), (middle, 400), lambda _area: [])
    assert len(free) == 1 and all(x == middle for x, _ in free[0])


@pytest.mark.parametrize("count", [1, 2, 3, 8, 40])
def test_ports_stand_on_the_box_in_order(count: int) -> None:
    for middle in (None, 0, count - 1):
        offsets = port_offsets(count, middle)
        assert offsets == sorted(set(offsets)) and offsets[0] >= 10 and offsets[-1] <= BOX_WIDTH - 10


@pytest.mark.parametrize(
    "count, text",
    [(0, "0"), (64, "64"), (970, "970"), (1000, "1.0k"), (83040, "83.0k"), (110_243, "110k"), (999_999, "1.00M"),
     (1_240_000, "1.24M"), (25_600_000, "25.6M"), (138_000_000, "138M"), (7_000_000_000, "7.00B")],
)  # fmt: skip
def test_counts_in_at_most_five_signs(count: int, text: str) -> None:
    assert compact(count) == text


PLACE = st.tuples(st.floats(-3e5, 3e5), st.floats(-3e5, 3e5))


@given(start=PLACE, dots=st.lists(PLACE, min_size=1, max_size=8), end=PLACE)
def test_a_wire_runs_through_all_its_dots_and_leaves_and_arrives_downwards(
    start: tuple[float, float], dots: list[tuple[float, float]], end: tuple[float, float]
) -> None:
    curves = through(start, dots, end)
    assert [curve[0] for curve in curves] == [start, *dots]
    assert [curve[3] for curve in curves] == [*dots, end]
    first, last = curves[0], curves[-1]
    assert first[1][0] == start[0] and first[1][1] >= start[1]
    assert last[2][0] == end[0] and last[2][1] <= end[1]


def test_a_wire_stays_within_reach_of_its_dots_and_straight_where_these_are() -> None:
    points = [point for curve in through((0, 0), [(0, 100), (0, 300)], (0, 400)) for point in sample(curve)]
    assert {x for x, _ in points} == {0.0} and points == sorted(points, key=lambda point: point[1])
    (_, one, other, _) = through((0, 0), [(5, 5), (5, 5)], (0, 9))[1]
    assert one == other == (5.0, 5.0)


def test_a_wire_with_dots_goes_round_boxes_where_it_can() -> None:
    trunk = [(0.0, 100.0, 172.0, 150.0), (0.0, 200.0, 172.0, 250.0)]

    def boxes_in(area: Bounds) -> list[Bounds]:
        return [box for box in trunk if box[0] < area[2] and area[0] < box[2] and box[1] < area[3] and area[1] < box[3]]

    start, dot, end = (86.0, 50.0), (200.0, 175.0), (86.0, 300.0)
    points = [point for curve in through(start, [dot], end, boxes_in) for point in sample(curve, 40)]
    assert not any(box[0] < x < box[2] and box[1] < y < box[3] for x, y in points for box in trunk)
    assert min(hypot(x - dot[0], y - dot[1]) for x, y in points) < 1e-6
    hidden = [point for curve in through(start, [dot], end) for point in sample(curve, 40)]
    assert any(box[0] < x < box[2] and box[1] < y < box[3] for x, y in hidden for box in trunk)
    inside = (86.0, 125.0)  # a dot that somebody put behind a box stays there
    assert through(start, [inside], end, lambda _area: trunk[:1]) == through(start, [inside], end)
