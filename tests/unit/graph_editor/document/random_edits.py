"""Commands with arguments that may or may not fit, drawn at random: what property tests do to a document."""

import random
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.specs import LayerSpec
from graph_editor.document.canvas.collapsing import collapsed_boxes, set_collapsed
from graph_editor.document.canvas.frames import (
    add_frame,
    change_frame,
    collapse_frames,
    collapse_into_one,
    frames_of,
    leave_frames,
    remove_frame,
)
from graph_editor.document.canvas.notes import add_note, color_notes, name_of, notes_of, place_notes, write_note
from graph_editor.document.canvas.wire_dots import dots_of, drop_dots, put_dots, wire_of
from graph_editor.document.changes import commands
from graph_editor.document.changes.bridging import bridge_calls
from graph_editor.document.changes.copying import duplicate
from graph_editor.document.changes.dissolving import dissolve
from graph_editor.document.changes.freezing import set_trainable
from graph_editor.document.changes.grouping import group
from graph_editor.document.changes.inserting import insert_into, may_go_into
from graph_editor.document.changes.modes import Modes
from graph_editor.document.changes.repeating import repeat
from graph_editor.document.changes.replacing import replace_layers
from graph_editor.document.changes.wires import lead_from
from graph_editor.document.checking.validation import problems
from graph_editor.document.clips.block_placing import place_block
from graph_editor.document.clips.blocks import block_of, candidates
from graph_editor.document.clips.clipboard import copied_text, paste, read_clip
from graph_editor.document.document import ROOT, Document
from graph_editor.document.edits import (
    Edit,
    EditError,
    RemoveCall,
    ReplaceOperation,
    SetData,
    SetPositions,
    SetTraining,
)
from graph_editor.document.files import file_format
from graph_editor.document.graph import MODES, Edge, Graph, TensorRef
from graph_editor.document.history import History

CATALOG: Final = Catalog.load()
CLASSES: Final = ("InputLayer", "Dense", "Add", "Concatenate", "MultiHeadAttention", "LSTM", "BatchNormalization")
_SIZE: Final = (172.0, 50.0)


@dataclass(frozen=True)
class Situation:
    """A graph of a document that holds boxes, some of which (one to three) are meant."""

    document: Document
    graph_id: str
    rng: random.Random
    chosen: list[str]

    @property
    def graph(self) -> Graph:
        return self.document.graphs[self.graph_id]

    def any_call(self) -> str:
        return self.rng.choice(list(self.graph.calls))

    def any_edge(self) -> Edge | None:
        edges = list(self.graph.edges())
        return self.rng.choice(edges) if edges else None

    def any_place(self) -> tuple[float, float]:
        return self.rng.randrange(900), self.rng.randrange(900)

    def spec(self) -> LayerSpec:
        found = CATALOG.layer(self.rng.choice(CLASSES))
        assert found is not None
        return found


def _add(at: Situation) -> list[Edit]:
    after = TensorRef(at.any_call()) if at.graph.calls and at.rng.random() < 0.7 else None
    name, place = at.rng.choice(CLASSES), at.any_place()
    return commands.add_layer(
        at.document, name, "keras.layers", None, place, CATALOG, after=after, graph_id=at.graph_id
    )[0]


def _add_into(at: Situation) -> list[Edit]:
    name, place = at.rng.choice(CLASSES), at.any_place()
    return commands.add_layer(
        at.document, name, "keras.layers", None, place, CATALOG, into=at.any_edge(), graph_id=at.graph_id
    )[0]


def _connect(at: Situation) -> list[Edit]:
    source = TensorRef(at.any_call(), at.rng.randrange(2))
    return commands.connect(at.document, source, at.any_call(), None, CATALOG)


def _reconnect(at: Situation) -> list[Edit]:
    edge = at.any_edge()
    return commands.reconnect(at.document, edge, at.any_call(), None, CATALOG) if edge else []


def _disconnect(at: Situation) -> list[Edit]:
    edge = at.any_edge()
    return commands.disconnect(at.document, edge) if edge else []


def _insert(at: Situation) -> list[Edit]:
    edge, call_id = at.any_edge(), at.any_call()
    if edge is None or not may_go_into(at.document, call_id, edge, CATALOG):
        return []
    places = at.document.positions
    return insert_into(at.document, call_id, edge, at.any_place(), CATALOG, lambda key: places.get(key, (0.0, 0.0)))


def _set_units(at: Situation) -> list[Edit]:
    operation = at.document.operation_of(at.any_call()).id
    return commands.set_parameter(at.document, operation, "units", at.rng.choice([1, 1.0, True]))


def _freeze(at: Situation) -> list[Edit]:
    ids = [at.document.operation_of(call).id for call in at.chosen]
    return set_trainable(at.document, ids, at.rng.random() < 0.5)


def _rename(at: Situation) -> list[Edit]:
    name = at.rng.choice(["a", "b/c", "", "dense", "input"])
    return commands.rename(at.document, at.document.operation_of(at.any_call()).id, name)


def _dissolve(at: Situation) -> list[Edit]:
    nested = [call for call in at.graph.calls if at.document.operation_of(call).graph]
    return dissolve(at.document, at.rng.choice(nested or list(at.graph.calls)))[0]


