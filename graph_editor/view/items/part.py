"""Boxes and wires: what a ``Layer`` paints together, instead of each as an item of Qt's own.

A ``Part`` speaks as a QGraphicsItem does, but only a layer is one: ten thousand parts cost Qt one item, and are painted
in batches.
"""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem

WORLD: Final = QRectF(-5e6, -5e6, 1e7, 1e7)  # more than what a document may place (``FARTHEST``)
_FEW: Final = 12  # parts whose places are painted one by one


class Part:
    """Something in the scene that its layer paints; it says when it looks different or lies elsewhere."""

    def __init__(self) -> None:
        self.layer: Layer | None = None
        self.x = self.y = 0.0  # where ``pos`` is
        self._shown = True

    def pos(self) -> QPointF:
        return QPointF(self.x, self.y)

    def setPos(self, x: float, y: float) -> None:
        if x != self.x or y != self.y:
            self.prepareGeometryChange()
            self.x, self.y = x, y
            self.geometryChanged()

    def isVisible(self) -> bool:
        return self._shown

    def setVisible(self, visible: bool) -> None:
        if visible != self._shown:
            self._shown = visible
            self.update()

    def sceneBoundingRect(self) -> QRectF:
        return self.boundingRect().translated(self.x, self.y)

    def update(self) -> None:
        """It looks different."""
        if self.layer is not None:
            self.layer.refresh(self)

    def prepareGeometryChange(self) -> None:
        """It is about to leave the place that ``boundingRect`` says."""
        if self.layer is not None:
            self.layer.expose(self)

    def geometryChanged(self) -> None:
        """It has come to the place that ``boundingRect`` says."""
        if self.layer is not None:
            self.layer.place(self)

    @abstractmethod
    def boundingRect(self) -> QRectF:
        """Return what it may paint on, as seen from ``pos``."""

    @abstractmethod
    def paint_part(self, painter: QPainter) -> None:
        """Paint as it is, in every detail, as seen from ``pos``."""


class Layer(QGraphicsItem):
    """Paints all its parts, of which it knows where they are."""

    def __init__(self, level: float) -> None:
        super().__init__()
        self.setZValue(level)
        self._deferred = False
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)  # what is exposed, exactly

    def boundingRect(self) -> QRectF:
        return WORLD

    def add(self, part: Any) -> None:
        part.layer = self
        self.place(part)

    def defer_painting(self, deferred: bool) -> None:
        """While it is deferred nothing is said to need painting; afterwards everything: much cheaper for many parts."""
        if self._deferred and not deferred:
            self.update()
        self._deferred = deferred

    def expose(self, part: Any) -> None:
        """Have painted what a part covers."""
        if not self._deferred:
            self.update(part.sceneBoundingRect())

    def remove(self, part: Any) -> None:
        self.expose(part)
        part.layer = None
        self.forget(part)

    def place(self, part: Any) -> None:
        """A part has come to where it is now."""
        self.take_place(part)
        self.expose(part)

    def carry(self, moves: Sequence[tuple[Any, float, float]]) -> None:
        """Move parts; when they are many, everything is painted."""
        if len(moves) <= _FEW:
            for part, x, y in moves:
                part.setPos(x, y)
            return
        for part, x, y in moves:
            part.x, part.y = x, y
            self.take_place(part)
        self.update()

    @abstractmethod
    def take_place(self, part: Any) -> None:
        """Note where a part is now."""

    @abstractmethod
    def refresh(self, part: Any) -> None:
        """A part looks different."""

    @abstractmethod
    def forget(self, part: Any) -> None:
        """A part is gone."""
