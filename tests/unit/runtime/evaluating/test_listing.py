"""Judging, choosing and writing single samples, without Keras."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import binomtest

from runtime.messages.views import OutputKind
from runtime.worker.evaluation.answers.compare import mcnemar
from runtime.worker.evaluation.listing.leading import leading
from runtime.worker.evaluation.listing.looks import bars, output_pictures, predicted_text, true_text
from runtime.worker.evaluation.listing.predicted_table import Column, differently_named, output_columns
from runtime.worker.evaluation.listing.prediction_files import write_predictions
from runtime.worker.evaluation.measuring.judging import judged
from runtime.worker.evaluation.measuring.results import Results
from runtime.worker.evaluation.measuring.scales import Scale
from runtime.worker.process.control import WorkerError

Array = Any


def results(
    kind: OutputKind, predictions: Array, truth: Array | None, *classes: str, scale: Scale = "probabilities"
) -> Results:
    predictions = np.asarray(predictions, np.float32)
    known = None if truth is None else np.asarray(truth)
    return Results("out", "out", kind, predictions, known, np.arange(len(predictions)), classes, scale)


THREE = results(
    "classes",
    [[0.9, 0.1, 0.0], [0.4, 0.35, 0.25], [0.2, 0.8, 0.0], [0.5, 0.3, 0.2], [0.05, 0.05, 0.9]],
    [0, 0, 0, 1, 2],
    "ant", "bee", "cat",
)  # fmt: skip


def test_the_order_of_classes() -> None:
    found = judged(THREE)
    assert found.right is not None and found.right.tolist() == [True, True, False, False, True]
    assert found.places("confident_wrong").tolist() == [2, 3, 1, 0, 4]  # then what is right, the least certain first
    assert found.places("unsure_right").tolist()[:3] == [1, 0, 4]
    assert found.places("worst").tolist() == [2, 3, 1, 0, 4] and found.places("row").tolist() == [0, 1, 2, 3, 4]
    score, label = found.scores("confident_wrong")
    assert score is not None and score[2] == pytest.approx(0.8) and label is not None
    losses, _ = found.scores("worst")
    assert losses is not None and losses[2] == pytest.approx(-np.log(0.2))


def test_what_people_read_of_a_class() -> None:
    assert (true_text(THREE, 2), predicted_text(THREE, 2)) == ("ant", "bee")
    assert [name for name, _ in bars(THREE, 2)] == ["bee", "ant", "cat"]


def test_predictions_that_are_no_numbers_come_first_and_are_wrong() -> None:
    found = results("classes", [[0.9, 0.1], [np.nan, np.nan], [0.3, 0.7]], [0, 0, 0], "ant", "bee")
    seen = judged(found)
    assert seen.right is not None and seen.right.tolist() == [True, False, False]
    assert seen.places("confident_wrong").tolist()[0] == 1 and seen.places("worst").tolist()[0] == 1
    assert predicted_text(found, 1) == "NaN" and bars(found, 1) == ()


def test_without_truth_the_least_certain_can_be_seen() -> None:
    found = judged(results("classes", [[0.9, 0.1], [0.45, 0.55]], None, "ant", "bee"))
    assert found.right is None and found.error is None
    assert found.places("unsure_right").tolist() == [1, 0] and found.places("confident_wrong").tolist() == [0, 1]


def test_logits_of_a_yes_or_no() -> None:
    found = results("binary", [[2.0], [-3.0]], [1, 1], "no", "yes", scale="logits")
    seen = judged(found)
    assert seen.right is not None and seen.right.tolist() == [True, False]
    assert seen.certainty is not None and seen.certainty.tolist() == pytest.approx(
        [1 / (1 + np.exp(-2)), 1 / (1 + np.exp(-3))]
    )


def test_labels_are_right_when_all_are() -> None:
    found = results("labels", [[0.9, 0.2], [0.6, 0.4], [0.9, 0.95]], [[1, 0], [1, 0], [1, 0]], "red", "round")
    seen = judged(found)
    assert seen.right is not None and seen.right.tolist() == [True, True, False]
    assert seen.places("confident_wrong").tolist() == [2, 1, 0]
    assert (true_text(found, 2), predicted_text(found, 2)) == ("red", "red, round")


def test_numbers_are_ordered_by_their_error() -> None:
    found = results("numbers", [[1.0], [5.0], [2.5]], [1.5, 2.0, 2.5])
    seen = judged(found)
    assert seen.right is None and seen.places("worst").tolist() == [1, 0, 2]
    assert seen.places("best").tolist() == [2, 0, 1]
    assert (true_text(found, 0), predicted_text(found, 0)) == ("1.5", "1")


def test_tokens_without_padding_and_letters_of_ctc() -> None:
    scores = np.eye(4)[[[1, 2, 0], [3, 1, 1]]]
    found = results("tokens", scores, [[1, 2, 0], [3, 2, 1]], "_", "a", "b", "c")
    seen = judged(found)
    assert seen.right is not None and seen.right.tolist() == [True, False]
    assert seen.error is not None and seen.error.tolist() == pytest.approx([0.0, 1 / 3])
    assert true_text(found, 0) == "ab"
    said = results("ctc", np.eye(4)[[[1, 1, 0, 1, 2]]], [[1, 1, 2]], "_", "a", "b", "c")
    assert predicted_text(said, 0) == true_text(said, 0) == "aab"
    right = judged(said).right
    assert right is not None and right.tolist() == [True]


def test_outputs_that_are_pictures_have_three() -> None:
    truth = np.zeros((1, 8, 8, 1))
    truth[0, :4] = 1.0
    found = output_pictures(results("pictures", 1.0 - truth, truth), 0, 8)
    assert set(found) == {"truth_picture", "predicted_picture", "difference"}
    assert set(found["difference"].data) == {255}
    masks = output_pictures(results("mask", truth, truth, "no", "yes"), 0, 8)
    assert set(masks["difference"].data) == {0} and masks["truth_picture"] == masks["predicted_picture"]


def test_leading_figures_of_some_samples() -> None:
    some = leading(THREE.only(np.array([True, True, False, False, False])))
    assert (some[0].key, some[0].value) == ("accuracy", 1.0)
    assert leading(results("classes", [[1.0, 0.0]], None, "a", "b")) == ()


@pytest.mark.parametrize("pair", [(1, 0), (3, 9), (10, 10), (40, 12)])
def test_mcnemar_is_the_exact_test(pair: tuple[int, int]) -> None:
    assert mcnemar(*pair) == pytest.approx(binomtest(pair[0], sum(pair), 0.5).pvalue)


def test_without_a_difference_there_is_no_test() -> None:
    assert mcnemar(0, 0) is None


def test_columns_of_predictions_have_each_a_name_of_its_own() -> None:
    columns = differently_named([Column("out", np.arange(5)), *output_columns(THREE, ())])
    assert [column.name for column in columns] == ["out", "out true", "out (2)", "out p ant", "out p bee", "out p cat"]


def test_cells_are_short_and_never_formulas(tmp_path: Path) -> None:
    columns = [
        Column("id", np.array(["=1+1", "b"], object)),
        Column("price", np.array([0.1, np.nan], np.float32)),
        Column("change", np.array([-0.5, 2.0], np.float32)),
    ]
    write_predictions(tmp_path / "out.csv", columns)
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [["id", "price", "change"], ["'=1+1", "0.1", "-0.5"], ["b", "", "2.0"]]


def test_pictures_go_into_no_cell(tmp_path: Path) -> None:
    columns = [Column("row", np.arange(2)), Column("a/b", np.zeros((2, 4, 4, 1), np.float32))]
    with pytest.raises(WorkerError, match="A cell of CSV holds one value"):
        write_predictions(tmp_path / "out.csv", columns)
    assert not (tmp_path / "out.csv").exists()
    write_predictions(tmp_path / "out.npz", columns)
    with np.load(tmp_path / "out.npz") as arrays:
        assert {name: arrays[name].shape for name in arrays.files} == {"row": (2,), "a_b": (2, 4, 4, 1)}
    write_predictions(tmp_path / "out.parquet", columns)
    assert (tmp_path / "out.parquet").stat().st_size > 0
