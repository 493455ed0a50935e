"""Enlarges what the box under the mouse shows of its inside, and opens it at a click."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from graph_editor.view.floating.inside_boxes import InsideBoxes
from graph_editor.view.floating.navigation import NavigableView
from graph_editor.view.items.hits import box_at
from graph_editor.view.items.scene import GraphScene
from graph_editor.view.painting.box_painter import INSIDE
from graph_editor.view.painting.inside_painter import Ink, paint_view
from graph_editor.view.painting.inside_values import HeatMap, InsideLook, InsideView, MapTiles, ValueBars, WordList
from graph_editor.view.painting.metrics import TEXT_ZOOM
from graph_editor.words.spoken import set_spoken_name
from resources.plain import shown_name
from resources.text import tr

_REST_MS: Final = 180  # of the mouse on a box
_CLICK: Final = 4  # pixels
_WIDTH, _EDGE, _LINE, _TITLE = 292, 12, 17, 20
_TILE: Final = 61.0  # four of them in a row


class InsideLens(QWidget):
    """Beside the box that the mouse rests on. `opened` carries the id of a call whose inside was clicked."""

    opened = Signal(str)

    def __init__(self, view: NavigableView, scene: GraphScene, boxes: InsideBoxes) -> None:
        super().__init__(view)
        self.setObjectName("insideLens")
        self.setAccessibleName(tr("What comes out of the box, enlarged"))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._view, self._scene, self._boxes = view, scene, boxes
        self._call = ""
        self._at: QPoint | None = None  # where the mouse was last, without a button
        self._look: InsideLook | None = None
        self._pressed: tuple[str, QPoint] | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._show)
        view.viewport().installEventFilter(self)
        boxes.looks_changed.connect(self._on_looks)
        self.hide()

    @property
    def call(self) -> str:
        """The box whose inside is enlarged, if one is."""
        return self._call if self.isVisible() else ""

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if not self._boxes.on:
            self._leave()
            return False
        if kind == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            return self.isVisible() or self._shown_at(event.pos()) != ""
        if isinstance(event, QMouseEvent):
            self._follow(event)
        elif kind in (QEvent.Type.Leave, QEvent.Type.Wheel) or isinstance(event, QKeyEvent):
            self._leave()
        return False

    def _follow(self, event: QMouseEvent) -> None:
        at, kind = event.position().toPoint(), event.type()
        if kind == QEvent.Type.MouseMove:
            self._rest_on("" if event.buttons() else self._shown_at(at))
            self._at = None if event.buttons() else at
        elif kind == QEvent.Type.MouseButtonPress:
            left = event.button() == Qt.MouseButton.LeftButton and not event.modifiers()
            call = self._strip_at(at) if left else ""
            self._pressed = (call, at) if call else None
            self._leave()
        elif kind == QEvent.Type.MouseButtonRelease and self._pressed is not None:
            (call, pressed), self._pressed = self._pressed, None
            if (at - pressed).manhattanLength() < _CLICK and event.button() == Qt.MouseButton.LeftButton:
                QTimer.singleShot(0, self, lambda: self.opened.emit(call))  # the click selects the box first

    def _rest_on(self, call: str) -> None:
        if call != self._call:
            self._leave()
            self._call = call
            if call:
                self._rest.start()

    def _on_looks(self) -> None:
        """The mouse may have come to rest on a box before its answer came."""
        if self._at is not None and not self._call:
            self._rest_on(self._shown_at(self._at))

    def _box_at(self, at: QPoint) -> tuple[str, QPointF] | None:
        if self._view.zoom < TEXT_ZOOM:
            return None
        place = self._view.at_pixel(QPointF(at))
        box = box_at(self._scene, place)
        return (box.call_id, place - box.pos()) if box is not None else None

    def _shown_at(self, at: QPoint) -> str:
        """The box there, if something is known of its inside."""
        found = self._box_at(at)
        look = self._boxes.look_of(found[0]) if found else None
        return found[0] if found and look is not None and look.view is not None else ""

    def _strip_at(self, at: QPoint) -> str:
        """The box whose inside is painted there."""
        found, shown = self._box_at(at), self._shown_at(at)
        return shown if shown and found and INSIDE.adjusted(-6, -2, 6, 3).contains(found[1]) else ""

    def _leave(self) -> None:
        self._rest.stop()
        self._call, self._at = "", None
        if self.isVisible():
            self.hide()

    def _show(self) -> None:
        self._look = self._boxes.look_of(self._call)
        box = self._scene.boxes.get(self._call)
        if self._look is None or self._look.view is None or box is None:
            return
        self.resize(
            QSize(_WIDTH, round(_TITLE + 2 * _EDGE + _room(self._look.view) + _LINE * len(self._look.lines) + 4))
        )
        area = self._view.mapFromScene(box.rect()).boundingRect()
        self.move(_beside(area, self.size(), self._view.viewport().rect()))
        name = box.look.name
        set_spoken_name(self, " ".join((name, *self._look.lines)))
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        box = self._scene.boxes.get(self._call)
        if self._look is None or self._look.view is None or box is None:
            return
        theme = self._scene.style_sheet.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.mixed("line", "dim", 0.4), 1))
        painter.setBrush(theme.color("panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        left, width = float(_EDGE), float(self.width() - 2 * _EDGE)
        painter.setFont(theme.font(13, bold=True))
        painter.setPen(theme.color("text"))
        title = QRectF(left, 8, width, _TITLE)
        metrics = QFontMetricsF(painter.font())
        name = metrics.elidedText(shown_name(box.look.name), Qt.TextElideMode.ElideRight, width)
        painter.drawText(title, Qt.AlignmentFlag.AlignVCenter, name)
        room = _room(self._look.view)
        area = QRectF(left, title.bottom() + 5, width, room)
        paint_view(painter, area, self._look.view, Ink.of(theme, 11), _TILE)
        painter.setFont(theme.font(11, mono=True))
        painter.setPen(theme.color("dim"))
        top = area.bottom() + 6
        for text in self._look.lines:
            shown = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRectF(left, top, width, _LINE), Qt.AlignmentFlag.AlignVCenter, shown)
            top += _LINE


def _room(view: InsideView) -> float:
    """How high a view is enlarged."""
    match view:
        case MapTiles(maps=maps):
            gap = max(2.0, _TILE * 0.06)
            first = maps[0] if maps else None
            wide = _TILE * first.width / max(first.height, 1) if first else _TILE
            across = max(1, int((_WIDTH - 2 * _EDGE + gap) // (min(wide, _WIDTH - 2 * _EDGE) + gap)))
            return min(3, -(-len(maps) // across)) * (_TILE + gap)
        case HeatMap():
            return 180.0
        case ValueBars():
            return 96.0
        case WordList():
            return 80.0
        case _:
            return 110.0


def _beside(box: QRect, size: QSize, room: QRect) -> QPoint:
    """At the right of a box, else at its left, within the view and not over the box where there is another place."""
    right, left = box.right() + 10, box.left() - 10 - size.width()
    x = right if right + size.width() <= room.right() - 4 else left
    if x < 4:
        x = max(4, min(box.left(), room.right() - size.width() - 4))
        below = box.bottom() + 8
        y = below if below + size.height() <= room.bottom() - 4 else box.top() - 8 - size.height()
    else:
        y = box.top()
    return QPoint(x, max(4, min(y, room.bottom() - size.height() - 4)))