def _copy(at: Situation) -> list[Edit]:
    clip = read_clip(copied_text(at.document, at.chosen, at.document.positions))
    target = at.rng.choice(list(at.document.graphs))
    return paste(at.document, target, clip, at.any_place(), _SIZE, incoming=at.rng.random() < 0.5)[0]


def _change_frame(at: Situation) -> list[Edit]:
    frames = frames_of(at.document)
    return change_frame(at.document, at.rng.choice(frames).id, title="frame", color="red") if frames else []


def _remove_frame(at: Situation) -> list[Edit]:
    frames = frames_of(at.document)
    return remove_frame(at.document, at.rng.choice(frames).id) if frames else []


def _collapse_frames(at: Situation) -> list[Edit]:
    ids = [frame.id for frame in frames_of(at.document)]
    notes = [note.id for note in notes_of(at.document)]
    return collapse_frames(at.document, ids[: at.rng.randint(1, 3)], at.rng.random() < 0.7, notes[:1])


def _change_note(at: Situation) -> list[Edit]:
    """Write, colour, move, copy or delete one that is there, alone or with boxes; a new one when there is none."""
    found = notes_of(at.document)
    if not found or at.rng.random() < 0.3:
        return add_note(at.document, at.graph_id, "a note", (*at.any_place(), 100.0, 60.0))[0]
    note = at.rng.choice(found)
    name, boxes = name_of(note.id), [call for call in at.chosen if call in at.graph.calls]
    ways: list[Callable[[], list[Edit]]] = [
        lambda: write_note(at.document, note.id, at.rng.choice(["other words", " "])),
        lambda: color_notes(at.document, [note.id], at.rng.choice(["red", "blue"])),
        lambda: [*_move(at), *place_notes(at.document, {note.id: (*at.any_place(), 120.0, 80.0)})],
        lambda: duplicate(at.document, boxes, (24, 24), {name: at.graph_id})[0],
        lambda: commands.delete_calls(at.document, boxes, [name]),
        lambda: paste(
            at.document,
            at.rng.choice(list(at.document.graphs)),
            read_clip(copied_text(at.document, boxes, at.document.positions, [note.id])),
            at.any_place(),
            _SIZE,
        )[0],
    ]
    return at.rng.choice(ways)()


def _put_dots(at: Situation) -> list[Edit]:
    edge = at.any_edge()
    return put_dots(at.document, wire_of(edge), [at.any_place() for _ in range(at.rng.randint(0, 3))]) if edge else []


def _lead_from(at: Situation) -> list[Edit]:
    edge = at.any_edge()
    return lead_from(at.document, [edge], TensorRef(at.any_call())) if edge else []


def _set_mode(at: Situation) -> Sequence[Edit]:
    edits: list[Edit] = []
    Modes(at.document, CATALOG, lambda _label, make: edits.extend(make())).toggle(at.chosen, at.rng.choice(MODES))
    return edits


def _move(at: Situation) -> list[Edit]:
    return commands.move_calls(at.document, {call: at.any_place() for call in at.chosen})


def _repeat(at: Situation) -> list[Edit]:
    places = at.document.positions
    share = at.rng.random() < 0.5
    return repeat(at.document, at.chosen, at.rng.randint(2, 3), share, lambda key: places.get(key, (0.0, 0.0)))[0]


def _place_block(at: Situation) -> list[Edit]:
    """A block of boxes that are here, in any graph: below a box, into a wire or anywhere."""
    places, made = at.document.positions, block_of(at.document, at.chosen, at.document.positions, "block")
    asked = tuple(candidates(made)[:3])
    target = at.rng.choice(list(at.document.graphs))
    graph = at.document.graphs[target]
    edges, calls = list(graph.edges()), list(graph.calls)
    how = at.rng.randrange(3)
    return place_block(
        at.document,
        target,
        replace(made, parameters=asked),
        {},
        at.any_place(),
        lambda key: places.get(key, (0.0, 0.0)),
        after=TensorRef(at.rng.choice(calls)) if how == 0 and calls else None,
        into=at.rng.choice(edges) if how == 1 and edges else None,
    )[0]


def _name_ends(at: Situation) -> list[Edit]:
    """Let Data and Train speak of layers of the model."""
    names = {operation.name: {"column": "x"} for operation in at.document.graph.operations.values()}
    return [SetData({"bindings": names}), SetTraining({"outputs": names})]


def _bare(at: Situation) -> list[Edit]:
    """Edits without what a command would add to them: another name, other places, a box that goes."""
    call = at.any_call()
    operation = at.document.operation_of(call)
    ways: list[Callable[[], list[Edit]]] = [
        lambda: [ReplaceOperation(replace(operation, config={**operation.config, "name": at.rng.choice("abcd")}))],
        lambda: [SetPositions({key: at.any_place() for key in at.chosen})],
        lambda: [RemoveCall(call)],
    ]
    return at.rng.choice(ways)()


