"""Boxes that join tensors of unequal shapes, of which Keras repeats the smaller ones without a word."""

from collections.abc import Iterator

from graph_editor.catalog.summary import shape_text
from graph_editor.document.checking.model_facts import ModelFacts, Shape
from graph_editor.document.checking.validation import Problem
from graph_editor.document.graph import TensorRef
from resources.text import Text

# Not Multiply: a small tensor that scales the channels of a large one is what that layer is mostly used for.
_ELEMENTWISE = frozenset({"Add", "Subtract", "Average", "Maximum", "Minimum"})


def stretched_inputs(facts: ModelFacts) -> Iterator[Problem]:
    for graph in facts.document.graphs.values():
        for operation in graph.operations.values():
            if operation.class_name not in _ELEMENTWISE or operation.graph is not None:
                continue
            for call_id in graph.calls_of(operation.id):
                shapes = [facts.shape(ref) for _, ref in graph.calls[call_id].tensors()]
                known_shapes = [shape for shape in shapes if shape]
                if facts.tensor(TensorRef(call_id)) is None or len(known_shapes) < len(shapes):
                    continue
                if _unequal([shape[1:] for shape in known_shapes]):
                    words = ", ".join(dict.fromkeys(shape_text(shape) for shape in known_shapes))
                    text = Text(
                        "{layer} joins unequal shapes ({shapes}): the smaller one is repeated.",
                        {"layer": operation.shown_name, "shapes": words},
                    )
                    yield Problem("warning", text, call_id, kind="stretched")


def _unequal(shapes: list[Shape]) -> bool:
    """Whether they differ in more than in sizes that come with the data."""
    if len({len(shape) for shape in shapes}) > 1:
        return True
    return any(len({size for size in sizes if size is not None}) > 1 for sizes in zip(*shapes, strict=True))


RULE = stretched_inputs
