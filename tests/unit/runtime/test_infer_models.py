"""Whole models as Keras writes them, nested ones and operations too: the engine says what Keras says."""

from __future__ import annotations

from typing import Any

import pytest

from app.project.project_questions import infer_question, keras_problems
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes import commands
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.document import Document
from graph_editor.document.history import History
from graph_editor.keras_format.functional import functional_config
from graph_editor.keras_format.reading import from_model_json
from runtime.clients.engine import Engine
from runtime.messages.inference import CallResult, Inferred
from tests.support.fresh_python import answer_of
from tests.unit.runtime.asking import SECONDS

CATALOG = Catalog.load()
READ = ["nested", "three_deep", "sequential", "top_sequential", "nests", "masks", "operators", "attention"]
OWN = ["woven", "frozen", "slices", "several_outputs_of_operations", "literals", "named_inputs_of_a_model"]
MORE = ["shared_deeply", "sizes_unknown"]
NAMES = [*READ, *OWN, *MORE]


@pytest.fixture(scope="module")
def models() -> dict[str, Any]:
    return answer_of("-m", "tests.unit.runtime.models_truth")


def infer(engine: Engine, document: Document) -> dict[str, CallResult]:
    answer = engine.ask(infer_question(document, CATALOG), SECONDS)
    assert isinstance(answer, Inferred), answer
    return {result.id: result for result in answer.results}


def test_every_model_of_the_list_is_asked_about(models: dict[str, Any]) -> None:
    assert sorted(models) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_tensor_is_what_keras_says(engine: Engine, models: dict[str, Any], name: str) -> None:
    document = from_model_json(models[name]["model"])
    results = infer(engine, document)
    outputs: dict[str, list[Any]] = {}
    for call, (layer, _node) in sorted(functional_config(document).nodes.items(), key=lambda item: item[1]):
        result = results[call]
        assert result.error is None, result.detail
        outputs.setdefault(layer, []).append([[list(tensor.shape), tensor.dtype] for tensor in result.outputs])
    assert outputs == models[name]["outputs"]
    own = [results[call] for call in document.graph.calls]
    assert [sum(r.parameters for r in own), sum(r.trainable for r in own)] == models[name]["counts"]


@pytest.mark.parametrize("name", ["nested", "three_deep", "sequential", "shared_deeply", "sizes_unknown"])
def test_boxes_inside_nested_models_have_shapes_too(engine: Engine, models: dict[str, Any], name: str) -> None:
    document = from_model_json(models[name]["model"])
    results = infer(engine, document)
    assert len(document.graphs) > 1
    for graph in document.graphs.values():
        for call in graph.calls:
            assert results[call].outputs, (graph.name, graph.operation_of(call).name)
    inner = sum(results[call].parameters for graph in document.graphs.values() for call in graph.calls)
    assert inner >= models[name]["counts"][0]


def broken(document: Document, layer: str, key: str, value: Any) -> None:
    """Sets a parameter of a layer at any depth."""
    found = [op for graph in document.graphs.values() for op in graph.operations.values() if op.name == layer]
    History(document, FOLLOW_UPS).do("edit", commands.set_parameter(document, found[0].id, key, value))


def errors(document: Document, results: dict[str, CallResult]) -> dict[str, str]:
    return {
        document.operation_of(call).name: str(result.error)
        for call, result in results.items()
        if result.error is not None
    }


def test_the_error_of_a_nested_model_names_the_layer_inside(engine: Engine, models: dict[str, Any]) -> None:
    document = from_model_json(models["three_deep"]["model"])
    broken(document, "d", "units", 0)
    found = errors(document, infer(engine, document))
    reason = "units of d must be a whole number above zero, not 0."
    assert found["d"] == reason
    assert found["m1"] == f"In m1: {reason}"
    assert [str(problem.text) for problem in keras_problems(document, infer(engine, document))] == [reason]
    assert found["wrapped"] in (f"In wrapped: In top: {path}In m1: {reason}" for path in ("", "In m2: "))


def without_inputs(model: dict[str, Any]) -> dict[str, Any]:
    """The model with its nested Sequentials as they are before they are called: they take what comes."""
    layers = []
    for layer in model["config"]["layers"]:
        if layer["class_name"] == "Sequential":
            layer = without_inputs({key: value for key, value in layer.items() if key != "build_config"})
            inner = [each for each in layer["config"]["layers"] if each["class_name"] != "InputLayer"]
            config = {key: value for key, value in layer["config"].items() if key != "build_input_shape"}
            layer = {**layer, "config": {**config, "layers": inner}}
        layers.append(layer)
    return {**model, "config": {**model["config"], "layers": layers}}


@pytest.mark.parametrize("deferred", [False, True])
def test_a_layer_inside_a_stack_is_named(engine: Engine, models: dict[str, Any], deferred: bool) -> None:
    model = models["sequential"]["model"]
    document = from_model_json(without_inputs(model) if deferred else model)
    assert not errors(document, infer(engine, document))
    inner = next(op for op in document.graph.operations.values() if op.name == "s2")
    graph = document.graphs[str(inner.graph)]
    dense = next(op for op in graph.operations.values() if op.class_name == "Dense")
    History(document, FOLLOW_UPS).do("edit", commands.set_parameter(document, dense.id, "units", "many"))
    found = errors(document, infer(engine, document))
    assert dense.name in found[dense.name]
    assert found["s2"] == f"In s2: {found[dense.name]}"


def test_what_does_not_fit_the_tensors_that_come_in_is_named(engine: Engine, models: dict[str, Any]) -> None:
    document = from_model_json(without_inputs(models["sequential"]["model"]))
    first = next(op for op in document.graph.operations.values() if op.class_name == "InputLayer")
    History(document, FOLLOW_UPS).do("edit", commands.set_parameter(document, first.id, "batch_shape", [None, None]))
    found = errors(document, infer(engine, document))
    name = "dense"
    assert found == {
        name: f"{name} needs fixed sizes, but gets ?, where ? is unknown.",
        "s": f"In s: {found[name]}",
    }


def test_a_model_that_is_called_wrongly_says_so_itself(engine: Engine, models: dict[str, Any]) -> None:
    document = from_model_json(models["sizes_unknown"]["model"])
    outer = next(op for op in document.graph.operations.values() if op.class_name == "InputLayer")
    History(document, FOLLOW_UPS).do("edit", commands.set_parameter(document, outer.id, "batch_shape", [None, 8, 8, 5]))
    found = errors(document, infer(engine, document))
    assert list(found) == ["inner"]
    assert len(keras_problems(document, infer(engine, document))) == 1
    assert "8×8×5" in found["inner"]
