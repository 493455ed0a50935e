"""An on/off switch, painted by itself because a style sheet cannot draw its knob."""

from PySide6.QtCore import Property, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

_WIDTH, _HEIGHT, _MARGIN = 34, 18, 1.0


class ToggleSwitch(QAbstractButton):
    """Space or a click turns it. Its colours are Qt properties, set by the style sheet with `qproperty-`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        palette = self.palette()
        self._colors = {
            "on": palette.highlight().color(),
            "off": palette.mid().color(),
            "knob": palette.base().color(),
            "knob_off": palette.base().color(),
            "ring": palette.text().color(),
        }
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH + 4, _HEIGHT + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.45)
        track = QRectF(2, (self.height() - _HEIGHT) / 2, _WIDTH, _HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colors["on" if self.isChecked() else "off"])
        painter.drawRoundedRect(track, _HEIGHT / 2, _HEIGHT / 2)
        size = _HEIGHT - 6.0
        left = track.right() - size - 3 if self.isChecked() else track.left() + 3
        painter.setBrush(self._colors["knob" if self.isChecked() else "knob_off"])
        painter.drawEllipse(QRectF(left, track.top() + 3, size, size))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._colors["ring"], 1.2))
            ring = track.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
            painter.drawRoundedRect(ring, ring.height() / 2, ring.height() / 2)

    def _color(self, role: str) -> QColor:
        return self._colors[role]

    def _set_color(self, role: str, color: QColor) -> None:
        self._colors[role] = QColor(color)
        self.update()

    on_color = Property(QColor, lambda self: self._color("on"), lambda self, c: self._set_color("on", c))
    off_color = Property(QColor, lambda self: self._color("off"), lambda self, c: self._set_color("off", c))
    knob_color = Property(QColor, lambda self: self._color("knob"), lambda self, c: self._set_color("knob", c))
    knob_off_color = Property(
        QColor, lambda self: self._color("knob_off"), lambda self, c: self._set_color("knob_off", c)
    )
    ring_color = Property(QColor, lambda self: self._color("ring"), lambda self, c: self._set_color("ring", c))
