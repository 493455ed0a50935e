"""What a model said of samples beside what is true, for one output: what figures are worked out of. Free of Keras."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runtime.messages.views import OutputKind
from runtime.worker.evaluation.measuring.scales import Scale, shares

Array = NDArray[Any]


@dataclass
class Results:
    """`predictions` has the shape (samples, *output), `truth` that which the loss takes; None where it is not known.

    `rows` are the numbers of the samples in the source. `scale`: what the predictions are, where they tell
    classes apart. `columns` gives the values of each column of numbers of the data, shape (samples,), by its name.
    `within` are the places of these samples in the part that was evaluated, None where they are all of it.
    """

    name: str
    title: str
    kind: OutputKind
    predictions: Array
    truth: Array | None
    rows: Array
    classes: tuple[str, ...] = ()
    scale: Scale = "probabilities"
    columns: Callable[[], dict[str, Array]] = field(default=dict)
    within: Array | None = None

    @cached_property
    def places(self) -> Array:
        """Of each sample, in the part that was evaluated."""
        return np.arange(len(self.predictions)) if self.within is None else self.within

    @cached_property
    def scores(self) -> Array:
        """Probabilities, shape (samples, …, classes): of a binary output of both classes. `shares` tells of margins."""
        one = self.kind in ("binary", "labels") or (self.kind == "mask" and self.predictions.shape[-1] == 1)
        scores = shares(self.predictions, self.scale, single=one)
        if not one or self.kind == "labels":
            return scores
        yes = scores if scores.ndim > 1 else scores[:, None]
        return np.concatenate([1.0 - yes, yes], axis=-1)

    @cached_property
    def usable(self) -> Array:
        """Which samples have numbers only: a bool each."""
        return np.asarray(np.isfinite(self.predictions.reshape(len(self.predictions), -1)).all(axis=1))

    @cached_property
    def true_classes(self) -> Array:
        """The number of the true class of each sample (of each place, for masks and tokens); int64."""
        assert self.truth is not None
        truth = np.asarray(self.truth)
        shape = self.scores.shape[:-1]
        if truth.size == int(np.prod(shape, dtype=np.int64)):
            if self.scale == "margins" and self.scores.shape[-1] == 2:
                return np.asarray(truth.reshape(shape) > 0, np.int64)  # a hinge takes -1 and 1, or 0 and 1
            return np.asarray(np.rint(truth.reshape(shape)), np.int64)
        return np.asarray(truth.reshape(self.scores.shape).argmax(axis=-1), np.int64)

    @cached_property
    def predicted_classes(self) -> Array:
        """The class that has the highest score; of a binary output the second from 0.5 on."""
        if self.scores.shape[-1] == 2 and self.kind in ("binary", "mask"):
            return np.asarray(self.scores[..., 1] >= 0.5, np.int64)
        return np.asarray(self.scores.argmax(axis=-1), np.int64)

    @cached_property
    def true_labels(self) -> Array:
        """Of several labels at once: whether each holds, bool of the shape (samples, labels)."""
        assert self.truth is not None
        return np.asarray(self.truth).reshape(self.scores.shape) >= 0.5

    @cached_property
    def errors(self) -> Array:
        """Prediction minus truth, float64 of the shape (samples, values)."""
        assert self.truth is not None
        count = len(self.predictions)
        return np.asarray(self.predictions, np.float64).reshape(count, -1) - np.asarray(self.truth, np.float64).reshape(
            count, -1
        )

    @cached_property
    def present(self) -> Array:
        """The numbers of the classes that samples have, rising."""
        return np.unique(self.true_classes)

    def named(self, number: int) -> str:
        return self.classes[number] if 0 <= number < len(self.classes) else str(number)

    def whole(self) -> Results:
        """The same without samples whose prediction is no number."""
        return self if self.usable.all() else self.only(self.usable)

    def only(self, chosen: Array) -> Results:
        """The same of some samples alone: a bool for each, or their places."""

        def columns() -> dict[str, Array]:
            return {name: values[chosen] for name, values in self.columns().items()}

        truth = None if self.truth is None else self.truth[chosen]
        return Results(
            self.name, self.title, self.kind, self.predictions[chosen], truth, self.rows[chosen], self.classes,
            self.scale, columns, self.places[chosen],
        )  # fmt: skip
