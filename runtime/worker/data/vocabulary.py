"""Token ids that an Embedding has no row for: on a CPU they end training, on a GPU they silently read zeros."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from resources.text import Text
from runtime.worker.data.blocks import CHECKED_BYTES, CHUNK_BYTES
from runtime.worker.data.fitting import Fit
from runtime.worker.data.source import DataError, Source

Json = Any


def vocabulary_sizes(model: Json) -> dict[str, int]:
    """The rows of the Embedding that each input feeds directly, by the input's name; the smallest of several."""
    config = model["config"]
    names = [str(layer.get("name") or layer["config"].get("name")) for layer in config["layers"]]
    inputs = {name for name, layer in zip(names, config["layers"], strict=True) if layer["class_name"] == "InputLayer"}
    sizes: dict[str, int] = {}
    for index, layer in enumerate(config["layers"]):
        if layer["class_name"] != "Embedding":
            continue
        before = names[max(index - 1, 0) : index]  # in a Sequential
        for source in _sources(layer["inbound_nodes"]) if "inbound_nodes" in layer else before:
            if source in inputs:
                rows = int(layer["config"]["input_dim"])
                sizes[source] = min(rows, sizes.get(source, rows))
    return sizes


def _sources(node: Json) -> Iterator[str]:
    """Names of the layers whose tensors appear in the arguments of a call."""
    if isinstance(node, Mapping):
        if node.get("class_name") == "__keras_tensor__":
            yield str(node["config"]["keras_history"][0])
        else:
            for value in node.values():
                yield from _sources(value)
    elif isinstance(node, Sequence) and not isinstance(node, str):
        for value in node:
            yield from _sources(value)


def check_tokens(model: Json, source: Source, fits: Mapping[str, Fit]) -> None:
    """Raises DataError for the first token id that its Embedding does not have."""
    for target, size in vocabulary_sizes(model).items():
        for column in fits[target].columns if target in fits else ():
            _check_column(source, column, target, size)


def _check_column(source: Source, column: str, target: str, size: int) -> None:
    samples, *sample = source.shape(column)
    row_bytes = max(1, int(np.prod(sample, dtype=np.int64)) * source.dtype(column).itemsize)
    step = max(1, CHUNK_BYTES // row_bytes)
    for first in range(0, min(samples, CHECKED_BYTES // row_bytes), step):
        values = source.read(column, slice(first, first + step)).reshape(-1, max(1, int(np.prod(sample))))
        wrong = ((values < 0) | (values >= size) | (values != np.floor(values))).any(axis=1)
        if wrong.any():
            row = int(np.argmax(wrong))
            bad = next(value for value in values[row].tolist() if not 0 <= value < size or value != int(value))
            raise DataError(
                Text.of(
                    "{file}: {column} is {value} at {place}, but the Embedding of {target} takes 0 to {last}.",
                    file=source.title,
                    column=column,
                    value=bad,
                    place=source.place(first + row),
                    target=target,
                    last=size - 1,
                )
            )
