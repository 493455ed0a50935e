"""What the canvas section of the file says under a key, and the edit that lets it say something else."""

from collections.abc import Mapping

from graph_editor.document.document import Document
from graph_editor.document.edits import Edit, SetCanvas
from graph_editor.document.graph import Json

Canvas = Mapping[str, Json]


def with_value(canvas: Canvas, key: str, value: Json) -> Canvas:
    """``canvas`` with another value at its place; an empty one is left out."""
    if value == canvas.get(key):
        return canvas
    return {**canvas, key: value} if value else {name: item for name, item in canvas.items() if name != key}


def set_value(document: Document, key: str, value: Json) -> list[Edit]:
    """The edit after which the canvas section says ``value`` under ``key``."""
    return set_canvas(document, with_value(document.canvas_extra, key, value))


def set_canvas(document: Document, canvas: Canvas) -> list[Edit]:
    """The edit after which the canvas section says ``canvas``, if it does not already."""
    return [] if canvas == document.canvas_extra else [SetCanvas(canvas)]
