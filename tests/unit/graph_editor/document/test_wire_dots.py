"""Dots on wires: they belong to what they join, go with it, come along with it, and survive hostile files."""

from __future__ import annotations

import json
from typing import Any

import pytest

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.canvas import wire_dots
from graph_editor.document.canvas.wire_dots import DOTS, Wire, carry_dots, dots_of, drop_dots, put_dots, wire_of
from graph_editor.document.changes import commands
from graph_editor.document.changes.bridging import bridge_calls
from graph_editor.document.changes.copying import duplicate
from graph_editor.document.changes.dissolving import dissolve
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.changes.grouping import group
from graph_editor.document.changes.inserting import insert_into
from graph_editor.document.changes.wires import lead_from
from graph_editor.document.document import Document
from graph_editor.document.edits import Edit
from graph_editor.document.files import file_format
from graph_editor.document.graph import Edge, TensorRef
from graph_editor.document.history import History

CATALOG = Catalog.load()
WIRE: Wire = ("c1", 0, "c2")


class Desk:
    """Input → Dense → Dense, c1 to c3, below each other."""

    def __init__(self) -> None:
        self.document = Document("3.15", "m")
        self.history = History(self.document, FOLLOW_UPS)
        after = None
        for number, name in enumerate(["InputLayer", "Dense", "Dense"]):
            after = TensorRef(self.add(name, 200.0 * number, after))

    def add(self, name: str, y: float, after: TensorRef | None = None) -> str:
        edits, call_id = commands.add_layer(self.document, name, "keras.layers", None, (0.0, y), CATALOG, after=after)
        self.history.do("add", edits)
        return call_id

    def do(self, edits: list[Edit]) -> None:
        self.history.do("do", edits)

    def dots(self) -> dict[Wire, tuple[tuple[float, float], ...]]:
        return dict(dots_of(self.document))

    def text(self) -> bytes:
        return file_format.dumps(self.document)


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.do(put_dots(made.document, WIRE, [(50.2, 90), (60, 120)]))
    return made


def test_dots_survive_the_file_and_leave_nothing_behind(desk: Desk) -> None:
    assert desk.dots() == {WIRE: ((50.0, 90.0), (60.0, 120.0))}
    assert dots_of(file_format.loads(desk.text())) == desk.dots()
    desk.do(put_dots(desk.document, WIRE, []))
    assert b"dots" not in desk.text() and desk.document.canvas_extra == {}


@pytest.mark.parametrize("way", ["disconnect", "delete", "bridge"])
def test_dots_go_with_their_wire_and_come_back(desk: Desk, way: str) -> None:
    before = desk.text()
    edge = next(desk.document.graph.edges_into("c2"))
    steps = {
        "disconnect": lambda: commands.disconnect(desk.document, edge),
        "delete": lambda: commands.delete_calls(desk.document, ["c2"]),
        "bridge": lambda: bridge_calls(desk.document, ["c2"]),
    }
    desk.do(steps[way]())
    assert desk.dots() == {} and "dots" not in desk.document.canvas_extra
    after = desk.text()
    desk.history.undo()
    assert desk.text() == before
    desk.history.redo()
    assert desk.text() == after


def test_dots_go_along_when_both_ends_do(desk: Desk) -> None:
    places = desk.document.positions
    desk.do(commands.move_calls(desk.document, {key: (places[key][0] + 7, places[key][1] - 3) for key in places}))
    assert desk.dots() == {WIRE: ((57.0, 87.0), (67.0, 117.0))}
    desk.do(commands.move_calls(desk.document, {"c2": (500.0, 500.0)}))
    assert desk.dots() == {WIRE: ((57.0, 87.0), (67.0, 117.0))}, "one end alone leaves them where they are"
    desk.history.undo()
    desk.history.undo()
    assert desk.dots() == {WIRE: ((50.0, 90.0), (60.0, 120.0))}


@pytest.mark.parametrize("way", ["group", "dissolve"])
def test_dots_go_along_with_boxes_that_only_make_room(way: str) -> None:
    desk = Desk()
    after, chain = "c3", ["c3"]
    for number in range(3, 7):
        chain.append(desk.add("Dense", 200.0 * number, TensorRef(chain[-1])))
    wire, model = (chain[-2], 0, chain[-1]), ""
    if way == "dissolve":
        edits, model = group(desk.document, ["c2", after, *chain[1:-2]], CATALOG, lambda _ref: ((None, 8), "float32"))
        desk.do(edits)
    desk.do(put_dots(desk.document, wire, [(300, desk.document.positions[chain[-1]][1] - 60)]))
    before, text = desk.document.positions[chain[-1]][1], desk.text()
    if way == "dissolve":
        desk.do(dissolve(desk.document, model)[0])
    else:
        desk.do(group(desk.document, ["c2", *chain[:-2]], CATALOG, lambda _ref: ((None, 8), "float32"))[0])
    assert desk.document.positions[chain[-1]][1] != before
    assert desk.dots() == {wire: ((300.0, desk.document.positions[chain[-1]][1] - 60),)}
    desk.history.undo()
    assert desk.text() == text


def test_copies_bring_their_dots(desk: Desk) -> None:
    edits, _ = duplicate(desk.document, ["c1", "c2"], (24.0, 10.0))
    desk.do(edits)
    assert desk.dots() == {WIRE: ((50.0, 90.0), (60.0, 120.0)), ("c4", 0, "c5"): ((74.0, 100.0), (84.0, 130.0))}


def test_ends_that_go_different_ways_share_the_dots(desk: Desk) -> None:
    desk.do(commands.move_calls(desk.document, {"c1": (30.0, 0.0), "c2": (0.0, 200.0)}))
    assert desk.dots() == {WIRE: ((70.0, 90.0), (70.0, 120.0))}


