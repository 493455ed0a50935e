"""A graph of any size that looks like a real one: blocks of convolutions with branches and shortcuts. No Qt."""

from collections.abc import Iterator, Mapping
from math import ceil

from graph_editor.document.checking.validation import Problem
from graph_editor.document.document import Document
from graph_editor.document.graph import Call, Operation, TensorRef
from graph_editor.view.painting.content import CallDisplay
from resources.text import Text

_ACROSS, _DOWN = 220.0, 140.0  # from box to box; as far apart as in the programs that this is held against
_FROZEN = 0.1  # the share of boxes at the start that are frozen
_PROBLEM_EVERY = 97
_PLAIN: Mapping[int, str] = {0: "Conv2D", 1: "BatchNormalization", 2: "Activation", 3: "SeparableConv2D"}


def sample_document(boxes: int) -> Document:
    """``boxes`` calls in columns, each of which goes on where the one before ended; every box has its place."""
    document = Document(name="benchmark")
    graph = document.graph
    rows = max(1, ceil(boxes**0.5))
    for number in range(boxes):
        kind, sources = _kind_and_sources(number)
        refs = [TensorRef(f"c{source}") for source in sources]
        arguments = () if not refs else (refs,) if len(refs) > 1 else (refs[0],)
        name = f"{kind.lower()}_{number}"
        graph.put_operation(Operation(f"o{number}", kind, _config(kind, name, number < boxes * _FROZEN)))
        graph.put_call(Call(f"c{number}", f"o{number}", arguments))
        document.positions[f"c{number}"] = (number // rows * _ACROSS, number % rows * _DOWN)
    graph.inputs, graph.outputs = TensorRef("c0"), TensorRef(f"c{boxes - 1}")
    return document


def sample_displays(document: Document) -> dict[str, CallDisplay]:
    """Shapes and parameters as an engine would tell them."""
    return {
        call_id: CallDisplay(
            ((None, 28, 28, 32 + number % 480),), ("float32",), None if number % 4 == 2 else 1000 + 317 * number
        )
        for number, call_id in enumerate(document.graph.calls)
    }


def sample_problems(document: Document) -> list[Problem]:
    """A warning or an error at one box in a hundred."""
    numbered = [pair for pair in enumerate(document.graph.calls, 1) if pair[0] % _PROBLEM_EVERY == 0]
    return [
        Problem(
            "error" if number % 2 else "warning",
            Text("{layer} leads to no output, so it is left out.", {"layer": call_id}),
            call_id,
        )
        for number, call_id in numbered
    ]


def _kind_and_sources(number: int) -> tuple[str, tuple[int, ...]]:
    """A shortcut ends at every fourth box, and at every eighth a branch that began two boxes above."""
    if number == 0:
        return "InputLayer", ()
    if number > 5 and number % 4 == 0:
        return "Add", (number - 1, number - 5)
    if number > 5 and number % 8 == 7:
        return "Concatenate", (number - 1, number - 3)
    return _PLAIN[number % 4], (number - 1,)


def _config(kind: str, name: str, frozen: bool) -> dict[str, object]:
    return dict(_entries(kind, name, frozen))


def _entries(kind: str, name: str, frozen: bool) -> Iterator[tuple[str, object]]:
    yield "name", name
    if frozen:
        yield "trainable", False
    if kind == "InputLayer":
        yield "batch_shape", [None, 28, 28, 3]
    elif kind.endswith("Conv2D"):
        yield from (("filters", 64), ("kernel_size", [3, 3]), ("padding", "same"))
    elif kind == "Activation":
        yield "activation", "relu"
