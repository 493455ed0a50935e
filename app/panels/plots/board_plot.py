"""What every plot on the board is: a card that is told what to draw."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from app.panels.plots.run_curves import By
from app.panels.plots.shown_runs import ShownRuns


class BoardPlot(QFrame):
    """`name` is its own within its kind. A `wide` one has a row of the board to itself.

    `options_changed` asks for drawing; what `options_for_all_requested` carries goes to the plots of the same kind.
    """

    options_changed = Signal()
    options_for_all_requested = Signal(object)
    wide = False

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.setProperty("role", "card")
        self.setObjectName(f"plot_{name}")
        self.setMinimumHeight(250)

    def follow(self, shown: ShownRuns) -> None:
        """Other runs are shown from now on."""

    def draw(self, shown: ShownRuns) -> None:
        """Draw what there is now; only called while it can be seen."""
        raise NotImplementedError

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.options_changed.emit()  # it was not drawn at this size, and may not have been seen before

    def wants_hairlines(self) -> bool:
        """Whether it has drawn more than wide lines allow, since other runs or options were shown."""
        return False

    def set_hairlines(self, on: bool) -> None:
        """Lines are as wide as those of its neighbours: the board decides for all of them."""

    def set_view(self, by: By, smoothing: float) -> None:
        """What x is, and how far lines are smoothed, for all plots of the board."""

    def set_options(self, options: object) -> None:
        """Take over the options that were set at another plot of the kind."""
