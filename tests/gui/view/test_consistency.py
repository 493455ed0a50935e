"""Whatever happens to the document, the scene shows that and nothing else."""

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_editor.catalog.specs import LayerSpec
from graph_editor.document.canvas.notes import add_note, notes_of, write_note
from graph_editor.document.canvas.wire_dots import wire_of
from graph_editor.document.changes.inserting import may_go_into
from graph_editor.document.document import ROOT
from graph_editor.document.graph import TensorRef
from graph_editor.view.painting.content import CallDisplay
from resources.text import Text
from tests.gui.view.conftest import Bench

CLASSES = ("InputLayer", "Dense", "Add", "LSTM", "MultiHeadAttention", "Dropout")
ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(
            (
                "add",
                "connect",
                "delete",
                "share",
                "duplicate",
                "output",
                "freeze",
                "thaw",
                "move",
                "undo",
                "redo",
                "cut",
                "tidy",
                "group",
                "group",
                "dissolve",
                "enter",
                "leave",
                "bridge",
                "copy",
                "cut boxes",
                "paste",
                "paste with links",
                "insert",
                "replace",
                "cut wires",
                "lead from",
                "dot",
                "dot",
                "reconnect",
                "align",
                "frame",
                "unframe",
                "note",
                "write note",
                "all",
                "collapse",
                "bypass",
                "mute",
                "into one",
                "into one",
            )
        ),
        st.integers(0, 30),
        st.integers(0, 30),
    ),
    min_size=15,
    max_size=40,
)


def _pick(bench: Bench, number: int) -> str | None:
    calls = list(bench.view.graph_scene.graph.calls)
    return calls[number % len(calls)] if calls else None


def _spec(bench: Bench, number: int) -> LayerSpec:
    spec = bench.catalog.layer(CLASSES[number % len(CLASSES)])
    assert spec is not None
    return spec


def _insert(bench: Bench, call_id: str, a: int, b: int) -> None:
    edges = list(bench.view.graph_scene.graph.edges())
    if edges and may_go_into(bench.document, call_id, edges[a % len(edges)], bench.catalog):
        assert bench.view.actions_on_boxes.insert(call_id, edges[a % len(edges)], (a * 20.0, b * 20.0))


def _bend(bench: Bench, a: int, b: int) -> None:
    wires = list(bench.view.graph_scene.wires.values())
    if wires:
        wire = wires[a % len(wires)]
        places = [*wire.dots, (a * 30.0, b * 30.0)] if b % 5 else wire.dots[1:]
        assert bench.view.actions_on_boxes.put_dots(wire_of(wire.edge), places, Text("dot"))


def _reconnect(bench: Bench, target: str, a: int) -> None:
    edges = list(bench.view.graph_scene.graph.edges())
    if edges:
        bench.view.actions_on_boxes.reconnect(edges[a % len(edges)], target, None)


def _do(bench: Bench, action: str, a: int, b: int) -> None:
    first, second = _pick(bench, a), _pick(bench, b)
    actions = bench.view.actions_on_boxes
    if action == "add":
        actions.add(_spec(bench, a), (a * 40.0, b * 30.0))
    elif action in ("undo", "redo"):
        getattr(bench.history, action)()
    elif action == "cut":
        edges = list(bench.view.graph_scene.graph.edges())
        if edges:
            actions.disconnect(edges[a % len(edges)])
    elif action == "note":
        graph_id = bench.view.graph_id
        bench.history.do("note", add_note(bench.document, graph_id, "x" * (a + 1), (a * 40.0, b * 30.0, 120, 60))[0])
    elif action == "write note":
        for note in notes_of(bench.document)[:1]:
            bench.history.do("write", write_note(bench.document, note.id, "y" * (a % 3)))
    elif action == "all":
        bench.view.run_action("select_all")
        bench.view.run_action(("copy_selection", "nudge_left", "duplicate_selection", "delete_selection")[b % 4])
    elif action == "leave":
        bench.view.run_action("leave_graph")
    elif action in ("copy", "cut boxes", "paste", "paste with links"):
        names = {"copy": "copy_selection", "cut boxes": "cut_selection", "paste with links": "paste_with_links"}
        bench.view.select([key for key in (first, second) if key] if "paste" not in action else ())
        if len(bench.view.graph_scene.graph.calls) < 60:
            bench.view.run_action(names.get(action, action))
    elif first is not None and second is not None:
        bench.view.select([first, second] if b % 2 else [first])
        simple: dict[str, Callable[[], object]] = {
            "connect": lambda: actions.connect(TensorRef(first), second, None),
            "delete": actions.delete,
            "share": actions.share,
            "duplicate": actions.duplicate,
            "output": actions.toggle_output,
            "freeze": lambda: bench.view.run_action("toggle_frozen" if a % 3 else "freeze_above"),
            "thaw": lambda: bench.view.run_action("unfreeze_all"),
            "move": lambda: actions.nudge(a, -b),
            "group": actions.group,
            "dissolve": actions.dissolve,
            "enter": lambda: bench.view.run_action("enter_selected"),
            "bridge": lambda: bench.view.run_action("bridge_selection"),
            "insert": lambda: _insert(bench, first, a, b),
            "replace": lambda: actions.replace([first, second], _spec(bench, a)),
            "cut wires": lambda: actions.cut_wires(list(bench.view.graph_scene.graph.edges_from(first))),
            "lead from": lambda: actions.lead_from(
                list(bench.view.graph_scene.graph.edges_from(first)), TensorRef(second)
            ),
            "dot": lambda: _bend(bench, a, b),
            "reconnect": lambda: _reconnect(bench, second, a),
            "frame": lambda: bench.view.run_action("frame_selection"),
            "unframe": lambda: bench.view.run_action("unframe_selection"),
            "collapse": lambda: bench.view.run_action("collapse_selection"),
            "bypass": lambda: bench.view.run_action("toggle_bypassed"),
            "mute": lambda: bench.view.run_action("toggle_muted"),
            "into one": lambda: bench.view.run_action("collapse_into_one"),
            "align": lambda: bench.view.run_action("align_left" if a % 2 else "distribute_down"),
            "tidy": lambda: actions.tidy({first: (b * 10.0, a * 10.0)}),
        }
        simple[action]()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=ACTIONS)
def test_any_actions_with_undo_and_redo(chain: Bench, actions: list[tuple[str, int, int]]) -> None:
    bench = chain
    bench.history.clear()
    start = bench.text()
    bench.view.set_shapes({f"c{number}": CallDisplay(((None, 8),), ("float32",)) for number in range(99)})
    for action, a, b in actions:
        _do(bench, action, a, b)
        assert bench.matches_shown(), (action, a, b)
    end, steps = bench.text(), 0
    while bench.history.can_undo:
        bench.history.undo()
        steps += 1
    assert bench.text() == start and bench.matches_shown()
    for _ in range(steps):
        bench.history.redo()
    assert bench.text() == end and bench.matches_shown()
    while bench.history.can_undo:
        bench.history.undo()
    bench.history.clear()
    assert bench.view.graph_id == ROOT
