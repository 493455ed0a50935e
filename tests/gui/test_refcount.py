"""PySide6 6.12 on Python 3.11 loses a reference of None in every virtual method of a QGraphicsItem, until the
process dies of it. This holds the installed version against that."""

from __future__ import annotations

import sys

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QStyleOptionGraphicsItem, QWidget
from pytestqt.qtbot import QtBot

MOVES = 10_000
NOISE = 500  # what other code in the process may take or give back meanwhile


class Box(QGraphicsItem):
    moved = 0

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, 10, 10)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.drawRect(self.boundingRect())

    def itemChange(self, change: QGraphicsItem.GraphicsItemChange, value: object) -> object:
        if change == QGraphicsItem.GraphicsItemChange.ItemPositionHasChanged:
            self.moved += 1
        return super().itemChange(change, value)


def test_moving_an_item_keeps_the_references_of_none(qtbot: QtBot) -> None:
    scene = QGraphicsScene()
    box = Box()
    box.setFlag(QGraphicsItem.GraphicsItemFlag.ItemSendsGeometryChanges)
    scene.addItem(box)
    before = sys.getrefcount(None)
    for step in range(MOVES):
        box.setPos(step % 97, step % 89)
    lost = before - sys.getrefcount(None)
    assert box.moved >= MOVES * 0.9
    assert lost < NOISE
