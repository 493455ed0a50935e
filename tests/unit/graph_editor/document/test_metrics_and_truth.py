"""Metrics that cannot take the truth of an output are told before training, with what to do about it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runtime.messages.describing import Column
from tests.support.fresh_python import answer_of
from tests.unit.graph_editor.document.test_commands import CATALOG
from tests.unit.graph_editor.document.trained_models import Trained, dense, thing

SPARSE, ONE_HOT, BINARY = "SparseCategoricalCrossentropy", "CategoricalCrossentropy", "BinaryCrossentropy"
CLASSES = 5


def named(name: str) -> dict[str, Any]:
    """The metric with Keras' defaults, with as many classes as the outputs have."""
    spec = CATALOG.object("metrics", name)
    config = dict(spec.config) if spec is not None else {}
    return thing(name, **{**config, **({"num_classes": CLASSES} if "num_classes" in config else {})})


@pytest.mark.parametrize(
    ("units", "activation", "loss", "metric", "severity", "says", "after"),
    [
        (
            5,
            "softmax",
            SPARSE,
            thing("Precision"),
            "error",
            "Precision needs a place for each class, but the truth of y is a class number.",
            "accuracy",
        ),
        (
            5,
            "softmax",
            SPARSE,
            thing("F1Score"),
            "error",
            "F1Score needs a place for each class, but the truth of y is a class number.",
            "accuracy",
        ),
        (
            9,
            "softmax",
            SPARSE,
            thing("TopKCategoricalAccuracy", k=3),
            "error",
            "TopKCategoricalAccuracy needs a place for each class, but the truth of y is a class number.",
            thing("SparseTopKCategoricalAccuracy", k=3),
        ),
        (
            5,
            "softmax",
            SPARSE,
            thing("CategoricalAccuracy"),
            "warning",
            "CategoricalAccuracy needs a place for each class, but the truth of y is a class number.",
            "SparseCategoricalAccuracy",
        ),
        (
            5,
            "softmax",
            SPARSE,
            thing("MeanIoU", num_classes=5),
            "error",
            "y gives a value for each class, which MeanIoU is told it does not.",
            thing("MeanIoU", num_classes=5, sparse_y_pred=False),
        ),
        (
            5,
            "softmax",
            ONE_HOT,
            thing("SparseCategoricalAccuracy"),
            "error",
            "SparseCategoricalAccuracy needs class numbers, but the truth of y has a place for each class.",
            "CategoricalAccuracy",
        ),
        (
            1,
            "sigmoid",
            BINARY,
            "categorical_accuracy",
            "warning",
            "CategoricalAccuracy compares classes, but y has one unit.",
            "BinaryAccuracy",
        ),
        (
            1,
            "linear",
            "mse",
            "accuracy",
            "warning",
            "accuracy counts classes, but MeanSquaredError trains y to give numbers.",
            "MeanAbsoluteError",
        ),
        (
            1,
            "linear",
            "mae",
            thing("Precision"),
            "warning",
            "Precision counts classes, but MeanAbsoluteError trains y to give numbers.",
            "MeanAbsoluteError",
        ),
        (
            1,
            "linear",
            thing(BINARY, from_logits=True),
            "accuracy",
            "warning",
            "y gives logits, of which 0 is the middle, but accuracy counts from 0.5 on as a yes.",
            thing("BinaryAccuracy", threshold=0.0),
        ),
        (
            1,
            "linear",
            thing(BINARY, from_logits=True),
            thing("AUC"),
            "warning",
            "y gives logits, but AUC expects probabilities.",
            thing("AUC", from_logits=True),
        ),
        (
            1,
            "sigmoid",
            BINARY,
            thing("AUC", from_logits=True),
            "warning",
            "y gives probabilities, but AUC expects logits.",
            thing("AUC", from_logits=False),
        ),
        (
            1,
            "sigmoid",
            BINARY,
            thing("F1Score"),
            "warning",
            "F1Score without a threshold takes the largest of one unit, so every sample for a yes.",
            thing("F1Score", threshold=0.5),
        ),
        (
            1,
            "linear",
            "mse",
            thing("PearsonCorrelation"),
            "warning",
            "PearsonCorrelation looks along an axis of which y has one value. It has to look over samples.",
            thing("PearsonCorrelation", axis=0),
        ),
        (
            1,
            "linear",
            "mse",
            thing("CosineSimilarity"),
            "warning",
            "CosineSimilarity of single numbers tells no more than their sign.",
            "MeanAbsoluteError",
        ),
        (
            3,
            "softmax",
            ONE_HOT,
            thing("TopKCategoricalAccuracy"),
            "warning",
            "TopKCategoricalAccuracy is always 1: y has 3 units, and it looks at the first 5.",
            thing("TopKCategoricalAccuracy", k=1),
        ),
        (
            5,
            "softmax",
            ONE_HOT,
            thing("OneHotMeanIoU", num_classes=2),
            "warning",
            "OneHotMeanIoU counts another number of classes than y has: 5.",
            thing("OneHotMeanIoU", num_classes=5),
        ),
        (
            5,
            "softmax",
            ONE_HOT,
            thing("Recall", class_id=5),
            "error",
            "class_id of Recall is 5, but y has 5 units.",
            thing("Recall", class_id=None),
        ),
        (
            5,
            "softmax",
            SPARSE,
            "crossentropy",
            "error",
            "Keras has no metric crossentropy.",
            thing(SPARSE, from_logits=False),
        ),
        (
            1,
            "sigmoid",
            BINARY,
            thing("Accuracy"),
            "warning",
            "Accuracy counts values that are equal to the truth, and y gives none: it rounds nothing.",
            "accuracy",
        ),
        (5, "softmax", SPARSE, "accurracy", "error", "Keras has no metric accurracy.", None),
    ],
)
def test_one_sentence_and_one_click(
    units: int, activation: str, loss: Any, metric: Any, severity: str, says: str, after: Any
) -> None:
    model = dense(units, activation, loss, metric)
    (found,) = model.found()
    assert (found.severity, found.call) == (severity, model.end)
    words = says.replace(" y ", f" {model.name} ")
    assert found.text.english() == (f"{model.name}{words[1:]}" if words.startswith("y ") else words)
    model.mend(found)
    wanted = [] if after is None else [after if isinstance(after, dict) else thing(after)]
    assert model.settings["metrics"] == wanted
    assert model.found() == []


