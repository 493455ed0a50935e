"""Which layers suit a tensor, told by the number of its axes: what a search offers first. A guess, not a rule."""

import re
from collections.abc import Sequence
from typing import Final

from graph_editor.catalog.search import nearness
from graph_editor.catalog.specs import LayerSpec

_DIMENSIONS: Final = re.compile(r"([123])D(Transpose)?$")
_SERIES: Final = {"LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional", "MultiHeadAttention", "GroupQueryAttention"}
_VECTORS: Final = {"Dense", "Embedding", "RepeatVector", "CategoryEncoding"}
_FROM_THREE: Final = {"Flatten", "TimeDistributed", "Permute", "Attention", "AdditiveAttention"}


def wanted_axes(spec: LayerSpec) -> int | None:
    """Return how many axes a layer wants its input to have, that of the samples included; None when any will do."""
    name = spec.class_name
    match = _DIMENSIONS.search(name)
    if match is not None and not spec.function:
        return int(match.group(1)) + (3 if name.startswith("ConvLSTM") else 2)
    if name in _SERIES:
        return 3
    if spec.category == "preprocessing" and (name.startswith("Random") or name in ("Resizing", "CenterCrop")):
        return 4
    return None


def by_axes(
    specs: Sequence[LayerSpec], axes: int | None, typed: str = "", *, count: int = 1, all_of_them: bool = False
) -> list[LayerSpec]:
    """Layers that take a tensor, those first that are made for ``axes`` axes and those last that are made for others.

    What was ``typed`` weighs more: a layer called just so comes first, then what begins with it, then the others.
    ``count`` tensors are there: of several, what takes all of them comes first. ``all_of_them`` keeps, at the end, what
    takes no tensor.
    """

    def key(spec: LayerSpec) -> tuple[int, int]:
        if not spec.inputs:
            return nearness(spec, typed), 5
        return nearness(spec, typed), _unfit(spec, axes) if count < 2 else _unfit_several(spec, count)

    return sorted((spec for spec in specs if spec.inputs or all_of_them), key=key)


def takes_several(spec: LayerSpec, count: int) -> bool:
    """Whether a layer joins ``count`` tensors, two or more: it needs more than one, and has a place for each."""
    needed = sum(port.minimum for port in spec.inputs if port.required)
    places = sum(count if port.maximum is None else port.maximum for port in spec.inputs if port.kind == "list")
    places += sum(port.kind != "list" for port in spec.inputs)
    joins = needed > 1 or any(port.kind == "list" and port.required for port in spec.inputs)
    return joins and needed <= count <= places


def _unfit_several(spec: LayerSpec, count: int) -> int:
    if not takes_several(spec, count):
        return 4
    return 3 if spec.category == "operation" else 0 if spec.category == "merge" else 1


def _unfit(spec: LayerSpec, axes: int | None) -> int:
    if spec.category == "operation":
        return 3
    if axes is None:
        return 1
    axes_wanted = wanted_axes(spec)
    if axes_wanted is not None:
        return 0 if axes_wanted == axes else 4
    if spec.class_name in _VECTORS:
        return 0 if axes == 2 else 1
    if spec.class_name in _FROM_THREE:
        return 1 if axes >= 3 else 4
    needed = sum(port.required for port in spec.inputs) + sum(port.minimum > 1 for port in spec.inputs)
    return 2 if needed > 1 else 1
