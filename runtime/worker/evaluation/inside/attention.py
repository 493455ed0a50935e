"""How much each place looks at each other, as attention layers of Keras tell it when asked."""

from collections.abc import Callable
from typing import Any, Final

import keras

from runtime.messages.inside import CallAt
from runtime.worker.evaluation.inside.addresses import Node

_CLASSES: Final = (
    keras.layers.MultiHeadAttention,
    keras.layers.GroupQueryAttention,
    keras.layers.Attention,  # AdditiveAttention is one
)


def tells_scores(operation: Any) -> bool:
    """Whether an operation tells its scores. Flash attention never has them as a whole."""
    return isinstance(operation, _CLASSES) and not getattr(operation, "_flash_attention", None)


class ScoresVisitor:
    """Computes boxes, and keeps the scores of attention layers: (samples, heads, queries, keys), or without heads."""

    def __init__(self) -> None:
        self.scores: dict[CallAt, Any] = {}

    def __call__(self, call: CallAt, node: Node, compute: Callable[..., Any], /) -> Any:
        if not tells_scores(node.operation):
            return compute()
        if node.arguments.kwargs.get("return_attention_scores"):
            outputs = compute()
            self.scores[call] = outputs[1]
            return outputs
        outputs, self.scores[call] = compute(return_attention_scores=True)
        return outputs
