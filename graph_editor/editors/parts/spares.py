"""Where widgets lie aside until they are wanted again."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget

from graph_editor.words.letting_go import let_go

MOST_SPARE: Final = 40  # rows: those of one layer with all its groups unfolded are 30 at most


class Spares(QWidget):
    """Never seen itself; holds widgets by kind, the `MOST_SPARE` that lay down last."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._widgets: list[tuple[Hashable, QWidget]] = []
        self.hide()

    def put(self, kind: Hashable, widget: QWidget) -> None:
        """Keep a widget that is in no layout."""
        widget.setParent(self)
        self._widgets.append((kind, widget))
        if len(self._widgets) > MOST_SPARE:
            let_go(self._widgets.pop(0)[1])

    def take(self, kind: Hashable) -> QWidget | None:
        """The one of its kind that lay down last."""
        place = next((at for at in reversed(range(len(self._widgets))) if self._widgets[at][0] == kind), None)
        return None if place is None else self._widgets.pop(place)[1]

    def let_go(self) -> None:
        """Free all at once: what visits every widget (another theme) is spared them."""
        for _, widget in self._widgets:
            let_go(widget)
            QCoreApplication.sendPostedEvents(widget, QEvent.Type.DeferredDelete.value)
        self._widgets.clear()
