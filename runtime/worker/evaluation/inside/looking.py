"""What comes out of boxes of one model for a few samples: computed once, kept for the next question.

The first times boxes are computed one after the other, since tracing a large model takes longer than going through it.
Who asks for the same boxes again and again gets a compiled function.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import keras
import numpy as np

from resources.text import Text
from runtime.messages.inside import CallAt
from runtime.worker.data.tensorflow_words import with_words
from runtime.worker.evaluation.inside.addresses import Node, find_node, require_graph, same_address, sub_calls
from runtime.worker.evaluation.inside.attention import ScoresVisitor, tells_scores
from runtime.worker.evaluation.inside.modes import seed_variables, seeds_of, unchanged
from runtime.worker.evaluation.inside.tensors import Array
from runtime.worker.evaluation.inside.walking import InnerError, Known, Tensor, Walk, just_compute
from runtime.worker.keras_models.error_places import ErrorPlace, whole_traces
from runtime.worker.keras_models.memory_reasons import memory_text
from runtime.worker.keras_models.reasons import explain
from runtime.worker.process.control import CancelledError, WorkerError
from runtime.worker.process.failures import is_out_of_memory

Call = Callable[[Sequence[Any], Sequence[Any]], Any]
_COMPILED_AT: Final = 2  # times the same boxes are asked for
_SLOW: Final = 0.1  # seconds: what is faster without a compiled function needs none
_FUNCTIONS: Final = 6  # compiled functions of one model
_KEPT_BYTES: Final = 512 << 20


@dataclass(slots=True)
class Recording:
    """What came out of each box, with the sample axis. `errors` tells why there is nothing of a box."""

    outputs: dict[CallAt, list[Tensor]] = field(default_factory=dict)
    scores: dict[CallAt, Tensor] = field(default_factory=dict)
    errors: dict[CallAt, Text] = field(default_factory=dict)
    nodes: dict[CallAt, Node] = field(default_factory=dict)


@dataclass(slots=True)
class _Kept:
    """The last sample, and what is known of it. `tensors` are of the outermost graph, by KerasTensor."""

    key: str = ""
    recording: Recording = field(default_factory=Recording)
    tensors: dict[int, Tensor] = field(default_factory=dict)
    bytes: int = 0


class Looker:
    """Looks inside one model, which is never changed by that."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self._graph = require_graph(model)
        self._nodes = dict(sub_calls(model))
        self._seeds = seed_variables(model)
        self._kept = _Kept()
        self._uses: dict[Any, tuple[int, float]] = {}  # times, and seconds of the last one
        self._functions: dict[Any, Call] = {}

    def look(
        self, arrays: Mapping[str, Array], calls: Iterable[CallAt], *, training: bool = False, seed: int = 0
    ) -> Recording:
        """What comes out of `calls` for the samples of `arrays`, which are by the name of the input.

        Raises WorkerError where the model has no such call or the memory is too small, and CancelledError.
        """
        asked = tuple(dict.fromkeys(same_address(call) for call in calls))
        for call in asked:
            if call not in self._nodes:
                find_node(self.model, call)  # says what there is not
        inputs = self.ordered(arrays)
        key = _key(inputs, training, seed)
        if key != self._kept.key:
            self._kept = _Kept(key)
        kept = self._kept.recording
        new = tuple(call for call in asked if call not in kept.outputs and call not in kept.errors)
        if new:
            given = [None if array is None else with_words(array) for array in inputs]
            self._compute(given, new, training, seed)
        return self._kept.recording

    def forget(self) -> None:
        """Give the memory back."""
        self._kept = _Kept()

    def ordered(self, arrays: Mapping[str, Array]) -> list[Array | None]:
        """Arrays in the order of the model's inputs, as many samples as a fixed batch asks for (the last repeated)."""
        found: list[Array | None] = []
        for tensor in self._graph.model.inputs:
            layer = tensor._keras_history.operation
            array = arrays.get(layer.name, arrays.get(tensor.name))
            if array is None and not getattr(layer, "optional", False):
                raise WorkerError(Text("The sample has nothing for the input {name}.", {"name": layer.name}))
            found.append(array if array is None else _as_many(np.asarray(array), tensor.shape[0]))
        return found

    def _compute(self, inputs: list[Any], calls: tuple[CallAt, ...], training: bool, seed: int) -> None:
        use = (calls, training, tuple(None if x is None else tuple(x.shape) for x in inputs))
        times, seconds = self._uses.get(use, (0, 0.0))
        started = time.perf_counter()
        try:
            with whole_traces():
                done = use in self._functions or (times + 1 >= _COMPILED_AT and seconds > _SLOW)
                if not (done and self._compiled(use, inputs, seed)):
                    self._one_by_one(inputs, calls, training, seed)
        except (CancelledError, WorkerError):
            raise
        except Exception as error:
            self.forget()
            if is_out_of_memory(error):
                raise WorkerError(memory_text(str(error), ErrorPlace(), building=False), str(error)) from error
            reason, detail = explain(error, str(self.model.name))
            raise WorkerError(reason, detail) from error
        if len(self._uses) > 1000:
            self._uses.clear()
        self._uses[use] = (times + 1, time.perf_counter() - started)

    def _one_by_one(self, inputs: list[Any], calls: tuple[CallAt, ...], training: bool, seed: int) -> None:
        kept, asked = self._kept, set(calls)
        recording, visitor = kept.recording, ScoresVisitor()
        failed_at: list[CallAt] = []

        def hear(call: CallAt, node: Node, outputs: list[Tensor]) -> None:
            if call in asked:
                recording.outputs[call], recording.nodes[call] = outputs, node
                if not call.path and not training:
                    kept.tensors.update({id(x): y for x, y in zip(node.outputs, outputs, strict=False)})
                kept.bytes += sum(_bytes(y) for y in outputs)

        def fail(call: CallAt, _node: Node, error: Exception) -> None:
            failed_at.append(call)
            if isinstance(error, InnerError):
                inner = next((at for at in failed_at if at.path), call)
                recording.errors[call] = Text("{layer}, inside it, could not be computed.", {"layer": inner.layer})
            else:
                recording.errors[call] = explain(error, call.layer)[0]

        known: Known = {} if training else kept.tensors
        with unchanged(self._seeds, seeds_of(self._seeds, seed)):
            Walk(self.model, hear, visitor, fail, training).run(inputs, calls, known)
        recording.scores.update({call: scores for call, scores in visitor.scores.items() if call in asked})
        self._tell_of_the_rest(calls, failed_at)
        if kept.bytes > _KEPT_BYTES:
            self._kept = _Kept("", recording)

    def _tell_of_the_rest(self, calls: Sequence[CallAt], failed_at: Sequence[CallAt]) -> None:
        recording = self._kept.recording
        for call in calls:
            if call not in recording.outputs and call not in recording.errors:
                before = failed_at[0].layer if failed_at else call.layer
                text = Text("It was not computed, since {layer} before it could not be.", {"layer": before})
                recording.errors[call] = text

    def _compiled(self, use: Any, inputs: list[Any], seed: int) -> bool:
        """Whether there was a compiled function that could do it."""
        calls, training, _ = use
        if keras.backend.backend() != "tensorflow" or any(x is None for x in inputs):
            return False
        if use not in self._functions:
            from runtime.worker.evaluation.inside.tensorflow_compiled import compiled

            while len(self._functions) >= _FUNCTIONS:
                self._functions.pop(next(iter(self._functions)))
            self._functions[use] = compiled(self._traced(calls, training))
        try:
            found = self._functions[use](inputs, seeds_of(self._seeds, seed))
        except Exception as error:
            if isinstance(error, CancelledError) or is_out_of_memory(error):
                raise
            del self._functions[use]  # one by one tells which box it is
            return False
        recording = self._kept.recording
        for call, outputs, scores in zip(calls, *found, strict=True):
            recording.outputs[call], recording.nodes[call] = list(outputs), self._nodes[call]
            if scores is not None:
                recording.scores[call] = scores
            self._kept.bytes += sum(_bytes(y) for y in outputs)
        return True

    def _traced(self, calls: Sequence[CallAt], training: bool) -> Callable[[list[Any], list[Any]], Any]:
        asked = set(calls)

        def run(inputs: list[Any], seeds: list[Any]) -> Any:
            by_call: dict[CallAt, list[Tensor]] = {}
            visitor = ScoresVisitor()

            def hear(call: CallAt, _node: Node, outputs: list[Tensor]) -> None:
                if call in asked:
                    by_call[call] = outputs

            with unchanged(self._seeds, seeds):
                Walk(self.model, hear, visitor, training=training).run(inputs, calls)
            return [by_call[call] for call in calls], [visitor.scores.get(call) for call in calls]

        return run


