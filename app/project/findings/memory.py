"""What is odd with the size of a model on this computer, before it is built. Knows neither Qt nor Keras."""

from collections.abc import Sequence
from typing import Final

from app.engine.wording import bytes_text
from graph_editor.document.checking.validation import Problem
from graph_editor.document.document import Document
from resources.text import Text
from resources.training.settings.device import SETTING as DEVICE
from runtime.messages.inference import CallResult

_EVERY_COMPUTER_HAS: Final = 2**30  # below this, the system is not asked


def memory_remarks(document: Document, results: Sequence[CallResult]) -> list[Problem]:
    """Whether the weights alone, each layer's once in `results`, are more than all memory of this computer.

    What else a run takes is an estimate, and no reason to warn. Of the memory of other devices nothing is known here.
    """
    weights = sum(result.weight_bytes for result in results)
    if weights <= _EVERY_COMPUTER_HAS or DEVICE.sound(document.training) != "cpu":
        return []
    memory = memory_of_computer()
    if weights <= memory:
        return []
    largest = max(results, key=lambda result: result.weight_bytes)
    text = Text.of(
        "The weights take {size}, but this computer has {memory} of memory; the largest box is {layer}, with {part}.",
        size=bytes_text(weights),
        memory=bytes_text(memory),
        layer=document.operation_of(largest.id).shown_name,
        part=bytes_text(largest.weight_bytes),
    )
    return [Problem("warning", text, largest.id, kind="training.memory")]


def memory_of_computer() -> int:
    """Bytes, those in use included."""
    import psutil  # slow to import

    return int(psutil.virtual_memory().total)
