"""What the parts of commands may ask of the canvas, beyond what gestures may."""

from collections.abc import Iterable
from typing import Protocol

from PySide6.QtCore import QPointF

from graph_editor.view.tools.base import Gesture
from graph_editor.view.tools.canvas import Canvas


class WorkCanvas(Canvas, Protocol):
    @property
    def selection(self) -> tuple[str, ...]: ...
    @property
    def pointed_place(self) -> QPointF:
        """Where on the canvas the mouse is; the middle of what is seen when it is elsewhere."""

    @property
    def pointed_pixel(self) -> QPointF | None:
        """Where the mouse is; None when it is elsewhere."""

    def select(self, call_ids: Iterable[str]) -> None:
        """Select these boxes and nothing else; nothing happens when they are."""

    def show_graph(self, graph_id: str) -> None:
        """Show another graph of the document, from where it was last looked at."""

    def fit(self) -> None:
        """Show the whole graph."""

    def first_look(self) -> None:
        """Show the whole graph, or, where nothing of it could be read then, its inputs."""

    def begin_gesture(self, gesture: Gesture) -> None:
        """Let a gesture go on that no mouse button ends."""

    def end_gesture(self) -> bool:
        """Cancel what is going on; whether anything was."""

    def drop_gesture(self) -> None:
        """It has ended by itself."""
