"""What sets augmentation right with one click."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from resources.text import Text
from resources.training.augmentations import BOX_FORMAT, CHOICES
from resources.training.class_numbers import one_hot_metric
from runtime.messages.checking import ProposedMend, SettingChange
from runtime.spec import Augmentation, ColumnSpec, KerasObject, Step
from runtime.worker.data.augmenting.plan import RefusedLayer
from runtime.worker.data.blocks import blocks
from runtime.worker.data.fitting import Fit, loss_key
from runtime.worker.data.source import Array, Source

_SPARSE: Final = "sparsecategoricalcrossentropy"
_IGNORED: Final = "ignore_class"  # CategoricalCrossentropy has nothing like it
ONE_HOT: Final = Step("one_hot")
_LOOKED_AT: Final = 256
_ROUNDED: Final = 1.02  # corners are rounded, and may stand a little outside


def mend_of(
    error: RefusedLayer,
    augmentation: Sequence[Augmentation],
    source: Source,
    fits: Sequence[Fit],
    columns: Mapping[str, ColumnSpec],
) -> ProposedMend | None:
    if error.parameter:
        return _known_choice(error, augmentation[error.place])
    return _one_hot(error.fitted, source, fits, columns) if error.fitted is not None else None


def _known_choice(error: RefusedLayer, written: Augmentation) -> ProposedMend:
    choices = CHOICES[error.parameter]
    given = str(written.config[error.parameter])
    near = next(iter(difflib.get_close_matches(given.lower(), choices, 1)), choices[0])
    text = Text.of("Set {parameter} of {layer} to {value}.", parameter=error.parameter, layer=written.layer, value=near)
    path = ("augmentation", str(error.place), "config", error.parameter)
    return ProposedMend(text, (SettingChange("data", path, near),))


def _one_hot(
    fitted: Fit, source: Source, fits: Sequence[Fit], columns: Mapping[str, ColumnSpec]
) -> ProposedMend | None:
    """None where a place for each class is not all that is wanted."""
    training, name = fitted.endpoint.training, fitted.columns[0]
    shared = any(name in other.columns for other in fits if other is not fitted)
    if training is None or shared or source.windowed or len(fitted.columns) > 1 or math.prod(fitted.shape) != 1:
        return None
    if loss_key(training.loss.class_name) != _SPARSE or training.loss.config.get(_IGNORED) is not None:
        return None
    if _classes(source, name) != fitted.endpoint.shape[-1]:
        return None
    end = ("outputs", fitted.endpoint.name)
    loss = {key: value for key, value in training.loss.config.items() if key != _IGNORED}
    metrics = [_written(KerasObject(one_hot_metric(one.class_name), one.config)) for one in training.metrics]
    steps = [*columns.get(name, ColumnSpec()).steps, ONE_HOT]
    text = Text.of("Make {column} one-hot, and CategoricalCrossentropy the loss of {name}.", column=name, name=end[1])
    return ProposedMend(
        text,
        (
            SettingChange("data", ("columns", name, "steps"), [{"step": one.step, **one.settings} for one in steps]),
            SettingChange("training", (*end, "loss"), _written(KerasObject("CategoricalCrossentropy", loss))),
            SettingChange("training", (*end, "metrics"), metrics),
        ),
    )


def _written(thing: KerasObject) -> dict[str, Any]:
    return {"class_name": thing.class_name, "config": dict(thing.config)}


def _classes(source: Source, name: str) -> int:
    words = source.categories(name)
    found: set[Any] = set()
    for _, values in blocks(source, name) if not words else ():
        found.update(np.unique(values).tolist())
    return len(words or found)


def boxes_mend(fitted: Fit, way: str, augmentation: Sequence[Augmentation], places: Sequence[int]) -> ProposedMend:
    """The layers at `places` take the boxes along."""
    text = Text.of("Let the boxes of {name} follow, as {format}.", name=fitted.endpoint.name, format=way)
    changes = [
        SettingChange("data", ("augmentation", str(place), "config"), {**augmentation[place].config, BOX_FORMAT: way})
        for place in places
    ]
    return ProposedMend(text, tuple(changes))


def box_format(fitted: Fit, source: Source, picture: Sequence[int]) -> str | None:
    """How the truth of an output says where something is in pictures of that shape; None where it seems to be no box.

    Values cannot tell whether x or y comes first: x is what most files have.
    """
    values = fitted.read(source, slice(0, min(_LOOKED_AT, source.shape(fitted.columns[0])[0])))
    rows = values.reshape(-1, values.shape[-1]).astype(np.float64)
    rows = rows[np.isfinite(rows).all(axis=1) & (rows != 0).any(axis=1)]
    if not len(rows) or rows.min() < 0:
        return None
    relative = bool(rows.max() <= _ROUNDED)
    height, width = (1.0, 1.0) if relative else (float(picture[0]), float(picture[1]))
    one, two, three, four = rows.T
    ways: dict[str, tuple[Array, ...]] = {
        "xyxy": (one, two, three, four),
        "xywh": (one, two, one + three, two + four),
        "center_xywh": (one - three / 2, two - four / 2, one + three / 2, two + four / 2),
    }
    for way, (left, top, right, bottom) in ways.items():
        inside = (right <= width * _ROUNDED) & (bottom <= height * _ROUNDED)
        inside &= (left >= width * (1 - _ROUNDED)) & (top >= height * (1 - _ROUNDED))
        if bool((inside & (right > left) & (bottom > top)).all()):
            return f"rel_{way}" if relative else way
    return None
