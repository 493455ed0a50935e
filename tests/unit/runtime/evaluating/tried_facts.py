"""What is tried, held against what a trainer feeds and what Keras predicts: see loaded_facts.py."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from runtime.messages.preparing import Preparing
from runtime.messages.protocol import EvaluatorRequest
from runtime.messages.trained import GivenValue, On, OneSample, Trained
from runtime.messages.trying import AskForm, ShowSample, TrySample
from runtime.splits import split_of
from runtime.worker.data.opening import open_data
from runtime.worker.data.prepared import prepared
from runtime.worker.data.preparing.known_states import KnownStates
from runtime.worker.data.split import truths_of
from runtime.worker.data.windowed import windowed
from runtime.worker.evaluating import answer
from runtime.worker.evaluation.evaluator import Evaluator
from runtime.worker.evaluation.loaded import Loaded
from runtime.worker.training.feeding import FedData
from runtime.worker.training.training_data import load

Json = Any


def trainers_validation(loaded: Loaded) -> list[Any]:
    """The inputs of the validation part, one after the other, as `fit` gets them, from a source opened anew."""
    import keras

    spec = loaded.spec
    how = Preparing(split_of(spec.training.by_key()), truths_of(spec))
    with open_data(spec.data) as opened:
        rows = prepared(opened, spec.data, how, KnownStates.of_this_computer())
        data = load(windowed(rows, spec.data.windows), loaded.model, spec)
        try:
            x = data.validation[0] if not isinstance(data.validation, FedData) else data.validation[0][0]
            return [np.array(values) for values in keras.tree.flatten(x)]
        finally:
            data.close()


def as_numbers_or_words(values: Any) -> Any:
    """TensorFlow's words are bytes."""
    array = np.asarray(values)
    return np.array([str(v, "utf-8") if isinstance(v, bytes) else str(v) for v in array.reshape(-1)]) if (
        array.dtype.kind in "OSU"
    ) else array  # fmt: skip


def told(evaluator: Evaluator, request: EvaluatorRequest) -> Any:
    return answer(evaluator, request)


def tried_facts(evaluator: Evaluator, asked: Trained, row: int = 2) -> Json:
    loaded = evaluator.loaded(asked)
    form = told(evaluator, AskForm(1, asked))
    shown = told(evaluator, ShowSample(1, asked, On(), row))
    values = {value.column: value.value for value in shown.values if not value.truth}
    made = evaluator.one(loaded, OneSample(values=values))
    first, *others = [field.column for field in form.fields]
    mixed = evaluator.one(loaded, OneSample(On(), row, {first: values[first]}))
    fed = dict(zip([one.name for one in loaded.inputs], trainers_validation(loaded), strict=True))
    tried = told(evaluator, TrySample(1, (asked,), OneSample(values=values), 32)).models[0]
    again = told(evaluator, TrySample(1, (asked,), OneSample(On(), row))).models[0]
    predicted = loaded.by_output(loaded.model.predict(loaded.inputs_of(made), verbose=0))
    return {
        "fields": [[field.column, field.kind, list(field.shape)] for field in form.fields],
        "parts": form.parts,
        "examples": [field.example != GivenValue() for field in form.fields],
        "limits": [[field.low, field.high] for field in form.fields],
        "truths": {value.column: value.text for value in shown.values if value.truth},
        "as the trainer feeds": {
            name: bool(np.array_equal(as_numbers_or_words(made[name][0]), as_numbers_or_words(fed[name][row])))
            for name in made
        },
        "of row and values": all(np.array_equal(mixed[name], made[name]) for name in made),
        "others": len(others),
        "as predicted": max(difference(output, predicted) for output in tried.outputs),
        "the same by number": tried.outputs == again.outputs,
        "names": {output.output: list(output.names) for output in tried.outputs},
        "seen": [[name, picture.width, picture.height] for name, picture in tried.seen],
    }


def difference(output: Any, predicted: Any) -> float:
    """Between what is told and what Keras predicts; of a yes or no both shares are told."""
    values = np.sort(predicted[output.output].reshape(-1))
    said_values = np.sort(np.array(output.values))
    if output.kind == "binary":
        return float(min(abs(said_values - values[0]).min(), 1.0))
    return float(np.abs(said_values - values).max())


def without_data(evaluator: Evaluator, asked: Trained, folder: Path) -> Json:
    """The run moved to where its data is not; `asked` is told what a person has typed all the same."""
    loaded = evaluator.loaded(asked)
    source = msgspec.structs.replace(loaded.spec.data.sources[0], path=str(folder / "gone.csv"))
    spec = msgspec.structs.replace(loaded.spec, data=msgspec.structs.replace(loaded.spec.data, sources=(source,)))
    moved = folder / "moved"
    shutil.copytree(asked.folder, moved)
    run = msgspec.json.decode((moved / "run.json").read_bytes())
    run["spec"]["data"] = msgspec.to_builtins(spec.data)
    (moved / "run.json").write_bytes(msgspec.json.encode(run))
    other = Trained(str(moved), str(moved / Path(asked.weights).name))
    form = told(evaluator, AskForm(1, other))
    values = {field.column: field.example for field in form.fields}
    here, there = (told(evaluator, TrySample(1, (one,), OneSample(values=values))).models[0] for one in (asked, other))
    return {
        "note": str(form.note),
        "parts": form.parts,
        "fields": len(form.fields),
        "the same": here.outputs == there.outputs and bool(here.outputs),
    }