Command = Callable[[Situation], Sequence[Edit]]
# How often each is tried, in parts of the sum; only the first two need no box.
COMMANDS: Final[dict[Command, int]] = {
    _add: 8,
    lambda at: commands.set_training(at.document, {"epochs": at.rng.randrange(5)}): 2,
    _add_into: 2,
    _connect: 4,
    _reconnect: 2,
    _disconnect: 2,
    _insert: 2,
    lambda at: commands.delete_calls(at.document, at.chosen): 3,
    lambda at: bridge_calls(at.document, at.chosen): 2,
    lambda at: commands.share(at.document, at.any_call(), (1.5, 2.0))[0]: 2,
    lambda at: duplicate(at.document, at.chosen, (40, 40))[0]: 2,
    lambda at: commands.set_output(at.document, TensorRef(at.any_call()), at.rng.random() < 0.7): 2,
    _rename: 2,
    _set_units: 2,
    _freeze: 2,
    lambda at: group(at.document, at.chosen, CATALOG, lambda _ref: ((None, 4), "float32"))[0]: 6,
    _dissolve: 3,
    lambda at: replace_layers(at.document, at.chosen, at.spec(), CATALOG): 2,
    _copy: 2,
    lambda at: add_frame(at.document, at.chosen, "together"): 2,
    lambda at: leave_frames(at.document, at.chosen): 1,
    _change_frame: 1,
    _move: 2,
    _set_mode: 2,
    _repeat: 2,
    _place_block: 1,
    _remove_frame: 1,
    _collapse_frames: 2,
    lambda at: collapse_into_one(at.document, at.chosen, "one"): 1,
    lambda at: set_collapsed(at.document, at.chosen, at.rng.random() < 0.7): 2,
    _change_note: 4,
    _put_dots: 3,
    lambda at: drop_dots(at.document, at.chosen): 1,
    _lead_from: 1,
    _name_ends: 1,
    _bare: 4,
}
_FOR_ANY: Final = list(COMMANDS)[:2]


def edits_at_random(document: Document, rng: random.Random) -> Sequence[Edit]:
    """What one command would do; EditError when it refuses."""
    graph_id = rng.choice(list(document.graphs))
    calls = list(document.graphs[graph_id].calls)
    chosen = rng.sample(calls, min(len(calls), rng.randint(1, 3)))
    kinds = list(COMMANDS) if calls else _FOR_ANY
    command = rng.choices(kinds, [COMMANDS[kind] for kind in kinds])[0]
    return command(Situation(document, graph_id, rng, chosen))


def edit_at_random(document: Document, history: History, rng: random.Random) -> None:
    """Do one command; a refusal must leave no trace."""
    before = snapshot(document)
    try:
        history.do("edit", edits_at_random(document, rng), merge_key=_merge_key(rng))
    except EditError:
        assert snapshot(document) == before


def _merge_key(rng: random.Random) -> Hashable | None:
    return rng.choice([None, None, "typing"])


def snapshot(document: Document) -> bytes:
    document.source = None
    return file_format.dumps(document)


def check(document: Document) -> None:
    """Indexes agree with the content; every nested graph has one owner; wires name outputs that exist; no cycle."""
    for graph in document.graphs.values():
        assert _index(graph) == _rebuilt_index(graph)
        assert len(graph.topological_order()) == len(graph.calls)
        for ref in [edge.source for edge in graph.edges()] + graph.output_refs():
            nested = graph.operation_of(ref.call).graph
            assert nested is None or ref.index < len(document.graphs[nested].output_refs())
    owned = [op.graph for graph in document.graphs.values() for op in graph.operations.values() if op.graph]
    assert sorted(owned) == sorted(document.graphs.keys() - {ROOT})
    calls = {call for graph in document.graphs.values() for call in graph.calls}
    assert document.positions.keys() <= calls
    ids = [key for graph in document.graphs.values() for key in (*graph.calls, *graph.operations)]
    assert len(ids) == len(set(ids))
    _check_canvas(document, calls)
    problems(document, CATALOG)


def _check_canvas(document: Document, calls: set[str]) -> None:
    """What lies on the canvas names only what is there, boxes are in one frame, and nothing empty is kept."""
    framed = [box for frame in frames_of(document) for box in frame.boxes]
    assert len(framed) == len(set(framed)) and set(framed) | collapsed_boxes(document) <= calls
    wires = {wire_of(edge) for graph in document.graphs.values() for edge in graph.edges()}
    assert dots_of(document).keys() <= wires
    assert {note.graph for note in notes_of(document)} <= document.graphs.keys()
    kept = document.canvas_extra.get("notes", {})
    assert len(notes_of(document)) == len(kept)
    assert all(document.canvas_extra.values())


def _index(graph: Graph) -> tuple[object, ...]:
    names = {name: set(ids) for name, ids in graph._names.items()}
    return graph._consumers, graph._uses, names, graph.modes


def _rebuilt_index(graph: Graph) -> tuple[object, ...]:
    """The indexes of a graph, made anew from its content."""
    fresh = Graph(graph.name)
    for operation in graph.operations.values():
        fresh.put_operation(operation)
    for call in graph.calls.values():
        fresh.put_call(call)
    return _index(fresh)
