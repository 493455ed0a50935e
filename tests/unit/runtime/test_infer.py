"""The engine's shapes and counts are Keras' own, and cost neither time nor memory."""

from __future__ import annotations

from typing import Any

import psutil
import pytest

from runtime.clients.engine import Engine
from runtime.messages.inference import CallSpec, Infer, Inferred, OperationJson
from tests.unit.runtime.asking import SECONDS, ask, error, layer, merge, shapes, source, tensor
from tests.unit.runtime.conftest import RecordingLauncher


def test_layers_are_what_plain_keras_says(engine: Engine, truth: dict[str, Any]) -> None:
    assert len(truth["cases"]) >= 20
    wrong = {}
    for name, case in truth["cases"].items():
        inputs = [source(f"in{index}", shape) for index, shape in enumerate(case["inputs"])]
        tensors: list[Any] = [tensor(call.id) for call in inputs]
        args, kwargs = tensors, {}
        if case["style"] == "list":
            args = [tensors]
        elif case["style"] == "query value":
            args, kwargs = [], dict(zip(("query", "value"), tensors, strict=True))
        call = CallSpec("box", OperationJson(**case["operation"]), args, kwargs)
        result = ask(engine, *inputs, call)["box"]
        outputs = [[list(spec.shape), spec.dtype] for spec in result.outputs]
        counts = [result.parameters, result.trainable, result.frozen, result.state]
        if (outputs, counts, result.error) != (case["outputs"], case["counts"], None):
            wrong[name] = (outputs, counts, result.detail, case["outputs"], case["counts"])
    assert wrong == {}


def test_operations_of_keras_are_known(engine: Engine, truth: dict[str, Any]) -> None:
    calls = []
    for node in truth["operations"]:
        operation = OperationJson(node["class_name"], node["config"], node["module"], node["registered_name"])
        arguments = node["inbound_nodes"][0] if node["inbound_nodes"] else {"args": [], "kwargs": {}}
        calls.append(
            CallSpec(node["name"], operation, _references(arguments["args"]), _references(arguments["kwargs"]))
        )
    results = list(ask(engine, *calls).values())
    assert [result.error for result in results] == [None] * len(results)
    assert shapes(results[-1]) == [(None,)]


def _references(node: Any) -> Any:
    if isinstance(node, list):
        return [_references(each) for each in node]
    if isinstance(node, dict):
        if node.get("class_name") == "__keras_tensor__":
            name, _, index = node["config"]["keras_history"]
            return tensor(name, index)
        return {key: _references(each) for key, each in node.items()}
    return node


def test_a_shared_layer_is_counted_once_and_takes_what_it_was_built_for(engine: Engine) -> None:
    shared = layer("Dense", "a", name="shared", units=3)
    again, other = (CallSpec(name, shared.operation, [tensor(of)]) for name, of in (("again", "a"), ("other", "b")))
    results = ask(engine, source("a", (None, 4)), source("b", (None, 5)), shared, again, other)
    assert [results[name].parameters for name in ("shared", "again", "other")] == [15, 0, 0]
    assert shapes(results["again"]) == [(None, 3)]
    assert str(results["other"].error) == "shared already works with size 4 on axis -1, so it cannot also take 5."
    reversed_results = ask(engine, source("b", (None, 5)), other, source("a", (None, 4)), shared)
    assert reversed_results["other"].parameters == 18
    assert reversed_results["shared"].error is not None


def test_equal_layers_with_keys_of_their_own_are_two(engine: Engine) -> None:
    operation = OperationJson("Dense", {"name": "twin", "units": 3})
    calls = [CallSpec(key, operation, [tensor("a")], {}, key) for key in ("one", "two")]
    results = ask(engine, source("a", (None, 4)), *calls)
    assert [results[key].parameters for key in ("one", "two")] == [15, 15]


def test_what_follows_an_error_is_blocked_and_the_rest_goes_on(engine: Engine) -> None:
    results = ask(
        engine,
        source("a", (None, 8, 8, 1)),
        layer("LSTM", "a", name="wrong", units=3),
        layer("Dense", "wrong", name="after", units=3),
        merge("Add", "after", "a", name="later"),
        layer("Flatten", "a", name="fine"),
    )
    assert results["wrong"].error is not None
    assert not results["wrong"].blocked
    assert [(results[name].blocked, results[name].error) for name in ("after", "later")] == [(True, None)] * 2
    assert shapes(results["fine"]) == [(None, 64)]


def test_a_box_after_nothing_is_blocked(engine: Engine) -> None:
    assert ask(engine, layer("Dense", "nowhere", units=3))["box"].blocked


def test_an_output_that_went_away_is_named(engine: Engine) -> None:
    lstm = layer("LSTM", "a", name="lstm", units=3)
    state = CallSpec("d", OperationJson("Dense", {"name": "d", "units": 1}), [tensor("lstm", 2)])
    assert error(engine, source("a", (None, 5, 4)), lstm, state) == (
        "This input comes from output 3 of a box that has 1."
    )


def test_literal_arguments_reach_keras(engine: Engine) -> None:
    flip = CallSpec("sum", OperationJson("Add", {"name": "sum"}, "keras.src.ops.numpy", "Add"), [tensor("a"), 2.0])
    assert shapes(ask(engine, source("a", (None, 4)), flip)["sum"]) == [(None, 4)]


