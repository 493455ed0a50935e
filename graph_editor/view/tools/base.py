"""What every mouse gesture is."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import QPoint, QPointF, Qt

from graph_editor.view.tools.canvas import Canvas
from resources.text import Text

Words = tuple[tuple[Text, Text], ...]  # what one does with the mouse, and what for


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where the mouse is: on the canvas in scene units, in the view in pixels."""

    scene: QPointF
    view: QPoint
    button: Qt.MouseButton = Qt.MouseButton.NoButton
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    space: bool = False  # the space bar is held

    @property
    def adds(self) -> bool:
        """Whether Ctrl or Shift is held: what is chosen joins the selection."""
        return bool(self.modifiers & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier))


class Gesture(ABC):
    """A drag from press to release. ``finish`` makes at most one step of history; ``cancel`` leaves no trace.

    A module of this package that has a ``GESTURE`` is found by itself; the lowest ``priority`` is asked first.
    """

    priority: ClassVar[int]
    words: ClassVar[Words] = ()  # for the sheet of shortcuts
    cursor: ClassVar[Qt.CursorShape | None] = None
    pans_at_edges: ClassVar[bool] = False  # at the edge of the view the canvas moves on
    pans_beyond: ClassVar[bool] = True  # also while the mouse is outside the view

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas

    def is_outside(self, at: "Pointer") -> bool:
        """Whether the mouse is over something else than the canvas, a panel beside it."""
        return not self.canvas.view.viewport().rect().contains(at.view)

    @classmethod
    @abstractmethod
    def begins(cls, canvas: Canvas, at: Pointer) -> "Gesture | None":
        """The gesture that a press there starts, if any."""

    @abstractmethod
    def start(self, at: Pointer) -> None: ...

    @abstractmethod
    def update(self, at: Pointer) -> None: ...

    @abstractmethod
    def finish(self, at: Pointer) -> None: ...

    @abstractmethod
    def cancel(self) -> None: ...
