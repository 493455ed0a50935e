"""Boxes that are bypassed or muted: what is built then, and what a file keeps of it."""

import json
import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes import commands
from graph_editor.document.changes.copying import duplicate
from graph_editor.document.changes.dissolving import dissolve
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.changes.grouping import group
from graph_editor.document.changes.modes import Modes, set_mode
from graph_editor.document.checking.built_model import BuiltModel, built, built_model
from graph_editor.document.checking.left_out import left_out_sentence, why_left_out
from graph_editor.document.checking.validation import Structure, hindrances, problems
from graph_editor.document.clips.clipboard import copied_text, paste, read_clip
from graph_editor.document.document import ROOT, Document
from graph_editor.document.edits import EditError, SetMode
from graph_editor.document.ends import output_names
from graph_editor.document.files import file_format
from graph_editor.document.graph import BYPASSED, MUTED, TensorRef
from graph_editor.document.history import History
from graph_editor.exporters.python_source import FORMAT as PYTHON
from graph_editor.keras_format.calls import CallReader
from graph_editor.keras_format.functional import model_json
from graph_editor.keras_format.reading import from_model_json
from runtime.python_code import RunCode
from tests.unit.graph_editor.document.random_edits import check, edit_at_random

CATALOG = Catalog.load()


class Desk:
    def __init__(self) -> None:
        self.document = Document("3.15", "m")
        self.history = History(self.document, FOLLOW_UPS)

    def add(self, class_name: str, *sources: str, name: str | None = None) -> str:
        after = TensorRef(sources[0]) if sources else None
        edits, call = commands.add_layer(
            self.document, class_name, "keras.layers", None, (0, 0), CATALOG, after=after, name=name
        )
        self.history.do("add", edits)
        for source in sources[1:]:
            self.history.do("wire", commands.connect(self.document, TensorRef(source), call, None, CATALOG))
        return call

    def output(self, *calls: str) -> None:
        for call in calls:
            self.history.do("output", commands.set_output(self.document, TensorRef(call), True))

    def mode(self, mode: str, *calls: str) -> BuiltModel:
        self.history.do("mode", set_mode(self.document, calls, mode, CATALOG))
        return built_model(self.document, CATALOG)

    @property
    def layers(self) -> list[str]:
        """The layers of the model that is built."""
        return [layer["name"] for layer in model_json(built(self.document, CATALOG))["config"]["layers"]]

    def errors(self) -> list[str]:
        return [problem.kind for problem in problems(self.document, CATALOG)]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def kinds(meant: BuiltModel) -> dict[str, str]:
    return {call: reason.kind for call, reason in meant.left_out.items()}


def test_without_modes_the_very_same_document_is_built(desk: Desk) -> None:
    a = desk.add("InputLayer")
    desk.output(desk.add("Dense", a))
    assert built(desk.document, CATALOG) is desk.document
    assert left_out_sentence(built_model(desk.document, CATALOG)) == ""


def test_a_bypassed_box_hands_on_what_comes_in(desk: Desk) -> None:
    a = desk.add("InputLayer")
    b = desk.add("Dense", a, name="b")
    c = desk.add("Dense", b, name="c")
    desk.output(c)
    plain = json.dumps(model_json(desk.document))
    meant = desk.mode(BYPASSED, b)
    assert kinds(meant) == {b: "bypassed"} and meant.handed_on == {b: TensorRef(a)}
    assert desk.layers == ["input", "c"]
    assert meant.document.graph.calls[c].args == (TensorRef(a),)
    assert [spec.id for spec in CallReader(Structure(CATALOG)).read(desk.document)] == [a, c]
    assert desk.errors() == []
    script = PYTHON.write(desk.document, CATALOG, RunCode())
    assert "Dense(" in script and 'name="b"' not in script and "# 1 box is left out (1 bypassed)" in script
    desk.history.undo()
    assert json.dumps(model_json(built(desk.document, CATALOG))) == plain
    desk.history.redo()
    assert desk.layers == ["input", "c"]


def test_several_bypassed_boxes_in_a_row_hand_on_the_first_tensor(desk: Desk) -> None:
    a = desk.add("InputLayer")
    b = desk.add("Dense", a)
    c = desk.add("Dropout", b)
    d = desk.add("Dense", c)
    desk.output(d)
    meant = desk.mode(BYPASSED, b, c)
    assert meant.handed_on == {b: TensorRef(a), c: TensorRef(a)}
    assert [edge.source.call for edge in meant.document.graph.edges_into(d)] == [a]


