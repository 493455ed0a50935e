"""Layers of a model that learn from data before the first step: mean and variance, vocabularies, bins.

They learn of the training part alone, each after those that feed it, and the model is built with what they know, since
sizes of weights behind them follow from it. What they have learnt is saved with the model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from resources.text import Text
from runtime.messages.checking import Endpoint
from runtime.step_samples import StepError
from runtime.worker.data.fitting import Fit, fit, require_words
from runtime.worker.data.preparing.eager import tensor
from runtime.worker.data.source import Array, DataError, Rows, Source
from runtime.worker.data.values import WORDS
from runtime.worker.keras_models.adapting_layers import adapts
from runtime.worker.keras_models.allow import check_config
from runtime.worker.keras_models.build import build_model
from runtime.worker.process.control import WorkerError
from runtime.worker.training.adapting.states import State, give, learn, with_state
from runtime.worker.training.adapting.upstream import entry_name, in_order, leading_to, sources

Json = Any
Progress = Callable[[Text, float], None]
Bindings = Mapping[str, tuple[str, ...]]
_BLOCK_BYTES: Final = 32 * 2**20


@dataclass(frozen=True, slots=True)
class Adapted:
    """`model` is to be built, and then to be given the rest of what its layers have learnt."""

    model: Json
    notes: tuple[Text, ...] = ()
    states: Mapping[str, State] = field(default_factory=dict)

    def give(self, built: Any) -> None:
        for name, state in self.states.items():
            give(built.get_layer(name), state)


def needs_adapting(model: Json) -> bool:
    return any(adapts(entry) for entry in model["config"]["layers"])


def adapted(
    bindings: Bindings, model: Json, source: Source, training: Callable[[], Rows], progress: Progress
) -> Adapted:
    """`model` is a config, `bindings` are the columns of each input.

    Raises WorkerError naming the layer that cannot learn.
    """
    if not isinstance(model.get("config"), Mapping) or not needs_adapting(model):
        return Adapted(model)
    check_config(model, str(model["config"].get("name", "model")))
    entries = {entry_name(entry): entry for entry in model["config"]["layers"]}
    states: dict[str, State] = {}
    rows = training()
    for name in in_order(model["config"]):
        if not adapts(entries[name]):
            continue
        so_far = Adapted(_with_layers(model, entries), (), states)
        blocks = _blocks(bindings, so_far, name, source, rows, progress)
        try:
            states[name] = learn(entries[name], blocks, Text("{layer}", {"layer": name}))
        except DataError:
            raise
        except (WorkerError, StepError) as error:
            detail = error.detail if isinstance(error, WorkerError) else ""
            raise WorkerError(Text.of("{layer} cannot learn from the data: {reason}", layer=name, reason=error.text),
                              detail) from error  # fmt: skip
        except (TypeError, ValueError) as error:
            raise WorkerError(Text.of("{layer} cannot learn from the data: {reason}", layer=name, reason=str(error)),
                              str(error)) from error  # fmt: skip
        entries[name] = with_state(entries[name], states[name])
    note = Text.of("Learnt of {count} training samples: {layers}.", count=len(rows), layers=", ".join(states))
    return Adapted(_with_layers(model, entries), (note,), states)


def _with_layers(model: Json, entries: Mapping[str, Json]) -> Json:
    """With what has been learnt, and without the shapes of weights that were recorded before."""
    layers = [{key: value for key, value in entry.items() if key != "build_config"} for entry in entries.values()]
    config = {key: value for key, value in model["config"].items() if key != "build_input_shape"}
    return {**model, "config": {**config, "layers": layers}}


def _blocks(
    bindings: Bindings, so_far: Adapted, name: str, source: Source, rows: Rows, progress: Progress
) -> Iterator[Array]:
    """What comes to the layer `name`, of the training part."""
    tensors = sources(so_far.model["config"], name)
    if len(tensors) != 1:
        raise WorkerError(Text("it has to get one tensor."))
    entries = {entry_name(entry): entry for entry in so_far.model["config"]["layers"]}
    begins_there = entries[tensors[0][0]].get("class_name") == "InputLayer"
    part = leading_to(so_far.model, tensors[0])
    names = [entry_name(entry) for entry in part["config"]["layers"] if entry.get("class_name") == "InputLayer"]
    fits = [_fitted(bindings, source, entries[each]) for each in names]
    known = {each: state for each, state in so_far.states.items() if each in _names(part)}
    built = None
    if not begins_there:
        built = build_model(part)
        Adapted(part, (), known).give(built)
    text = Text.of("Reading the training part for {layer} to learn from it", layer=name)
    for first, last in _spans(len(rows), fits):
        progress(text, first / max(1, len(rows)))
        taken = rows[first:last]
        arrays = [fitted.take(source, taken, check=True) for fitted in fits]
        yield arrays[0] if built is None else _through(built, arrays)
    progress(text, 1.0)


def _through(built: Any, arrays: list[Array]) -> Array:
    from keras import ops

    given = [tensor(values) for values in arrays] if any(values.dtype == object for values in arrays) else arrays
    found = built(given if len(given) > 1 else given[0], training=False)
    if str(found.dtype) == WORDS:
        return np.asarray(found.numpy(), dtype=object)
    values: Array = ops.convert_to_numpy(found)
    return values


def _names(part: Json) -> set[str]:
    return {entry_name(entry) for entry in part["config"]["layers"]}


def _fitted(bindings: Bindings, source: Source, entry: Mapping[str, Json]) -> Fit:
    """Raises DataError."""
    name, config = entry_name(entry), entry["config"]
    if not bindings.get(name):
        raise DataError(Text("The input {name} has no data column yet.", {"name": name}))
    dtype = config.get("dtype")
    shape = tuple(config.get("batch_shape") or config.get("batch_input_shape") or ())
    fitted = fit(source, bindings[name], Endpoint(name, shape, dtype if isinstance(dtype, str) else "float32"))
    for column in fitted.columns if fitted.dtype == WORDS else ():
        require_words(source, column)
    return fitted


def _spans(count: int, fits: list[Fit]) -> Iterator[tuple[int, int]]:
    size = max(1, _BLOCK_BYTES // max(1, sum(fitted.sample_bytes for fitted in fits)))
    for first in range(0, count, size):
        yield first, min(first + size, count)
