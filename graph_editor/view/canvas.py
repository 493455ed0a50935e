"""What gestures may ask of the view they work in."""

from typing import Protocol

from PySide6.QtCore import QPoint

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from graph_editor.view.box_actions import BoxActions
from graph_editor.view.scene import GraphScene


class Canvas(Protocol):
    @property
    def document(self) -> Document: ...
    @property
    def catalog(self) -> Catalog: ...
    @property
    def graph_scene(self) -> GraphScene: ...
    @property
    def actions_on_boxes(self) -> BoxActions: ...
    @property
    def zoom(self) -> float: ...

    def scroll_by(self, dx: int, dy: int) -> None:
        """Move the canvas under the view, in pixels."""

    def show_reason(self, text: str, at: QPoint | None = None) -> None:
        """Say at the cursor why something cannot be done; an empty text says nothing any more."""
