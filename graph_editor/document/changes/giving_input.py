"""A Sequential without an Input gets one."""

from dataclasses import dataclass
from typing import Final

from graph_editor.document.document import Document
from graph_editor.document.edits import AddCall, AddOperation, Edit, SetArguments, SetInterface, SetPositions
from graph_editor.document.graph import Call, Json, Operation, TensorRef
from graph_editor.document.naming import Namer
from graph_editor.document.nesting import chain

_ROOM: Final = 90.0  # between two boxes, from top to top
_SEQUENCES: Final = ("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional", "TimeDistributed")
# Sizes to begin with, by what the name of the class of the first layer ends with.
_SIZES: Final[tuple[tuple[tuple[str, ...], list[int]], ...]] = (
    (("ConvLSTM1D",), [8, 32, 1]),
    (("ConvLSTM2D",), [8, 28, 28, 1]),
    (("1D", *_SEQUENCES), [32, 8]),
    (("2D",), [28, 28, 1]),
    (("3D",), [16, 16, 16, 1]),
    (("Embedding",), [32]),
)
_PLAIN: Final = [8]
_DTYPES: Final = {
    "Embedding": "int32",
    "StringLookup": "string",
    "TextVectorization": "string",
    "Hashing": "string",
}


@dataclass(frozen=True, slots=True)
class GivenInput:
    edits: tuple[Edit, ...]
    head: str  # the name of the layer that was the first
    sizes: tuple[int, ...]  # of one sample


def first_without_input(document: Document) -> Operation | None:
    """The first layer of a root model that is a Sequential without an Input; None for every other model."""
    graph = document.graph
    is_stack = graph.extra.get("model", {}).get("class_name") == "Sequential"
    calls = chain(graph) if is_stack and not graph.input_refs() else None
    return graph.operation_of(calls[0]) if calls else None


def give_input(document: Document) -> GivenInput | None:
    """Put an Input before the first layer; its shape is one that such a layer takes, and is to be set."""
    head, graph, namer = first_without_input(document), document.graph, Namer(document)
    if head is None:
        return None
    first = next(iter(graph.calls))
    sizes = next((sizes for ends, sizes in _SIZES if head.class_name.endswith(ends)), _PLAIN)
    config: dict[str, Json] = {
        "name": namer.layer_name(graph, "input"),
        "batch_shape": [None, *sizes],
        "dtype": _DTYPES.get(head.class_name, "float32"),
    }
    operation = Operation(namer.operation_id(), "InputLayer", config)
    call = Call(namer.call_id(), operation.id)
    edits: list[Edit] = [
        AddOperation(operation, index=0),
        AddCall(call, index=0),
        SetArguments(first, (TensorRef(call.id),), {}),
        SetInterface(TensorRef(call.id), graph.outputs),
    ]
    if first in document.positions:
        x, y = document.positions[first]
        edits.append(SetPositions({call.id: (x, y - _ROOM)}))
    return GivenInput(tuple(edits), head.name, tuple(sizes))
