"""No figure has a value that is no finite number: JSON would make it null, and the evaluation could not be read."""

from __future__ import annotations

import math
from pathlib import Path

import msgspec
import numpy as np
import pytest

from resources.text import Text
from runtime.evaluation.folder import RESULT_FILE, read_evaluation
from runtime.messages.evaluating import EvaluationFile
from runtime.messages.trained import On, Trained
from runtime.messages.views import Bars, Curve, Curves, Heat, Label, Number, Numbers, Points, Table, View
from runtime.model_configs import keras_json
from runtime.spec import DataSource, DataSpec
from runtime.worker.evaluation.all_figures import all_figures
from runtime.worker.evaluation.measuring.finite import finite
from runtime.worker.evaluation.measuring.results import Array, Results

AXIS, NAN, INF = Label("x"), math.nan, math.inf


def results(predictions: Array, truth: Array, **columns: Array) -> Results:
    count = len(predictions)
    return Results("out", "out", "numbers", predictions, truth, np.arange(count), columns=lambda: columns)


@pytest.mark.parametrize(
    ("view", "wanted"),
    [
        (Table((AXIS,), (("a", NAN, 1), ("b", 2.0, -INF))), Table((AXIS,), (("a", None, 1), ("b", 2.0, None)))),
        (Numbers((Number("mae", AXIS, INF),)), Numbers((Number("mae", AXIS, None),))),
        (
            Points(AXIS, AXIS, (0.0, NAN, 2.0), (1.0, 1.0, -INF), (5, 6, 7), (0, 1, 0)),
            Points(AXIS, AXIS, (0.0,), (1.0,), (5,), (0,)),
        ),
        (
            Curves(AXIS, AXIS, (Curve(AXIS, (0.0, 1.0), (NAN, 1.0), (0.5, 0.6)), Curve(AXIS, (NAN,), (0.0,)))),
            Curves(AXIS, AXIS, (Curve(AXIS, (1.0,), (1.0,), (0.6,)),)),
        ),
        (Curves(AXIS, AXIS, (Curve(AXIS, (NAN,), (0.0,)),)), None),
        (Points(AXIS, AXIS, (NAN,), (1.0,)), None),
        (Bars(AXIS, AXIS, (1.0, INF)), None),
        (Heat(((1.0, NAN),)), None),
        (Heat(((1.0, 2.0),)), Heat(((1.0, 2.0),))),
    ],
)
def test_what_is_no_finite_number_is_not_told(view: View, wanted: View | None) -> None:
    assert finite(view) == wanted


def test_a_column_with_an_infinity_harms_no_figure() -> None:
    """It stands in the data, and was no input of the model."""
    rng = np.random.default_rng(3)
    truth = rng.random((40, 1))
    width = np.where(np.arange(40) == 7, np.inf, rng.random(40))
    width[8] = np.nan
    found = all_figures(results(truth + 0.1 * rng.random((40, 1)), truth, width=width))
    (by_column,) = [figure.view for figure in found.figures if figure.key == "errors_by_column"]
    assert isinstance(by_column, Points) and sorted(set(range(40)) - set(by_column.rows)) == [7, 8]
    assert min(by_column.xs) == 0.0 and max(by_column.xs) == 1.0
    assert msgspec.json.decode(msgspec.json.encode(found), type=type(found)) == found


def test_errors_that_are_large_and_alike_have_a_histogram() -> None:
    """A model that has gone astray says the same of all: no 40 numbers lie between its errors."""
    predictions = np.full((30, 1), 1e30)
    predictions[0] = np.nextafter(1e30, 2e30)
    found = all_figures(results(predictions, np.arange(30.0)[:, None]))
    (bars,) = [figure.view for figure in found.figures if figure.key == "error_histogram"]
    assert isinstance(bars, Bars) and sum(bars.values) == 30


def test_a_point_is_the_sample_of_the_part_though_others_are_left_out() -> None:
    predictions = np.arange(6.0)[:, None]
    predictions[[0, 2]] = np.nan
    found = all_figures(results(predictions, np.zeros((6, 1)), width=np.arange(6.0)))
    for figure in found.figures:
        if isinstance(figure.view, Points):
            assert set(figure.view.rows) == {1, 3, 4, 5}, figure.key
            told = dict(zip(figure.view.rows, figure.view.ys, strict=True))
            assert told == {row: float(row) for row in (1, 3, 4, 5)}


def test_numbers_that_strict_json_has_not_are_read_back(tmp_path: Path) -> None:
    """An option of the data, or of a layer of an imported model, may be an infinity."""
    on = On(other=DataSpec((DataSource("npz", "a.npz", {"fill": -INF}),)))
    file = EvaluationFile(Trained("", "w.keras"), on, 1.0, 1, False, {}, (), notes=(Text("Note"),))
    (tmp_path / RESULT_FILE).write_bytes(keras_json.encode(file, lines=False))
    stored = read_evaluation(tmp_path)
    assert stored.error is None and stored.file == file