def test_a_muted_entry_of_a_merge_is_missing_there(desk: Desk) -> None:
    a = desk.add("InputLayer")
    b, c, d = (desk.add("Dense", a) for _ in range(3))
    total = desk.add("Add", b, c, d)
    desk.output(total)
    meant = desk.mode(MUTED, c)
    assert kinds(meant) == {c: "muted"}
    assert [edge.source.call for edge in meant.document.graph.edges_into(total)] == [b, d]
    meant = desk.mode(MUTED, d)
    assert kinds(meant) == {c: "muted", d: "muted", total: "passes"}
    assert meant.document.graph.outputs == TensorRef(b) and desk.layers == ["input", "dense"]
    assert desk.errors() == []
    meant = desk.mode(MUTED, b)
    assert kinds(meant)[total] == "starved" and meant.left_out[total].cause == b
    assert desk.errors() == ["all_muted"]


def test_muting_takes_along_what_needs_it_and_what_is_only_for_it(desk: Desk) -> None:
    a, other = desk.add("InputLayer", name="a"), desk.add("InputLayer", name="other")
    b = desk.add("Dense", a, name="b")
    before = desk.add("Dense", other, name="before")
    head = desk.add("Concatenate", b, before, name="joined")
    after = desk.add("Dense", head, name="after")
    desk.output(b, after)
    meant = desk.mode(MUTED, head)
    assert kinds(meant) == {head: "muted", after: "starved", before: "unused", other: "unused"}
    assert {meant.left_out[call].cause for call in (after, before, other)} == {head}
    assert desk.layers == ["a", "b"]
    assert meant.document.graph.inputs == TensorRef(a)
    assert desk.errors() == [] and left_out_sentence(meant) == "4 boxes are left out (1 muted, 3 because of these)"
    told = {spec.id for spec in CallReader(Structure(CATALOG)).read(desk.document)}
    assert told == {a, b, other, before}  # its shape can still be told
    assert "joined" in why_left_out(desk.document, meant.left_out[after])
    found = commands.set_parameter(desk.document, desk.document.call(before).operation, "units", -1)
    desk.history.do("units", found)
    wrong = problems(desk.document, CATALOG)
    assert hindrances(desk.document, wrong, CATALOG) == []


def test_inputs_that_have_a_meaning_are_not_mixed_up(desk: Desk) -> None:
    a, b = desk.add("InputLayer"), desk.add("InputLayer")
    difference = desk.add("Subtract", a, b)
    desk.output(difference)
    assert kinds(desk.mode(MUTED, a))[difference] == "starved"


def test_an_optional_input_is_left_out(desk: Desk) -> None:
    query, value, key = (desk.add("InputLayer", name=name) for name in ("query", "value", "key"))
    attention = desk.add("Attention", query, value, key)
    desk.output(attention)
    meant = desk.mode(MUTED, key)
    assert meant.document.graph.calls[attention].args == ([TensorRef(query), TensorRef(value)],)
    assert kinds(desk.mode(MUTED, value))[attention] == "starved"


def test_outputs_that_are_lost_are_none_and_moved_ones_keep_their_data(desk: Desk) -> None:
    a = desk.add("InputLayer")
    first, second = desk.add("Dense", a, name="first"), desk.add("Dense", a, name="second")
    last = desk.add("Activation", second, name="last")
    desk.output(first, last)
    desk.history.do("data", commands.set_data(desk.document, {"bindings": {"first": ["x"], "last": ["y"]}}))
    desk.history.do("train", commands.set_training(desk.document, {"outputs": {"last": {"loss": "Poisson"}}}))
    meant = desk.mode(BYPASSED, last)
    assert output_names(meant.document.graph) == ["first", "second"]
    assert meant.document.data["bindings"] == {"first": ["x"], "last": ["y"], "second": ["y"]}
    assert meant.document.training["outputs"]["second"] == {"loss": "Poisson"}
    assert "second" not in desk.document.data["bindings"]  # the project itself stays as it is
    meant = desk.mode(MUTED, first)
    assert meant.document.graph.outputs == TensorRef(second)


def test_no_tensor_becomes_an_output_twice(desk: Desk) -> None:
    a = desk.add("InputLayer")
    b = desk.add("Dense", a)
    c = desk.add("Dropout", b)
    desk.output(b, c)
    assert desk.mode(BYPASSED, c).document.graph.outputs == TensorRef(b)


