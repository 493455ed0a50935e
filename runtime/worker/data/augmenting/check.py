"""Whether pictures can be augmented as a project says, tried on two samples of zeros."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import msgspec
import numpy as np

from resources.text import Text
from runtime.messages.checking import DataProblem
from runtime.spec import DataSpec
from runtime.worker.data.augmenting.layers import Augmenter
from runtime.worker.data.augmenting.mends import box_format, boxes_mend, mend_of
from runtime.worker.data.augmenting.plan import Planned, RefusedLayer, can_be_boxes, planned, range_problems
from runtime.worker.data.fitting import Fit
from runtime.worker.data.source import DataError, Source
from runtime.worker.data.values import numpy_dtype

_SAMPLES = 2
_KNOWN = 64


def augmentation_problems(data: DataSpec, source: Source, fits: Sequence[Fit]) -> Iterator[DataProblem]:
    """What is wrong with the augmentation, or odd. Keras is imported where there is any."""
    augmentation = data.augmentation
    if not augmentation or not fits:  # what else is wrong comes first
        return
    try:
        plan = planned(augmentation, source, fits)
        for layer in plan:
            _try(layer, fits)
    except RefusedLayer as error:
        mend = mend_of(error, augmentation, source, fits, data.columns)
        yield DataProblem("error", error.text, kind="augmentation", mend=mend)
        return
    except DataError as error:
        yield DataProblem("error", error.text, detail=error.detail, kind="augmentation")
        return
    yield from range_problems(plan, source, fits)
    yield from left_boxes(plan, source, fits)


def left_boxes(plan: Sequence[Planned], source: Source, fits: Sequence[Fit]) -> Iterator[DataProblem]:
    """Outputs that say where something is in pictures which layers move, while they stay as they are."""
    shapes = {fitted.endpoint.name: fitted.shape for fitted in fits if not fitted.is_output}
    for fitted in filter(can_be_boxes, fits):
        name = fitted.endpoint.name
        moving = [
            place
            for place, layer in enumerate(plan)
            if layer.kind.moves and layer.written.follow and name not in layer.boxes
        ]
        way = box_format(fitted, source, shapes[plan[moving[0]].pictures[0]]) if moving else None
        if way is None:
            continue
        text = Text.of(
            "{layer} moves what is in the pictures, but the boxes of {name} stay where they are.",
            layer=plan[moving[0]].kind.layer,
            name=name,
        )
        able = [place for place in moving if plan[place].kind.boxes]
        mend = boxes_mend(fitted, way, [layer.written for layer in plan], able) if able else None
        yield DataProblem("warning", text, name, fitted.columns[0], kind="augmentation_boxes", mend=mend)


def _try(layer: Planned, fits: Sequence[Fit]) -> None:
    """Raises DataError."""
    shapes = tuple((fitted.endpoint.name, fitted.shape, fitted.dtype)
                   for fitted in fits if fitted.endpoint.name in layer.changed)  # fmt: skip
    error = _tried(msgspec.json.encode(layer.written), _Same(layer), shapes)
    if error is not None:
        raise error


class _Same:
    """A plan as a part of a key that has it all already."""

    def __init__(self, layer: Planned) -> None:
        self.layer = layer

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and _parts(other.layer) == _parts(self.layer)

    def __hash__(self) -> int:
        return hash(_parts(self.layer))


def _parts(layer: Planned) -> tuple[tuple[str, ...], ...]:
    return layer.pictures, layer.masks, layer.targets, layer.labels, layer.boxes


@lru_cache(maxsize=_KNOWN)  # a check comes after each edit, and making a graph takes up to seconds
def _tried(_written: bytes, plan: _Same, shapes: Sequence[tuple[str, tuple[int, ...], str]]) -> DataError | None:
    arrays = {name: np.zeros((_SAMPLES, *shape), numpy_dtype(dtype)) for name, shape, dtype in shapes}
    try:
        Augmenter([plan.layer], 0).batch(arrays, 0, 0)
    except DataError as error:
        return error
    return None
