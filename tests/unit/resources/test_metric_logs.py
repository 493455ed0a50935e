"""Names in logs, what is better, and the best: what Keras does with the same is asked in test_best_in_keras.py."""

import math
from typing import Any

import pytest

from resources.training.metric_logs import (
    Logged,
    best_values,
    direction_of,
    directions,
    keras_metric,
    logged,
    name_faults,
    read_metric,
)

Json = Any


def entries_of(nest: Json, **metrics: list[Json]) -> list[Logged]:
    return logged(nest, {name: [read_metric(metric) for metric in of] for name, of in metrics.items()}, keras_metric)


def names_of(nest: Json, **metrics: list[Json]) -> list[str]:
    return [entry.name for entry in entries_of(nest, **metrics)]


def named(class_name: str, name: str) -> Json:
    return {"class_name": class_name, "config": {"name": name}}


def test_one_output_is_told_without_its_name() -> None:
    assert names_of("digit", digit=["accuracy", "AUC", "mse"]) == ["loss", "accuracy", "auc", "mean_squared_error"]
    assert names_of(["digit"], digit=["acc"]) == names_of({"x": "digit"}, digit=["acc"]) == ["loss", "acc"]


def test_several_outputs_are_told_by_their_layers_or_by_the_keys_of_a_dict() -> None:
    assert names_of(["a", "b"], a=["mae"]) == ["loss", "a_loss", "a_mean_absolute_error", "b_loss"]
    assert names_of({"z": "a", "k": "b"}, a=["acc"]) == ["loss", "k_loss", "z_loss", "z_acc"]
    assert names_of(["a", ["b", "c"]], c=["acc"]) == ["loss", "a_loss", "1/b_loss", "1/c_loss", "c_acc"]
    assert names_of({"q": "a", "r": {"s": "b"}}, a=["acc"]) == ["loss", "q_loss", "a_acc", "r/s_loss"]


def test_what_is_better_is_no_matter_of_names() -> None:
    known = directions(
        entries_of(
            ["acceleration", "loss_rate"],
            acceleration=["MeanAbsoluteError", named("MeanSquaredError", "accuracy_of_f1")],
            loss_rate=["R2Score", named("AUC", "error"), "my_own", named("mine>MyOwn", "val_accuracy_auc")],
        )
    )
    assert known == {
        "loss": "min",
        "acceleration_loss": "min",
        "acceleration_mean_absolute_error": "min",
        "acceleration_accuracy_of_f1": "min",
        "loss_rate_loss": "min",
        "loss_rate_r2_score": "max",
        "loss_rate_error": "max",
    }
    assert direction_of("val_loss_rate_error", known) == "max"
    assert direction_of("val_loss_rate_my_own", known) is None


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_what_is_no_finite_number_is_never_the_best(bad: float) -> None:
    epochs = [
        {"loss": bad, "auc": bad},
        {"loss": 2.0, "auc": 0.5},
        {"loss": bad, "auc": bad},
        {"loss": 3.0, "own": 1.0},
    ]
    assert best_values(epochs, {"loss": "min", "auc": "max"}) == {"loss": 2.0, "auc": 0.5}
    assert best_values([{"loss": bad}], {"loss": "min"}) == {}


def test_validation_is_the_best_in_the_same_direction() -> None:
    epochs = [{"val_io_u": 0.2}, {"val_io_u": 0.4}, {"val_io_u": 0.3}]
    assert best_values(epochs, {"io_u": "max"}) == {"val_io_u": 0.4}


@pytest.mark.parametrize(
    ("nest", "metrics", "fault"),
    [
        ("y", {"y": [named("MeanAbsoluteError", "loss")]}, "would be told as loss, in place of the loss"),
        (["a", "b"], {"a": [named("MeanAbsoluteError", "loss")]}, "A metric of a would be told as a_loss"),
        (["a", "a_b"], {"a": [named("AUC", "b_loss")]}, "A metric of a would be told as a_b_loss"),
        ("y", {"y": [named("AUC", "val_loss")]}, "reads as a value of validation"),
        ("y", {"y": [named("AUC", "val_auc")]}, "reads as a value of validation"),
        (["val", "b"], {}, "Something of val would be told as val_loss"),
        ("y", {"y": [named("AUC", "lr")]}, "is called lr, which a run needs for itself"),
        ("y", {"y": [named("AUC", "learning_rate")]}, "which a run needs for itself"),
        ("y", {"y": [named("AUC", "epoch")]}, "which a run needs for itself"),
        ("y", {"y": [named("AUC", "batch")]}, "which a run needs for itself"),
        ("y", {"y": [named("AUC", "size")]}, "which a run needs for itself"),
        ("y", {"y": ["mae", "MeanAbsoluteError"]}, "Two metrics would be told as mean_absolute_error"),
        (["a", "a_b"], {"a": [named("AUC", "b_auc")], "a_b": ["AUC"]}, "Two metrics would be told as a_b_auc"),
    ],
)
def test_a_name_that_would_hide_another_is_a_fault(nest: Json, metrics: Json, fault: str) -> None:
    (found,) = name_faults(entries_of(nest, **metrics))
    assert fault in found.text.english()


def test_names_that_hide_nothing_are_no_faults() -> None:
    fine = entries_of(
        ["loss", "lr"],
        loss=[named("AUC", "lr"), "mae", named("MeanAbsoluteError", "loss_rate")],
        lr=["mae", named("AUC", "epoch")],
    )
    assert name_faults(fine) == []
    assert name_faults(entries_of("val_out", val_out=["mae"])) == []
