"""The right column of Data, a card below another: health, what feeds what, and how the samples are split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.look.theme_source import ThemeSource
from app.panels.data.bindings import Bindings
from app.panels.data.health.card import HealthCard
from app.panels.data.splitting.card import SplitCard
from app.panels.data.starting.card import StartCard
from app.panels.data.steps.card import StepsCard
from app.panels.data.windows.card import WindowsCard
from app.panels.widgets.fields import button, column
from app.panels.widgets.setting_rows import SettingRows
from app.project.session import Session
from graph_editor.editors.parts.base import EditorContext
from resources.text import tr
from runtime.messages.describing import Column
from runtime.spec import DataSpec

WIDTH = 344


class DataSide(QFrame):
    """Only lays out; the panel listens to its parts."""

    def __init__(
        self, session: Session, look: ThemeSource, context: EditorContext, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("data_side")
        self.setFixedWidth(WIDTH)
        self.health = HealthCard(look)
        self.bindings = Bindings()
        self.split = SplitCard(look)
        self.steps = StepsCard(session, context)
        self._steps = _card("data_steps", self.steps)
        self.start = StartCard()
        self.windows = WindowsCard(session.engine, context)
        self._windows = _card("data_windows", self.windows)
        self.settings = SettingRows("data", context)
        self.auto = button(
            tr("Bind automatically"),
            "autobind",
            "",
            tr("By equal names first, then by classes and shapes; columns of numbers go side by side"),
        )
        inner = QWidget()
        inner.setObjectName("data_side_inner")
        rows = column(inner, (0, 14, 14, 14), 12)
        rows.addWidget(self.health)
        rows.addWidget(self._bindings_card())
        rows.addWidget(self._steps)
        rows.addWidget(self._windows)
        rows.addWidget(_card("data_split", self.split, self.settings))
        rows.addStretch(1)
        scroll = QScrollArea()
        scroll.setObjectName("data_side_scroll")
        scroll.setAccessibleName(tr("Health, bindings and split"))
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its controls have the keyboard, and bring themselves into view
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(0)
        self._outer.addWidget(scroll, 1)
        self._outer.addWidget(self.start)

    def show_windows(self, data: Mapping[str, Any], spec: DataSpec | None, columns: Sequence[Column]) -> None:
        """The card of windows, where there are rows to make some of."""
        self.windows.show_data(data, spec, columns)
        self._windows.setVisible(self.windows.fits)

    def _bindings_card(self) -> QFrame:
        card = _card("data_bindings", self.bindings)
        layout = card.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addWidget(self.auto, 0, Qt.AlignmentFlag.AlignLeft)
        return card


def _card(name: str, *widgets: QWidget) -> QFrame:
    card = QFrame()
    card.setObjectName(name)
    card.setProperty("role", "card")
    rows = QVBoxLayout(card)
    rows.setContentsMargins(14, 11, 14, 13)
    rows.setSpacing(12)
    for widget in widgets:
        rows.addWidget(widget)
    return card
