"""The right column while people look inside: all about what comes out of the selected box."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.look.theme_source import ThemeSource
from app.panels.inside.looking import LookingInside
from app.panels.inside.map_page import MapPage
from app.panels.inside.matched import MatchedBoxes
from app.panels.inside.output_names import OutputAt
from app.panels.inside.page import Page
from app.panels.inside.sample_card import PARTS
from app.panels.inside.take_page import TakePage
from app.panels.inside.tensor_page import TensorPage
from app.panels.inside.weights_page import WeightsPage
from app.panels.widgets.chips import Chips
from app.panels.widgets.sentence import sentence
from app.project.choosers import Chooser
from app.project.session import Session
from graph_editor.words.elided_label import ElidedLabel
from graph_editor.words.literal import window_title
from graph_editor.words.spoken import set_spoken_name
from resources.text import Text, tr

OUTPUT, WEIGHTS, MAP, TAKE = "output", "weights", "map", "take"
_TITLES: Final = (
    (OUTPUT, Text("Output"), Text("The whole tensor that comes out")),
    (WEIGHTS, Text("Weights"), Text("What the layer has learnt")),
    (MAP, Text("Map"), Text("Many samples side by side")),
    (TAKE, Text("Save"), Text("Features of a data set, or the part of the model up to here")),
)


class InsideDetail(QFrame):
    """Only the page that is seen asks for anything."""

    def __init__(
        self,
        inside: LookingInside,
        session: Session,
        boxes: MatchedBoxes,
        look: ThemeSource,
        chooser: Chooser,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("inside_detail")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("What comes out of the selected box"))
        self.setMinimumWidth(250)
        self._inside, self._session, self._boxes, self._look = inside, session, boxes, look
        self.name = ElidedLabel()
        self.name.setObjectName("inside_name")
        self.name.setProperty("role", "title")
        self.kind = sentence("", "inside_kind")
        self.hint = sentence(tr("Choose a box to see all that comes out of it."), "inside_hint")
        self.tabs = Chips("inside_tabs", tr("What is shown of the box"))
        self.tabs.show_entries([(key, str(title), str(tip)) for key, title, tip in _TITLES])
        self.tabs.show_key(OUTPUT)
        self.tensor = TensorPage(inside, look)
        self.weights = WeightsPage(inside, look)
        self.map = MapPage(inside, look)
        self.take = TakePage(inside, session, chooser)
        self._pages: dict[str, Page] = {OUTPUT: self.tensor, WEIGHTS: self.weights, MAP: self.map, TAKE: self.take}
        self._stack = QStackedWidget()
        for page in self._pages.values():
            self._stack.addWidget(_scrolled(page))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(14, 12, 4, 0)
        rows.setSpacing(6)
        for widget in (self.name, self.kind, self.hint, self.tabs):
            rows.addWidget(widget)
        rows.addWidget(self._stack, 100)
        rows.addStretch(1)
        self.tabs.chosen.connect(lambda _key: self.refresh())
        self.tensor.larger_wanted.connect(self._on_larger)
        self.map.sample_wanted.connect(self._on_sample_wanted)
        for signal in (inside.sample_changed, inside.mode_changed, inside.model_changed, boxes.changed):
            signal.connect(self.refresh)
        for telling in (inside.switched, session.navigation.selection_changed):
            telling.connect(self._on_told)
        self.refresh()

    def show_outputs(self, outputs: tuple[OutputAt, ...]) -> None:
        self.map.show_outputs(outputs)

    def show_tensor(self) -> None:
        """Show what comes out of the selected box."""
        self.tabs.show_key(OUTPUT)
        self.refresh()

    def _on_told(self, _what: object) -> None:
        self.refresh()

    def refresh(self) -> None:
        document, selection = self._session.document, self._session.navigation.selection
        box = selection[0] if len(selection) == 1 and document.has_call(selection[0]) else None
        call = self._boxes.call(box) if box is not None and self._inside.on else None
        self.hint.setVisible(call is None)
        if box is None:
            self.hint.setText(tr("Choose a box to see all that comes out of it."))
            self.name.show_text("")
            self.kind.setText("")
        else:
            operation = document.operation_of(box)
            self.name.show_text(operation.shown_name)
            self.kind.setText(operation.class_name)
            self.hint.setText(tr("The trained model has no such box."))
        self.tabs.setVisible(call is not None)
        self._stack.setVisible(call is not None)
        for label in (self.name, self.kind):
            label.setVisible(box is not None)
        page = self._pages[self.tabs.key]
        self._stack.setCurrentIndex(list(self._pages).index(self.tabs.key))
        if page is not self.tensor:
            self.tensor.question.cancel()
        page.show_call(call)

    def _on_sample_wanted(self, part: str, row: int) -> None:
        found = next((key for key, _ in PARTS if key == part), None)
        if found is not None:
            self._inside.set_row(found, row)

    def _on_larger(self) -> None:
        """The tensor in a window of its own."""
        call, selection = self.tensor.call, self._session.navigation.selection
        if call is None or not selection:
            return
        dialog = QDialog(self.window())
        dialog.setObjectName("inside_large")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        name = self._session.document.operation_of(selection[0]).shown_name
        title = tr("What comes out of {name}", name=name)
        dialog.setWindowTitle(window_title(title))
        set_spoken_name(dialog, title)
        page = TensorPage(self._inside, self._look, across=8, count=64, size=128, enlarges=False)
        page.show_call(call, self.tensor.place)
        rows = QVBoxLayout(dialog)
        rows.setContentsMargins(18, 16, 8, 12)
        rows.addWidget(_scrolled(page))
        dialog.resize(980, 760)
        dialog.show()


def _scrolled(page: QWidget) -> QScrollArea:
    holder = QWidget()
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 6, 10, 14)
    layout.addWidget(page)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.viewport().setAutoFillBackground(False)
    area.setWidget(holder)
    holder.setAutoFillBackground(False)
    return area
