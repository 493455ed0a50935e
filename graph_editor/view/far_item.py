"""The whole graph seen from afar: painted in a few calls, without text, instead of item by item."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from graph_editor.document.graph import ArgumentPath
from graph_editor.view.box_item import BoxItem
from graph_editor.view.painting.style import Style
from graph_editor.view.wire_item import WireItem

_MANY = 2000  # more wires than this are painted without smoothing


class FarItem(QGraphicsItem):
    """Shows boxes as plain rectangles and wires as thin lines; ``invalidate`` when any of them has changed."""

    def __init__(
        self, boxes: Mapping[str, BoxItem], wires: Mapping[tuple[str, ArgumentPath], WireItem], style: Style
    ) -> None:
        super().__init__()
        self._boxes, self._wires, self._style = boxes, wires, style
        self._bounds = QRectF()
        self._lines: list[QLineF] | None = None
        self._rects: list[tuple[QColor, list[QRectF]]] | None = None
        self._marked: list[QRectF] = []
        self._idle: list[QRectF] = []  # boxes that are left out of the model
        self.setVisible(False)

    def invalidate(self, bounds: QRectF | None = None, colors_only: bool = False) -> None:
        """Collect everything anew before the next paint; ``bounds`` is what the graph takes up now."""
        if bounds is not None and bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds
        self._rects = None
        if not colors_only:
            self._lines = None
        if self.isVisible():
            self.update()

    def set_style(self, style: Style) -> None:
        self._style = style
        self.invalidate(colors_only=True)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self._lines is None:
            self._lines = [segment for wire in self._wires.values() for segment in self._shown(wire)]
        if self._rects is None:
            self._collect(self._boxes.values())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, len(self._wires) < _MANY)
        pen = QPen(self._style.wire.color(), 1.0)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawLines(self._lines)
        painter.setPen(Qt.PenStyle.NoPen)
        for color, rects in self._rects or ():
            painter.setBrush(color)
            painter.drawRects(rects)
        if self._idle:
            self._draw_outlines(painter, self._idle, self._style.border_idle.color(), 1.0, self._style.background)
        if self._marked:
            clear = QColor(Qt.GlobalColor.transparent)
            self._draw_outlines(painter, self._marked, self._style.border_selected.color(), 2.0, clear)

    @staticmethod
    def _shown(wire: WireItem) -> list[QLineF]:
        """Every other piece of a wire through which nothing runs: dashes that cost nothing."""
        return wire.segments()[::2] if wire.idle else wire.segments()

    @staticmethod
    def _draw_outlines(painter: QPainter, rects: list[QRectF], color: QColor, width: float, fill: QColor) -> None:
        pen = QPen(color, width)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(fill)
        painter.drawRects(rects)

    def _collect(self, boxes: Iterable[BoxItem]) -> None:
        """Group rectangles by colour: first the bodies, then the bars, so that there are few calls."""
        bodies: dict[str, list[QRectF]] = {}
        bars: dict[str, list[QRectF]] = {}
        self._marked, self._idle = [], []
        for box in boxes:
            rect = box.rect()
            if box.state.selected:
                self._marked.append(rect)
            if box.look.left_out is not None:
                self._idle.append(rect)  # an outline alone
                continue
            bodies.setdefault(self._kind(box), []).append(rect)
            bars.setdefault(box.look.category, []).append(QRectF(rect.x(), rect.y(), 14, rect.height()))
        theme = self._style.theme
        body_share = 0.5 if theme.dark else 0.35
        self._rects = [(theme.mixed("raised", kind, body_share), rects) for kind, rects in bodies.items()]
        self._rects += [(theme.category(category), rects) for category, rects in bars.items()]

    @staticmethod
    def _kind(box: BoxItem) -> str:
        if box.look.severity == "error":
            return "error"
        return "frozen" if box.look.frozen else "faint"
