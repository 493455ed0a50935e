"""Moving over the canvas and zooming: wheel, touchpad, and the same by code."""

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QInputDevice, QNativeGestureEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget

from graph_editor.view.items.part import WORLD
from graph_editor.view.painting.metrics import MAXIMUM_ZOOM, MINIMUM_ZOOM
from resources.text import Text

_NOTCH = 1.15  # how much one notch of the wheel zooms
_PIXELS = 0.5  # for each eighth of a degree that a touchpad says instead
_BUTTON = 1.25
_SIDES, _ABOVE, _BELOW = 48, 34, 62  # pixels beside, above and below what is fitted; the zoom bar lies below
WORDS: Final = (  # for the sheet of shortcuts
    (Text("Wheel"), Text("Zoom at the cursor")),
    (Text("Two fingers on a touchpad"), Text("Move over the canvas; with Ctrl, or pinched, zoom")),
)


class NavigableView(QGraphicsView):
    """A view without scroll bars on an endless canvas."""

    zoom_changed = Signal(float)

    def __init__(self, scene: QGraphicsScene, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setScene(scene)
        self.setSceneRect(WORLD)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)

    @property
    def zoom(self) -> float:
        return self.transform().m11()

    def zoom_to(self, factor: float, around: QPointF | None = None) -> None:
        """Show the canvas ``factor`` times as large; what lies at ``around`` (pixels; the middle) stays there."""
        factor = min(max(factor, MINIMUM_ZOOM), MAXIMUM_ZOOM)
        if abs(factor - self.zoom) < 1e-6:
            return
        pixel = around or QRectF(self.viewport().rect()).center()
        place = self.at_pixel(pixel)
        self.setTransform(QTransform.fromScale(factor, factor))
        shift = self.transform().map(place - self.at_pixel(pixel))
        self.scroll_by(round(-shift.x()), round(-shift.y()))
        self.zoom_changed.emit(factor)

    def at_pixel(self, pixel: QPointF) -> QPointF:
        """The place on the canvas under a pixel of the view, exact to fractions."""
        inverted, _ = self.viewportTransform().inverted()
        return inverted.map(pixel)

    def zoom_in(self) -> None:
        self.zoom_to(self.zoom * _BUTTON)

    def zoom_out(self) -> None:
        self.zoom_to(self.zoom / _BUTTON)

    def reset_zoom(self) -> None:
        self.zoom_to(1.0)

    def scroll_by(self, dx: int, dy: int) -> None:
        """Move the canvas under the view, in pixels."""
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() - dx)
        down.setValue(down.value() - dy)

    def fit_rect(self, area: QRectF, most: float = 1.0) -> None:
        """Show all of ``area``, no larger than ``most``."""
        zoom, middle = self.look_at(area, most)
        self.zoom_to(zoom)
        self.centerOn(middle)

    def look_at(self, area: QRectF, most: float = 1.0) -> tuple[float, QPointF]:
        """The zoom, and the place in the middle, at which all of ``area`` shows, no larger than ``most``."""
        room = self.viewport().size()
        width, height = max(room.width() - 2 * _SIDES, 50), max(room.height() - _ABOVE - _BELOW, 50)
        wished = min(width / max(area.width(), 1.0), height / max(area.height(), 1.0), most)
        zoom = min(max(wished, MINIMUM_ZOOM), MAXIMUM_ZOOM)
        return zoom, area.center() + QPointF(0, (_BELOW - _ABOVE) / 2 / zoom)

    def visible_area(self) -> QRectF:
        """Return what the view shows, in scene units."""
        rect = self.viewport().rect()
        return QRectF(self.mapToScene(rect.topLeft()), self.mapToScene(rect.bottomRight()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel zooms at the cursor; a tilted wheel moves sideways, two fingers on a touchpad anywhere.

        With Ctrl two fingers zoom.
        """
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        turn = event.angleDelta()
        if not control and (_is_touchpad(event) or turn.y() == 0):
            step = event.pixelDelta() if not event.pixelDelta().isNull() else turn * _PIXELS
            self.scroll_by(step.x(), step.y())
        else:
            self.zoom_to(self.zoom * _NOTCH ** ((turn.y() or turn.x()) / 120), event.position())
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_to(self.zoom * (1 + event.value()), event.position())
            return True
        return super().viewportEvent(event)


def _is_touchpad(event: QWheelEvent) -> bool:
    """Systems tell by the device, or by phases, which a wheel does not have."""
    touchpad = event.device().type() == QInputDevice.DeviceType.TouchPad
    return touchpad or (event.phase() != Qt.ScrollPhase.NoScrollPhase and not event.pixelDelta().isNull())
