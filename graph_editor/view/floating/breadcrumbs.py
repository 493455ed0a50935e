"""Where one is: the model, and the nested models down to the one that shows; a click goes back up."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from graph_editor.view.floating.overlay_style import overlay_sheet
from graph_editor.view.painting.look import Look
from graph_editor.view.painting.theme import CanvasTheme
from graph_editor.words.letting_go import let_go
from graph_editor.words.literal import on_button
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.restyling import restyle
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.plain import shown_name
from resources.text import tr

_LONGEST = 48  # letters of a name

MARGINS: Final = (6, 3, 6, 3)  # left, top, right, bottom


class Breadcrumbs(QWidget):
    graph_chosen = Signal(str)  # graph id

    def __init__(self, look: Look[CanvasTheme], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("breadcrumbs")
        self.setAccessibleName(tr("Where you are"))
        self.title = PlainLabel(parent=self)
        self.title.setObjectName("canvasTitle")
        self.title.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._above: list[QWidget] = []
        self._shown: list[tuple[str, str]] = []
        self._layout = QHBoxLayout(self)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)  # legible above boxes, too
        self._layout.setContentsMargins(*MARGINS)
        self._layout.setSpacing(4)
        self._layout.addWidget(self.title)
        look.follow(self._on_theme)

    def _on_theme(self, theme: CanvasTheme) -> None:
        self.setStyleSheet(overlay_sheet(theme))

    def show_line(self, line: Sequence[tuple[str, str]]) -> None:
        """Graph ids and names, the root first; the last one is what shows."""
        if list(line) == self._shown:
            return
        self._shown = list(line)
        for widget in self._above:
            let_go(widget)
        self._above = []
        for place, (graph_id, name) in enumerate(line[:-1]):
            self._add(self._button(place, graph_id, name))
            self._add(self._arrow())
        name = line[-1][1]
        self.title.setText(shown_name(name, _LONGEST))
        set_tooltip(self.title, shown_name(name) if len(name) > _LONGEST else "")
        set_spoken_name(self.title, tr("Model {name}", name=name))
        restyle(self.title, inside=len(line) > 1)
        self.adjustSize()

    def _add(self, widget: QWidget) -> None:
        self._layout.insertWidget(len(self._above), widget)
        self._above.append(widget)
        widget.show()

    def _button(self, place: int, graph_id: str, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"crumb_{place}")
        button.setText(on_button(name, _LONGEST))
        set_spoken_name(button, tr("Go back to {name}", name=name))
        set_tooltip(button, button.accessibleName())
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAutoRaise(True)
        button.clicked.connect(lambda: self.graph_chosen.emit(graph_id))
        return button

    def _arrow(self) -> QLabel:
        label = PlainLabel("›", self)
        label.setObjectName("crumbArrow")
        label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        return label
