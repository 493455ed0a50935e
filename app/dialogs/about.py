"""What Lamella is, and on what it stands."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.dialogs.frame import Frame
from app.look.icons import icon
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.widgets.sentence import sentence
from graph_editor.words.plain_label import PlainLabel
from resources.text import tr


class AboutDialog(Frame):
    def __init__(self, look: ThemeSource, engine: str, parent: QWidget | None = None) -> None:
        super().__init__("about_dialog", tr("About Lamella"), parent)
        mark = self._mark = PlainLabel()
        look.follow(self._on_theme)
        row = QHBoxLayout()
        row.setSpacing(16)
        self.body.addLayout(row)
        row.addWidget(mark)
        row.addWidget(sentence(f"Lamella {own_version()}", role="title"), 1)
        purpose = tr("Draw Keras models, train them on the device you choose, take the result away.")
        self.body.addWidget(sentence(purpose, role=""))
        self.body.addWidget(sentence(f"Qt {qVersion()}" + (f" · {engine}" if engine else "")))
        self.body.addWidget(sentence(tr("Apache License 2.0. The fonts Pretendard and JetBrains Mono: SIL OFL 1.1.")))
        self.add_close_button()
        self.setMinimumWidth(420)

    def _on_theme(self, theme: Theme) -> None:
        self._mark.setPixmap(icon("lamella-mark", theme.color("text"), 56).pixmap(56, 56))


def own_version() -> str:
    try:
        return version("lamella")
    except PackageNotFoundError:
        return ""
