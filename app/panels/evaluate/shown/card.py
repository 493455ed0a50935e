"""One figure with its title, how to read it, and what can be chosen in it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSlider, QVBoxLayout, QWidget

from app.look.theme_source import ThemeSource
from app.panels.evaluate.figures.thresholds import USUAL
from app.panels.evaluate.shown.canvas import FigureCanvas
from app.panels.evaluate.shown.table import FigureTable
from app.panels.widgets.chips import Chips
from app.panels.widgets.fields import hint
from graph_editor.editors.parts.combo import Combo
from graph_editor.words.attaching import attached
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from resources.plain import shown_name
from resources.text import tr
from runtime.messages.views import Curves, Figure, Matrix, Points, Table, Thresholds

_FINE = 200  # steps of the slider
_MANY = 24  # classes from which a matrix goes across the page


class FigureCard(QFrame):
    """`cell_opened` carries the numbers of the true and the predicted class among all classes (-1 for the rest).

    `rows_opened` carries numbers of samples, `threshold_moved` a threshold for all figures of the output.
    """

    cell_opened = Signal(int, int)
    rows_opened = Signal(object)  # tuple[int, ...]
    threshold_moved = Signal(float)

    def __init__(self, figure: Figure, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"figure_{figure.key}")
        self.setProperty("role", "card")
        self.figure = figure
        title = str(figure.title)
        set_spoken_name(self, title)
        label = PlainLabel(title)
        label.setProperty("role", "strong")
        label.setWordWrap(True)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(14, 11, 14, 13)
        self._rows.setSpacing(8)
        self._head = attached(self._rows, QHBoxLayout())
        self._head.setSpacing(8)
        self._head.addWidget(label, 1)
        if figure.hint is not None:
            self._rows.addWidget(hint(str(figure.hint)))
        self.canvas: FigureCanvas | None = None
        self.table: FigureTable | None = None
        self.slider: QSlider | None = None
        if isinstance(figure.view, Table):
            self.table = FigureTable(figure.view, title, look)
            self._rows.addWidget(self.table)
        else:
            self.canvas = FigureCanvas(figure.view, title, look)
            self.canvas.opened.connect(self._on_opened)
            self._add_choices(figure)
            self._rows.addWidget(self.canvas)

    @property
    def wide(self) -> bool:
        """Whether it needs the whole width of the page."""
        view = self.figure.view
        if isinstance(view, Table):
            return len(view.columns) > 6
        return isinstance(view, Matrix) and len(view.names) >= _MANY

    def show_threshold(self, threshold: float) -> None:
        """Mark what this threshold gives, where the figure depends on one."""
        view = self.figure.view
        if self.canvas is None:
            return
        if isinstance(view, Thresholds) or (isinstance(view, Curves) and any(c.threshold for c in view.curves)):
            self.canvas.set_look(threshold=threshold)
        if self.slider is not None and round(threshold * _FINE) != self.slider.value():
            self.slider.setValue(round(threshold * _FINE))

    def _add_choices(self, figure: Figure) -> None:
        if isinstance(figure.view, Matrix):
            self._add_matrix_choices(figure.view)
        elif isinstance(figure.view, Thresholds):
            self._add_threshold(figure.view)

    def _add_matrix_choices(self, view: Matrix) -> None:
        share = Chips("matrix_share", tr("What the cells show"))
        share.show_entries(
            (
                ("counts", tr("counts"), tr("Numbers of samples")),
                ("row", tr("% of row"), tr("Of all samples of the true class: the diagonal is the recall")),
                (
                    "column",
                    tr("% of column"),
                    tr("Of all that was predicted as a class: the diagonal is the precision"),
                ),
            )
        )
        share.show_key("counts")
        share.chosen.connect(lambda key: self._look(share=key))
        row = attached(self._rows, QHBoxLayout())
        row.setSpacing(14)
        row.addWidget(share)
        if len(view.names) > 2:
            order = Chips("matrix_order", tr("Order of the classes"))
            order.show_entries(
                (
                    ("class", tr("by class"), tr("In the order of the classes")),
                    ("confusion", tr("most confused first"), tr("Classes with the most mistakes first")),
                )
            )
            order.show_key("class")
            order.chosen.connect(lambda key: self._look(order=key))
            row.addWidget(order)
        row.addStretch(1)

    def _add_threshold(self, view: Thresholds) -> None:
        row = attached(self._rows, QHBoxLayout())
        row.setSpacing(10)
        if len(view.names) > 1:
            labels = Combo()
            labels.setObjectName("threshold_label")
            set_spoken_name(labels, tr("Label"))
            for number, name in enumerate(view.names):
                labels.add(shown_name(name), number)
            labels.chosen.connect(lambda number: self._look(label=number))
            row.addWidget(labels)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("threshold_slider")
        set_spoken_name(self.slider, tr("Threshold"))
        self.slider.setRange(0, _FINE)
        self.slider.setPageStep(_FINE // 10)
        value = PlainLabel()
        value.setObjectName("threshold_value")
        value.setProperty("part", "figure")
        value.setMinimumWidth(40)

        def move(place: int) -> None:
            value.setText(f"{place / _FINE:.3f}")
            self._look(threshold=place / _FINE)
            self.threshold_moved.emit(place / _FINE)

        self.slider.valueChanged.connect(move)
        row.addWidget(PlainLabel(tr("threshold")))
        row.addWidget(self.slider, 1)
        row.addWidget(value)
        self.slider.setValue(round(USUAL * _FINE))

    def _look(self, **changes: object) -> None:
        if self.canvas is not None:
            self.canvas.set_look(**changes)

    def _on_opened(self, part: tuple[int, ...]) -> None:
        view = self.figure.view
        if isinstance(view, Matrix):
            self.cell_opened.emit(view.places[part[0]], view.places[part[1]])
        elif isinstance(view, Points) and part[0] < len(view.rows):
            self.rows_opened.emit((view.rows[part[0]],))
