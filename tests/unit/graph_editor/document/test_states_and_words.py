"""Stateful layers and shuffled samples; layers that look words up and have none."""

from __future__ import annotations

from typing import Any

import pytest

from app.project.project_questions import rule_problems
from graph_editor.document.changes import commands
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.changes.grouping import group
from graph_editor.document.checking.validation import Problem
from graph_editor.document.document import Document
from graph_editor.document.graph import TensorRef
from graph_editor.document.history import History
from tests.unit.graph_editor.document.test_commands import CATALOG


def with_layer(class_name: str, **config: Any) -> Document:
    document = Document("3.15", "m")
    history = History(document, FOLLOW_UPS)
    for name, values in (("InputLayer", None), (class_name, config)):
        edits, _ = commands.add_layer(document, name, "keras.layers", values, (0, 0), CATALOG)
        history.do("add", edits)
    return document


def found(document: Document, kind: str) -> list[Problem]:
    return [problem for problem in rule_problems(document, CATALOG, {}) if problem.kind == kind]


STATEFUL = {"class_name": "LSTM", "config": {"units": 2, "stateful": True}}


@pytest.mark.parametrize(
    ("class_name", "config"),
    [("LSTM", {"units": 2, "stateful": True}), ("Bidirectional", {"layer": STATEFUL}), ("RNN", {"stateful": True})],
)
def test_shuffled_samples_are_no_sequence_for_a_stateful_layer(class_name: str, config: dict[str, Any]) -> None:
    document = with_layer(class_name, **config)
    (remark,) = found(document, "training.stateful_shuffled")
    assert not remark.is_error
    assert remark.mend is not None
    History(document, FOLLOW_UPS).do("mend", list(remark.mend.edits))
    assert document.data["shuffle"] is False
    assert found(document, "training.stateful_shuffled") == []


def test_a_stateful_layer_is_given_a_batch_size_by_one_click() -> None:
    document = with_layer("LSTM", units=2, stateful=True)
    source, layer = document.graph.calls
    history = History(document, FOLLOW_UPS)
    history.do("wire", commands.connect(document, TensorRef(source), layer, None, CATALOG))
    document.training = {"batch_size": 5}
    (problem,) = found(document, "training.stateful_batch")
    assert not problem.is_error, "Keras says that already"
    assert problem.mend is not None
    history.do("mend", list(problem.mend.edits))
    assert document.operation_of(source).config["batch_shape"][0] == 5
    assert found(document, "training.stateful_batch") == []


def test_other_layers_may_be_shuffled() -> None:
    assert found(with_layer("LSTM", units=2, stateful=False), "training.stateful_shuffled") == []


def test_a_lookup_without_words_is_an_error_of_training() -> None:
    """Training adapts it, but for those inside nested models."""
    document = with_layer("StringLookup", vocabulary=None)
    assert found(document, "training.no_vocabulary") == []
    history, (source, layer) = History(document, FOLLOW_UPS), document.graph.calls
    history.do("wire", commands.connect(document, TensorRef(source), layer, None, CATALOG))
    history.do("output", commands.set_output(document, TensorRef(layer), True))
    history.do("group", group(document, [layer], CATALOG, lambda _ref: ((None, 1), "string"))[0])
    (problem,) = found(document, "training.no_vocabulary")
    assert problem.is_error
    assert "no vocabulary" in str(problem.text)
    document.training = {"initial_weights": "m.keras"}  # which may have it
    assert found(document, "training.no_vocabulary") == []
    assert found(with_layer("StringLookup", vocabulary=["a"]), "training.no_vocabulary") == []


@pytest.mark.parametrize("value", ["fast", float("nan"), float("inf"), -1, True, [0.1]])
def test_a_learning_rate_that_is_no_number_is_a_problem_and_mended_by_one_click(value: Any) -> None:
    document = Document("3.15", "m")
    document.training = {"optimizer": {"class_name": "SGD", "config": {"learning_rate": value}}}
    (problem,) = found(document, "training.learning_rate")
    assert problem.is_error
    assert "learning rate" in str(problem.text)
    assert problem.mend is not None
    History(document, FOLLOW_UPS).do("mend", list(problem.mend.edits))
    assert document.training["optimizer"] == {"class_name": "SGD", "config": {"learning_rate": 0.001}}
    assert found(document, "training.learning_rate") == []


@pytest.mark.parametrize(
    "optimizer",
    ["adam", None, {"class_name": "Adam"}, {"class_name": "Adam", "config": {}},
     {"class_name": "Adam", "config": {"learning_rate": 0.01}}, {"class_name": "Adam", "config": {"learning_rate": 0}},
     {"class_name": "Adam", "config": {"learning_rate": {"class_name": "ExponentialDecay", "config": {}}}}],
)  # fmt: skip
def test_learning_rates_that_can_be_used_are_left_alone(optimizer: Any) -> None:
    document = Document("3.15", "m")
    document.training = {"optimizer": optimizer}
    assert found(document, "training.learning_rate") == []
