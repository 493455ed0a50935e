"""What to say when there was not enough memory: for which box, how much was asked for, and how much there was."""

import math
import re
from typing import Final

import numpy as np

from resources.text import Text
from runtime.worker.keras_models.error_places import ErrorPlace
from runtime.worker.process.memory import free_memory, size_text

OUT_OF_MEMORY: Final = Text("There was not enough memory: a smaller batch size needs less.")
_UNITS: Final = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40, "P": 2**50}
_TENSOR: Final = re.compile(r"allocating tensor with shape\[([\d,]*)\] and type (\w+)")
_AMOUNT: Final = re.compile(r"(?:allocat\w*|Tried to allocate) ([\d.,]+) ?([KMGTP]?)i?(?:B|bytes)\b")
_ON_CPU: Final = re.compile(r"device:CPU|Unable to allocate|by allocator cpu")
_NUMPY_NAMES: Final = {"float": "float32", "double": "float64", "half": "float16", "bfloat16": "float16"}


def memory_text(message: str, place: ErrorPlace, *, building: bool) -> Text:
    """`message` is the backend's; `building`: no sample was there yet, so a batch size changes nothing."""
    size = asked_bytes(message)
    if size is None:
        if not building:
            return OUT_OF_MEMORY
        if place.layer:
            return Text("There was not enough memory to build {layer}.", {"layer": place.layer})
        return Text("There was not enough memory to build the model.")
    free: Text | str = ""
    if _ON_CPU.search(message):
        free = Text.of("; {free} were free", free=size_text(free_memory()))
    amount, layer = size_text(size), place.layer
    if place.part == "optimizer":
        return Text.of(
            "There was not enough memory for the optimizer's numbers: {size} were asked for{free}.",
            size=amount,
            free=free,
        )
    if building and layer:
        return Text.of(
            "There was not enough memory for the weights of {layer}: they take {size}{free}.",
            layer=layer,
            size=amount,
            free=free,
        )
    if building:
        return Text.of(
            "There was not enough memory to build the model: {size} were asked for{free}.", size=amount, free=free
        )
    if layer:
        return Text.of(
            "There was not enough memory in {layer}: {size} were asked for{free}. A smaller batch size needs less.",
            layer=layer,
            size=amount,
            free=free,
        )
    return Text.of(
        "There was not enough memory: {size} were asked for{free}. A smaller batch size needs less.",
        size=amount,
        free=free,
    )


def asked_bytes(message: str) -> int | None:
    """How much was asked for at once, where the backend says it."""
    if tensor := _TENSOR.search(message):
        sizes = [int(size) for size in tensor[1].split(",") if size]
        try:
            item = np.dtype(_NUMPY_NAMES.get(tensor[2], tensor[2])).itemsize
        except TypeError:
            item = 4
        return math.prod(sizes) * item
    if amount := _AMOUNT.search(message):
        return int(float(amount[1].replace(",", "").rstrip(".")) * _UNITS[amount[2]])
    return None
