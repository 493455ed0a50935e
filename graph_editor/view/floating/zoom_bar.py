"""Zoom out, the zoom in percent, zoom in, fit: at the lower left of the canvas."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from graph_editor.view.floating.overlay_style import overlay_sheet
from graph_editor.view.painting.look import Look
from graph_editor.view.painting.theme import CanvasTheme
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.text import tr


class ZoomBar(QFrame):
    zoomed_out = Signal()
    zoomed_in = Signal()
    reset = Signal()
    fitted = Signal()

    def __init__(self, look: Look[CanvasTheme], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("zoomBar")
        self.setAccessibleName(tr("Zoom"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 3, 4, 3)
        layout.setSpacing(2)
        self._button(layout, "zoomOut", "−", tr("Zoom out"), self.zoomed_out.emit)
        self._percent = self._button(layout, "zoomReset", "100 %", tr("Zoom to 100 %"), self.reset.emit)
        self._percent.setFixedWidth(62)
        self._button(layout, "zoomIn", "+", tr("Zoom in"), self.zoomed_in.emit)
        self._button(layout, "zoomFit", "⤢ " + tr("Fit"), tr("Show the whole graph (Home)"), self.fitted.emit)
        look.follow(self._on_theme)

    def _on_theme(self, theme: CanvasTheme) -> None:
        self.setStyleSheet(overlay_sheet(theme))
        self.adjustSize()

    def show_zoom(self, factor: float) -> None:
        self._percent.setText(f"{round(factor * 100)} %")

    def _button(
        self, layout: QHBoxLayout, name: str, text: str, meaning: str, action: Callable[[], object]
    ) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setText(text)
        set_spoken_name(button, meaning)
        set_tooltip(button, meaning)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setAutoRaise(True)
        button.clicked.connect(action)
        layout.addWidget(button)
        return button
