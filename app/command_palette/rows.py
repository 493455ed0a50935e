"""The lines of the command palette: what was found, and how a line looks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetrics, QIcon, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.command_palette.providers.entry import Entry, Kind
from app.look.fonts import mono_font, ui_font
from app.look.icons import icon
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from graph_editor.view.floating.search_popup import paint_block_mark
from graph_editor.view.painting.marks import paint_mark
from resources.text import tr

ROW_HEIGHT = 32
ENTRY_ROLE = int(Qt.ItemDataRole.UserRole)
_MARGIN, _TEXT_LEFT, _GAP = 12, 38, 14
_ICONS: dict[Kind, str] = {"action": "chevron-right", "setting": "settings", "template": "new", "recent": "folder"}
_ROOT = QModelIndex()
Index = QModelIndex | QPersistentModelIndex
_START = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_END = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class EntryModel(QAbstractListModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[Entry] = []

    def show_entries(self, entries: Sequence[Entry]) -> None:
        self.beginResetModel()
        self._entries = list(entries)
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if role == ENTRY_ROLE:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(text for text in (entry.title, entry.hint, entry.keys, _state(entry)) if text)
        return None


def _state(entry: Entry) -> str:
    if not entry.enabled:
        return tr("not possible now")
    return tr("chosen") if entry.checked else ""


class EntryDelegate(QStyledItemDelegate):
    """A sign of its kind, the title, where it belongs, and its keys at the right."""

    def __init__(self, look: ThemeSource, parent: QObject) -> None:
        super().__init__(parent)
        look.follow(self._on_theme)

    def _on_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._icons: dict[Kind, QIcon] = {kind: icon(name, theme.color("dim"), 14) for kind, name in _ICONS.items()}
        self._check = icon("check", theme.color("accent.text"), 14)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(ENTRY_ROLE)
        area: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            token = "accent.soft" if state & QStyle.StateFlag.State_Selected else "hover"
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.color(token)))
            painter.drawRoundedRect(QRectF(area).adjusted(4, 1, -4, -1), 6, 6)
        self._paint_sign(painter, area, entry)
        right = self._paint_keys(painter, area, entry)
        self._paint_words(
            painter, QRect(area.left() + _TEXT_LEFT, area.top(), right - area.left() - _TEXT_LEFT, area.height()), entry
        )
        painter.restore()

    def _paint_sign(self, painter: QPainter, area: QRect, entry: Entry) -> None:
        """Boxes as boxes with their colour at the left, layers as the mark of the palette, others as icons."""
        theme, middle = self._theme, QRectF(area).center().y()
        if entry.kind == "box":
            painter.setPen(QColor(theme.color("faint")))
            painter.setBrush(QColor(theme.color("raised")))
            painter.drawRoundedRect(QRectF(area.left() + 13, middle - 5.5, 16, 11), 3, 3)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.category(entry.category)))
            painter.drawRoundedRect(QRectF(area.left() + 15, middle - 3.5, 3, 7), 1.5, 1.5)
        elif entry.kind == "layer":
            color = QColor(theme.category(entry.category))
            paint_mark(painter, entry.category, color, QPointF(area.left() + 21, middle), 14)
        elif entry.kind == "block":
            paint_block_mark(painter, QRectF(area.left() + 16, middle - 5, 10, 10), QColor(theme.color("accent")))
        else:
            sign = self._check if entry.checked else self._icons[entry.kind]
            sign.paint(painter, QRect(area.left() + 14, round(middle) - 7, 14, 14))

    def _paint_keys(self, painter: QPainter, area: QRect, entry: Entry) -> int:
        """The key cap; comes back with where the words must end."""
        right = area.right() - _MARGIN
        if not entry.keys:
            return right
        font = mono_font(11)
        width = QFontMetrics(font).horizontalAdvance(entry.keys) + 12
        cap = QRectF(right - width, area.center().y() - 9, width, 19)
        painter.setPen(QColor(self._theme.color("line")))
        painter.setBrush(QColor(self._theme.color("raised")))
        painter.drawRoundedRect(cap, 4, 4)
        painter.setFont(font)
        painter.setPen(QColor(self._theme.color("dim")))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, entry.keys)
        return right - width - _GAP

    def _paint_words(self, painter: QPainter, area: QRect, entry: Entry) -> None:
        title_font, hint_font = ui_font(13), ui_font(12)
        title_width = QFontMetrics(title_font).horizontalAdvance(entry.title)
        painter.setFont(title_font)
        painter.setPen(QColor(self._theme.color("text" if entry.enabled else "faint")))
        elided = QFontMetrics(title_font).elidedText(entry.title, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, int(_START), elided)
        room = area.width() - title_width - _GAP
        hint = tr("not possible now") if not entry.enabled else entry.hint
        if room > 40 and hint:
            painter.setFont(hint_font)
            painter.setPen(QColor(self._theme.color("dim")))
            elided = QFontMetrics(hint_font).elidedText(hint, Qt.TextElideMode.ElideMiddle, room)
            painter.drawText(area, int(_END), elided)
