"""Evaluates a trained model: predictions, Keras' own metrics and all figures, kept in a folder of their own."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from resources.os_reasons import os_reason
from resources.temporaries import temporary_name
from resources.text import Text
from runtime.evaluation.folder import EVALUATIONS, MISTAKES_FILE, PREDICTIONS_FILE, RESULT_FILE, new_folder
from runtime.messages.evaluating import Evaluate, Evaluated, EvaluationFile, MistakesFile
from runtime.model_configs import keras_json
from runtime.worker.data.keeping.kept_facts import bound_columns
from runtime.worker.data.split import as_array
from runtime.worker.evaluation.all_figures import all_figures
from runtime.worker.evaluation.evaluator import Evaluator
from runtime.worker.evaluation.listing.fed import fed_columns, told_columns
from runtime.worker.evaluation.listing.looks import Looks
from runtime.worker.evaluation.listing.mistakes import SIZE, mistakes
from runtime.worker.evaluation.listing.raw_columns import RawColumns
from runtime.worker.evaluation.loaded import Arrays, Loaded
from runtime.worker.evaluation.measuring.results import Array, Results
from runtime.worker.evaluation.measuring.same_samples import marks_of
from runtime.worker.evaluation.measuring.scales import scale_of
from runtime.worker.evaluation.predicting import metrics_of, predict
from runtime.worker.evaluation.samples import Samples
from runtime.worker.process.control import WorkerError
from runtime.worker.process.waiting import require_waiting

REQUEST: Final = Evaluate
_COLUMN_BYTES: Final = 64 * 2**20  # of a column of numbers that errors are held against


def answer(evaluator: Evaluator, request: Evaluate) -> Evaluated:
    """Raises WorkerError, CancelledError; then nothing is kept."""
    created = time.time()
    loaded = evaluator.loaded(request.trained)
    samples = evaluator.samples(loaded, request.on)
    start = time.monotonic()
    predictions = predict(loaded, samples)
    seconds = time.monotonic() - start
    truths = samples.truths()
    metrics = metrics_of(loaded, samples, predictions, truths)
    require_waiting()
    results = [results_of(loaded, samples, request, output.name, predictions, truths) for output in loaded.outputs]
    file = EvaluationFile(
        trained=msgspec.structs.replace(
            request.trained, spec=None if request.trained.folder else request.trained.spec, agreed=()
        ),
        on=request.on,
        created=created,
        samples=samples.count,
        labelled=bool(truths),
        metrics=metrics,
        outputs=tuple(map(all_figures, results)),
        seconds=seconds,
        notes=samples.notes,
        weights=Path(request.trained.weights).name,
        data=samples.source.title,
        marks=marks_of(samples.source, bound_columns(loaded.spec, samples.source)),
    )
    require_waiting()
    folder = _kept(request, file, _worst(evaluator, loaded, samples, results), results)
    return Evaluated(request.id, str(folder), file)


def results_of(
    loaded: Loaded, samples: Samples, request: Evaluate, name: str, predictions: Arrays, truths: Arrays
) -> Results:
    kind = request.kinds.get(name, loaded.kinds[name])
    return Results(
        name,
        loaded.title(name),
        kind,
        predictions[name],
        truths.get(name),
        as_array(samples.rows),
        loaded.classes[name],
        scale_of(loaded.spec, name),
        lambda: number_columns(samples),
    )


def _worst(evaluator: Evaluator, loaded: Loaded, samples: Samples, results: Sequence[Results]) -> MistakesFile:
    """What a report shows of single samples."""
    columns = RawColumns(samples)
    fed = fed_columns(loaded, evaluator.kept(loaded).columns)
    found = {
        one.name: mistakes(one, Looks(columns, fed, told_columns(loaded, columns, one.name), SIZE)) for one in results
    }
    return MistakesFile({name: worst for name, worst in found.items() if worst is not None})


def number_columns(samples: Samples) -> dict[str, Array]:
    """The columns of single numbers before their steps, of these samples, by name; of windows none."""
    source = samples.source
    if source.windowed:
        return {}
    raw, rows = source.raw(), as_array(samples.rows)
    return {
        name: raw.take(name, rows).astype(np.float64)
        for name in raw.names()
        if not raw.shape(name)[1:]
        and raw.dtype(name).kind in "biuf"
        and not raw.categories(name)
        and raw.shape(name)[0] * raw.dtype(name).itemsize <= _COLUMN_BYTES
    }


def _kept(request: Evaluate, file: EvaluationFile, worst: MistakesFile, results: Sequence[Results]) -> Path:
    """The folder, whole from the moment it has its name. Raises WorkerError."""
    into = Path(request.into or str(Path(request.trained.folder, EVALUATIONS)))
    part = "other" if request.on.other is not None else request.on.part
    arrays: dict[str, Any] = {"rows": results[0].rows}
    for number, one in enumerate(results):
        arrays[f"p{number}"] = one.predictions
        if one.truth is not None:
            arrays[f"t{number}"] = one.truth
    staging = into / temporary_name("evaluation")
    try:
        staging.mkdir(parents=True)
        try:
            np.savez(staging / PREDICTIONS_FILE, **arrays)
            (staging / RESULT_FILE).write_bytes(keras_json.encode(file, lines=False))
            (staging / MISTAKES_FILE).write_bytes(keras_json.encode(worst, lines=False))
            folder = new_folder(into, part, file.created)
            staging.rename(folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise WorkerError(
            Text.of("The evaluation cannot be kept in {folder}: {reason}.", folder=str(into), reason=os_reason(error))
        ) from error
    return folder