def test_a_wire_knows_whether_anything_runs_through_it(desk: Desk) -> None:
    a, b = desk.add("InputLayer"), desk.add("InputLayer")
    total = desk.add("Add", a, b)
    last = desk.add("Dense", total)
    desk.output(last)
    meant = desk.mode(BYPASSED, total)
    flows = {(edge.source.call, edge.target): meant.flows(edge) for edge in desk.document.graph.edges()}
    assert flows == {(a, total): True, (b, total): False, (total, last): True}


@pytest.mark.parametrize("class_name", ["InputLayer", "Dense"])
def test_what_cannot_be_bypassed_is_refused_in_a_sentence(desk: Desk, class_name: str) -> None:
    call = desk.add(class_name)
    with pytest.raises(EditError) as refused:
        set_mode(desk.document, [call], BYPASSED, CATALOG)
    assert desk.document.operation_of(call).name in str(refused.value)


def test_a_box_with_several_outputs_is_not_bypassed(desk: Desk) -> None:
    a = desk.add("InputLayer")
    lstm = desk.add("LSTM", a)
    operation = desk.document.call(lstm).operation
    desk.history.do("state", commands.set_parameter(desk.document, operation, "return_state", True))
    with pytest.raises(EditError, match="several tensors"):
        set_mode(desk.document, [lstm], BYPASSED, CATALOG)


def test_a_toggle_means_all_that_can_be(desk: Desk) -> None:
    a = desk.add("InputLayer")
    b = desk.add("Dense", a)
    c = desk.add("Dense", b)
    modes = Modes(desk.document, CATALOG, lambda label, make: desk.history.do(label, make()))
    assert not modes.all_in([], BYPASSED)
    modes.toggle([a, b, c], BYPASSED)
    assert [desk.document.call(call).mode for call in (a, b, c)] == ["", BYPASSED, BYPASSED]
    assert desk.history.undo_label == "Bypass" and modes.all_in([b, c], BYPASSED) and not modes.all_in([a, b], BYPASSED)
    modes.toggle([a, b, c], BYPASSED)
    assert desk.document.graph.modes == {} and desk.history.undo_label == "No longer bypass"
    modes.switch(b, MUTED, True)
    assert desk.document.graph.modes == {b: MUTED} and desk.history.undo_label == "Mute"
    modes.switch(b, MUTED, False)
    assert desk.document.graph.modes == {} and desk.history.undo_label == "No longer mute"
    modes.toggle([], MUTED)
    assert desk.history.undo_label == "No longer mute"
    with pytest.raises(EditError, match="is an input"):
        modes.toggle([a], BYPASSED)
    with pytest.raises(EditError):
        SetMode(b, "asleep").apply(desk.document)


def test_a_bypassed_box_that_lost_its_input_is_what_it_was(desk: Desk) -> None:
    a = desk.add("InputLayer")
    b = desk.add("Dense", a)
    desk.output(b)
    desk.mode(BYPASSED, b)
    desk.history.do("cut", commands.disconnect(desk.document, next(iter(desk.document.graph.edges()))))
    assert kinds(built_model(desk.document, CATALOG)) == {}
    assert "missing_input" in desk.errors()


# Files and copies


def test_a_file_keeps_modes_and_passes_over_unknown_ones(desk: Desk) -> None:
    a = desk.add("InputLayer")
    b = desk.add("Dense", a)
    plain = file_format.dumps(desk.document)
    assert b"mode" not in plain
    desk.mode(MUTED, b)
    content = file_format.dumps(desk.document)
    assert content.count(b'"mode": "muted"') == 1
    again = file_format.loads(content)
    assert again.graph.modes == {b: MUTED} and file_format.dumps(again) == content
    strange = content.replace(b'"muted"', b'"asleep"')
    document = file_format.loads(strange)
    assert document.graph.modes == {} and file_format.dumps(document) == strange
    History(document, FOLLOW_UPS).do("mute", [SetMode(b, MUTED)])
    assert file_format.dumps(document) == content
    desk.history.undo()
    assert file_format.dumps(desk.document) == plain


