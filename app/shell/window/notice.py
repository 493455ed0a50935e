"""A sentence that floats over the window for a while and takes no keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from app.look.icons import icon
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.project.session import Notice
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.restyling import restyle
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.plain import shown_text
from resources.text import tr

SHORT_MS, LONG_MS = 5000, 12000
MARGIN, MAX_WIDTH = 44, 620
_MOST = 600  # letters: some ten lines


class NoticeBar(QFrame):
    """One notice at a time; a newer one replaces it."""

    def __init__(self, window: QWidget, look: ThemeSource) -> None:
        super().__init__(window)
        self._look = look
        self.setObjectName("notice")
        self._icon, self._text = PlainLabel(), PlainLabel()
        self._text.setObjectName("notice_text")
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._close = QToolButton()
        self._close.setObjectName("notice_close")
        self._close.setAccessibleName(tr("Close this message"))
        self._close.setIconSize(QSize(14, 14))
        self._close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 8, 8, 8)
        layout.setSpacing(10)
        layout.addWidget(self._icon)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        look.follow(self._on_theme)
        self.hide()
        window.installEventFilter(self)

    @property
    def text(self) -> str:
        return self._text.text()

    def show_notice(self, notice: Notice) -> None:
        text = shown_text(notice.text, _MOST)
        self._text.setText(text)
        set_tooltip(self._text, notice.detail or (notice.text if text.endswith("…") else ""))
        set_spoken_name(self, notice.text)
        restyle(self, kind=notice.kind)
        name, token = {"error": ("error", "error"), "ok": ("ok", "ok")}.get(notice.kind, ("info", "accent"))
        self._icon.setPixmap(icon(name, self._look.theme.color(token), 18).pixmap(18, 18))
        self._place()
        self.show()
        self.raise_()
        self._timer.start(LONG_MS if notice.kind == "error" else SHORT_MS)

    def _on_theme(self, theme: Theme) -> None:
        self._close.setIcon(icon("close", theme.color("dim"), 14))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _place(self) -> None:
        window = self.parentWidget()
        if window is None:
            return
        width = min(MAX_WIDTH, window.width() - 2 * MARGIN)
        wanted = self._text.fontMetrics().horizontalAdvance(self._text.text()) + 110
        self.setFixedWidth(max(220, min(width, wanted)))
        self.setFixedHeight(max(44, self.heightForWidth(self.width())))
        self.move((window.width() - self.width()) // 2, window.height() - self.height() - MARGIN)
