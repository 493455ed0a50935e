"""How a problem looks in the list: an icon, the box's name, the sentence, a link that mends it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QIcon, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.look.fonts import ui_font
from app.look.icons import icon
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.problems.model import BOX_ROLE, HEADING, MEND_ROLE, SEVERITY_ROLE

_HEIGHT, _ICON, _LEFT, _GAP, _NAME_MOST = 28, 14, 12, 8, 160
_LINK_SHARE = 0.4  # of the row, at most
_START = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class ProblemDelegate(QStyledItemDelegate):
    def __init__(self, look: ThemeSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._icons: dict[str, QIcon] = {}
        look.follow(self._on_theme)

    def _on_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._icons = {
            "error": icon("error", theme.color("error.text"), _ICON),
            "warning": icon("warning", theme.color("warning.text"), _ICON),
            "note": icon("info", theme.color("dim"), _ICON),
        }

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, _HEIGHT)

    def link_area(self, row: QRect, index: QModelIndex | QPersistentModelIndex) -> QRect:
        """Where a click mends the row's problem; empty where nothing is proposed."""
        text = self._link_text(row, index)
        if not text:
            return QRect()
        width = QFontMetrics(ui_font(13)).horizontalAdvance(text)
        return QRect(row.right() - _LEFT - width, row.top(), width, row.height())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        area = QRect(option.rect)  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        if index.data(SEVERITY_ROLE) == HEADING:
            painter.setFont(ui_font(12, bold=True))
            painter.setPen(QPen(QColor(self._theme.color("dim"))))
            painter.drawText(area.adjusted(_LEFT, 0, -_LEFT, 0), _START, index.data())
        else:
            self._paint_problem(painter, area, state, index)
        painter.restore()

    def _paint_problem(
        self, painter: QPainter, area: QRect, state: QStyle.StateFlag, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        self._paint_background(painter, area, state)
        mark = QRect(area.left() + _LEFT, area.center().y() - _ICON // 2, _ICON, _ICON)
        self._icons.get(index.data(SEVERITY_ROLE), self._icons["note"]).paint(painter, mark)
        left, right = mark.right() + _GAP, area.right() - _LEFT
        link = self.link_area(area, index)
        if not link.isEmpty():
            painter.setFont(ui_font(13))
            painter.setPen(QPen(QColor(self._theme.color("accent.text"))))
            painter.drawText(link, _START, self._link_text(area, index))
            right = link.left() - 2 * _GAP
        box = index.data(BOX_ROLE)
        if box:
            painter.setFont(ui_font(13, bold=True))
            painter.setPen(QPen(QColor(self._theme.color("text"))))
            name = painter.fontMetrics().elidedText(box, Qt.TextElideMode.ElideMiddle, _NAME_MOST)
            painter.drawText(QRect(left, area.top(), right - left, area.height()), _START, name)
            left += painter.fontMetrics().horizontalAdvance(name) + _GAP
        painter.setFont(ui_font(13))
        painter.setPen(QPen(QColor(self._theme.color("text" if not box else "dim"))))
        room = QRect(left, area.top(), max(right - left, 0), area.height())
        sentence = painter.fontMetrics().elidedText(
            index.data(Qt.ItemDataRole.DisplayRole), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, _START, sentence)

    def _link_text(self, row: QRect, index: QModelIndex | QPersistentModelIndex) -> str:
        most = int((row.width() - 2 * _LEFT) * _LINK_SHARE)
        text = index.data(MEND_ROLE) or ""
        return QFontMetrics(ui_font(13)).elidedText(text, Qt.TextElideMode.ElideRight, most)

    def _paint_background(self, painter: QPainter, area: QRect, state: QStyle.StateFlag) -> None:
        token = ""
        if state & QStyle.StateFlag.State_Selected:
            token = "accent.soft"
        elif state & QStyle.StateFlag.State_MouseOver:
            token = "hover"
        if token:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.color(token)))
            painter.drawRoundedRect(area.adjusted(4, 0, -4, 0), 6, 6)
