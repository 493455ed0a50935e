"""Gradients of what a model says of a class, with respect to what comes out of a box. Needs TensorFlow as backend."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import keras
import tensorflow as tf
from keras.src import backend, tree

from runtime.messages.inside import CallAt
from runtime.worker.evaluation.explaining.question import Array, Question, last_call, score_of, squashes
from runtime.worker.evaluation.inside.addresses import Node, require_graph
from runtime.worker.evaluation.inside.modes import unchanged
from runtime.worker.evaluation.inside.walking import Walk
from runtime.worker.keras_models.error_places import whole_traces

Tensor = Any


@dataclass(slots=True)
class _Visitor:
    """Watches what comes out of `at`, and keeps a last softmax or sigmoid from being applied where that is asked."""

    question: Question
    at: CallAt
    tape: Any
    change: Callable[[Tensor], Tensor] | None
    linear: CallAt | None  # the box whose activation is left out
    before: dict[int, Tensor] = field(default_factory=dict)
    watched: Tensor = None

    def __call__(self, call: CallAt, node: Node, compute: Callable[..., Any], /) -> Any:
        outputs = self._linear(node, compute) if call == self.linear else compute()
        if call != self.at:
            return outputs
        first, *others = tree.flatten(outputs)
        self.watched = self.watch(first)
        return self.watched if not others else [self.watched, *others]

    def _linear(self, node: Node, compute: Callable[..., Any]) -> Any:
        operation = node.operation
        if isinstance(operation, keras.layers.Softmax):
            return self.before[id(node.input_tensors[0])]
        kept = operation.activation
        operation.activation = keras.activations.linear
        try:
            return compute()
        finally:
            operation.activation = kept

    def watch(self, tensor: Tensor) -> Tensor:
        """The tensor that gradients are taken of, with the mask that it had."""
        mask = backend.get_keras_mask(tensor)
        tensor = self.change(tensor) if self.change is not None else tf.identity(tensor)
        if mask is not None:
            backend.set_keras_mask(tensor, mask)
        self.tape.watch(tensor)
        return tensor

    def hear(self, call: CallAt, node: Node, outputs: list[Tensor]) -> None:
        self.before.update({id(x): y for x, y in zip(node.outputs, outputs, strict=False)})


@dataclass(frozen=True, slots=True)
class Gradients:
    """For each sample: the score, what came out of the box, and the gradient there, both in its shape.

    `heard` has all that came out of boxes, by the address of the KerasTensor.
    """

    scores: Array
    values: Array
    gradients: Array
    heard: dict[int, Tensor]


def gradients(
    question: Question,
    inputs: Sequence[Array],
    at: CallAt,
    *,
    linear: bool,
    change: Callable[[Tensor], Tensor] | None = None,
) -> Gradients:
    """`linear`: of the score before a last softmax or sigmoid. `change` is done to what comes out of `at` first.

    A box that the score does not depend on has gradients of 0.
    """
    call, node = last_call(question.model, question.output)
    leave_out = call if linear and squashes(node.operation) else None
    given = [tf.convert_to_tensor(array) for array in inputs]
    with whole_traces(), unchanged(), tf.GradientTape(watch_accessed_variables=False) as tape:
        visitor = _Visitor(question, at, tape, change, leave_out)
        graph = require_graph(question.model)
        for place, tensor in enumerate(graph.model.inputs):
            if tensor._keras_history.operation.name == at.layer and not at.path:
                given[place] = visitor.watched = visitor.watch(tf.cast(given[place], tensor.dtype))
        Walk(question.model, visitor.hear, visitor).run(given)
        output = visitor.before[id(graph.model.outputs[question.output])]
        score = score_of(output, _plain(question) if leave_out is not None else question)
        if leave_out is not None and question.binary and not question.index:
            score = -score
        total = tf.reduce_sum(score)
    found = tape.gradient(total, visitor.watched, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    return Gradients(score.numpy(), visitor.watched.numpy(), tf.convert_to_tensor(found).numpy(), visitor.before)


def _plain(question: Question) -> Question:
    """Before a sigmoid, class 0 is not 1 less the number but the number turned round, which is done elsewhere."""
    from dataclasses import replace

    return replace(question, index=1 if question.binary else question.index)
