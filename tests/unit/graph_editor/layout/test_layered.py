"""Promises of the automatic layout, for the library's ranking and for the plain one."""

import subprocess
import sys
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_editor.document.sizes import BOX_HEIGHT, BOX_WIDTH
from graph_editor.layout.layered import arrange, arrange_plainly

SIZE = (BOX_WIDTH, BOX_HEIGHT)
BOTH = pytest.mark.parametrize("layout", [arrange, arrange_plainly])
DIGITS = [
    ("image", "reduce"), ("image", "stem"), ("image", "pool"), ("reduce", "wide"), ("pool", "project"),
    ("wide", "inception"), ("stem", "inception"), ("project", "inception"), ("inception", "mix"), ("mix", "norm"),
    ("norm", "residual"), ("inception", "residual"), ("residual", "digit"), ("residual", "is_even"),
]  # fmt: skip
DIGIT_NODES = dict.fromkeys(dict.fromkeys(name for edge in DIGITS for name in edge), SIZE)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[dict[str, tuple[float, float]], list[tuple[str, str]]]:
    """Any directed acyclic graph of up to 14 boxes, with boxes of different widths."""
    count = draw(st.integers(1, 14))
    names = [f"n{index}" for index in range(count)]
    widths = draw(st.lists(st.sampled_from([120.0, 172.0, 240.0]), min_size=count, max_size=count))
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    edges = [(names[a], names[b]) for a, b in draw(st.lists(pairs, max_size=24)) if a < b]
    return {name: (width, 50.0) for name, width in zip(names, widths, strict=True)}, edges


@BOTH
@settings(max_examples=120, deadline=None)
@given(graph=graphs())
def test_no_overlap_and_parents_above(layout, graph) -> None:  # type: ignore[no-untyped-def]
    nodes, edges = graph
    places = layout(nodes, edges)
    assert list(places) == list(nodes)
    for a, b in combinations(nodes, 2):
        apart_x = places[a][0] + nodes[a][0] <= places[b][0] or places[b][0] + nodes[b][0] <= places[a][0]
        apart_y = places[a][1] + nodes[a][1] <= places[b][1] or places[b][1] + nodes[b][1] <= places[a][1]
        assert apart_x or apart_y, (a, b, places)
    for a, b in edges:
        assert places[a][1] + nodes[a][1] < places[b][1]
    assert layout(nodes, edges) == places


@BOTH
@settings(max_examples=40, deadline=None)
@given(graph=graphs(), noise=st.lists(st.tuples(st.integers(0, 13), st.integers(0, 13)), max_size=20))
def test_cycles_and_unknown_ends_do_no_harm(layout, graph, noise) -> None:  # type: ignore[no-untyped-def]
    nodes, edges = graph
    wild = [*edges, *((f"n{a}", f"n{b}") for a, b in noise), ("n0", "nowhere")]
    assert set(layout(nodes, wild)) == set(nodes)


@BOTH
def test_branches_keep_their_order_and_the_trunk_is_straight(layout) -> None:  # type: ignore[no-untyped-def]
    places = layout(DIGIT_NODES, DIGITS)
    assert places["reduce"][0] < places["stem"][0] < places["pool"][0]
    assert places["digit"][0] < places["is_even"][0]
    assert len({places[name][0] for name in ("inception", "mix", "norm", "residual")}) == 1


def test_branches_stand_symmetrically_around_their_source() -> None:
    places = arrange(DIGIT_NODES, DIGITS)
    middle = places["image"][0]
    assert abs(places["reduce"][0] + places["pool"][0] - 2 * middle) <= 4
    assert abs(places["digit"][0] + places["is_even"][0] - 2 * middle) <= 2


def test_inputs_stand_on_top_even_when_used_late() -> None:
    nodes = dict.fromkeys(["a", "b", "c", "late", "join"], SIZE)
    places = arrange(nodes, [("a", "b"), ("b", "c"), ("c", "join"), ("late", "join")])
    assert places["a"][1] == places["late"][1] == 0


def test_boxes_without_wires_stand_beside_the_rest_in_shelves() -> None:
    nodes = dict.fromkeys([f"n{index}" for index in range(20)], SIZE)
    places = arrange(nodes, [])
    assert len({y for _, y in places.values()}) > 1
    assert max(x for x, _ in places.values()) < 1600


def test_parts_side_by_side_do_not_take_the_bends_of_each_other_for_boxes() -> None:
    edges = [
        (2, 4), (10, 4), (4, 5), (2, 3), (7, 12), (11, 4), (2, 9), (2, 12), (1, 6), (11, 10), (8, 9), (11, 2), (2, 7),
        (7, 8), (5, 12), (13, 12), (3, 4),
    ]  # fmt: skip
    nodes = dict.fromkeys(map(str, range(14)), SIZE)
    places = arrange(nodes, [(str(a), str(b)) for a, b in edges])
    assert len(set(places.values())) == 14
    assert all(places[str(a)][1] < places[str(b)][1] for a, b in edges)


def test_nothing_to_arrange() -> None:
    assert arrange({}, []) == {}


def test_every_process_finds_the_same_places() -> None:
    code = (
        "from tests.unit.graph_editor.layout.test_layered import DIGITS, DIGIT_NODES\n"
        "from graph_editor.layout.layered import arrange\nprint(arrange(DIGIT_NODES, DIGITS))"
    )
    here = str(arrange(DIGIT_NODES, DIGITS))
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=900)
    assert run.stdout.strip() == here
