"""A graph of a run as the canvas draws it, with a mark on every box that is another one in the other run."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.comparing.graph_diff import Kind
from graph_editor.document.document import Document
from graph_editor.view.items.scene import GraphScene
from graph_editor.view.painting.style import Style
from graph_editor.view.painting.theme import CanvasTheme
from graph_editor.words.spoken import set_spoken_name
from resources.text import Text

SIGNS: Mapping[Kind, str] = {"added": "+", "removed": "−", "changed": "≠"}
TOKENS: Mapping[Kind, str] = {"added": "ok", "removed": "error", "changed": "warning"}
KIND_TEXTS: Mapping[Kind, Text] = {"added": Text("added"), "removed": Text("removed"), "changed": Text("changed")}
_MARGIN = 30.0
_LARGEST, _SMALLEST = 2.5, 0.02
_FITTED = 1.0  # a small graph is not blown up
_STEP = 1.2
_BADGE = 22.0


class DiffView(QGraphicsView):
    """Nothing in it can be changed: the wheel zooms, dragging moves, 0 shows all of it."""

    def __init__(self, look: ThemeSource, name: str, spoken: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        set_spoken_name(self, spoken)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setInteractive(False)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setMinimumSize(160, 140)
        self._graph: GraphScene | None = None
        self._kinds: Mapping[str, Kind] = {}
        self._focus: str | None = None
        self._fitted = True
        look.follow(self._on_theme)

    def show_graph(self, document: Document | None, catalog: Catalog, kinds: Mapping[str, Kind]) -> None:
        """`kinds` of the boxes by the ids of their calls. None shows nothing."""
        self._graph = None  # Python frees the scene that was there, and the view lets go of it
        self._kinds, self._focus = kinds, None
        if document is not None:
            scene = GraphScene(document, catalog, Style(CanvasTheme.from_tokens(self._theme.colors)), patient=True)
            scene.filled.connect(self.fit)
            self._graph = scene
            self.setScene(scene)
        self._fitted = True
        self.fit()
        self.viewport().update()

    def _on_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setBackgroundBrush(QColor(theme.color("background")))
        if self._graph is not None:
            self._graph.set_style(Style(CanvasTheme.from_tokens(theme.colors)))
        self.viewport().update()

    def show_box(self, call_id: str | None) -> None:
        """Bring a box to the middle and let it stand out; None lets go of it."""
        self._focus = call_id
        box = self._graph.boxes.get(call_id) if self._graph is not None and call_id is not None else None
        if box is not None:
            self._fitted = False
            if self.transform().m11() < 0.5:
                self.setTransform(self.transform().fromScale(0.8, 0.8))
            self.centerOn(box.rect().center())
        self.viewport().update()

    def fit(self) -> None:
        """Show all of the graph, until somebody zooms."""
        if self._graph is None or not self._fitted:
            return
        area = self._area()
        self.setSceneRect(area)
        factor = min(self.viewport().width() / area.width(), self.viewport().height() / area.height(), _FITTED)
        self.resetTransform()
        self.scale(factor, factor)
        self.centerOn(area.center())

    def _area(self) -> QRectF:
        assert self._graph is not None
        area = QRectF()
        for box in self._graph.shown_boxes():
            area |= box.painted_rect()
        return area.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN) if not area.isNull() else QRectF(0, 0, 200, 100)

    # marks

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:  # type: ignore[override]
        if self._graph is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for call_id, kind in self._kinds.items():
            box = self._graph.boxes.get(call_id)
            if box is not None and rect.intersects(box.painted_rect()):
                self._draw_mark(painter, box.rect(), kind, call_id == self._focus)

    def _draw_mark(self, painter: QPainter, area: QRectF, kind: Kind, focus: bool) -> None:
        color = QColor(self._theme.color(TOKENS[kind]))
        wash = QColor(color)
        wash.setAlphaF(0.24 if focus else 0.12)
        pen = QPen(color, 4.0 if focus else 2.5)
        pen.setStyle(Qt.PenStyle.DashLine if kind == "removed" else Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        painter.setBrush(wash)
        painter.drawRoundedRect(area.adjusted(-3, -3, 3, 3), 11, 11)
        badge = QRectF(area.right() - _BADGE / 2, area.top() - _BADGE / 2, _BADGE, _BADGE)
        painter.setPen(QPen(QColor(self._theme.color("background")), 2))
        painter.setBrush(color)
        painter.drawEllipse(badge)
        font = QFont(painter.font())
        font.setPixelSize(16)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(self._theme.color("background")))
        painter.drawText(badge, int(Qt.AlignmentFlag.AlignCenter), SIGNS[kind])

    # looking around

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._zoom(_STEP ** (event.angleDelta().y() / 120))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._zoom(_STEP)
        elif event.key() == Qt.Key.Key_Minus:
            self._zoom(1 / _STEP)
        elif event.key() in (Qt.Key.Key_0, Qt.Key.Key_Home):
            self._fitted = True
            self.fit()
        else:
            super().keyPressEvent(event)

    def _zoom(self, factor: float) -> None:
        now = self.transform().m11()
        factor = min(max(now * factor, _SMALLEST), _LARGEST) / now
        self._fitted = False
        self.scale(factor, factor)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def place_of(self, call_id: str) -> QPointF | None:
        """The middle of a box in the view."""
        box = self._graph.boxes.get(call_id) if self._graph is not None else None
        return QPointF(self.mapFromScene(box.rect().center())) if box is not None else None
