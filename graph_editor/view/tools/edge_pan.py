"""While something is dragged to the edge of the view, the canvas moves on below it."""

from typing import Final

from PySide6.QtCore import QObject, QPoint, QRect, QTimer, Signal

from resources.text import Text

_EDGE = 26  # pixels at the edge in which the canvas moves
_FASTEST = 22  # pixels in one tick
_TICK = 16  # milliseconds
WORDS: Final = ((Text("Drag to the edge of the canvas"), Text("Move on over the canvas")),)


class EdgePan(QObject):
    """``scrolled`` says by how many pixels the canvas should move; it goes on until ``stop``."""

    scrolled = Signal(int, int)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK)
        self._timer.timeout.connect(self._on_tick)
        self._step = QPoint()

    def follow(self, pixel: QPoint, area: QRect, beyond: bool = True) -> None:
        """The mouse is at ``pixel`` of a view that takes up ``area``; ``beyond``: go on when it is outside, too."""
        if not beyond and not area.contains(pixel):
            self._step = QPoint()
            self._timer.stop()
            return
        across = _speed(pixel.x() - area.left(), area.right() - pixel.x())
        down = _speed(pixel.y() - area.top(), area.bottom() - pixel.y())
        self._step = QPoint(across, down)
        if self._step.isNull():
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    @property
    def active(self) -> bool:
        return self._timer.isActive()

    def _on_tick(self) -> None:
        self.scrolled.emit(self._step.x(), self._step.y())


def _speed(before: int, behind: int) -> int:
    """The canvas moves right when the mouse is at the left edge, faster the farther out it is."""
    if before < _EDGE:
        return min(_FASTEST, 2 + (_EDGE - before) * _FASTEST // (2 * _EDGE))
    if behind < _EDGE:
        return -min(_FASTEST, 2 + (_EDGE - behind) * _FASTEST // (2 * _EDGE))
    return 0
