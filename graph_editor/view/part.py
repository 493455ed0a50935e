"""Boxes and wires: what a ``Layer`` paints together, instead of each as an item of Qt's own.

A ``Part`` speaks as a QGraphicsItem does, but only a layer is one: ten thousand parts cost Qt one item, and are painted
in batches.
"""

from abc import abstractmethod
from typing import Any, Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem

WORLD: Final = QRectF(-5e6, -5e6, 1e7, 1e7)  # more than what a document may place (``FARTHEST``)


class Part:
    """Something in the scene that its layer paints; it says when it looks different or lies elsewhere."""

    def __init__(self) -> None:
        self.layer: Layer | None = None
        self._at = QPointF()
        self._shown = True

    def pos(self) -> QPointF:
        return QPointF(self._at)

    def setPos(self, x: float, y: float) -> None:
        if (x, y) != (self._at.x(), self._at.y()):
            self.prepareGeometryChange()
            self._at = QPointF(x, y)
            self.geometryChanged()

    def isVisible(self) -> bool:
        return self._shown

    def setVisible(self, visible: bool) -> None:
        if visible != self._shown:
            self._shown = visible
            self.update()

    def sceneBoundingRect(self) -> QRectF:
        return self.boundingRect().translated(self._at)

    def update(self) -> None:
        """It looks different."""
        if self.layer is not None:
            self.layer.refresh(self)

    def prepareGeometryChange(self) -> None:
        """It is about to leave the place that ``boundingRect`` says."""
        if self.layer is not None:
            self.layer.update(self.sceneBoundingRect())

    def geometryChanged(self) -> None:
        """It has come to the place that ``boundingRect`` says."""
        if self.layer is not None:
            self.layer.place(self)

    @abstractmethod
    def boundingRect(self) -> QRectF:
        """What it may paint on, as seen from ``pos``."""

    @abstractmethod
    def paint_part(self, painter: QPainter) -> None:
        """Paint as it is, in every detail, as seen from ``pos``."""


class Layer(QGraphicsItem):
    """Paints all its parts, of which it knows where they are."""

    def __init__(self, level: float) -> None:
        super().__init__()
        self.setZValue(level)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)  # what is exposed, exactly

    def boundingRect(self) -> QRectF:
        return WORLD

    def add(self, part: Any) -> None:
        part.layer = self
        self.place(part)

    def remove(self, part: Any) -> None:
        self.update(part.sceneBoundingRect())
        part.layer = None
        self.forget(part)

    @abstractmethod
    def place(self, part: Any) -> None:
        """A part has come to where it is now."""

    @abstractmethod
    def refresh(self, part: Any) -> None:
        """A part looks different."""

    @abstractmethod
    def forget(self, part: Any) -> None:
        """A part is gone."""
