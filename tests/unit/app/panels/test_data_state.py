"""What fits where, and what is suggested: without engine and without Qt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.panels.data.state import (
    Target,
    fits,
    in_order,
    stored_path,
    targets,
    with_binding,
    with_file,
)
from app.panels.train.settings import monitor_names, watchable, with_callback, with_value
from app.project.samples import expected_parts, samples_of
from app.project.suggested import completed, suggestions
from app.project.templates import TEMPLATES
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from resources.training.metric_logs import identifier
from resources.training.sections import bindings_of, outputs_of
from runtime.messages.checking import PartCounts
from runtime.messages.describing import Column
from runtime.messages.inference import CallResult, TensorSpec

IMAGE = Column("image", (8, 8), "uint8", 100, "image", 0, 16)
DIGIT = Column("digit", (), "uint8", 100, "category", 0, 9, 10)
EVEN = Column("even", (1,), "uint8", 90, "category", 0, 1, 2)
WORDS = Column("words", (), "object", 100, "text")
COLUMNS = (IMAGE, DIGIT, EVEN, WORDS)


def digits() -> Document:
    return next(template for template in TEMPLATES if template.key == "digits").open()


def results(document: Document) -> dict[str, CallResult]:
    shapes = {"image": (None, 8, 8, 1), "digit": (None, 10), "is_even": (None, 1)}
    found = {}
    for call_id, call in document.graph.calls.items():
        shape = shapes.get(document.graph.operations[call.operation].name, (None, 3))
        found[call_id] = CallResult(call_id, (TensorSpec(shape, "float32"),))
    return found


@pytest.mark.parametrize(
    "target, column, answer",
    [
        (Target("x", "", "input", (8, 8, 1)), IMAGE, True),
        (Target("x", "", "input", (None, None, 1)), IMAGE, True),
        (Target("x", "", "input", (8, 9)), IMAGE, False),
        (Target("x", "", "output", (), 10), DIGIT, True),
        (Target("x", "", "output", (), 5), DIGIT, False),  # a class that the output has no place for
        (Target("x", "", "output", (1,)), EVEN, True),
        (Target("x", "", "output", (1,)), WORDS, False),
        (Target("x", "", "input", None), WORDS, True),  # nothing is known yet
    ],
)
def test_fitting_goes_by_shape_and_range(target: Target, column: Column, answer: bool) -> None:
    assert fits(target, column) is answer


def test_columns_of_the_same_name_come_first() -> None:
    fitting, others = in_order(Target("even", "", "output", (1,)), COLUMNS)
    assert [column.name for column in fitting] == ["even", "digit"]
    assert [column.name for column in others] == ["image", "words"]


def test_the_digits_want_a_picture_a_class_and_a_yes_or_no() -> None:
    document = digits()
    found = {target.name: target for target in targets(document, results(document), ())}
    assert found["image"].shape == (8, 8, 1)
    assert (found["digit"].shape, found["digit"].classes) == ((), 10)
    assert (found["is_even"].shape, found["is_even"].classes) == ((1,), None)


def test_a_binding_is_set_and_taken_away_without_touching_the_section() -> None:
    before = {"bindings": {"a": "one"}, "note": 1}
    after = with_binding(before, "b", ("two", "three"))
    assert bindings_of(after) == {"a": ("one",), "b": ("two", "three")}
    assert bindings_of(with_binding(after, "a", ())) == {"b": ("two", "three")}
    assert before == {"bindings": {"a": "one"}, "note": 1}


@given(st.integers(0, 10_000), st.floats(0, 99), st.floats(0, 50))
def test_every_sample_trains_validates_or_tests(samples: int, percent: float, test: float) -> None:
    parts = expected_parts({"validation_percent": percent, "test_percent": test}, samples)
    assert min(parts.training, parts.validation, parts.test) >= 0
    assert parts.training + parts.validation + parts.test == samples or percent + test > 100


def test_the_split_is_rounded_as_keras_does() -> None:
    assert expected_parts({"validation_percent": 20}, 1797) == PartCounts(1437, 360)
    assert expected_parts({"validation_percent": 20, "test_percent": 10}, 100) == PartCounts(70, 20, 10)


def test_paths_are_relative_below_the_project(tmp_path: Path) -> None:
    assert stored_path(tmp_path / "data" / "a.csv", tmp_path) == "data/a.csv"
    assert stored_path(tmp_path / "a.csv", tmp_path / "project") == str((tmp_path / "a.csv").resolve())
    assert with_file({"shuffle": True}, "csv", tmp_path / "a.csv", tmp_path) == {
        "shuffle": True,
        "sources": [{"kind": "csv", "path": "a.csv", "options": {}}],
    }


def test_samples_that_come_along_keep_their_short_name() -> None:
    from runtime.spec import SAMPLES_FOLDER

    assert stored_path(SAMPLES_FOLDER / "digits.h5", None) == "sample:digits.h5"


def test_suggestions_fill_only_what_is_missing() -> None:
    document = digits()
    suggested = suggestions(document, results(document), COLUMNS)
    training: dict[str, Any] = {
        "outputs": {"digit": {"loss": "mse", "metrics": []}, "is_even": {"weight": 0.5}},
        "epochs": 3,
    }
    filled = completed(training, suggested)
    assert filled["outputs"]["digit"] == {"loss": "mse", "metrics": []}
    assert filled["outputs"]["is_even"]["loss"] == {"class_name": "BinaryCrossentropy", "config": {}}
    assert filled["outputs"]["is_even"]["weight"] == 0.5
    assert filled["epochs"] == 3
    assert training["outputs"]["is_even"] == {"weight": 0.5}
    assert completed(document.training, suggested) == document.training


def test_callbacks_can_watch_what_keras_will_report() -> None:
    document = digits()
    names = monitor_names(watchable(document, Catalog.load(), {}))
    assert names[0] == "val_loss"
    assert {"val_digit_accuracy", "is_even_auc", "is_even_loss", "loss"} <= set(names)


@pytest.mark.parametrize(
    "class_name, name",
    [("AUC", "auc"), ("MeanAbsoluteError", "mean_absolute_error"), ("KLDivergence", "kl_divergence"),
     ("R2Score", "r2_score"), ("accuracy", "accuracy"), ("F1Score", "f1_score")],
)  # fmt: skip
def test_metrics_are_reported_in_snake_case(class_name: str, name: str) -> None:
    assert identifier(class_name) == name


def test_changes_leave_the_section_as_it_was() -> None:
    before = {"callbacks": {"early_stopping": {"patience": 2}}}
    assert with_callback(before, "early_stopping", None) == {"callbacks": {}}
    assert with_callback(before, "tensorboard", {})["callbacks"].keys() == {"early_stopping", "tensorboard"}
    assert with_value(before, "epochs", 4)["epochs"] == 4
    assert before == {"callbacks": {"early_stopping": {"patience": 2}}}


@pytest.mark.parametrize("written", ["many", 5, ["a"], {"a": 5, "b": "", "c": [], "d": None, "e": {"x": 1}}])
def test_bindings_and_outputs_that_cannot_be_read_count_as_not_said(written: object) -> None:
    assert bindings_of({"bindings": written}) == {}
    assert set(outputs_of({"outputs": written})) <= {"e"}
    assert bindings_of({"bindings": {"a": written, "b": ["two"]}}).keys() >= {"b"}


def test_samples_are_those_of_the_bound_columns() -> None:
    """Train counted the fewest of all columns, those that feed nothing too."""
    columns = (DIGIT, EVEN, Column("spare", (), "float32", 3, "number"))
    assert samples_of({"bindings": {"digit": ["digit"]}}, columns) == 100
    assert samples_of({"bindings": {"digit": ["digit"], "is_even": ["even"]}}, columns) == 90
    assert samples_of({}, columns) == 3
    assert samples_of({}, ()) == 0