def test_a_freeze_moves_counts_from_trainable_to_frozen(engine: Engine) -> None:
    for trainable in (True, False):
        norm = layer("BatchNormalization", "a", trainable=trainable)
        result = ask(engine, source("a", (None, 10)), norm)["box"]
        learning = (20, 0) if trainable else (0, 20)
        assert (result.parameters, result.trainable, result.frozen, result.state) == (40, *learning, 20)


def test_a_hundred_million_parameters_cost_nothing(engine: Engine, real_launcher: RecordingLauncher) -> None:
    process = psutil.Process(real_launcher.workers[-1].pid)
    ask(engine, source("a", (None, 25_088)), layer("Dense", "a", units=4_000))
    before = process.memory_info().rss
    for units in range(4_096, 4_106):
        result = ask(engine, source("a", (None, 25_088)), layer("Dense", "a", units=units))["box"]
        assert result.parameters == 25_089 * units
    assert process.memory_info().rss - before < 50e6  # one of them would be 400 MB


def test_an_unchanged_question_is_answered_from_memory(engine: Engine) -> None:
    calls = [source("a0", (None, 16))]
    calls += [layer("Dense", f"a{index}", name=f"a{index + 1}", units=index + 1) for index in range(300)]
    first, second = (engine.ask(Infer(0, calls), SECONDS) for _ in range(2))
    assert isinstance(first, Inferred)
    assert isinstance(second, Inferred)
    assert first.results == second.results


@pytest.mark.parametrize(
    ("shape", "call", "sentence"),
    [
        (
            (None, 3, 3, 1),
            layer("Conv2D", "a", filters=2, kernel_size=5),
            "box looks through a window of 5×5, which does not fit into 3×3×1.",
        ),
        (
            (None, 9),
            layer("Conv2D", "a", filters=2, kernel_size=5),
            "box needs an input of height × width × channels, but gets 9.",
        ),
        (
            (None, 3, 3, 1),
            layer("MaxPooling2D", "a", pool_size=[5, 5]),
            "box looks through a window of 5×5, which does not fit into 3×3×1.",
        ),
        (
            (None, 8),
            layer("Reshape", "a", target_shape=[3, 3]),
            "box cannot turn 8 into 3×3: the number of values would change.",
        ),
        ((None, None), layer("Dense", "a", units=3), "box needs fixed sizes, but gets ?, where ? is unknown."),
        ((None, 4), layer("Dense", "a", units=0), "units of box must be a whole number above zero, not 0."),
        ((None, 4), layer("Dense", "a"), "box needs a value for units."),
        ((None, 4), layer("Dense", "a", units=3, colour="red"), "Dense does not have the setting colour."),
        ((None, 4), layer("Dense", "a", units=3, activation="rleu"), "box: Keras has no activation called rleu."),
        ((None, 4), layer("Dropout", "a", rate=1.5), "rate of box must lie between 0 and 1, not 1.5."),
        ((None, 4), layer("MultiHeadAttention", "a", num_heads=2, key_dim=2), "box needs an input for value."),
        ((None, 4), layer("Dense", units=3), "box needs an input."),
        ((None, 4), merge("Subtract", "a", "a", "a"), "box needs exactly 2 inputs, not 3."),
        (
            (None, 4),
            layer("BatchNormalization", "a", axis=4),
            "box works on axis 4, which an input of 4 does not have.",
        ),
        (
            (None, 5),
            layer("Embedding", "a", input_dim=-1, output_dim=2),
            None,
        ),
    ],
)
def test_refusals_are_one_sentence(engine: Engine, shape: Any, call: CallSpec, sentence: str | None) -> None:
    results = ask(engine, source("a", shape), call)
    refusal = results["box"]
    assert refusal.error is not None
    assert refusal.detail
    assert str(refusal.error).endswith(".")
    assert "\n" not in str(refusal.error)
    assert sentence in (None, str(refusal.error))


def test_merging_names_all_shapes(engine: Engine) -> None:
    inputs = source("a", (None, 4, 2)), source("b", (None, 5, 2))
    assert error(engine, *inputs, merge("Add", "a", "b")) == "box needs inputs of one shape, but gets 4×2, 5×2."
    assert error(engine, *inputs, merge("Concatenate", "a", "b", axis=-1)) == (
        "box joins its inputs on axis -1, so all other sizes must be equal, but it gets 4×2, 5×2."
    )


def test_layers_that_differ_in_their_names_alone_are_told_apart_where_it_matters(engine: Engine) -> None:
    twins = [source("a", (None, 4)), *(layer("Dense", "a", name=f"d{n}", units=3) for n in range(300))]
    answer = engine.ask(Infer(0, twins), SECONDS)
    assert isinstance(answer, Inferred)
    assert [result.parameters for result in answer.results[1:]] == [15] * 300
    wrong = [source("a", (None, 4)), *(layer("Dense", "a", name=name, units=0) for name in ("one", "two"))]
    assert [str(result.error) for result in list(ask(engine, *wrong).values())[1:]] == [
        f"units of {name} must be a whole number above zero, not 0." for name in ("one", "two")
    ]
    assert error(engine, source("a", (None, 4)), layer("Dense", "a", name="a/b", units=3)).startswith("a/b")
