"""Activations of boxes for one sample, told as messages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from resources.text import Text
from runtime.messages.inside import Activation, CallAt, TensorOpened
from runtime.messages.views import Heat
from runtime.worker.evaluation.inside.addresses import Node, same_address
from runtime.worker.evaluation.inside.figures import histogram_of
from runtime.worker.evaluation.inside.looking import Looker, Recording
from runtime.worker.evaluation.inside.one_thread import one_thread
from runtime.worker.evaluation.inside.tensors import dtype_name, to_array
from runtime.worker.evaluation.inside.views import Manner, activation_of, heat_of
from runtime.worker.process.control import WorkerError
from runtime.worker.process.waiting import require_waiting

Array = NDArray[Any]
_SMALL_HEAT: Final = 32
_LARGE_HEAT: Final = 128
_MOST_NUMBERS: Final = (32, 16)  # rows and columns of numbers that are shown
_WHOLE: Final = 4096  # values of a tensor whose numbers are told at all


@dataclass(frozen=True, slots=True)
class Names:
    """What is known of a model beside the model: classes of outputs by the address of their KerasTensor, and words.

    `tokens` are the words of the sample, by the length that sequences of them have; `words` those of whole numbers, by
    the name of the input.
    """

    classes: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    tokens: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


NO_NAMES: Final = Names()


def activations_of(
    looker: Looker,
    arrays: Mapping[str, Array],
    calls: Iterable[CallAt],
    manner: Manner,
    *,
    training: bool = False,
    seed: int = 0,
    names: Names = NO_NAMES,
) -> list[Activation]:
    """What comes out of each call for the first sample of `arrays`, with one activation for each output.

    Raises WorkerError for a call that is not there and where the memory is too small, and CancelledError.
    """
    calls = [same_address(call) for call in calls]
    recording = looker.look(arrays, calls, training=training, seed=seed)
    count = _count(looker.ordered(arrays))
    found: list[Activation] = []
    with one_thread():
        for call in calls:
            require_waiting()
            found += _activations(call, recording, count, manner, names)
    return found


def _count(inputs: Sequence[Array | None]) -> int:
    return next(len(array) for array in inputs if array is not None)


def _activations(call: CallAt, recording: Recording, count: int, manner: Manner, names: Names) -> list[Activation]:
    if call in recording.errors:
        return [Activation(call, error=recording.errors[call])]
    node, outputs = recording.nodes[call], recording.outputs[call]
    if not outputs:
        return [Activation(call, error=Text("Nothing comes out of it."))]
    heat = _mean_heat(recording, call, names)
    shown: list[Activation] = []
    for place, tensor in enumerate(outputs):
        own = own_manner(node, place, manner, names)
        one = _activation(call, place, tensor, count, own)
        shown.append(_with_view(one, heat) if heat is not None and not place and one.error is None else one)
    return shown


def _with_view(one: Activation, heat: Heat) -> Activation:
    return Activation(
        one.call, one.output, one.shape, one.dtype, one.low, one.high, one.mean, one.zeros, one.nans, heat, None
    )


def _activation(call: CallAt, place: int, tensor: Any, count: int, manner: Manner) -> Activation:
    try:
        values = one_sample(to_array(tensor), count)
    except (TypeError, ValueError, NotImplementedError) as error:
        text = Text("What comes out cannot be shown: {reason}.", {"reason": str(error).rstrip(".")})
        return Activation(call, place, error=text)
    return activation_of(call, place, values, dtype_name(tensor), manner)


def one_sample(values: Array, count: int) -> Array:
    """The first sample; all of what has no axis of samples."""
    return values[0] if values.ndim and len(values) == count else values


def own_manner(node: Node, place: int, manner: Manner, names: Names) -> Manner:
    """How what comes out of this node is shown."""
    layer = node.operation
    output = node.outputs[place] if place < len(node.outputs) else None
    return replace(
        manner,
        names=names.classes.get(id(output), ()),
        picture=bool(node.is_input),
        channels_first=getattr(layer, "data_format", None) == "channels_first",
        words=names.words.get(layer.name, ()) if node.is_input else (),
    )


def _mean_heat(recording: Recording, call: CallAt, names: Names) -> Heat | None:
    heads = scores_of(recording, call)
    return None if heads is None else _heat(heads.mean(0), _SMALL_HEAT, names)


def scores_of(recording: Recording, call: CallAt) -> Array | None:
    """(heads, queries, keys) of the first sample; None of what is no attention in two axes."""
    if call not in recording.scores:
        return None
    values = to_array(recording.scores[call])[0].astype(np.float32)
    values = values[None] if values.ndim == 2 else values
    return values if values.ndim == 3 else None


def _heat(values: Array, longest: int, names: Names) -> Heat:
    rows, columns = (names.tokens.get(size, ()) for size in values.shape)
    return heat_of(values, longest, (rows, columns))


def open_tensor(
    looker: Looker,
    arrays: Mapping[str, Array],
    call: CallAt,
    output: int,
    manner: Manner,
    *,
    training: bool = False,
    seed: int = 0,
    names: Names = NO_NAMES,
) -> TensorOpened:
    """The whole tensor of one output, with its histogram and, of attention, the scores of each head. Its id is 0."""
    call = same_address(call)
    recording = looker.look(arrays, (call,), training=training, seed=seed)
    if call in recording.errors:
        raise WorkerError(recording.errors[call])
    node, outputs = recording.nodes[call], recording.outputs[call]
    if not 0 <= output < len(outputs):
        text = Text("{layer} has no output {number}.", {"layer": call.layer, "number": output + 1})
        raise WorkerError(text)
    count = _count(looker.ordered(arrays))
    one = _activation(call, output, outputs[output], count, own_manner(node, output, manner, names))
    if one.error is not None:
        raise WorkerError(one.error)
    values = one_sample(to_array(outputs[output]), count)
    heads = scores_of(recording, call)
    scores = () if heads is None else tuple(_heat(head, _LARGE_HEAT, names) for head in heads)
    return TensorOpened(0, one, histogram_of(values), _numbers(values), scores)


def _numbers(values: Array) -> tuple[tuple[str, ...], ...]:
    """The first values, row by row along the last axis."""
    if values.size > _WHOLE or not values.size:
        return ()
    rows, columns = _MOST_NUMBERS
    table = values.reshape(-1, values.shape[-1]) if values.ndim > 1 else values.reshape(1, -1)
    if values.ndim <= 1:
        columns = rows * columns
    return tuple(tuple(_text(value) for value in row[:columns]) for row in table[:rows])


def _text(value: Any) -> str:
    return f"{float(value):.5g}" if isinstance(value, np.floating) else str(value)
