"""What is to be explained, where an explanation starts, and what comes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import keras
import numpy as np
from keras.src import tree
from numpy.typing import NDArray

from resources.text import Text
from runtime.messages.inside import CallAt
from runtime.worker.data.tensorflow_words import with_words
from runtime.worker.evaluation.inside.addresses import Node, graph_of, require_graph
from runtime.worker.evaluation.inside.tensors import to_array
from runtime.worker.process.control import WorkerError
from runtime.worker.process.waiting import got_on

Array = NDArray[Any]
BATCH: Final = 16  # samples that go through the model at once
_SQUASHING: Final = ("softmax", "sigmoid")


@dataclass(frozen=True, slots=True)
class Question:
    """Why `model` says class `index` of its output number `output` (in Keras' order) of the sample `arrays`.

    `arrays` are by the name of the input, with a sample axis of 1. `binary`: one number says how likely class 1 is.
    `words` are those of whole numbers that come in, where they are known. `layer` is for Grad-CAM, None: the last one
    with maps. `steps` are of integrated gradients.
    """

    model: Any
    arrays: Mapping[str, Array]
    input: str = ""
    output: int = 0
    index: int = 0
    binary: bool = False
    layer: CallAt | None = None
    steps: int = 50
    words: Sequence[str] = ()

    @property
    def input_tensor(self) -> Any:
        """Raises WorkerError where the model has no such input."""
        for tensor in require_graph(self.model).model.inputs:
            if self.input in ("", tensor._keras_history.operation.name):
                return tensor
        raise WorkerError(Text("The model has no input {name}.", {"name": self.input}))

    @property
    def name(self) -> str:
        """That of the input."""
        return str(self.input_tensor._keras_history.operation.name)

    @property
    def array(self) -> Array:
        """What comes into the input, with the sample axis."""
        return np.asarray(self.arrays[self.name])


@dataclass(frozen=True, slots=True)
class Attribution:
    """How much each place of the input speaks for what the model says.

    `values`: (height, width) of a picture, (tokens,) of a text, (steps,) of a sequence, (columns,) of a vector.
    `signed`: what is below zero speaks against it. `total` is the sum of all that the method has found.
    """

    values: Array
    total: float
    signed: bool = True
    tokens: tuple[str, ...] | None = None
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """Where gradients are taken: at an input of numbers, or at what an Embedding makes of whole numbers or words.

    `call` is the box; `ids` the KerasTensor of the whole numbers that the words are told by, None for numbers.
    """

    call: CallAt
    node: Node
    ids: Any = None


def spot_of(question: Question) -> Spot:
    """Raises WorkerError where nothing that the input leads to is made of numbers."""
    graph, start = require_graph(question.model), question.input_tensor
    node = graph.makers[id(start)]
    if keras.backend.is_float_dtype(start.dtype):
        return Spot(CallAt(question.name), node)
    reached = {id(start)}
    for node, number in graph.nodes:
        if node.is_input or not any(id(x) in reached for x in node.input_tensors):
            continue
        if all(keras.backend.is_float_dtype(x.dtype) for x in node.outputs):
            ids = next(x for x in node.input_tensors if id(x) in reached)
            return Spot(CallAt(node.operation.name, number), node, ids)
        reached.update(id(x) for x in node.outputs)
    raise WorkerError(Text("Nothing of {input} becomes numbers that could be explained.", {"input": question.name}))


def words_of(question: Question, spot: Spot) -> Sequence[str]:
    """What whole numbers at a spot mean: by the layer that made them, else by what is known of the data."""
    maker = require_graph(question.model).makers.get(id(spot.ids))
    if maker is not None and hasattr(maker.operation, "get_vocabulary"):
        return [str(word) for word in maker.operation.get_vocabulary()]
    return question.words


def score_of(outputs: Any, question: Question) -> Any:
    """(samples,): what the model says of the class, as the mean over places where there are several.

    `outputs` is an array or a tensor; with gradients, it stays a tensor.
    """
    if len(outputs.shape) < 2:
        return outputs
    size = outputs.shape[-1]
    if question.binary and size == 1:
        picked = outputs[..., 0]
        picked = picked if question.index else 1 - picked
    elif 0 <= question.index < size:
        picked = outputs[..., question.index]
    else:
        raise WorkerError(
            Text.of("The output has {count} values: there is no number {index}.", count=int(size), index=question.index)
        )
    axes = tuple(range(1, len(picked.shape)))
    if not axes:
        return picked
    return picked.mean(axes) if isinstance(picked, np.ndarray) else keras.ops.mean(picked, axes)


def forward(question: Question, inputs: Sequence[Array]) -> Array:
    """(samples,): what the model says of the class for many samples, given in the order of the inputs."""
    count, scores = len(inputs[0]), []
    for first in range(0, count, BATCH):
        got_on(first, count, "rows")
        part = [array[first : first + BATCH] for array in inputs]
        scores.append(_forward(question, part))
    return np.concatenate(scores)


def _forward(question: Question, part: Sequence[Array]) -> Array:
    model, count = question.model, len(part[0])
    graph = require_graph(model)
    fixed = fixed_batch(question)
    if fixed is not None and fixed < count:
        parts = ([array[at : at + fixed] for array in part] for at in range(0, count, fixed))
        return np.concatenate([_forward(question, one) for one in parts])
    if fixed is not None:
        part = [as_many(array, fixed) for array in part]
    part = [with_words(array) for array in part]
    given = tree.pack_sequence_as(graph.model._inputs_struct, list(part))
    output = tree.flatten(model(given, training=False))[question.output]
    return np.asarray(score_of(to_array(output).astype(np.float64), question))[:count]


def ordered(question: Question) -> list[Array]:
    """The sample in the order of the model's inputs."""
    names = [tensor._keras_history.operation.name for tensor in require_graph(question.model).model.inputs]
    missing = [name for name in names if name not in question.arrays]
    if missing:
        raise WorkerError(Text("The sample has nothing for the input {name}.", {"name": missing[0]}))
    arrays = [np.asarray(question.arrays[name]) for name in names]
    return [as_many(array, fixed_batch(question) or len(array)) for array in arrays]


def fixed_batch(question: Question) -> int | None:
    """How many samples the model takes at once, if it takes no other number."""
    inputs = require_graph(question.model).model.inputs
    return next((tensor.shape[0] for tensor in inputs if tensor.shape[0] is not None), None)


def as_many(array: Array, count: int) -> Array:
    """So many samples, the last one repeated."""
    return array[:count] if len(array) >= count else np.concatenate([array, array[-1:].repeat(count - len(array), 0)])


def form_of(question: Question) -> Literal["picture", "text", "sequence", "vector"]:
    """What the input is, by its axes and its data type."""
    tensor = question.input_tensor
    axes = question.array.ndim - 1
    if not keras.backend.is_float_dtype(tensor.dtype) and axes <= 1:
        return "text"
    return "picture" if axes == 3 else "sequence" if axes == 2 else "vector"


def last_call(model: Any, output: int) -> tuple[CallAt, Node]:
    """The box that an output comes out of, inside nested models where it lies in some."""
    path: tuple[str, ...] = ()
    calls: tuple[int, ...] = ()
    graph = require_graph(model)
    tensor = graph.model.outputs[output]
    while True:
        node = graph.makers[id(tensor)]
        number = next(at for found, at in graph.nodes if found is node)
        inner = graph_of(node.operation)
        if inner is None:
            return CallAt(node.operation.name, number, path, calls if any(calls) else ()), node
        place = next(at for at, x in enumerate(node.outputs) if x is tensor)
        path, calls = (*path, node.operation.name), (*calls, number)
        graph, tensor = inner, inner.model.outputs[place]


def squashes(operation: Any) -> bool:
    """Whether an operation ends with a softmax or a sigmoid."""
    activation = getattr(operation, "activation", None)
    return isinstance(operation, keras.layers.Softmax) or getattr(activation, "__name__", "") in _SQUASHING
