"""How well each single sample was met, and in which order people look at them. Free of Keras."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from resources.text import Text
from runtime.messages.evaluating import Order
from runtime.messages.views import Label
from runtime.worker.evaluation.measuring.edit_distance import edit_distances
from runtime.worker.evaluation.measuring.results import Array, Results

_BLANK: Final = 0  # the class by which `keras.losses.CTC` means no letter
_SMALLEST: Final = float(np.finfo(np.float64).eps)
_CERTAINTY: Final = Label(text=Text("Certainty"))
_ABSOLUTE: Final = Label(text=Text("Mean absolute error"))


@dataclass(frozen=True, slots=True)
class Judged:
    """Of each sample: `right` (None where what comes out is neither right nor wrong, or there is no truth).

    `error` is the larger the worse, None without truth; `certainty` the probability of what was predicted, None where
    there is no such. A prediction that is no number is wrong, its error infinite, its certainty NaN.
    """

    right: Array | None
    error: Array | None
    certainty: Array | None
    error_label: Label
    count: int

    def places(self, order: Order) -> Array:
        """All samples in this order; of equal ones the first comes first."""
        if order == "row" or (self.error is None and self.certainty is None):
            return np.arange(self.count)
        return np.argsort(self._key(order), kind="stable")

    def scores(self, order: Order) -> tuple[Array | None, Label | None]:
        """What the samples are ordered by; None where nothing tells them apart."""
        if self.certainty is not None and (self.error is None or order in ("confident_wrong", "unsure_right")):
            return self.certainty, _CERTAINTY
        return self.error, self.error_label if self.error is not None else None

    def _key(self, order: Order) -> Array:
        """The smallest first."""
        certainty = None if self.certainty is None else np.nan_to_num(self.certainty, nan=2.0)
        if certainty is not None and self.right is not None and order == "confident_wrong":
            return np.where(self.right, certainty, -certainty)
        if certainty is not None and self.right is not None and order == "unsure_right":
            return np.where(self.right, certainty, 3.0 + certainty)
        sign = -1.0 if order in ("confident_wrong", "worst") else 1.0
        if self.error is not None:
            return sign * np.nan_to_num(self.error, nan=np.inf, posinf=np.inf)
        assert certainty is not None
        return certainty * (sign if order in ("confident_wrong", "unsure_right") else -sign)


def judged(results: Results) -> Judged:
    """Of all samples of an output."""
    kind = results.kind
    if kind in ("classes", "binary"):
        found = _classes(results)
    elif kind == "labels":
        found = _labels(results)
    elif kind in ("mask", "tokens"):
        found = _places(results)
    elif kind == "ctc":
        found = _ctc(results)
    else:
        found = _numbers(results)
    bad = ~results.usable
    if not bad.any():
        return found
    right = None if found.right is None else found.right & ~bad
    error = None if found.error is None else np.where(bad, np.inf, found.error)
    certainty = None if found.certainty is None else np.where(bad, np.nan, found.certainty)
    return Judged(right, error, certainty, found.error_label, found.count)


def _classes(results: Results) -> Judged:
    label = Label(text=Text("Loss"))
    certainty = np.take_along_axis(results.scores, results.predicted_classes[:, None], 1)[:, 0]
    if results.truth is None:
        return Judged(None, None, certainty, label, len(certainty))
    truth = results.true_classes
    if results.scale == "margins":
        return Judged(truth == results.predicted_classes, _hinge(results), certainty, label, len(truth))
    known = np.clip(truth, 0, results.scores.shape[-1] - 1)
    own = np.take_along_axis(results.scores, known[:, None], 1)[:, 0]
    return Judged(
        truth == results.predicted_classes, -np.log(np.clip(own, _SMALLEST, 1.0)), certainty, label, len(truth)
    )


def _hinge(results: Results) -> Array:
    """max(1 - y m, 0) of a margin m with y in -1, 1; of several classes max(1 + the best other - its own, 0)."""
    margins, truth = np.asarray(results.predictions, np.float64), results.true_classes
    if results.kind == "binary":
        return np.asarray(np.maximum(1.0 - (2 * truth - 1) * margins.reshape(len(truth)), 0.0))
    own = np.zeros(margins.shape, bool)
    own[np.arange(len(truth)), np.clip(truth, 0, margins.shape[-1] - 1)] = True
    others = np.where(own, 0.0, margins).max(axis=-1)  # as Keras has it: (1 - y) m, so never below 0
    return np.asarray(np.maximum(1.0 + others - margins[own], 0.0))


def _labels(results: Results) -> Judged:
    """Of a wrong one the certainty is that of its worst label, of a right one that of its least certain label."""
    label = Label(text=Text("Largest error of a label"))
    scores = results.scores.reshape(len(results.scores), -1)
    if results.truth is None:
        return Judged(None, None, np.maximum(scores, 1.0 - scores).min(axis=1), label, len(scores))
    truth = results.true_labels.reshape(scores.shape)
    error = np.abs(scores - truth).max(axis=1)
    right = ((scores >= 0.5) == truth).all(axis=1)
    return Judged(right, error, np.where(right, 1.0 - error, error), label, len(scores))


def _places(results: Results) -> Judged:
    """Pixels of a mask, tokens of a sequence: of these the zeros at the end are padding."""
    certainty = results.scores.max(axis=-1).reshape(len(results.scores), -1).mean(axis=1)
    pixels = results.kind == "mask"
    label = Label(text=Text("Share of pixels wrong") if pixels else Text("Share of tokens wrong"))
    if results.truth is None:
        return Judged(None, None, certainty, label, len(certainty))
    truth, predicted = (v.reshape(len(certainty), -1) for v in (results.true_classes, results.predicted_classes))
    real = np.ones_like(truth, bool) if pixels else np.cumsum((truth != 0)[:, ::-1], axis=1)[:, ::-1] > 0
    wrong = ((truth != predicted) & real).sum(axis=1)
    error = wrong / np.maximum(real.sum(axis=1), 1)
    return Judged(None if pixels else wrong == 0, error, None, label, len(error))


def _ctc(results: Results) -> Judged:
    label = Label(text=Text("Character error rate (CER)"))
    if results.truth is None:
        certainty = results.scores.max(axis=-1).mean(axis=1)
        return Judged(None, None, certainty, label, len(certainty))
    found = letters_of(results)
    return Judged(found.edits == 0, found.edits / np.maximum(found.lengths, 1), None, label, len(found.edits))


def _numbers(results: Results) -> Judged:
    count = len(results.predictions)
    if results.truth is not None and results.truth.size == results.predictions.size:
        return Judged(None, np.abs(results.errors).mean(axis=1), None, _ABSOLUTE, count)
    return Judged(None, None, None, _ABSOLUTE, count)


@dataclass(frozen=True, slots=True)
class Letters:
    """Of each text that CTC reads: how many letters are to be changed to make it right, and how many the true has."""

    edits: Array
    lengths: Array


def letters_of(results: Results) -> Letters:
    """Of an output of CTC whose truth is known."""
    assert results.truth is not None
    truths = [true_letters(one) for one in results.truth]
    edits = edit_distances(truths, [said_letters(one) for one in results.predictions])
    return Letters(edits, np.array([len(one) for one in truths], np.int64))


def said_letters(scores: Array) -> list[int]:
    """What CTC says: the likeliest class of each step without repetitions and blanks. Shape (steps, classes)."""
    best = scores.argmax(axis=-1).tolist()
    kept = [number for place, number in enumerate(best) if place == 0 or number != best[place - 1]]
    return [number for number in kept if number != _BLANK]


def true_letters(truth: Array) -> list[int]:
    """Without padding."""
    return [int(number) for number in np.rint(truth.reshape(-1)).tolist() if number > _BLANK]