def test_copies_keep_their_modes(desk: Desk) -> None:
    a = desk.add("InputLayer")
    b = desk.add("Dense", a)
    desk.mode(BYPASSED, b)
    edits, made = duplicate(desk.document, [a, b], (10, 10))
    desk.history.do("copy", edits)
    assert [desk.document.call(call).mode for call in made] == ["", BYPASSED]
    clip = read_clip(copied_text(desk.document, [b], {b: (0, 0)}))
    edits, pasted = paste(desk.document, ROOT, clip, (0, 0), (10, 10))
    desk.history.do("paste", edits)
    assert desk.document.call(pasted[0]).mode == BYPASSED
    edits, shared = commands.share(desk.document, b, (0, 0))
    desk.history.do("share", edits)
    assert desk.document.call(shared).mode == BYPASSED
    c = desk.add("Dense", a)
    desk.history.do("rewire", commands.connect(desk.document, TensorRef(c), b, ("args", 0), CATALOG))
    assert desk.document.call(b).mode == BYPASSED


# Nested models


def nested(desk: Desk, chosen: Sequence[str]) -> str:
    edits, call = group(desk.document, chosen, CATALOG, lambda _ref: ((None, 4), "float32"))
    desk.history.do("group", edits)
    return call


def test_boxes_inside_a_nested_model(desk: Desk) -> None:
    a = desk.add("InputLayer")
    b = desk.add("Dense", a, name="b")
    c, d = desk.add("Dense", b, name="c"), desk.add("Dense", b, name="d")
    total = desk.add("Add", c, d)
    desk.output(total)
    box = nested(desk, [b, c, d])
    assert len(desk.document.graphs[str(desk.document.operation_of(box).graph)].output_refs()) == 2
    meant = desk.mode(BYPASSED, b)
    inner = next(layer for layer in model_json(meant.document)["config"]["layers"] if layer["name"] == "block")
    assert [layer["name"] for layer in inner["config"]["layers"]] == ["input", "c", "d"]
    meant = desk.mode(MUTED, c)
    assert meant.numbers == {box: {0: None, 1: 0}}
    assert kinds(meant) == {b: "bypassed", c: "muted", total: "passes"}
    assert meant.document.graph.outputs == TensorRef(box, 0)
    meant = desk.mode(MUTED, d)
    assert kinds(meant)[box] == "starved" and desk.errors() == ["all_muted"]
    assert meant.document.graphs.keys() == {ROOT}


def test_what_lies_in_a_muted_model_is_left_out_with_it(desk: Desk) -> None:
    a = desk.add("InputLayer")
    b, c = desk.add("Dense", a), desk.add("Dense", a)
    desk.output(b, c)
    box = nested(desk, [b])
    meant = desk.mode(MUTED, box)
    assert meant.left_out[b].kind == "inside" and meant.left_out[b].cause == box and meant.total == 1
    edits, calls = dissolve(desk.document, box)
    desk.history.do("dissolve", edits)
    assert calls == [b] and desk.document.call(b).mode == MUTED
    box = nested(desk, [c])
    desk.mode(BYPASSED, box)
    with pytest.raises(EditError, match="bypassed"):
        dissolve(desk.document, box)


# Anything


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32))
def test_whatever_is_bypassed_or_muted_the_model_is_whole_and_without_it(seed: int) -> None:
    rng = random.Random(seed)
    document = Document("3.15", "m")
    history = History(document, FOLLOW_UPS)
    for _ in range(40):
        edit_at_random(document, history, rng)
    for graph in document.graphs.values():
        for call in rng.sample(list(graph.calls), min(3, len(graph.calls))):
            history.do("mode", [SetMode(call, rng.choice([BYPASSED, MUTED]))])  # those too that a person could not
    before = file_format.dumps(document)
    meant = built_model(document, CATALOG)
    assert built(document, CATALOG) is meant.document  # worked out once
    for graph_id, graph in meant.document.graphs.items():
        assert not graph.modes
        drawn = document.graphs[graph_id]
        gone = drawn.calls.keys() - graph.calls.keys()
        assert gone <= meant.left_out.keys()
        assert list(graph.calls) == [call for call in drawn.calls if call in graph.calls]  # in the order as drawn
        assert not {edge.source.call for edge in graph.edges()} & gone
        kept = {call for call in drawn.calls if call not in meant.left_out}
        assert kept <= graph.calls.keys()
    check(meant.document)
    written = model_json(meant.document)
    if not problems(meant.document, CATALOG):
        assert model_json(from_model_json(written)) == written
    gone_layers = {
        operation.name
        for operation in document.graph.operations.values()
        if (calls := document.graph.calls_of(operation.id)) and all(call in meant.left_out for call in calls)
    }
    assert not gone_layers & {layer["name"] for layer in written["config"]["layers"]}
    assert file_format.dumps(document) == before
