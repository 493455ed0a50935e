"""What floats above the canvas, and where: breadcrumbs, zoom bar, overview, reason at the cursor, hint when empty."""

from PySide6.QtCore import QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from graph_editor.view.floating.breadcrumbs import MARGINS, Breadcrumbs
from graph_editor.view.floating.inside_toggle import InsideToggle
from graph_editor.view.floating.minimap import Minimap
from graph_editor.view.floating.overlay_style import overlay_sheet
from graph_editor.view.floating.zoom_bar import ZoomBar
from graph_editor.view.items.scene import GraphScene
from graph_editor.view.painting.look import Look
from graph_editor.view.painting.theme import CanvasTheme
from graph_editor.words.plain_label import PlainLabel
from resources.text import tr

_EDGE = 14
_MINIMAP_FROM = 700, 320  # the smallest view that has room for the overview


class Overlays(QObject):
    """Children of the view, so that scrolling does not move them."""

    def __init__(self, scene: GraphScene, look: Look[CanvasTheme], parent: QAbstractScrollArea) -> None:
        super().__init__(parent)
        self._parent = parent
        self.breadcrumbs = Breadcrumbs(look, parent)
        self.hint = EmptyHint(look, parent)
        self.zoom_bar = ZoomBar(look, parent)
        self.inside_toggle = InsideToggle(look, self.zoom_bar)
        self.minimap = Minimap(scene, look, parent)
        self.waiting = PlainLabel(tr("Arranging the boxes…"), parent)
        self.waiting.setObjectName("canvasWaiting")
        self.waiting.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.waiting.adjustSize()
        self.waiting.hide()
        self.reason = PlainLabel(parent=parent)
        self.reason.setObjectName("canvasReason")
        self.reason.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.reason.setWordWrap(True)
        self.reason.hide()
        self.minimap.need_changed.connect(lambda: self._fit_minimap(parent.rect()))
        look.follow(self._on_theme)

    def _on_theme(self, theme: CanvasTheme) -> None:
        for label in (self.reason, self.waiting):
            label.setStyleSheet(overlay_sheet(theme))

    def place(self, area: QRect) -> None:
        """Lay everything out over ``area``, the visible part of the view."""
        self.breadcrumbs.move(area.left() + _EDGE - MARGINS[0], area.top() + 12 - MARGINS[1])
        self.breadcrumbs.setMaximumWidth(max(60, area.width() - 2 * _EDGE))
        bar = self.zoom_bar.sizeHint()
        self.zoom_bar.setGeometry(area.left() + _EDGE, area.bottom() - _EDGE - bar.height(), bar.width(), bar.height())
        small = self.minimap.size()
        self.minimap.move(area.right() - _EDGE - small.width(), area.bottom() - _EDGE - small.height())
        self.hint.setGeometry(area)
        self._fit_minimap(area)

    def show_hint(self, visible: bool, area: QRect) -> None:
        """The hint takes the place of the overview while there is nothing to see."""
        self.hint.setVisible(visible)
        self._fit_minimap(area)

    def show_waiting(self, visible: bool) -> None:
        """Say that boxes are still being placed."""
        self.waiting.adjustSize()
        self.waiting.move(self._parent.rect().center() - self.waiting.rect().center())
        self.waiting.setVisible(visible)

    def show_reason(self, text: str, at: QPoint) -> None:
        """Say ``text`` beside ``at``, within the view; nothing for an empty text."""
        if not text:
            self.reason.hide()
            return
        self.reason.setText(text)
        width = min(280, self.reason.fontMetrics().horizontalAdvance(text) + 24)
        self.reason.setFixedWidth(width)
        self.reason.setFixedHeight(self.reason.heightForWidth(width))
        room = self._parent.rect()
        x = min(at.x() + 16, room.right() - self.reason.width() - 4)
        y = min(at.y() + 18, room.bottom() - self.reason.height() - 4)
        self.reason.move(max(4, x), max(4, y))
        self.reason.show()
        self.reason.raise_()

    def _fit_minimap(self, area: QRect) -> None:
        wide = area.width() >= _MINIMAP_FROM[0] and area.height() >= _MINIMAP_FROM[1]
        hidden = self.minimap.needless or self.hint.isVisibleTo(self._parent)
        self.minimap.setVisible(wide and not hidden)


class EmptyHint(QWidget):
    """What to do next, in the middle of an empty canvas."""

    def __init__(self, look: Look[CanvasTheme], parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        look.changed.connect(self._on_theme)
        self.setObjectName("emptyHint")
        self.setAccessibleName(tr("Drag a layer here, or press Tab"))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _on_theme(self, _theme: CanvasTheme) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QRectF(self.rect()).center()
        frame = QRectF(middle.x() - 190, middle.y() - 70, 380, 140)
        painter.setPen(QPen(theme.mixed("line", "dim", 0.3), 1.4, Qt.PenStyle.DashLine))
        painter.setBrush(theme.color("panel", 0.7))
        painter.drawRoundedRect(frame, 12, 12)
        center = Qt.AlignmentFlag.AlignCenter
        painter.setFont(theme.font(16, bold=True))
        painter.setPen(theme.color("text"))
        painter.drawText(frame.adjusted(10, 16, -10, -86), center, tr("Drag a layer here, or press Tab"))
        painter.setFont(theme.font(12))
        painter.setPen(theme.color("dim"))
        wrap = center | Qt.TextFlag.TextWordWrap
        advice = tr("Start with an Input, add layers below it, and mark the last one as an output (O).")
        painter.drawText(frame.adjusted(28, 52, -28, -38), int(wrap), advice)
        painter.setPen(theme.color("accent.text"))
        painter.drawText(frame.adjusted(10, 104, -10, -12), center, tr("Ctrl+N: start from a template"))
