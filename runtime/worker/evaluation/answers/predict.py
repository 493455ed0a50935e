"""Predictions of all samples into a file, with class names, probabilities and what samples are called."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from resources.text import Text
from runtime.messages.evaluating import Predict, Predicted
from runtime.worker.data.source import DataError
from runtime.worker.data.split import as_array
from runtime.worker.evaluation.listing.predicted_table import (
    Column,
    differently_named,
    id_columns,
    output_columns,
)
from runtime.worker.evaluation.listing.prediction_files import write_predictions, writer_of
from runtime.worker.evaluation.listing.raw_columns import RawColumns
from runtime.worker.evaluation.loaded import Arrays, Loaded
from runtime.worker.evaluation.measuring.results import Results
from runtime.worker.evaluation.measuring.scales import scale_of
from runtime.worker.evaluation.predicting import predict
from runtime.worker.evaluation.samples import Samples

if TYPE_CHECKING:
    from runtime.worker.evaluation.evaluator import Evaluator

REQUEST: Final = Predict


def answer(evaluator: Evaluator, request: Predict) -> Predicted:
    """Raises WorkerError, CancelledError; then no file is written."""
    path = Path(request.path)
    writer_of(path)  # before minutes of work
    loaded = evaluator.loaded(request.trained)
    samples = evaluator.samples(loaded, request.on)
    predictions = predict(loaded, samples)
    truths, notes = _truths(samples)
    columns = _columns(loaded, samples, predictions, truths)
    write_predictions(path, columns)
    return Predicted(request.id, str(path), samples.count, (*samples.notes, *notes, *_notes(samples, predictions)))


def _truths(samples: Samples) -> tuple[Arrays, tuple[Text, ...]]:
    """What is true, as far as it can be used: labels that training did not know hinder no prediction."""
    try:
        return samples.truths(), ()
    except DataError as error:
        return {}, (error.text,)


def _columns(loaded: Loaded, samples: Samples, predictions: Arrays, truths: Arrays) -> list[Column]:
    bindings = {binding.target: binding.columns for binding in loaded.spec.bindings}
    bound = frozenset(name for names in bindings.values() for name in names)
    found = id_columns(RawColumns(samples), bound)
    for output in loaded.outputs:
        results = Results(
            output.name, loaded.title(output.name), loaded.kinds[output.name], predictions[output.name],
            truths.get(output.name), as_array(samples.rows), loaded.classes[output.name],
            scale_of(loaded.spec, output.name),
        )  # fmt: skip
        found += output_columns(results, bindings.get(output.name, ()))
    return differently_named(found)


def _notes(samples: Samples, predictions: Arrays) -> tuple[Text, ...]:
    bad = np.zeros(samples.count, bool)
    for values in predictions.values():
        bad |= ~np.isfinite(values.reshape(samples.count, -1)).all(axis=1)
    if not bad.any():
        return ()
    return (
        Text.of(
            "{count} of {samples} predictions hold values that are no numbers (NaN).",
            count=int(bad.sum()), samples=samples.count,
        ),
    )  # fmt: skip
