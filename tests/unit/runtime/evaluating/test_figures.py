"""The figures of evaluations against scikit-learn, NumPy and what is worked out by hand. No Keras."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn import metrics

from runtime.messages.views import Bars, Curves, Figure, Heat, Matrix, Numbers, OutputKind, Points, Table, Thresholds
from runtime.worker.evaluation.all_figures import all_figures
from runtime.worker.evaluation.figures.calibration import expected_error
from runtime.worker.evaluation.measuring.picture_quality import psnr, ssim
from runtime.worker.evaluation.measuring.results import Results

Array = Any
RNG = np.random.default_rng(7)


def results(kind: OutputKind, predictions: Array, truth: Array | None, classes: int = 0, **more: Any) -> Results:
    names = tuple(f"class {number}" for number in range(classes))
    return Results("out", "out", kind, predictions, truth, np.arange(len(predictions)), names, **more)


def figures(found: Results) -> dict[str, Figure]:
    return {figure.key: figure for figure in all_figures(found).figures}


def values(figure: Figure) -> dict[str, float | None]:
    assert isinstance(figure.view, Numbers)
    return {number.key: number.value for number in figure.view.numbers}


def probabilities(samples: int, classes: int) -> Array:
    scores = RNG.random((samples, classes)) ** 3
    return (scores / scores.sum(axis=1, keepdims=True)).astype(np.float32)


def test_classes_in_numbers_are_those_of_scikit_learn() -> None:
    scores, truth = probabilities(500, 7), RNG.integers(0, 7, 500)
    predicted = scores.argmax(axis=1)
    found = values(figures(results("classes", scores, truth, 7))["class_numbers"])
    assert found["accuracy"] == pytest.approx(metrics.accuracy_score(truth, predicted))
    assert found["balanced_accuracy"] == pytest.approx(metrics.balanced_accuracy_score(truth, predicted))
    assert found["f1_macro"] == pytest.approx(metrics.f1_score(truth, predicted, average="macro"))
    assert found["f1_weighted"] == pytest.approx(metrics.f1_score(truth, predicted, average="weighted"))
    assert found["top_3"] == pytest.approx(metrics.top_k_accuracy_score(truth, scores, k=3))
    assert found["top_5"] == pytest.approx(metrics.top_k_accuracy_score(truth, scores, k=5))
    exact = scores.astype(np.float64)
    exact /= exact.sum(axis=1, keepdims=True)  # scikit-learn warns of what float32 leaves
    assert found["log_loss"] == pytest.approx(metrics.log_loss(truth, exact), rel=1e-4)


def test_the_matrix_has_a_row_for_each_true_class() -> None:
    scores, truth = probabilities(300, 4), RNG.integers(0, 4, 300)
    view = figures(results("classes", scores, truth, 4))["confusion"].view
    assert isinstance(view, Matrix)
    assert np.array_equal(view.counts, metrics.confusion_matrix(truth, scores.argmax(axis=1)))
    assert view.names == ("class 0", "class 1", "class 2", "class 3") and view.places == (0, 1, 2, 3)


def test_a_thousand_classes_are_folded_and_none_is_lost() -> None:
    scores, truth = probabilities(5000, 1000), RNG.integers(0, 1000, 5000)
    view = figures(results("classes", scores, truth, 1000))["confusion"].view
    assert isinstance(view, Matrix)
    assert len(view.names) == 60 and view.rest is not None and view.places[-1] == -1
    assert sum(map(sum, view.counts)) == 5000
    whole = metrics.confusion_matrix(truth, scores.argmax(axis=1), labels=np.arange(1000))
    first, second = view.places[0], view.places[1]
    assert view.counts[0][1] == whole[first, second] and view.counts[0][0] == whole[first, first]


def test_each_class_has_the_scores_of_scikit_learn() -> None:
    scores, truth = probabilities(200, 3), RNG.integers(0, 3, 200)
    view = figures(results("classes", scores, truth, 3))["per_class"].view
    assert isinstance(view, Table)
    report = metrics.classification_report(truth, scores.argmax(axis=1), output_dict=True)
    for number, row in enumerate(view.rows):
        own = report[str(number)]
        assert row[:5] == pytest.approx(
            (f"class {number}", own["precision"], own["recall"], own["f1-score"], own["support"])
        )


def test_curves_and_thresholds_of_a_yes_or_no() -> None:
    truth = RNG.integers(0, 2, (400, 1)).astype(np.float32)
    score = np.clip(truth * 0.3 + RNG.random((400, 1)) * 0.7, 0, 1).astype(np.float32)
    found = figures(results("binary", score, truth, 2))
    roc, precision = found["roc"].view, found["precision_recall"].view
    assert isinstance(roc, Curves) and isinstance(precision, Curves)
    curve = roc.curves[0]
    assert metrics.auc(curve.x, curve.y) == pytest.approx(
        metrics.roc_auc_score(truth[:, 0], score[:, 0]), abs=2e-3
    )  # of 200 points
    assert f"{metrics.roc_auc_score(truth[:, 0], score[:, 0]):.3f}" in str(curve.label.text)
    mean = metrics.average_precision_score(truth[:, 0], score[:, 0])
    assert f"{mean:.3f}" in str(precision.curves[0].label.text)
    view = found["thresholds"].view
    assert isinstance(view, Thresholds)
    for place in (0, 30, 50, 100):
        said = score[:, 0].astype(np.float64) >= view.thresholds[place]
        (negative, wrong), (missed, right) = metrics.confusion_matrix(truth[:, 0] == 1, said, labels=[False, True])
        assert view.counts[0][place] == (right, wrong, missed, negative)


def test_logits_are_made_probabilities_first() -> None:
    logits, truth = RNG.normal(size=(100, 3)) * 3, RNG.integers(0, 3, 100)
    scores = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    found = values(figures(results("classes", logits, truth, 3, scale="logits"))["class_numbers"])
    assert found["log_loss"] == pytest.approx(metrics.log_loss(truth, scores))


def test_calibration_is_the_mean_gap() -> None:
    truth, score = np.array([True, False, True, True]), np.array([0.95, 0.95, 0.15, 0.35])
    assert expected_error(truth, score) == pytest.approx((abs(1.9 - 1) + abs(0.15 - 1) + abs(0.35 - 1)) / 4)


def test_one_class_only_is_said_and_not_defined() -> None:
    scores = probabilities(20, 3)
    told = all_figures(results("classes", scores, np.full(20, 2), 3))
    assert "All samples are of one class, class 2" in str(told.notes[0])
    found = {figure.key: figure for figure in told.figures}
    assert "roc" not in found and values(found["class_numbers"])["balanced_accuracy"] is None


def test_predictions_that_are_no_numbers_are_counted_and_left_out() -> None:
    scores, truth = probabilities(50, 3), RNG.integers(0, 3, 50)
    scores[:5] = np.nan
    told = all_figures(results("classes", scores, truth, 3))
    assert "5 of 50 predictions" in str(told.notes[0])
    accuracy = values(told.figures[0])["accuracy"]
    assert accuracy == pytest.approx(metrics.accuracy_score(truth[5:], scores[5:].argmax(axis=1)))
    assert all_figures(results("classes", np.full((5, 3), np.nan), np.zeros(5), 3)).figures == ()


def test_without_labels_there_are_predictions_only() -> None:
    scores = probabilities(90, 3)
    told = all_figures(results("classes", scores, None, 3))
    (figure,) = told.figures
    assert isinstance(figure.view, Bars) and sum(figure.view.values) == 90
    assert "no labels" in str(told.notes[0])


def test_several_labels_at_once() -> None:
    truth, score = RNG.integers(0, 2, (300, 4)), RNG.random((300, 4))
    found = figures(results("labels", score, truth, 4))
    numbers, said = values(found["label_numbers"]), score >= 0.5
    assert numbers["exact"] == pytest.approx(metrics.accuracy_score(truth, said))
    assert numbers["hamming"] == pytest.approx(metrics.hamming_loss(truth, said))
    table, together = found["label_table"].view, found["co_occurrence"].view
    assert isinstance(table, Table) and isinstance(together, Heat)
    assert table.rows[1][3] == pytest.approx(metrics.f1_score(truth[:, 1], said[:, 1]))
    assert together.values[2][0] == pytest.approx(said[truth[:, 2] == 1, 0].mean())


def test_numbers_are_those_of_scikit_learn() -> None:
    truth = RNG.normal(size=(500, 1))
    predicted = truth + RNG.normal(size=(500, 1)) * 0.3
    columns = {"goes with": np.abs(predicted - truth)[:, 0], "noise": RNG.random(500), "same": np.ones(500)}
    found = figures(results("numbers", predicted, truth, columns=lambda: columns))
    numbers = values(found["error_numbers"])
    assert numbers["mae"] == pytest.approx(metrics.mean_absolute_error(truth, predicted))
    assert numbers["rmse"] == pytest.approx(metrics.root_mean_squared_error(truth, predicted))
    assert numbers["r2"] == pytest.approx(metrics.r2_score(truth, predicted))
    by_column, cloud = found["errors_by_column"].view, found["predicted_true"].view
    assert isinstance(by_column, Points) and isinstance(cloud, Points)
    assert by_column.names == ("goes with", "noise")  # what is the same everywhere tells nothing
    assert cloud.ys[cloud.rows.index(9)] == pytest.approx(predicted[9, 0])
    bars = found["error_histogram"].view
    assert isinstance(bars, Bars) and sum(bars.values) == 500 and len(bars.edges) == len(bars.values) + 1


def test_outlines_overlap_as_scikit_learn_has_it() -> None:
    truth, score = RNG.integers(0, 2, (6, 9, 9, 1)), RNG.random((6, 9, 9, 1))
    found = figures(results("mask", score, truth, 2))
    said = (score >= 0.5).ravel()
    table = found["overlap"].view
    assert isinstance(table, Table)
    assert table.rows[1][1] == pytest.approx(metrics.jaccard_score(truth.ravel(), said))
    assert table.rows[1][2] == pytest.approx(metrics.f1_score(truth.ravel(), said))
    assert values(found["mask_numbers"])["pixel_accuracy"] == pytest.approx((truth.ravel() == said).mean())


def test_pictures_are_compared_by_their_formulas() -> None:
    truth = RNG.random((3, 16, 16, 1))
    assert np.isinf(psnr(truth, truth, 1.0)).all()
    assert psnr(truth, truth + 0.1, 1.0) == pytest.approx([20.0] * 3)
    same = ssim(truth, truth, 1.0)
    assert same is not None and same == pytest.approx([1.0] * 3)
    flat, brighter = np.full((1, 16, 16, 1), 0.2), np.full((1, 16, 16, 1), 0.4)
    light = ssim(flat, brighter, 1.0)  # without structure the luminance is left
    assert light is not None and light == pytest.approx([(2 * 0.08 + 1e-4) / (0.04 + 0.16 + 1e-4)])
    assert ssim(truth[:, :8], truth[:, :8], 1.0) is None
    numbers = values(figures(results("pictures", truth + 0.1, truth))["picture_numbers"])
    assert numbers["mae"] == pytest.approx(0.1) and numbers["psnr"] == pytest.approx(20.0)


def test_tokens_leave_padding_out() -> None:
    truth = np.array([[1, 2, 0, 0], [2, 0, 1, 0]])
    scores = np.full((2, 4, 3), 0.1)
    for row, places in enumerate([[1, 1, 0, 0], [2, 0, 1, 1]]):
        for place, token in enumerate(places):
            scores[row, place, token] = 0.8
    found = values(figures(results("tokens", scores, truth))["token_numbers"])
    assert found["token_accuracy"] == pytest.approx(4 / 5)
    assert found["whole"] == pytest.approx(1 / 2)
    assert found["perplexity"] == pytest.approx(np.exp(-(4 * np.log(0.8) + np.log(0.1)) / 5))
