"""How the rows of the palette look, and the picture that hangs on the pointer while a layer is dragged."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.look.fonts import ui_font
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.palette.model import ROW_ROLE, PaletteRow
from app.panels.widgets.section import draw_fold_arrow, heading_font
from graph_editor.catalog.specs import LayerSpec
from graph_editor.document.clips.blocks import Block
from graph_editor.view.floating.search_popup import paint_block_mark
from graph_editor.view.painting.marks import paint_mark
from resources.text import tr

_HEIGHTS = {"heading": 31, "layer": 28, "block": 28, "more": 25, "nothing": 60}
_MARGIN, _TEXT_LEFT, _SQUARE, _MARK_HEIGHT = 12, 28, 8, 14
_HINT_PADDING = 8
_WRAPPED = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)
_BOX = QSize(172, 50)
_START = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_END = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class PaletteDelegate(QStyledItemDelegate):
    def __init__(self, look: ThemeSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.show_current = True

    @property
    def theme(self) -> Theme:
        return self._look.theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        row: PaletteRow = index.data(ROW_ROLE)
        return QSize(120, self._hint_height(option, row) if row.kind == "hint" else _HEIGHTS[row.kind])

    def _hint_height(self, option: QStyleOptionViewItem, row: PaletteRow) -> int:
        """Room for the whole sentence at the width of the list."""
        view: QAbstractItemView = option.widget  # type: ignore[attr-defined]
        width = view.viewport().width() - 2 * (_MARGIN + _HINT_PADDING)
        needed = QFontMetrics(ui_font(12)).boundingRect(QRect(0, 0, width, 1000), _WRAPPED, row.text)
        return needed.height() + 2 * _HINT_PADDING + 4

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: PaletteRow = index.data(ROW_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRect(option.rect)  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        self._paint_background(painter, area, row, hovered, selected)
        if row.kind == "heading":
            self._paint_heading(painter, area, row, hovered or selected)
        elif row.kind in ("layer", "block"):
            self._paint_layer(painter, area, row, hovered)
        elif row.kind == "hint":
            self._paint_hint(painter, area, row)
        elif row.kind == "more":
            self._text(painter, area.adjusted(_TEXT_LEFT, 0, -_MARGIN, 0), row.text, "dim", 12)
        else:
            self._text(painter, area.adjusted(_MARGIN, 0, -_MARGIN, 0), row.text, "dim", 13, wrap=True)
        painter.restore()

    def _paint_background(self, painter: QPainter, area: QRect, row: PaletteRow, hovered: bool, selected: bool) -> None:
        if row.kind in ("nothing", "hint") or not (selected or (hovered and row.can_be_added)):
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.theme.color("accent.soft" if selected else "hover")))
        painter.drawRoundedRect(QRectF(area).adjusted(_MARGIN, 0, -_MARGIN, 0), 6, 6)

    def _paint_heading(self, painter: QPainter, area: QRect, row: PaletteRow, strong: bool) -> None:
        middle = area.center().y() + 2
        self._mark(painter, QRectF(_MARGIN, middle - _SQUARE / 2 + 0.5, _SQUARE, _SQUARE), row)
        painter.setFont(heading_font(ui_font()))
        color = QColor(self.theme.color("text" if strong else "dim"))
        painter.setPen(QPen(color))
        painter.drawText(area.adjusted(_TEXT_LEFT, 4, -30, 0), _START, row.text)
        if strong or not row.unfolded:
            draw_fold_arrow(painter, area.right() - _MARGIN - 9, middle, not row.unfolded, color)

    def _paint_layer(self, painter: QPainter, area: QRect, row: PaletteRow, hovered: bool) -> None:
        inner = area.adjusted(_TEXT_LEFT, 0, -_MARGIN - 8, 0)
        if row.ranked:
            self._mark(painter, QRectF(_MARGIN + 8, area.center().y() - 3, 7, 7), row)
            inner.adjust(4, 0, 0, 0)
        if hovered:
            hint = tr("drag")
            self._text(painter, inner, hint, "dim", 11, align=_END)
            inner.adjust(0, 0, -painter.fontMetrics().horizontalAdvance(hint) - 8, 0)
        self._text(painter, inner, row.text, "text", 13)

    def _paint_hint(self, painter: QPainter, area: QRect, row: PaletteRow) -> None:
        """A sentence on a soft ground: nothing that could be dragged."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.theme.color("accent.soft")))
        painter.drawRoundedRect(QRectF(area).adjusted(_MARGIN, 0, -_MARGIN, -4), 6, 6)
        inner = area.adjusted(_MARGIN + _HINT_PADDING, 0, -_MARGIN - _HINT_PADDING, -4)
        self._text(painter, inner, row.text, "text", 12, wrap=True)

    def _text(
        self,
        painter: QPainter,
        area: QRect,
        text: str,
        token: str,
        pixels: int,
        align: Qt.AlignmentFlag = _START,
        wrap: bool = False,
    ) -> None:
        painter.setFont(ui_font(pixels))
        painter.setPen(QPen(QColor(self.theme.color(token))))
        if wrap:
            painter.drawText(area, _WRAPPED, text)
            return
        elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, align, elided)

    def _mark(self, painter: QPainter, area: QRectF, row: PaletteRow) -> None:
        if row.category in ("blocks", "my_blocks"):
            paint_block_mark(painter, area, QColor(self.theme.color("accent")))
            return
        paint_mark(painter, row.category, QColor(self.theme.category(row.category)), area.center(), _MARK_HEIGHT)


def block_picture(block: Block, theme: Theme, ratio: float) -> QPixmap:
    """Return what hangs on the pointer while a block is dragged: its name; its size is shown by the canvas."""
    return _box(block.name, tr("Block"), theme.color("accent"), theme, ratio)


def box_picture(spec: LayerSpec, theme: Theme, ratio: float) -> QPixmap:
    """The box that the layer will be, for a screen with `ratio` physical pixels to one."""
    return _box(spec.shown_name, tr("new layer"), theme.category(spec.category), theme, ratio, spec.category)


def _box(name: str, below: str, color: str, theme: Theme, ratio: float, category: str = "core") -> QPixmap:
    pixmap = QPixmap(_BOX * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(0.94)
    area = QRectF(0.5, 0.5, _BOX.width() - 1, _BOX.height() - 1)
    painter.setPen(QPen(QColor(theme.color("accent")), 1))
    painter.setBrush(QColor(theme.color("raised")))
    painter.drawRoundedRect(area, 7, 7)
    paint_mark(painter, category, QColor(color), QPointF(10, 18))
    painter.setFont(ui_font(13, bold=True))
    painter.setPen(QColor(theme.color("text")))
    elided = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, _BOX.width() - 26)
    painter.drawText(QRectF(19, 6, _BOX.width() - 26, 22), _START, elided)
    painter.setFont(ui_font(11))
    painter.setPen(QColor(theme.color("dim")))
    painter.drawText(QRectF(19, 26, _BOX.width() - 26, 18), _START, below)
    painter.end()
    return pixmap
