"""What is worth a second look although Keras takes it: shown as a warning, a hindrance to nothing."""

from collections.abc import Callable, Iterator

from graph_editor.catalog.summary import shape_text
from graph_editor.document.checking.validation import Problem
from graph_editor.document.document import Document
from graph_editor.document.graph import TensorRef
from resources.text import Text

Shape = tuple[int | None, ...]  # the sample axis included

# Not Multiply: a small tensor that scales the channels of a large one is what that layer is mostly used for.
_ELEMENTWISE = frozenset({"Add", "Subtract", "Average", "Maximum", "Minimum"})


def stretched_inputs(document: Document, shape_of: Callable[[TensorRef], Shape | None]) -> list[Problem]:
    """Boxes that join tensors of unequal shapes, of which Keras repeats the smaller ones without a word."""
    return [problem for graph_id in document.graphs for problem in _in_graph(document, graph_id, shape_of)]


def _in_graph(document: Document, graph_id: str, shape_of: Callable[[TensorRef], Shape | None]) -> Iterator[Problem]:
    graph = document.graphs[graph_id]
    for operation in graph.operations.values():
        if operation.class_name not in _ELEMENTWISE or operation.graph is not None:
            continue
        for call_id in graph.calls_of(operation.id):
            shapes = [shape_of(ref) for _, ref in graph.calls[call_id].tensors()]
            known_shapes = [shape for shape in shapes if shape]
            if len(known_shapes) < len(shapes) or not _unequal([shape[1:] for shape in known_shapes]):
                continue
            words = ", ".join(dict.fromkeys(shape_text(shape) for shape in known_shapes))
            text = Text(
                "{layer} joins unequal shapes ({shapes}): the smaller one is repeated.",
                {"layer": operation.name, "shapes": words},
            )
            yield Problem("warning", text, call_id, kind="stretched")


def _unequal(shapes: list[Shape]) -> bool:
    """Whether they differ in more than in sizes that come with the data."""
    if len({len(shape) for shape in shapes}) > 1:
        return True
    return any(len({size for size in sizes if size is not None}) > 1 for sizes in zip(*shapes, strict=True))
