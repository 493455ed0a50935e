"""A frame over the window while a file hangs over it, which says what dropping it does."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.look.fonts import ui_font
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from resources.plain import shown_name
from resources.text import tr

_INSET, _ROUND = 10, 12
_BESIDE, _ABOVE = 28, 16  # room around the words
_VEIL = 0.85  # what lies below is there, and is not read


class DropFrame(QWidget):
    """Takes no mouse: what lies below it gets the drop."""

    def __init__(self, window: QWidget, look: ThemeSource) -> None:
        super().__init__(window)
        self.setObjectName("drop_frame")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._text = ""
        self.hide()
        look.follow(self._on_theme)

    def _on_theme(self, theme: Theme) -> None:
        self._theme = theme

    def show_over(self, path: Path, as_project: bool) -> None:
        name = shown_name(path.name)
        self._text = tr("Open {file}", file=name) if as_project else tr("Use {file} as data", file=name)
        window = self.parentWidget()
        if window is not None:
            self.setGeometry(window.rect())
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(self._theme.color("background"))
        veil.setAlphaF(_VEIL)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(QColor(self._theme.color("accent")), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(_INSET, _INSET, -_INSET, -_INSET), _ROUND, _ROUND)
        painter.setFont(ui_font(17, bold=True))
        room = painter.fontMetrics().boundingRect(self.rect(), Qt.AlignmentFlag.AlignCenter, self._text)
        painter.setPen(QColor(self._theme.color("accent")))
        painter.setBrush(QColor(self._theme.color("background")))  # words of the window lie below
        painter.drawRoundedRect(QRectF(room).adjusted(-_BESIDE, -_ABOVE, _BESIDE, _ABOVE), _ROUND, _ROUND)
        painter.setPen(QColor(self._theme.color("text")))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._text)
