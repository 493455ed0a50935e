"""Shapes that Keras recorded do not outlive what they were recorded for."""

from __future__ import annotations

from dataclasses import replace

from graph_editor.document.changes import commands
from graph_editor.document.edits import ReplaceOperation
from graph_editor.document.graph import TensorRef
from tests.unit.graph_editor.document.test_commands import CATALOG
from tests.unit.graph_editor.document.trained_models import Trained


def recorded() -> Trained:
    """Three Dense layers as Keras writes them after they were built."""
    model = Trained(*(("Dense", {"units": units}, (None, units)) for units in (8, 6, 1)), loss="mse")
    for operation in list(model.document.graph.operations.values())[1:]:
        extra = {"build_config": {"input_shape": [None, 9]}}
        model.history.do("build", [ReplaceOperation(replace(operation, extra=extra))])
    return model


def keeps(model: Trained) -> list[bool]:
    return ["build_config" in operation.extra for operation in list(model.document.graph.operations.values())[1:]]


def set_value(model: Trained, name: str, key: str, value: object) -> None:
    operation = model.document.graph.operation_named(name)
    assert operation is not None
    model.history.do("set", commands.set_parameter(model.document, operation.id, key, value))


def test_behind_other_units_they_are_forgotten_and_come_back_with_undo() -> None:
    model = recorded()
    assert keeps(model) == [True, True, True]
    set_value(model, "dense_1", "units", 5)
    assert keeps(model) == [True, False, False]
    model.history.undo()
    assert keeps(model) == [True, True, True]


def test_an_activation_changes_no_shape() -> None:
    model = recorded()
    set_value(model, "dense_1", "activation", "relu")
    assert keeps(model) == [True, False, True]  # of the layer itself, whatever is set


def test_another_wire_and_another_input_count() -> None:
    model = recorded()
    set_value(model, "input", "batch_shape", [8, 4])
    assert keeps(model) == [False, False, False]
    model = recorded()
    first, second = list(model.document.graph.calls)[:2]
    last = model.end
    assert first != second
    edits = commands.connect(model.document, TensorRef(second), last, ("args", 0), CATALOG)
    model.history.do("wire", edits)
    assert keeps(model) == [True, True, False]
