"""The list of columns that a binding offers; thousands of them are listed once somebody looks at them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QKeyEvent, QWheelEvent

from graph_editor.editors.parts.combo import Combo


class ColumnCombo(Combo):
    """Shows one entry until it is opened, or gets a key or the wheel: then it has the others as well."""

    _fill: Callable[[], None] | None = None

    def fill_when_used(self, fill: Callable[[], None]) -> None:
        """`fill` lists what there is to choose, and selects what is shown now."""
        self._fill = fill

    def showPopup(self) -> None:  # noqa: N802
        self._fill_now()
        super().showPopup()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._fill_now()
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            self._fill_now()
        super().wheelEvent(event)

    def _fill_now(self) -> None:
        fill, self._fill = self._fill, None
        if fill is not None:
            fill()
