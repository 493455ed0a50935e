"""Layout of some boxes: they stay where they are as a whole, and keep off the others."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from graph_editor.document.document import Point
from graph_editor.layout.part import arrange_part

SIZE = (172.0, 50.0)
Places = dict[str, Point]


def nodes(places: Places) -> dict[str, tuple[float, float]]:
    return dict.fromkeys(places, SIZE)


def middle(places: Places) -> Point:
    xs, ys = [x for x, _ in places.values()], [y for _, y in places.values()]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def apart(one: Point, other: Point) -> bool:
    return abs(one[0] - other[0]) >= SIZE[0] or abs(one[1] - other[1]) >= SIZE[1]


def test_the_chosen_are_arranged_around_their_middle() -> None:
    places = {"a": (500.0, 900.0), "b": (700.0, 300.0), "c": (300.0, 600.0), "far": (5000.0, 0.0)}
    found = arrange_part(nodes(places), [("a", "b"), ("b", "c"), ("c", "far")], places, ["a", "b", "c"])
    assert found.keys() == {"a", "b", "c"}
    assert found["a"][1] < found["b"][1] < found["c"][1] and len({x for x, _ in found.values()}) == 1
    assert max(abs(p - q) for p, q in zip(middle(found), (500, 600), strict=True)) <= 1


def test_they_go_aside_as_far_as_it_takes() -> None:
    places = {"a": (0.0, 0.0), "b": (0.0, 300.0), "between": (20.0, 150.0)}
    found = arrange_part(nodes(places), [("a", "b")], places, ["a", "b"])
    assert found["a"][0] == found["b"][0] and found["a"][1] < found["b"][1]
    assert all(apart(place, places["between"]) for place in found.values())
    assert max(abs(x) for x, _ in found.values()) < 400 and max(abs(y) for _, y in found.values()) < 400


def test_nothing_chosen_and_unknown_boxes() -> None:
    places = {"a": (1.0, 2.0)}
    assert arrange_part(nodes(places), [], places, []) == {}
    assert arrange_part(nodes(places), [], places, ["ghost"]) == {}
    assert arrange_part(nodes(places), [], places, ["a", "a"]) == places


COORDINATE = st.one_of(st.integers(-600, 600).map(float), st.sampled_from([1e300, -1e18, 0.5]))


@given(
    spots=st.lists(st.tuples(COORDINATE, COORDINATE), min_size=1, max_size=14),
    chosen=st.sets(st.integers(0, 13)),
    links=st.lists(st.tuples(st.integers(0, 13), st.integers(0, 13)), max_size=20),
)
def test_whatever_lies_around_it_ends_and_covers_nothing(
    spots: list[Point], chosen: set[int], links: list[tuple[int, int]]
) -> None:
    places = {str(number): spot for number, spot in enumerate(spots)}
    picked = [str(number) for number in sorted(chosen) if number < len(spots)]
    edges = [(str(a), str(b)) for a, b in links if a < len(spots) and b < len(spots)]
    found = arrange_part(nodes(places), edges, places, picked)
    assert list(found) == picked
    if all(abs(value) < 1e6 for spot in spots for value in spot):
        others = [place for key, place in places.items() if key not in found]
        assert all(apart(one, other) for one, other in product(found.values(), others))
        assert all(apart(found[a], found[b]) for a, b in product(found, found) if a < b)