def outputs_of(
    model: Any, inputs: Sequence[Any], call: CallAt, *, training: bool = False, scores: bool = False
) -> list[Tensor]:
    """What comes out of one box, computed at once and kept nowhere; with `scores`, those of attention."""
    found: list[Tensor] = []
    visitor = ScoresVisitor() if scores else None

    def hear(at: CallAt, _node: Node, outputs: list[Tensor]) -> None:
        if at == call:
            found.extend(outputs)

    Walk(model, hear, visitor or just_compute, training=training).run(inputs, (call,))
    return found if visitor is None else [visitor.scores[call]]


def has_scores(model: Any, call: CallAt) -> bool:
    return tells_scores(find_node(model, call).operation)


def _as_many(array: Array, count: int | None) -> Array:
    if count is None or len(array) == count:
        return array
    return array[:count] if len(array) > count else np.concatenate([array, array[-1:].repeat(count - len(array), 0)])


def _bytes(tensor: Tensor) -> int:
    shape = getattr(tensor, "shape", None)
    try:
        return int(np.prod([int(size) for size in shape], dtype=np.int64)) * 4 if shape is not None else 0
    except (TypeError, ValueError):
        return 0


def _key(inputs: Sequence[Array | None], training: bool, seed: int) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for array in inputs:
        if array is None:
            digest.update(b"none")
            continue
        digest.update(f"{array.dtype} {array.shape}".encode())
        whole = repr(array.tolist()).encode() if array.dtype.kind in "OUS" else np.ascontiguousarray(array).tobytes()
        digest.update(whole)
    return f"{digest.hexdigest()} {training} {seed if training else 0}"
