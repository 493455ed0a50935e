"""Frames on the canvas: behind the boxes that belong to them, with the title in a bar above."""

from collections.abc import Iterable, Mapping
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QStyleOptionGraphicsItem, QWidget

from graph_editor.document.canvas.frames import BoxFrame, frames_of
from graph_editor.document.document import Document
from graph_editor.layout.frame_room import FRAME_ABOVE, FRAME_BELOW, FRAME_SIDE
from graph_editor.view.items.box_item import BoxItem
from graph_editor.view.painting.metrics import TEXT_ZOOM
from graph_editor.view.painting.style import Face, Style, arrow
from graph_editor.view.painting.theme import CanvasTheme

BAR: Final = 26.0  # the height of the title's bar
_LEAST_BAR, _REACH = 18.0, 5.0  # pixels: of the title's bar, and on either side of the border
_FAR_PIXELS, _LARGEST = 10.0, 40.0  # letters of titles from afar: as many pixels, but no more scene units


def frame_colors(theme: CanvasTheme, color: str) -> tuple[QColor, QColor]:
    """Return what the bar of a frame adds to its ground, and the edge."""
    return theme.frame(color, 0.13), theme.frame(color, 0.55)


class FrameItem(QGraphicsItem):
    def __init__(self, frame: BoxFrame, style: Style) -> None:
        super().__init__()
        self.frame = frame
        self._style = style
        self._rect = QRectF()
        self.setZValue(-5.0)

    def show_frame(self, frame: BoxFrame, rect: QRectF) -> None:
        if rect != self._rect:
            self.prepareGeometryChange()
            self._rect = rect
        if frame != self.frame:
            self.frame = frame
        self.update()

    def set_style(self, style: Style) -> None:
        self._style = style
        self.update()

    def bar(self) -> QRectF:
        """Return where the title is, by which the frame is taken hold of."""
        return QRectF(self._rect.left(), self._rect.top(), self._rect.width(), BAR)

    def is_held(self, at: QPointF, zoom: float) -> bool:
        """Whether a press there takes hold of it: by the title, which from afar reaches above it, or by the border."""
        bar, reach = self.bar(), _REACH / zoom
        bar.setTop(min(bar.top(), bar.bottom() - _LEAST_BAR / zoom))
        inner = min(reach, FRAME_SIDE * 0.7)
        outside = self._rect.adjusted(-reach, -reach, reach, reach).contains(at)
        return bar.contains(at) or (outside and not self._rect.adjusted(inner, inner, -inner, -inner).contains(at))

    def toggle(self) -> QRectF:
        """Return where a click collapses it."""
        return QRectF(self._rect.left() + 4, self._rect.top(), 22, BAR)

    def rect(self) -> QRectF:
        return QRectF(self._rect)

    def boundingRect(self) -> QRectF:
        return self._rect.adjusted(-2, -2 - _LARGEST, 2, 2)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        theme = self._style.theme
        bar, edge = frame_colors(theme, self.frame.color)
        painter.setPen(QPen(edge, 1.2))
        painter.setBrush(theme.frame(self.frame.color, 0.07))
        painter.drawRoundedRect(self._rect, 12, 12)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(bar)
        painter.drawRoundedRect(self.bar(), 12, 12)
        painter.setBrush(theme.color("dim"))
        painter.drawPolygon(arrow(self.toggle().center(), down=True))
        scale = painter.worldTransform().m11() if widget is not None else 1.0
        letters = 13 if scale >= TEXT_ZOOM else round(min(max(13.0, _FAR_PIXELS / scale), _LARGEST))
        face = Face(theme.font(letters, bold=True), theme.color("text"))
        painter.setFont(face.font)
        painter.setPen(face.pen)
        words = self.bar().adjusted(28, min(0.0, BAR - face.height), -12, 0)  # from afar it needs more than its bar
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(words, align, face.elided(self.frame.title, words.width()))


class FrameItems:
    """The frames of the graph that ``scene`` shows, as large as ``boxes`` need."""

    def __init__(self, scene: QGraphicsScene, document: Document, boxes: Mapping[str, BoxItem], style: Style) -> None:
        self._scene, self._document, self._boxes, self._style = scene, document, boxes, style
        self.items: dict[str, FrameItem] = {}
        self._frame_of: dict[str, str] = {}

    def refresh(self) -> None:
        """Show the frames of the document whose boxes are here."""
        frames = {frame.id: frame for frame in frames_of(self._document) if not frame.collapsed}
        present = {key: frame for key, frame in frames.items() if any(box in self._boxes for box in frame.boxes)}
        for key in [key for key in self.items if key not in present]:
            self._scene.removeItem(self.items.pop(key))
        self._frame_of = {box: key for key, frame in present.items() for box in frame.boxes}
        for key, frame in present.items():
            if key not in self.items:
                self.items[key] = FrameItem(frame, self._style)
                self._scene.addItem(self.items[key])
            self.items[key].show_frame(frame, self.around(frame.boxes))

    def follow(self, call_ids: Iterable[str]) -> None:
        """Boxes have moved."""
        if self._frame_of:
            for key in {self._frame_of[call_id] for call_id in call_ids if call_id in self._frame_of}:
                item = self.items[key]
                item.show_frame(item.frame, self.around(item.frame.boxes))

    def set_style(self, style: Style) -> None:
        self._style = style
        for item in self.items.values():
            item.set_style(style)

    def handle_at(self, at: QPointF, zoom: float) -> FrameItem | None:
        """The frame whose title or border is at a place."""
        return next((item for item in reversed(self.items.values()) if item.is_held(at, zoom)), None)

    def body_at(self, at: QPointF) -> FrameItem | None:
        """The smallest frame around a place."""
        around = [item for item in self.items.values() if item.rect().contains(at)]
        return min(around, key=lambda item: item.rect().width() * item.rect().height(), default=None)

    def rect(self) -> QRectF:
        area = QRectF()
        for item in self.items.values():
            area |= item.rect().adjusted(-2, -2, 2, 2)
        return area

    def around(self, call_ids: Iterable[str]) -> QRectF:
        """Return how large the frame of boxes is."""
        area = QRectF()
        for call_id in call_ids:
            if call_id in self._boxes:
                area |= self._boxes[call_id].rect()
        return area.adjusted(-FRAME_SIDE, -FRAME_ABOVE, FRAME_SIDE, FRAME_BELOW)
