"""What gestures may ask of the view they work in."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QPoint, QPointF

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.specs import LayerSpec
from graph_editor.document.clips.blocks import Block
from graph_editor.document.document import Document
from graph_editor.document.graph import Edge, TensorRef
from graph_editor.view.floating.navigation import NavigableView
from graph_editor.view.floating.search_popup import Ranking
from graph_editor.view.items.scene import GraphScene
from graph_editor.view.tools.box_actions import BoxActions

TakeLayer = Callable[[LayerSpec], object]


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
    @property
    def view(self) -> NavigableView:
        """The widget in which it shows: where things are in pixels, and what pop-ups belong to."""

    def run_action(self, name: str) -> None:
        """Do what the table of commands calls ``name``."""

    def scroll_by(self, dx: int, dy: int) -> None:
        """Move the canvas under the view, in pixels."""

    def ask_for_layer(
        self, place: QPointF, take: TakeLayer, ranking: Ranking | None = None, feed: TensorRef | None = None
    ) -> None:
        """Let the user search for a layer at a place of the canvas and give it to ``take``; Esc gives nothing.

        With ``feed`` blocks are offered as well, which that tensor then feeds.
        """

    def drop_block(self, block: Block, at: QPointF, into: Edge | None, file: Path | None) -> None:
        """Put a block where it was dropped, into a wire if there is one; ``file`` is where it came from."""

    def report_problem(self, text: str) -> None:
        """Say in one sentence what could not be done."""

    def show_reason(self, text: str, at: QPoint | None = None) -> None:
        """Say at the cursor why something cannot be done; an empty text says nothing any more."""
