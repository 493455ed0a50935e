"""The last activation and the loss of an output go together, or one sentence says that they do not."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from app.project.findings.data import data_problems
from app.project.project_questions import data_mends
from graph_editor.document.changes import commands
from graph_editor.document.checking.rules import loss_and_activation as rule
from graph_editor.document.checking.rules.loss_and_activation import PROBABILITIES, SUM_TO_ONE
from graph_editor.document.graph import TensorRef
from resources.text import Text
from runtime.messages.checking import DataProblem
from runtime.messages.describing import Column
from tests.unit.graph_editor.document.test_commands import CATALOG
from tests.unit.graph_editor.document.trained_models import Trained, dense, thing

SPARSE, ONE_HOT, BINARY = "SparseCategoricalCrossentropy", "CategoricalCrossentropy", "BinaryCrossentropy"


@pytest.mark.parametrize(
    ("units", "activation", "loss", "says", "proposes"),
    [
        (
            1,
            "softmax",
            thing(BINARY),
            "y ends in softmax over one unit, which is always 1.",
            "Set the activation of y to sigmoid",
        ),
        (
            1,
            "softmax",
            "mse",
            "y ends in softmax over one unit, which is always 1.",
            "Set the activation of y to linear",
        ),
        (
            1,
            "sigmoid",
            thing(ONE_HOT),
            "y has one unit, and over one class CategoricalCrossentropy is always 0.",
            "Use sigmoid and the loss BinaryCrossentropy",
        ),
        (
            1,
            "linear",
            thing(SPARSE, from_logits=True),
            "y has one unit, and over one class SparseCategoricalCrossentropy is always 0.",
            "Use the loss BinaryCrossentropy",
        ),
        (
            5,
            "softmax",
            thing(SPARSE, from_logits=True),
            "y ends in softmax, but its loss expects logits (from_logits).",
            "Set from_logits of the loss to false",
        ),
        (
            1,
            "sigmoid",
            thing(BINARY, from_logits=True),
            "y ends in sigmoid, but its loss expects logits (from_logits).",
            "Set from_logits of the loss to false",
        ),
        (
            5,
            "sigmoid",
            thing(SPARSE, from_logits=True),
            "y ends in sigmoid, but its loss expects logits (from_logits).",
            "Set the activation of y to linear",
        ),
        (
            5,
            "relu",
            thing(SPARSE, from_logits=True),
            "y ends in relu, but its loss expects logits (from_logits).",
            "Set the activation of y to linear",
        ),
        (
            5,
            "linear",
            thing(SPARSE),
            "y ends without an activation, but SparseCategoricalCrossentropy expects probabilities.",
            "Set the activation of y to softmax",
        ),
        (
            5,
            None,
            "categorical_crossentropy",
            "y ends without an activation, but CategoricalCrossentropy expects probabilities.",
            "Set the activation of y to softmax",
        ),
        (
            1,
            "linear",
            "bce",
            "y ends without an activation, but BinaryCrossentropy expects probabilities.",
            "Set the activation of y to sigmoid",
        ),
        (
            1,
            "relu",
            thing(BINARY),
            "y ends in relu, but BinaryCrossentropy expects probabilities.",
            "Set the activation of y to sigmoid",
        ),
        (
            3,
            "tanh",
            thing("CategoricalFocalCrossentropy"),
            "y ends in tanh, but CategoricalFocalCrossentropy expects probabilities.",
            "Set the activation of y to softmax",
        ),
        (
            3,
            "log_softmax",
            thing(ONE_HOT),
            "y ends in log_softmax, but CategoricalCrossentropy expects probabilities.",
            "Set from_logits of the loss to true",
        ),
        (
            5,
            "sigmoid",
            thing(ONE_HOT),
            "y ends in sigmoid: its classes do not add up to 1, as CategoricalCrossentropy expects.",
            "Set the activation of y to softmax",
        ),
        (
            5,
            "softmax",
            thing(BINARY),
            "y ends in softmax, but BinaryCrossentropy takes each class as a yes or no of its own.",
            "Use the loss CategoricalCrossentropy",
        ),
        (
            1,
            "linear",
            "crossentropy",
            "y ends without an activation, but BinaryCrossentropy expects probabilities.",
            "Set the activation of y to sigmoid",
        ),
        (
            4,
            "relu",
            thing("KLDivergence"),
            "y ends in relu, but KLDivergence expects probabilities.",
            "Set the activation of y to softmax",
        ),
        (
            1,
            "linear",
            thing("Dice"),
            "y ends without an activation, but Dice expects probabilities.",
            "Set the activation of y to sigmoid",
        ),
        (
            1,
            "linear",
            thing("Poisson"),
            "y may be negative, but Poisson takes its logarithm.",
            "Set the activation of y to softplus",
        ),
        (
            1,
            "sigmoid",
            thing("Hinge"),
            "y ends in sigmoid, but Hinge expects -1 to 1.",
            "Set the activation of y to tanh",
        ),
    ],
)
def test_one_sentence_and_one_click(units: int, activation: Any, loss: Any, says: str, proposes: str) -> None:
    model = dense(units, activation, loss)
    (remark,) = model.found()
    name = model.name
    assert remark.text.english() == says.replace("y ", f"{name} ", 1)
    assert remark.mend is not None and remark.mend.text.english() == proposes.replace(" y ", f" {name} ")
    assert (remark.severity, remark.call) == ("warning", model.end)
    model.mend(remark)
    assert model.found() == []
    model.history.undo()
    assert model.found() == [remark]


@pytest.mark.parametrize(
    ("units", "activation", "loss"),
    [
        (5, "softmax", thing(SPARSE)),
        (5, "linear", thing(SPARSE, from_logits=True)),
        (5, "log_softmax", thing(SPARSE, from_logits=True)),
        (1, "sigmoid", thing(BINARY)),
        (5, "sigmoid", thing(BINARY)),
        (1, "hard_sigmoid", thing(BINARY)),
        (2, "softmax", thing(BINARY)),  # comes to the same as CategoricalCrossentropy
        (1, "linear", thing("MeanSquaredError")),
        (5, "softmax", thing("MeanSquaredError")),
        (1, "linear", thing("Hinge")),
        (1, "tanh", thing("Hinge")),
        (1, "exponential", thing("Poisson")),
        (5, "softmax", thing("KLDivergence")),
        (1, "leaky_relu", thing(BINARY, from_logits=True)),
        (5, {"class_name": "function", "config": "mine", "module": "my", "registered_name": "my>mine"}, thing(SPARSE)),
        (5, "linear", thing("MyLoss")),
    ],
)
def test_what_fits_or_is_not_known_gets_no_remark(units: int, activation: Any, loss: Any) -> None:
    assert dense(units, activation, loss).found() == []


def test_every_pair_is_right_after_one_click() -> None:
    """All activations and losses of Keras: what is proposed leaves nothing to remark on."""
    activations = [spec.identifier for spec in CATALOG.objects("activations")]
    losses = [spec for spec in CATALOG.objects("losses") if not spec.own_module]
    told = 0
    for spec, activation, units, logits in product(losses, activations, (1, 2, 4), (False, True)):
        if logits and "from_logits" not in spec.config:
            continue
        model = dense(units, activation, thing(spec.class_name, **({"from_logits": True} if logits else {})))
        for remark in model.found():
            told += 1
            model.mend(remark)
            assert model.found() == [], (spec.class_name, activation, units, logits)
    assert told > 300


def test_names_of_activations_are_those_of_keras() -> None:
    known = {spec.identifier for spec in CATALOG.objects("activations")}
    assert known >= rule._KNOWN and known - rule._KNOWN == {"glu"}
    assert SUM_TO_ONE < PROBABILITIES


@pytest.mark.parametrize(
    ("layers", "proposes"),
    [
        (
            [("Dense", {"units": 5}, (None, 5)), ("Activation", {"activation": "relu"}, (None, 5))],
            "Set the activation of activation to softmax",
        ),
        ([("Dense", {"units": 5}, (None, 5)), ("ReLU", {}, (None, 5))], "Set the activation of re_lu to softmax"),
        (
            [("Dense", {"units": 5, "activation": "relu"}, (None, 5)), ("Reshape", {"target_shape": [5]}, (None, 5))],
            "Set the activation of dense to softmax",
        ),
        (
            [
                ("Dense", {"units": 5, "activation": "relu"}, (None, 5)),
                ("Activation", {"activation": "linear"}, (None, 5)),
            ],
            "Set the activation of dense to softmax",
        ),
        (
            [("Dense", {"units": 5}, (None, 5)), ("Relu", {"module": "keras.src.ops.nn"}, (None, 5))],
            "Set the activation of relu to softmax",
        ),
        (
            [("Dense", {"units": 5}, (None, 5)), ("BatchNormalization", {}, (None, 5))],
            "Set from_logits of the loss to true",
        ),
        (
            [("Dense", {"units": 5, "activation": "sigmoid"}, (None, 5)), ("Dropout", {"rate": 0.1}, (None, 5))],
            "Set the activation of dense to softmax",
        ),
        (
            [("Conv1D", {"filters": 5, "activation": "tanh"}, (None, 3, 5)), ("Flatten", {}, (None, 15))],
            "Set the activation of conv1d to softmax",
        ),
    ],
)
def test_the_activation_is_found_where_it_is(layers: list[Any], proposes: str) -> None:
    model = Trained(*layers, loss=thing(SPARSE))
    (remark,) = model.found()
    assert remark.mend is not None and remark.mend.text.english() == proposes
    model.mend(remark)
    assert model.found() == []


def test_a_layer_that_is_used_twice_is_not_changed_for_one_output() -> None:
    model = dense(5, "linear", thing(SPARSE))
    edits, again = commands.share(model.document, model.end, (0, 0))
    source = next(iter(model.document.graph.calls))
    model.history.do("share", edits)
    model.history.do("wire", commands.connect(model.document, TensorRef(source), again, None, CATALOG))
    (remark,) = model.found()
    assert remark.mend is not None and remark.mend.text.english() == "Set from_logits of the loss to true"


def test_a_remark_follows_a_renamed_output() -> None:
    model = dense(5, "softmax", thing(SPARSE, from_logits=True))
    operation = model.document.operation_of(model.end)
    model.history.do("rename", commands.rename(model.document, operation.id, "kind"))
    (remark,) = model.found()
    assert remark.text.english().startswith("kind ends in softmax")
    model.mend(remark)
    assert model.document.training["outputs"] == {"kind": {"loss": thing(SPARSE, from_logits=False), "metrics": []}}


def test_a_softmax_of_one_value_inside_the_model() -> None:
    model = Trained(
        ("Dense", {"units": 1, "activation": "softmax"}, (None, 7, 1)),
        ("Dense", {"units": 1}, (None, 7, 1)),
        loss="mse",
    )
    (remark,) = model.found()
    assert remark.text.english() == "dense is a softmax along an axis with one value, which is always 1."
    fine = Trained(
        ("Dense", {"units": 1}, (None, 7, 1)),
        ("Softmax", {"axis": 1}, (None, 7, 1)),
        ("Dense", {}, (None, 7, 1)),
        loss="mse",
    )
    assert fine.found() == []


@pytest.mark.parametrize(
    ("activation", "units", "loss", "column", "says", "proposes"),
    [
        (
            "sigmoid",
            1,
            "mse",
            (0.0, 37.5, None),
            "dense ends in sigmoid, but y goes from 0 to 37.5, which that does not reach.",
            "Set the activation of dense to linear",
        ),
        (
            "relu",
            1,
            "mae",
            (-1.0, 1.0, None),
            "dense ends in relu, but y goes from -1 to 1, which that does not reach.",
            "Set the activation of dense to linear",
        ),
        ("softmax", 10, SPARSE, (0.0, 2.0, 3), "dense has 10 units, but y holds only 3 classes.", "Give dense 3 units"),
    ],
)
def test_the_data_and_the_end_of_the_model(
    activation: str, units: int, loss: str, column: Any, says: str, proposes: str
) -> None:
    model = dense(units, activation, loss)
    low, high, distinct = column
    model.bind(Column("y", (), "int64" if distinct else "float32", 9, "number", low, high, distinct))
    (remark,) = model.found()
    assert remark.text.english() == says
    assert remark.mend is not None and remark.mend.text.english() == proposes
    model.mend(remark)
    if units == 1:
        assert model.found() == []
    else:
        assert model.document.operation_of(model.end).config["units"] == 3


@pytest.mark.parametrize(("low", "high", "dtype"), [(0.0, 1.0, "float32"), (0.2, 0.7, "float32"), (0.0, 1.0, "bool")])
def test_a_truth_in_reach_gets_no_remark(low: float, high: float, dtype: str) -> None:
    model = dense(1, "sigmoid", "mse")
    model.bind(Column("y", (), dtype, 9, "number", low, high))
    assert model.found() == []


def test_a_class_without_a_unit_gets_one_by_one_click() -> None:
    model = dense(3, "softmax", SPARSE)
    model.bind(Column("y", (), "int64", 9, "category", 1.0, 4.0, 4))
    said = DataProblem("error", Text("y is 4, but dense takes classes 0 to 2."), "dense", "y", kind="classes")
    mends = data_mends(model.document, CATALOG, model.results, model.columns)
    (problem,) = data_problems(model.document, [said], mends)
    assert problem.mend is not None and problem.mend.text.english() == "Give dense 5 units"
    model.mend(problem)
    assert model.document.operation_of(model.end).config["units"] == 5
