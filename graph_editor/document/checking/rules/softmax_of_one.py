"""A softmax over an axis with one value, inside the model: whatever comes in, it gives 1.

Outputs that are trained are looked at with their loss (``loss_and_activation.py``).
"""

from collections.abc import Iterator

from graph_editor.document.checking.heads import activation_of
from graph_editor.document.checking.model_facts import ModelFacts, Shape
from graph_editor.document.checking.trained_outputs import trained_outputs
from graph_editor.document.checking.validation import Problem
from graph_editor.document.graph import Json, TensorRef
from resources.text import Text


def softmax_of_one(facts: ModelFacts) -> Iterator[Problem]:
    trained = {output.head.call for output in trained_outputs(facts)}
    for graph in facts.document.graphs.values():
        for operation in graph.operations.values():
            if operation.graph is not None or activation_of(operation) not in ("softmax", "sparsemax"):
                continue
            for call in graph.calls_of(operation.id):
                shape = facts.shape(TensorRef(call))
                if call not in trained and shape and _is_one(shape, operation.config.get("axis", -1)):
                    text = Text(
                        "{layer} is a softmax along an axis with one value, which is always 1.",
                        {"layer": operation.shown_name},
                    )
                    yield Problem("warning", text, call, kind="softmax_of_one")


def _is_one(shape: Shape, axis: Json) -> bool:
    """Whether all axes that the softmax goes over have one value."""
    axes = axis if isinstance(axis, list | tuple) else [axis]
    known = [place for place in axes if isinstance(place, int) and -len(shape) <= place < len(shape)]
    return bool(known) and len(known) == len(axes) and all(shape[place] == 1 for place in known)


RULE = softmax_of_one