def test_a_metric_that_would_be_there_twice_is_taken_away() -> None:
    model = dense(5, "softmax", SPARSE, "accuracy", thing("AUC"), thing("Precision"))
    auc, precision = model.found()
    assert auc.mend is not None and auc.mend.text.english() == "Take AUC away"
    model.mend(precision)
    assert [metric["class_name"] for metric in model.settings["metrics"]] == ["accuracy", "AUC"]


def test_two_classes_trained_as_numbers_become_a_classification() -> None:
    model = dense(1, "linear", "mse", "accuracy")
    model.bind(Column("kind", (), "int64", 9, "category", 0.0, 1.0, 2))
    (found,) = model.found()
    assert found.mend is not None and found.mend.text.english() == "Use sigmoid and the loss BinaryCrossentropy"
    model.mend(found)
    assert model.found() == []


ONLY_IN_A_GRAPH = ("SparseCategoricalAccuracy", "one number")  # as training does it; the comparison runs eagerly
CASES = {  # truth, output, classes of a class number, loss, activation
    "class numbers": ((), (CLASSES,), CLASSES, SPARSE, "softmax"),
    "one-hot": ((CLASSES,), (CLASSES,), 0, ONE_HOT, "softmax"),
    "yes or no": ((1,), (1,), 0, BINARY, "sigmoid"),
    "class numbers in a sequence": ((3,), (3, CLASSES), CLASSES, SPARSE, "softmax"),
    "one-hot in a sequence": ((3, CLASSES), (3, CLASSES), 0, ONE_HOT, "softmax"),
    "picture": ((4, 4, 1), (4, 4, 1), 0, BINARY, "sigmoid"),
    "one number": ((), (), 0, BINARY, "sigmoid"),
}


def test_what_keras_refuses_is_an_error_and_nothing_else() -> None:
    """Every metric of Keras, for every kind of truth."""
    metrics = {spec.class_name: named(spec.class_name)["config"] for spec in CATALOG.objects("metrics")}
    metrics["accuracy"] = {}
    cases = {name: (truth, output, classes) for name, (truth, output, classes, *_) in CASES.items()}
    given = json.dumps({"metrics": metrics, "cases": cases})
    refused = answer_of("-m", "tests.unit.graph_editor.document.metrics_truth", given=given)
    differ = []
    for metric, config in metrics.items():
        for case, (_, output, _, loss, activation) in CASES.items():
            model = Trained(
                ("Dense", {"units": 5, "activation": activation}, (None, *output)),
                loss=thing(loss),
                metrics=[thing(metric, **config)],
            )
            told = any(problem.is_error for problem in model.found())
            if told != (refused[metric][case] or (metric, case) == ONLY_IN_A_GRAPH):
                differ.append((metric, case, told))
    assert differ == []
