"""How weights went through time: from the models that a run left of single epochs, or from its TensorBoard log."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from runtime.messages.inside import WeightsThroughTime
from runtime.store import epoch_files
from runtime.worker.evaluation.inside.tensors import to_array
from runtime.worker.evaluation.inside.weights import find_layer, named_weights
from runtime.worker.evaluation.loaded import Loaded
from runtime.worker.keras_models.build import build_model
from runtime.worker.keras_models.weights import load_weights
from runtime.worker.process.control import WorkerError
from runtime.worker.process.waiting import require_waiting
from runtime.worker.training.callbacks.tensorboard import LOG_FOLDER

_MOST_FILES: Final = 40  # epochs that are read, spread over all
_HISTOGRAM: Final = "/histogram"
Series = dict[str, dict[int, tuple[float, float]]]  # by weight: mean and deviation after each epoch


def history_of(loaded: Loaded, layer: str, path: tuple[str, ...]) -> list[WeightsThroughTime]:
    """What the run recorded of the weights of a layer; nothing of a single epoch. Raises CancelledError."""
    folder = Path(loaded.trained.folder) if loaded.trained.folder else None
    if folder is None or not folder.is_dir():
        return []
    series = from_log(folder / LOG_FOLDER, _paths(loaded, layer, path))
    if not any(len(points) > 1 for points in series.values()):
        series = _from_files(loaded, folder, layer, path)
    return [
        WeightsThroughTime(name, tuple(epochs), *(tuple(points[epoch][part] for epoch in epochs) for part in (0, 1)))
        for name, points in series.items()
        if len(epochs := sorted(points)) > 1
    ]


def _paths(loaded: Loaded, layer: str, path: tuple[str, ...]) -> dict[str, str]:
    """Names of weights within the layer by the names that Keras' callback writes."""
    found = named_weights(find_layer(loaded.model, layer, path))
    return {str(variable.path).replace(":", "_"): name for name, variable in found}


def from_log(folder: Path, names: dict[str, str]) -> Series:
    """From histograms of a TensorBoard log: means of bins by their counts, epochs counted from 1."""
    series: Series = {}
    for tag, step, bins in _histograms(folder):
        name = names.get(tag)
        if name is None or not len(bins):
            continue
        middles, counts = (bins[:, 0] + bins[:, 1]) / 2, bins[:, 2]
        if counts.sum() > 0:
            mean = float(np.average(middles, weights=counts))
            spread = float(np.sqrt(np.average((middles - mean) ** 2, weights=counts)))
            series.setdefault(name, {})[step + 1] = (mean, spread)
    return series


def _histograms(folder: Path) -> Iterator[tuple[str, int, Any]]:
    files = sorted(folder.rglob("*tfevents*")) if folder.is_dir() else []
    if not files:
        return
    from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
    from tensorboard.util import tensor_util

    for file in files:
        if not file.is_file() or file.is_symlink():
            continue
        for event in EventFileLoader(str(file)).Load():
            require_waiting()
            for value in event.summary.value:
                if value.tag.endswith(_HISTOGRAM) and value.WhichOneof("value") == "tensor":
                    bins = tensor_util.make_ndarray(value.tensor)
                    if bins.ndim == 2 and bins.shape[1] == 3:
                        yield value.tag.removesuffix(_HISTOGRAM), int(event.step), bins


def _from_files(loaded: Loaded, folder: Path, layer: str, path: tuple[str, ...]) -> Series:
    files = sorted(epoch_files(folder))
    if len(files) < 2:
        return {}
    if len(files) > _MOST_FILES:
        files = [files[place] for place in np.linspace(0, len(files) - 1, _MOST_FILES).astype(int)]
    model, series = build_model(loaded.spec.model), Series()
    for epoch, file in files:
        require_waiting()
        try:
            load_weights(model, file)
        except WorkerError:
            if file.is_file():
                raise
            continue  # a run that goes on leaves later epochs in its place
        for name, variable in named_weights(find_layer(model, layer, path)):
            values = to_array(variable.value)
            if values.dtype.kind == "f" and values.size:
                spread = float(values.std(dtype=np.float64))
                series.setdefault(name, {})[epoch] = (float(values.mean(dtype=np.float64)), spread)
    return series
