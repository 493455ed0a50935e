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


def by_axes(specs: Sequence[LayerSpec], axes: int | None, typed: str = "") -> list[LayerSpec]:
    """Layers that take a tensor, those first that are made for ``axes`` axes and those last that are made for others.

    What was ``typed`` weighs more: a layer called just so comes first, then what begins with it, then the others.
    """

    def key(spec: LayerSpec) -> tuple[int, int]:
        return nearness(spec, typed), _unfit(spec, axes)

    return sorted((spec for spec in specs if spec.inputs), key=key)


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
