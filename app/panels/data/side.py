"""The right column of Data: bindings, and how the samples are split."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.look.theme_source import ThemeSource
from app.panels.data.bindings import Bindings
from app.panels.data.split import SplitForm
from app.panels.widgets.fields import button, column
from app.panels.widgets.setting_rows import SettingRows
from graph_editor.editors.parts.base import EditorContext
from resources.text import tr

WIDTH = 340


class DataSide(QFrame):
    """Only lays out; the panel listens to its parts."""

    def __init__(self, look: ThemeSource, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("data_bindings_side")
        self.setFixedWidth(WIDTH)
        self.bindings = Bindings()
        self.split = SplitForm(look)
        self.settings = SettingRows("data", context)
        self.auto = button(
            tr("Bind automatically"),
            "autobind",
            "",
            tr("By equal names first, then by classes and shapes; columns of numbers go side by side"),
        )
        inner = QWidget()
        inner.setProperty("part", "form")
        rows = column(inner, (14, 12, 12, 16), 16)
        rows.addWidget(self.bindings)
        rows.addWidget(self.auto, 0, Qt.AlignmentFlag.AlignLeft)
        rows.addWidget(self.split)
        rows.addWidget(self.settings)
        rows.addStretch(1)
        scroll = QScrollArea()
        scroll.setObjectName("data_side_scroll")
        scroll.setAccessibleName(tr("Bindings and validation"))
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its controls have the keyboard, and bring themselves into view
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
