"""Keras builds what is left of a model whose boxes are bypassed or muted."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.project.project_questions import FollowUps, infer_question, rule_problems, with_handed_on
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes import commands
from graph_editor.document.changes.bridging import bridge_calls
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.changes.grouping import group
from graph_editor.document.changes.modes import set_mode
from graph_editor.document.checking.built_model import built
from graph_editor.document.checking.validation import Structure, hindrances, problems
from graph_editor.document.document import ROOT, Document
from graph_editor.document.files import file_format
from graph_editor.document.graph import BYPASSED, MUTED, TensorRef
from graph_editor.document.history import History
from graph_editor.keras_format.functional import model_json
from graph_editor.keras_format.reading import from_model_json
from runtime.clients.engine import Engine
from runtime.messages.exporting import Export, Exported
from runtime.messages.inference import CallResult, Inferred, TensorSpec

CATALOG = Catalog.load()
SECONDS = 240.0
TEMPLATES = Path(__file__).parents[3] / "resources" / "templates"


def template(name: str) -> Document:
    return file_format.load(TEMPLATES / f"{name}.lamella")


def call_of(document: Document, name: str) -> str:
    for graph in document.graphs.values():
        operation = graph.operation_named(name)
        if operation is not None:
            return graph.calls_of(operation.id)[0]
    raise AssertionError(name)


def change(document: Document, mode: str, *names: str) -> None:
    History(document, FOLLOW_UPS).do(
        "mode", set_mode(document, [call_of(document, name) for name in names], mode, CATALOG)
    )


def results(engine: Engine, document: Document) -> dict[str, Any]:
    answer = engine.ask(infer_question(document, CATALOG), SECONDS)
    assert isinstance(answer, Inferred)
    found = with_handed_on({result.id: result for result in answer.results}, document, CATALOG)
    return {document.operation_of(call).name: result for call, result in found.items()}


def build(engine: Engine, document: Document, folder: Path) -> None:
    """Let Keras make the model, write it, read it back and compare."""
    found = problems(document, CATALOG)
    assert hindrances(document, found, CATALOG) == []
    target = folder / "model.keras"
    answer = engine.ask(Export(0, model_json(built(document, CATALOG)), "keras", str(target), None), SECONDS)
    assert isinstance(answer, Exported), answer
    assert target.exists()


def test_a_bypassed_layer_is_as_if_it_had_been_deleted_and_bridged(engine: Engine, tmp_path: Path) -> None:
    document, by_hand = template("plain-stack"), template("plain-stack")
    change(document, BYPASSED, "hidden")
    History(by_hand, FOLLOW_UPS).do("bridge", bridge_calls(by_hand, [call_of(by_hand, "hidden")]))
    assert model_json(built(document, CATALOG)) == model_json(by_hand)
    shapes, expected = results(engine, document), results(engine, by_hand)
    assert shapes["hidden"].outputs == shapes["flatten"].outputs and shapes["hidden"].parameters == 0
    assert {name: shapes[name] for name in expected} == expected
    build(engine, document, tmp_path)


def test_a_muted_branch_leaves_the_merge_with_the_others(engine: Engine, tmp_path: Path) -> None:
    document = template("digits")
    whole = results(engine, document)
    change(document, MUTED, "reduce_1x1", "is_even")
    shapes = results(engine, document)
    channels = [found["inception"].outputs[0].shape[-1] for found in (whole, shapes)]
    assert channels == [96, 64] and "wide_5x5" not in shapes and "is_even" not in shapes
    assert shapes["residual"].error is not None  # 64 and 96 channels cannot be added: that is said there
    change(document, BYPASSED, "residual")
    build(engine, document, tmp_path)


def test_shapes_that_keras_recorded_do_not_hold_behind_a_bypassed_layer(engine: Engine, tmp_path: Path) -> None:
    """As in a model that was imported: Keras builds its layers for the shapes that it wrote beside them."""
    document = template("plain-stack")
    model = model_json(document)
    for layer in model["config"]["layers"]:
        if layer["name"] == "digit":
            layer["build_config"] = {"input_shape": [None, 64]}
    imported = from_model_json(model)
    change(imported, BYPASSED, "hidden")
    build(engine, imported, tmp_path)


def test_a_nested_model_keeps_an_input_that_only_muted_boxes_took(engine: Engine, tmp_path: Path) -> None:
    document = Document("3.15", "m")
    history = History(document, FOLLOW_UPS)

    def add(class_name: str, *sources: str) -> str:
        after = TensorRef(sources[0]) if sources else None
        edits, call = commands.add_layer(document, class_name, "keras.layers", None, (0, 0), CATALOG, after=after)
        history.do("add", edits)
        for source in sources[1:]:
            history.do("wire", commands.connect(document, TensorRef(source), call, None, CATALOG))
        return call

    a, b = add("InputLayer"), add("InputLayer")
    c, d = add("Dense", a), add("Dense", b)
    total = add("Concatenate", c, d)
    last = add("Dense", total)
    history.do("output", commands.set_output(document, TensorRef(last), True))
    edits, box = group(document, [c, d, total], CATALOG, lambda _ref: ((None, 64), "float32"))
    history.do("group", edits)
    history.do("mute", set_mode(document, [d], MUTED, CATALOG))
    assert document.graph_id_of_call(d) != ROOT
    build(engine, document, tmp_path)
    found = results(engine, document)
    assert found[document.operation_of(box).name].outputs[0].shape[-1] == 64


def test_an_edit_beside_a_bypassed_box_asks_about_that_alone(engine: Engine) -> None:
    document = template("plain-stack")
    history, follow_ups = History(document, FOLLOW_UPS), FollowUps(Structure(CATALOG))

    def ask() -> tuple[int, dict[str, Any]]:
        question = follow_ups.ask(document)
        answer = engine.ask(question.message, SECONDS)
        assert isinstance(answer, Inferred)
        found = with_handed_on(follow_ups.take(answer, question), document, CATALOG)
        return len(question.message.calls), {document.operation_of(call).name: item for call, item in found.items()}

    def units(name: str, count: int) -> None:
        operation = document.graph.operation_named(name)
        assert operation is not None
        history.do("units", commands.set_parameter(document, operation.id, "units", count))

    ask()
    history.do("mode", set_mode(document, [call_of(document, "dropout")], BYPASSED, CATALOG))
    asked, found = ask()
    assert asked == 1 and found["dropout"].outputs[0].shape == (None, 64)  # the box behind it, which is fed anew
    units("hidden", 48)
    asked, found = ask()
    assert asked == 1 and found["dropout"].outputs[0].shape == (None, 48)
    history.do("mode", set_mode(document, [call_of(document, "dropout")], "", CATALOG))
    asked, found = ask()
    assert asked == 2 and found["dropout"].outputs[0].shape == (None, 48)


def test_nothing_is_remarked_on_a_merge_that_is_bypassed(engine: Engine) -> None:
    document = template("digits")
    change(document, MUTED, "reduce_1x1")
    found = {call_of(document, name): result for name, result in results(engine, document).items()}
    join = found[call_of(document, "inception")]
    unequal = {**found, call_of(document, "mix_3x3"): msgspec.structs.replace(join, outputs=(one_channel(join),))}
    unequal[call_of(document, "residual")] = join
    asked = [problem.kind for problem in rule_problems(built(document, CATALOG), CATALOG, unequal)]
    assert asked == ["stretched"]
    change(document, BYPASSED, "residual")
    assert rule_problems(built(document, CATALOG), CATALOG, unequal) == []


def one_channel(result: CallResult) -> TensorSpec:
    return TensorSpec((*result.outputs[0].shape[:-1], 1), "float32")


@pytest.mark.parametrize("mode", [BYPASSED, MUTED])
def test_weights_find_their_layers_by_name(engine: Engine, tmp_path: Path, mode: str) -> None:
    """Training that starts from weights of the whole model takes those of the layers that are left."""
    whole, target = template("digits"), tmp_path / "whole.weights.h5"
    answer = engine.ask(Export(0, model_json(whole), "weights", str(target), None), SECONDS)
    assert isinstance(answer, Exported)
    document = template("digits")
    change(document, mode, "norm" if mode == BYPASSED else "is_even")
    model, out = model_json(built(document, CATALOG)), tmp_path / "part.keras"
    answer = engine.ask(Export(0, model, "keras", str(out), None, str(target)), SECONDS)
    assert isinstance(answer, Exported), answer
    said = " ".join(str(check) for check in answer.checks)
    assert "0 new, 1 dropped" in said
