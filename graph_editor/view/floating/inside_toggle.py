"""The switch on the canvas that shows what comes out of each box: right of the zoom bar."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from graph_editor.view.floating.overlay_style import overlay_sheet
from graph_editor.view.painting.look import Look
from graph_editor.view.painting.theme import CanvasTheme
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.text import tr


class InsideToggle(QFrame):
    """`toggled` tells what a person wants; who hears it shows by `show_on` what came of it."""

    toggled = Signal(bool)

    def __init__(self, look: Look[CanvasTheme], neighbour: QWidget) -> None:
        super().__init__(neighbour.parentWidget())
        self.setObjectName("insideBar")
        self._neighbour = neighbour
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 3, 4, 3)
        self.button = QToolButton(self)
        self.button.setObjectName("insideToggle")
        self.button.setText(tr("Look inside"))
        self.button.setCheckable(True)
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # as the zoom bar: by key it is Ctrl+Shift+I
        set_spoken_name(self.button, tr("Look inside: show what comes out of each box"))
        set_tooltip(self.button, tr("Show what every box makes of one sample (Ctrl+Shift+I)"))
        self.button.clicked.connect(self.toggled)
        layout.addWidget(self.button)
        look.follow(self._on_theme)
        neighbour.installEventFilter(self)
        self._place()

    def show_on(self, on: bool) -> None:
        self.button.setChecked(on)

    def _on_theme(self, theme: CanvasTheme) -> None:
        self.setStyleSheet(overlay_sheet(theme))
        self.adjustSize()

    def _place(self) -> None:
        bar = self._neighbour.geometry()
        height = bar.height() or self.sizeHint().height()
        self.setGeometry(bar.right() + 8, bar.top(), self.sizeHint().width(), height)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self._place()
        return False
