"""What a person draws with the mouse: lines over a ground, that can be taken back, and what picture they make."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QTransform

from app.panels.tryit.parts.values import shares_of
from runtime.messages.looking import Thumbnail
from runtime.messages.trained import GivenValue

Array = NDArray[Any]
_MOST_STEPS: Final = 200


@dataclass(slots=True)
class Stroke:
    """`points` lie in a square of (0, 0) to (1, 1) over the picture; `width` is a share of its longer side."""

    points: list[tuple[float, float]]
    width: float
    color: str

    def path(self, width: int, height: int) -> QPainterPath:
        first = QPointF(self.points[0][0] * width, self.points[0][1] * height)
        path = QPainterPath(first)
        if len(self.points) == 1:  # Qt draws no line of no length
            path.lineTo(first + QPointF(1e-3 * width, 0))
        for x, y in self.points[1:]:
            path.lineTo(x * width, y * height)
        return path


@dataclass(frozen=True, slots=True)
class Origin:
    """A picture that was not drawn: what is given, and what it looks like."""

    given: GivenValue | None
    picture: Thumbnail | None = None
    note: str = ""


@dataclass(slots=True)
class _Step:
    """Lines over a ground: shares from 0 to 1 of shape (height, width, channels), None for an empty one."""

    ground: Array | None
    origin: Origin | None = None
    strokes: list[Stroke] = field(default_factory=list)


class Drawing:
    """The picture is (height, width, channels): values from 0 (dark) to 1. Undoing brings back whole pictures, too."""

    def __init__(self, height: int, width: int, channels: int, dark: bool) -> None:
        self.height, self.width, self.channels, self.dark = height, width, channels, dark
        self._steps: list[_Step] = [_Step(None)]

    @property
    def empty(self) -> bool:
        now = self._now
        return now.ground is None and now.origin is None and not now.strokes

    @property
    def origin(self) -> Origin | None:
        """Where the picture comes from, while nobody has drawn on it."""
        return None if self._now.strokes else self._now.origin

    @property
    def picture(self) -> Thumbnail | None:
        """What it looks like, of one that cannot be drawn on."""
        origin = self.origin
        return origin.picture if origin is not None and self._now.ground is None else None

    @property
    def can_undo(self) -> bool:
        return len(self._steps) > 1 or bool(self._now.strokes)

    @property
    def strokes(self) -> list[Stroke]:
        return self._now.strokes

    @property
    def _now(self) -> _Step:
        return self._steps[-1]

    def begin(self, stroke: Stroke) -> None:
        self._now.strokes.append(stroke)

    def go_on(self, point: tuple[float, float]) -> None:
        """Lead the last line on."""
        if self._now.strokes:
            self._now.strokes[-1].points.append(point)

    def undo(self) -> None:
        """Take back the last line; or the clearing, or the picture, that everything before it gave way to."""
        if self._now.strokes:
            self._now.strokes.pop()
        elif len(self._steps) > 1:
            self._steps.pop()

    def clear(self) -> None:
        if not self.empty:
            self._put(_Step(None))

    def show(self, ground: Array | None, origin: Origin) -> None:
        """Lay a picture under what is drawn next; one without pixels of this size gives way to it."""
        self._put(_Step(ground, origin))

    def _put(self, step: _Step) -> None:
        if self.empty:
            self._steps.pop()
        self._steps.append(step)
        del self._steps[:-_MOST_STEPS]

    def shares(self, extent: float | None = None) -> Array:
        """The picture. With an `extent`, what is drawn is centred, and takes so much of the longer side."""
        image = QImage(self.width, self.height, QImage.Format.Format_RGB32)
        ground = self._now.ground
        image.fill(QColor("black" if self.dark else "white"))
        painter = QPainter(image)
        if ground is not None:
            pixels = np.ascontiguousarray(np.rint(ground * 255).astype(np.uint8))
            kind = QImage.Format.Format_Grayscale8 if self.channels == 1 else QImage.Format.Format_RGB888
            painter.drawImage(0, 0, QImage(pixels.data, self.width, self.height, self.width * self.channels, kind))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        moved = self._centring(extent) if extent is not None and ground is None else QTransform()
        for stroke in self._now.strokes:
            self._paint(painter, stroke, moved)
        painter.end()
        shares = shares_of(image, self.channels)
        if ground is not None and not self._now.strokes:
            return ground  # as it is: eight bits a channel are not what every picture has
        return shares

    def _paint(self, painter: QPainter, stroke: Stroke, moved: QTransform) -> None:
        pen = QPen(QColor(stroke.color), stroke.width * max(self.width, self.height))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPath(moved.map(stroke.path(self.width, self.height)))

    def _centring(self, extent: float) -> QTransform:
        """What brings all lines into the middle; their width stays, and is part of what is to fit."""
        if not self._now.strokes:
            return QTransform()
        xs, ys = zip(*(point for stroke in self._now.strokes for point in stroke.points), strict=True)
        pen = max(stroke.width for stroke in self._now.strokes) * max(self.width, self.height)
        left, right, top, bottom = (
            min(xs) * self.width, max(xs) * self.width, min(ys) * self.height, max(ys) * self.height,
        )  # fmt: skip
        room = max(1e-3, extent * max(self.width, self.height) - pen)
        scale = room / max(right - left, bottom - top, 1e-3)
        scale = min(scale, 20.0) if max(right - left, bottom - top) > pen / 2 else 1.0  # a dot stays a dot
        moved = QTransform.fromTranslate(self.width / 2, self.height / 2)
        moved.scale(scale, scale)
        return moved.translate(-(left + right) / 2, -(top + bottom) / 2)
