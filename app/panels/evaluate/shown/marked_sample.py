"""The sample that is marked in a list, and where else it can be looked at."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QWidget

from app.panels.evaluate.figures.samples import verdict_text
from app.panels.plots.formats import count_text
from app.panels.widgets.fields import button, elastic
from graph_editor.words.letting_go import let_go
from graph_editor.words.plain_label import PlainLabel
from resources.plain import shown_name
from resources.text import tr
from runtime.messages.views import SampleView


class MarkedSample(QFrame):
    """Hidden while no sample is marked."""

    inside_wanted = Signal()
    try_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("marked_sample")
        self.text = elastic(PlainLabel())
        self.text.setObjectName("marked_sample_text")
        inside_tip = tr("What comes out of each box for this sample (Enter, or a double click)")
        self.inside = button(tr("Look inside"), "sample_inside", "", inside_tip)
        self.inside.clicked.connect(self.inside_wanted)
        self.tried = button(tr("Try it"), "sample_try", "", tr("Take this sample, and change it (T)"))
        self.tried.clicked.connect(self.try_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.text, 1)
        row.addWidget(self.tried)
        row.addWidget(self.inside)
        self.hide()

    def show_sample(self, sample: SampleView | None) -> None:
        self.setVisible(sample is not None)
        if sample is not None:
            number = tr("sample {number}", number=count_text(sample.row + 1))
            texts = (number, shown_name(sample.name), _said(sample))
            self.text.setText(" · ".join(text for text in texts if text))

    def open_menu(self, place: QPoint) -> None:
        """What can be done with the sample, at a point of the screen."""
        menu = QMenu(self)
        menu.setObjectName("sample_menu")
        menu.aboutToHide.connect(lambda: let_go(menu))
        for text, keys, signal in (
            (tr("Look inside"), tr("Enter"), self.inside_wanted),
            (tr("Try it"), "T", self.try_wanted),
        ):
            menu.addAction(f"{text}\t{keys}").triggered.connect(lambda _checked=False, signal=signal: signal.emit())
        menu.popup(place)


def _said(sample: SampleView) -> str:
    if sample.right is False:
        truth, predicted = shown_name(sample.truth), shown_name(sample.predicted)
        return tr("{truth} taken for {predicted}", truth=truth, predicted=predicted)
    return verdict_text(sample)
