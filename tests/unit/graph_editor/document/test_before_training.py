"""What would end a training in its first batch, or its last, or would train something else than it seems."""

from __future__ import annotations

from typing import Any

import pytest

from graph_editor.document.changes import commands
from graph_editor.document.changes.grouping import group
from graph_editor.document.document import ROOT
from graph_editor.document.edits import SetIn
from runtime.messages.describing import Column
from tests.unit.graph_editor.document.test_commands import CATALOG
from tests.unit.graph_editor.document.trained_models import Trained

LSTM = {"units": 3}


def fixed(size: int | None, batch: int, samples: int, percent: float = 20, **lstm: Any) -> Trained:
    """An input for `size` samples at a time before an LSTM, trained in batches of `batch`."""
    model = Trained(("LSTM", {**LSTM, **lstm}, (size, 3)), loss="mse")
    start = next(iter(model.document.graph.calls))
    name = model.document.operation_of(start).name
    operation = model.document.operation_of(start).id
    edits = commands.set_parameter(model.document, operation, "batch_shape", [size, 5, 4])
    model.history.do("size", edits)
    model.columns = (Column("a", (5, 4), "float32", samples, "number"), Column("y", (), "float32", samples, "number"))
    model.history.do("bind", [SetIn("data", ("bindings",), {name: ["a"], model.name: ["y"]})])
    model.history.do("split", [SetIn("data", ("validation_percent",), percent)])
    model.history.do("order", [SetIn("data", ("shuffle",), False)])
    model.history.do("batch", [SetIn("training", ("batch_size",), batch)])
    return model


@pytest.mark.parametrize(
    ("batch", "samples", "lstm", "severity", "says", "size"),
    [
        (32, 100, {}, "warning", "takes 8 samples at a time, but the batch size is 32.", None),
        (8, 36, {}, "warning", "takes 8 samples at a time, but the last batch has 4.", None),
        (32, 100, {"stateful": True}, "error", "takes 8 samples at a time, but the batch size is 32.", 10),
        (8, 90, {"stateful": True}, "error", "takes 8 samples at a time, but the last batch has 2.", 9),
        (16, 80, {"stateful": True}, "error", "takes 8 samples at a time, but the batch size is 16.", 8),
    ],
)
def test_a_fixed_batch_is_held_against_all_batches(
    batch: int, samples: int, lstm: dict[str, Any], severity: str, says: str, size: int | None
) -> None:
    model = fixed(8, batch, samples, **lstm)
    (found,) = model.found()
    assert (found.severity, says in found.text.english()) == (severity, True)
    model.mend(found)
    start = next(iter(model.document.graph.calls))
    assert model.document.operation_of(start).config["batch_shape"] == [size, 5, 4]
    assert model.document.training["batch_size"] == (size or batch)
    assert model.found() == []


def test_batches_that_fit_get_no_remark() -> None:
    assert fixed(8, 8, 100, stateful=True).found() != []
    assert fixed(8, 8, 80, stateful=True).found() == []
    assert fixed(None, 32, 100).found() == []
    assert fixed(8, 8, 8, percent=0, stateful=True).found() == []


def inside_a_block(model: Trained, class_name: str) -> None:
    """Puts the layer of this class into a nested model, where training adapts nothing."""
    calls = [call for call in model.document.graph.calls if model.document.operation_of(call).class_name == class_name]
    edits, _ = group(model.document, calls, CATALOG, lambda _ref: ((None, 4), "float32"))
    model.history.do("group", edits)


def test_a_normalization_that_has_seen_no_data() -> None:
    """Training adapts it, but for those inside nested models."""
    model = Trained(("Normalization", {}, (None, 4)), ("Dense", {"units": 1}, (None, 1)), loss="mse")
    assert model.found() == []
    inside_a_block(model, "Normalization")
    (remark,) = (remark for remark in model.found() if remark.kind == "training.unadapted")
    assert remark.severity == "warning"
    assert remark.text.english() == (
        "normalization has no mean and variance yet, so it changes nothing: layers inside a nested model learn nothing "
        "of the data before training."
    )
    model.mend(remark)
    inner = next(graph for graph_id, graph in model.document.graphs.items() if graph_id != ROOT)
    operation = inner.operation_named("normalization")
    assert operation is not None and operation.class_name == "BatchNormalization"
    assert "training.unadapted" not in model.kinds()
    model.history.undo()
    model.history.do("weights", [SetIn("training", ("initial_weights",), "before.keras")])
    assert "training.unadapted" not in model.kinds()  # it may have seen data then
    seen = {"mean": [1.0], "variance": [2.0]}
    adapted = Trained(("Normalization", seen, (None, 4)), ("Dense", {"units": 1}, (None, 1)), loss="mse")
    assert adapted.found() == []


def test_a_flip_with_a_mode_that_keras_does_not_know_is_named() -> None:
    model = Trained(("RandomFlip", {"mode": "sideways"}, (None, 8, 8, 3)), ("Flatten", {}, (None, 192)), loss="mse")
    (problem,) = (problem for problem in model.found() if problem.kind == "training.let_through")
    assert problem.severity == "error"
    assert problem.text.english() == (
        "mode of random_flip must be one of horizontal, vertical, horizontal_and_vertical, not sideways."
    )
    model.mend(problem)
    assert "training.let_through" not in model.kinds()


def test_a_lookup_in_a_nested_model_says_that_it_learns_nothing_there() -> None:
    model = Trained(("IntegerLookup", {}, (None, 4)), ("Dense", {"units": 1}, (None, 1)), loss="mse")
    assert "training.no_vocabulary" not in model.kinds()
    inside_a_block(model, "IntegerLookup")
    (problem,) = (problem for problem in model.found() if problem.kind == "training.no_vocabulary")
    assert "layers inside a nested model learn none: take it out of there" in problem.text.english()


@pytest.mark.parametrize(
    ("class_name", "empty", "filled"),
    [
        ("Discretization", {"bin_boundaries": None, "num_bins": None}, {"bin_boundaries": [0.0, 1.0]}),
        ("Discretization", {"bin_boundaries": None, "num_bins": None}, {"bin_boundaries": None, "num_bins": 3}),
    ],
)
def test_layers_that_would_fail_in_the_first_batch(
    class_name: str, empty: dict[str, Any], filled: dict[str, Any]
) -> None:
    (problem,) = Trained((class_name, empty, (None, 4)), ("Dense", {"units": 1}, (None, 1)), loss="mse").found()
    assert problem.is_error and problem.kind == "training.unadapted"
    assert Trained((class_name, filled, (None, 4)), ("Dense", {"units": 1}, (None, 1)), loss="mse").found() == []
