"""An overview of the whole graph with the visible part outlined; a press or a drag on it moves the view.

It is not there while all shows anyway, and hardly there while it would cover what is being worked on.
"""

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from graph_editor.view.items.note_items import card_colors
from graph_editor.view.items.scene import GraphScene
from graph_editor.view.painting.content import BoxLook
from graph_editor.view.painting.look import Look
from graph_editor.view.painting.theme import CanvasTheme
from graph_editor.words.tooltips import set_tooltip
from resources.text import tr

_SIZE = QSize(150, 104)
_PADDING = 8.0
_FADED = 0.18


class Minimap(QWidget):
    place_chosen = Signal(QPointF)  # the middle of the view, in scene units
    need_changed = Signal()

    def __init__(self, scene: GraphScene, look: Look[CanvasTheme], parent: QAbstractScrollArea) -> None:
        super().__init__(parent)
        self._scene, self._look, self._view = scene, look, parent
        look.changed.connect(self._on_theme)
        self._visible = QRectF()
        self._picture: QPixmap | None = None
        self._whole: QPixmap | None = None  # the picture with what is marked in it
        self._selection: list[QRectF] | None = None  # the selected boxes as they lie in the picture
        self._plan: tuple[float, QPointF] | None = None  # of the picture
        self.setFixedSize(_SIZE)
        self.setObjectName("minimap")
        self.setAccessibleName(tr("Overview"))
        set_tooltip(self, tr("Overview: drag to move the view"))
        self.needless = False  # all of the graph shows
        self.faded = False  # the selection, or what is being dragged, lies below
        parent.viewport().installEventFilter(self)
        scene.content_changed.connect(self.refresh)
        scene.selection_changed.connect(self._on_selection_changed)
        scene.notes_selected.connect(self.refresh)

    def _on_theme(self, _theme: CanvasTheme) -> None:
        self.refresh()

    def show_visible(self, area: QRectF) -> None:
        """Outline ``area`` (scene units): what the view shows now."""
        if area != self._visible:
            self._visible, self._whole = area, None
            self._look_below()
            self.update()

    def refresh(self) -> None:
        self._picture = self._whole = self._plan = self._selection = None
        self._look_below()
        self.update()

    def _on_selection_changed(self) -> None:
        self._selection = self._whole = None
        self._look_below()
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Make way for what is being dragged with the mouse."""
        if isinstance(event, QMouseEvent):
            if event.type() == QEvent.Type.MouseMove and event.buttons():
                self._fade(self.geometry().contains(event.position().toPoint()))
            elif self.faded:
                self._look_below()
        return super().eventFilter(watched, event)

    def _look_below(self) -> None:
        content = self._scene.content_rect()
        needless = content.isEmpty() or self._visible.contains(content)
        if needless != self.needless:
            self.needless = needless
            self.need_changed.emit()
        self._fade(self._covers_selection())

    def _fade(self, faded: bool) -> None:
        """While it is faded the mouse reaches what lies below."""
        if faded != self.faded:
            self.faded = faded
            self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, faded)
            self.update()

    def _covers_selection(self) -> bool:
        below, scene = self._area_below(), self._scene
        inside = scene.index.within((below.left(), below.top(), below.right(), below.bottom()))
        return any(scene.shown(key).state.selected for key in inside) or any(
            scene.notes.items[key].rect().intersects(below) for key in scene.notes.selected
        )

    def _area_below(self) -> QRectF:
        """Return what of the scene it covers."""
        room = self._view.viewport().size()
        if self._visible.isEmpty() or room.isEmpty():
            return QRectF()
        across, down = self._visible.width() / room.width(), self._visible.height() / room.height()
        corner = self._visible.topLeft() + QPointF(self.x() * across, self.y() * down)
        return QRectF(corner, QSizeF(self.width() * across, self.height() * down))

    def _planned(self) -> tuple[float, QPointF]:
        """Pixels for a scene unit, and where the scene's origin comes to lie: as the picture has it."""
        if self._plan is None:
            self._plan = self._make_plan()
        return self._plan

    def _make_plan(self) -> tuple[float, QPointF]:
        content = self._scene.content_rect()
        room = QRectF(self.rect()).adjusted(_PADDING, _PADDING, -_PADDING, -_PADDING)
        if content.isEmpty():
            return 0.1, room.center()
        scale = min(room.width() / content.width(), room.height() / content.height(), 0.16)
        return scale, room.center() - content.center() * scale

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ratio = painter.deviceTransform().m11()
        if self._picture is None or self._picture.devicePixelRatio() != ratio:  # the window is on another screen
            self._picture, self._whole = self._paint_picture(ratio), None
        if self._whole is None:  # the canvas below moves more often than what this shows
            self._whole = QPixmap(self._picture)
            marker = QPainter(self._whole)
            self._paint_marks(marker)
            marker.end()
        painter.setOpacity(_FADED if self.faded else 1.0)
        painter.drawPixmap(0, 0, self._whole)

    def _paint_marks(self, painter: QPainter) -> None:
        """Mark what is selected, and what the view shows."""
        scale, origin = self._planned()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.theme.color("accent"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawRects(self._selected())
        area = QRectF(self._visible.topLeft() * scale + origin, self._visible.size() * scale)
        area &= QRectF(self.rect()).adjusted(3, 3, -3, -3)
        painter.setPen(QPen(self._look.theme.color("accent", 0.7), 1.3))
        painter.setBrush(self._look.theme.color("accent", 0.07))
        painter.drawRoundedRect(area, 3, 3)

    def _paint_picture(self, ratio: float) -> QPixmap:
        theme = self._look.theme
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("line"), 1.0))
        painter.setBrush(theme.color("panel", 0.94))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        scale, origin = self._planned()
        painter.setPen(Qt.PenStyle.NoPen)
        for note in self._scene.notes.items.values():
            fill, edge = card_colors(theme, note.note.color)
            rect = note.rect()
            painter.setBrush(edge if note.selected else fill)
            painter.drawRect(QRectF(rect.topLeft() * scale + origin, rect.size() * scale))
        rects: dict[str, list[QRectF]] = {}
        for box in self._scene.shown_boxes():
            rects.setdefault(_kind(box.look), []).append(self._small(box.call_id, scale, origin))
        for token in ("minimap", "frozen", "error"):
            painter.setBrush(theme.color(token))
            painter.drawRects(rects.get(token, []))
        painter.setPen(QPen(theme.color("minimap"), 1.0))  # what is left out of the model is an outline
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRects(rects.get("idle", []))
        painter.end()
        return picture

    def _selected(self) -> list[QRectF]:
        if self._selection is None:
            scale, origin = self._planned()
            keys = self._scene.collapsed_frames.units(self._scene.selection)
            self._selection = [self._small(key, scale, origin) for key in keys]
        return self._selection

    def _small(self, call_id: str, scale: float, origin: QPointF) -> QRectF:
        left, top, right, bottom = self._scene.index.bounds(call_id)
        x, y = left * scale + origin.x(), top * scale + origin.y()
        return QRectF(x, y, (right - left) * scale, max((bottom - top) * scale, 1.5))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()  # the press was ours

    def _choose(self, event: QMouseEvent) -> None:
        scale, origin = self._planned()
        away = event.position() - origin
        self.place_chosen.emit(QPointF(away.x() / scale, away.y() / scale))


def _kind(look: BoxLook) -> str:
    if look.left_out is not None:
        return "idle"
    return "error" if look.severity == "error" else "frozen" if look.frozen else "minimap"