def test_boxes_that_the_file_gives_no_place_take_their_dots_along(desk: Desk) -> None:
    desk.document.positions.clear()
    own = {"c1": (0.0, 0.0), "c2": (0.0, 200.0), "c3": (0.0, 400.0)}
    moved = {"c1": (10.0, 0.0), "c2": (10.0, 200.0)}
    desk.history.shown_at = own.get
    desk.do(commands.move_calls(desk.document, moved))
    assert desk.dots() == {WIRE: ((60.0, 90.0), (70.0, 120.0))}


def test_a_box_put_into_a_wire_shares_its_dots_with_both_halves(desk: Desk) -> None:
    desk.do(put_dots(desk.document, WIRE, [(-100, 80), (60, 112), (300, 150)]))
    new = desk.add("Dense", 700.0)
    edge = next(desk.document.graph.edges_into("c2"))
    before = desk.text()
    desk.do(insert_into(desk.document, new, edge, (0.0, 100.0), CATALOG, lambda key: desk.document.positions[key]))
    pushed = desk.document.positions["c2"][1] - 200
    assert desk.dots() == {("c1", 0, new): ((-100.0, 80.0),), (new, 0, "c2"): ((300.0, 150.0 + pushed),)}
    desk.history.undo()
    assert desk.text() == before


def test_a_wire_that_is_led_elsewhere_keeps_its_dots(desk: Desk) -> None:
    other, edge = desk.add("InputLayer", 0.0), next(desk.document.graph.edges_into("c2"))
    new = (other, 0, "c2")
    edits = lead_from(desk.document, [edge], TensorRef(other))
    desk.do([*edits, *carry_dots(desk.document, [(wire_of(edge), new)])])
    assert desk.dots() == {new: ((50.0, 90.0), (60.0, 120.0))}


def test_ports_of_a_list_may_change_their_numbers(desk: Desk) -> None:
    add = desk.add("Add", 600.0)
    for source in ("c2", "c3"):
        desk.do(commands.connect(desk.document, TensorRef(source), add, None, CATALOG))
    wire = ("c3", 0, add)
    desk.do(put_dots(desk.document, wire, [(9, 500)]))
    first = next(desk.document.graph.edges_into(add))
    assert first.source.call == "c2"
    desk.do(commands.disconnect(desk.document, first))
    assert wire in desk.dots()


def test_tidied_boxes_lose_theirs(desk: Desk) -> None:
    desk.do(put_dots(desk.document, ("c2", 0, "c3"), [(1, 2)]))
    desk.do(drop_dots(desk.document, ["c1"]))
    assert list(desk.dots()) == [("c2", 0, "c3")]


def test_what_the_registry_asks() -> None:
    value = [{"from": "a", "output": 0, "to": "b", "at": [[1, 2]]}, "what?", {"from": 3}]
    assert DOTS.without(value, {"b"}) == ["what?", {"from": 3}]
    assert DOTS.without(value, {"x"}) == value and DOTS.without("no list", {"a"}) == "no list"
    assert DOTS.copied(value, {"a": "p", "b": "q"}, (10, 20)) == [
        {"from": "p", "output": 0, "to": "q", "at": [[11, 22]]}
    ]
    assert DOTS.copied(value, {"a": "p"}, (0, 0)) == [] and DOTS.copied("no list", {}, (0, 0)) == []


@pytest.mark.parametrize(
    "hostile",
    [
        "dots",
        {"a": 1},
        [None, 3, "x", [], {}],
        [{"from": "c1", "output": True, "to": "c2", "at": [[1, 2]]}],
        [{"from": "c1", "output": -1, "to": "c2", "at": [[1, 2]]}],
        [{"from": ["c1"], "output": 0, "to": "c2", "at": [[1, 2]]}],
        [{"from": "c1", "output": 0, "to": "c2", "at": {"x": 1}}],
        [
            {
                "from": "c1",
                "output": 0,
                "to": "c2",
                "at": [[1], [1, 2, 3], ["a", 2], [None, 1], [1e300, 0], [0, -(10**400)]],
            }
        ],
        [{"from": "c1", "output": 0, "to": "c2", "at": [[float("nan"), 1], [1, float("inf")]]}],
        [{"from": "c1", "output": 0, "to": "c2", "at": []}],
    ],
)
def test_hostile_canvases_are_passed_over(hostile: Any) -> None:
    desk = Desk()
    desk.document.canvas_extra = {"dots": hostile, "mine": 1}
    assert desk.dots() == {}
    assert file_format.dumps(desk.document) and json.dumps(desk.document.canvas_extra)
    desk.do(put_dots(desk.document, WIRE, [(1, 2)]))
    desk.do(commands.delete_calls(desk.document, ["c2"]))
    assert desk.dots() == {} and desk.document.canvas_extra == {"mine": 1}


def test_endless_lists_are_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire_dots, "_MOST_WIRES", 50)
    desk = Desk()
    many = [[1, 2]] * 1000
    desk.document.canvas_extra = {
        "dots": [{"from": "c1", "output": output, "to": "c2", "at": many} for output in range(200)]
    }
    found = dots_of(desk.document)
    assert len(found) == 50 and {len(places) for places in found.values()} == {64}
    assert found[WIRE][0] == (1.0, 2.0)


def test_dots_without_their_wire_hinder_nothing(desk: Desk) -> None:
    desk.document.canvas_extra = {"dots": [{"from": "c1", "output": 0, "to": "nobody", "at": [[1, 2]]}]}
    desk.do(commands.disconnect(desk.document, Edge(TensorRef("c1"), "c2", ("args", 0))))
    assert desk.dots() == {}
