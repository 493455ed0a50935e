"""Estimates before training, held against TensorFlow's profiler, Keras' summary and Keras' optimizers."""

from __future__ import annotations

from typing import Any

import pytest

from app.project.project_questions import infer_question
from graph_editor.catalog.catalog import Catalog
from graph_editor.keras_format.reading import from_model_json
from runtime.advice.estimates import Estimate, estimate, kept_values
from runtime.clients.engine import Engine
from runtime.messages.inference import CallResult, Inferred, OperationJson, TensorSpec
from tests.support.fresh_python import answer_of
from tests.unit.runtime.asking import SECONDS, ask, layer, merge, source

CATALOG = Catalog.load()
LAYERS = ["dense", "dense_on_steps", "conv", "conv1d", "conv_transpose", "depthwise", "separable", "lstm", "gru"]
MODELS = [*LAYERS, "bidirectional", "time_distributed", "attention", "inception", "half"]
UNSEEN = {"attention": 2 * 2 * 4 * 20 * 20 * 8}  # the profiler knows nothing of BatchMatMul: scores and weighted sum


@pytest.fixture(scope="module")
def costs() -> dict[str, Any]:
    return answer_of("-m", "tests.unit.runtime.costs_truth")


def estimate_of(engine: Engine, model: Any, batch_size: int = 1) -> Estimate:
    document = from_model_json(model)
    answer = engine.ask(infer_question(document, CATALOG), SECONDS)
    assert isinstance(answer, Inferred), answer
    return estimate([result for result in answer.results if result.id in document.graph.calls], batch_size)


@pytest.mark.parametrize("name", MODELS)
def test_operations_are_those_of_the_profiler(engine: Engine, costs: dict[str, Any], name: str) -> None:
    said = costs["models"][name]
    found = estimate_of(engine, said["model"])
    assert not found.partial
    assert found.flops == pytest.approx(said["flops"] + UNSEEN.get(name, 0), rel=0.1)
    assert found.weights == said["bytes"]


def test_optimizers_keep_what_they_keep(costs: dict[str, Any]) -> None:
    for name, (config, kept) in costs["optimizers"].items():
        assert kept_values({"class_name": name, "config": config}) == pytest.approx(kept, rel=0.1, abs=0.01), name


def test_activations_are_all_outputs_of_all_layers(engine: Engine) -> None:
    calls = [
        source("a", (None, 8, 8, 2)),
        layer("Conv2D", "a", name="conv", filters=4, kernel_size=3, padding="same", dtype="float16"),
        layer("Flatten", "conv", name="flat"),
        layer("Dense", "flat", name="dense", units=10),
    ]
    results = ask(engine, *calls)
    assert [results[name].activation_bytes for name in results] == [512, 512, 1024, 40]
    whole = estimate(results.values(), 64, {"class_name": "SGD", "config": {"momentum": 0.9}})
    trainable = 3 * 3 * 2 * 4 + 4 + 256 * 10 + 10
    assert whole.activations == 64 * (512 + 512 + 1024 + 40)
    assert trainable == sum(result.trainable for result in results.values())
    assert whole.gradients == whole.optimizer == 4 * trainable
    assert whole.memory == whole.weights + whole.gradients + whole.optimizer + whole.activations


def test_a_shared_layer_works_twice_and_is_kept_once(engine: Engine) -> None:
    first = layer("Dense", "a", name="shared", units=3)
    again = layer("Dense", "a", name="shared", units=3)
    results = ask(engine, source("a", (None, 4)), first, *[type(again)("again", again.operation, again.args)])
    assert [results[name].flops for name in ("shared", "again")] == [27, 27]
    assert [results[name].weight_bytes for name in ("shared", "again")] == [60, 0]


def test_groups_share_the_work(engine: Engine) -> None:
    settings: dict[str, Any] = {"filters": 8, "kernel_size": 3, "use_bias": False}
    whole, halves = (
        ask(engine, source("a", (None, 9, 9, 4)), layer("Conv2D", "a", groups=groups, **settings))["box"].flops
        for groups in (1, 2)
    )
    assert (whole, halves) == (2 * 7 * 7 * 8 * 9 * 4, 2 * 7 * 7 * 8 * 9 * 2)


def test_what_is_not_known_is_said(engine: Engine) -> None:
    results = ask(engine, source("a", (None, None, 4)), layer("Dense", "a", name="d", units=3))
    assert (results["d"].flops, results["d"].activation_bytes) == (None, None)
    assert estimate(results.values(), 1).partial
    assert estimate([CallResult("x", blocked=True)], 1).partial
    assert not estimate([CallResult("x", (TensorSpec((None, 2), "float32"),), flops=0, activation_bytes=8)], 1).partial


def test_operations_of_keras_ops_and_merges_are_counted(engine: Engine) -> None:
    results = ask(engine, source("a", (None, 10)), source("b", (None, 10)), merge("Add", "a", "b", "a", name="sum"))
    assert results["sum"].flops == 20
    two = layer("Multiply", "a", name="times")
    operation = OperationJson("Multiply", {"name": "times"}, "keras.src.ops.numpy", "Multiply")
    results = ask(engine, source("a", (None, 10)), type(two)("times", operation, [two.args[0], 2.0]))
    assert results["times"].flops == 10


def test_every_layer_of_the_catalogue_has_a_cost_or_none(engine: Engine) -> None:
    """Nothing an estimate stumbles over becomes an error of the box."""
    shapes = {"1D": (None, 12, 4), "2D": (None, 12, 12, 4), "3D": (None, 8, 8, 8, 4)}
    for spec in CATALOG.palette():
        if spec.function or [port.kind for port in spec.inputs] != ["single"]:
            continue
        shape = next((shape for key, shape in shapes.items() if key in spec.class_name), (None, 12, 4))
        call = layer(spec.class_name, "a", **CATALOG.default_config(spec, "box"))
        result = ask(engine, source("a", shape), call)["box"]
        if result.error is not None:
            assert "estimates.py" not in result.detail
            assert "AttributeError" not in result.detail, (spec.class_name, result.detail)
