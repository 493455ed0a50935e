"""Frames of a view: real mouse and wheel events, each followed by a repaint of all that the view shows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from graph_editor.view.graph_view import GraphView

_BACK_AND_FORTH = 15  # frames in one direction
_NO_BUTTON, _NO_KEY = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds a frame; ``cpu`` is what this process computed of it, which other programs do not lengthen."""

    frames: int
    median: float
    p95: float
    max: float
    cpu_median: float
    cpu_p95: float


def timing(wall: Sequence[float], cpu: Sequence[float]) -> Timing:
    """Of seconds."""
    values = (median(wall), p95(wall), max(wall), median(cpu), p95(cpu))
    return Timing(len(wall), *(round(value * 1e3, 2) for value in values))


def p95(values: Sequence[float]) -> float:
    """Return what 95 of 100 values do not exceed."""
    return sorted(values)[max(0, -(-len(values) * 95 // 100) - 1)]


class Frames:
    """Does things to a view that shows, and measures each until it is painted."""

    def __init__(self, view: GraphView) -> None:
        self._view = view

    def measure(self, act: Callable[[int], object], count: int) -> Timing:
        wall, cpu = [], []
        for number in range(count):
            began, began_cpu = perf_counter(), process_time()
            act(number)
            self.paint()
            wall.append(perf_counter() - began)
            cpu.append(process_time() - began_cpu)
        return timing(wall, cpu)

    def paint(self) -> None:
        """All of the view, though Qt would be content with the parts that have changed."""
        self._view.viewport().update()
        QApplication.processEvents()

    # What a person does

    def still(self, count: int) -> Timing:
        return self.measure(lambda _number: None, count)

    def hover(self, count: int) -> Timing:
        """The mouse goes over boxes, ports and wires."""
        middle = self._view.viewport().rect().center()
        return self.measure(lambda number: self._move(middle + _to_and_fro(number, 9, 5), _NO_BUTTON), count)

    def pan(self, count: int) -> Timing:
        """The canvas is dragged with the middle button, 14 pixels a frame."""
        return self._drag(self._view.viewport().rect().center(), Qt.MouseButton.MiddleButton, (12, 8), count)

    def zoom(self, count: int) -> Timing:
        """The wheel turns a quarter of a notch a frame, three times in and three times out."""
        self.paint()
        middle = QPointF(self._view.viewport().rect().center())
        return self.measure(lambda number: self._wheel(middle, 30 if number % 6 < 3 else -30), count)

    def drag(self, call_id: str, count: int) -> Timing:
        """A box is dragged, and with it all that is selected."""
        box = self._view.graph_scene.boxes[call_id]
        return self._drag(self._view.mapFromScene(box.rect().center()), Qt.MouseButton.LeftButton, (5, 3), count)

    def _drag(self, start: QPoint, button: Qt.MouseButton, step: tuple[int, int], count: int) -> Timing:
        """Press, move once a frame, and put back; neither the press nor the end is a frame."""
        self.paint()
        self._send(QEvent.Type.MouseButtonPress, start, button, button)
        result = self.measure(lambda number: self._move(start + _to_and_fro(number + 1, *step), button), count)
        self._move(start, button)
        self._view.end_gesture()
        self._send(QEvent.Type.MouseButtonRelease, start, button, _NO_BUTTON)
        return result

    def _move(self, at: QPoint, buttons: Qt.MouseButton) -> None:
        self._send(QEvent.Type.MouseMove, at, _NO_BUTTON, buttons)

    def _send(self, kind: QEvent.Type, at: QPoint, button: Qt.MouseButton, buttons: Qt.MouseButton) -> None:
        viewport = self._view.viewport()
        event = QMouseEvent(kind, QPointF(at), QPointF(viewport.mapToGlobal(at)), button, buttons, _NO_KEY)
        QApplication.sendEvent(viewport, event)

    def _wheel(self, at: QPointF, angle: int) -> None:
        viewport = self._view.viewport()
        place, phase = QPointF(viewport.mapToGlobal(at.toPoint())), Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(at, place, QPoint(), QPoint(0, angle), _NO_BUTTON, _NO_KEY, phase, False)
        QApplication.sendEvent(viewport, event)


def _to_and_fro(number: int, dx: int, dy: int) -> QPoint:
    phase = number % (2 * _BACK_AND_FORTH)
    steps = min(phase, 2 * _BACK_AND_FORTH - phase)
    return QPoint(dx * steps, dy * steps)
