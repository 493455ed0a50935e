"""The pages that set facts of many runs against each other: parallel coordinates, and a scatter plot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from app.look.theme_source import ThemeSource
from app.panels.runs.comparing.facts import GROUPS, Row, RunFacts
from app.panels.runs.comparing.parallel import ParallelPlot
from app.panels.runs.comparing.scale import Scale, rank_correlation, scale_of
from app.panels.runs.comparing.scatter import ScatterPlot
from app.panels.widgets.choice_list import ChoiceList
from app.panels.widgets.fields import button, column, hint
from graph_editor.words.attaching import attached
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from resources.plain import shown_name
from resources.text import tr

_FIRST_AXES = 6  # settings that are shown at first
_FIRST_FIGURES = 2
_LONGEST = 60


def plottable(rows: Sequence[Row]) -> dict[str, Scale]:
    """What can be an axis and differs between the runs, by keys; the figures last, the best ones before the last."""
    differing = [row for row in rows if row.differs]
    scales = {row.key: scale for row in differing if (scale := scale_of(row)) is not None}
    return dict(sorted(scales.items(), key=lambda item: _rank(item[1].row)))


def _rank(row: Row) -> tuple[int, bool, bool, bool]:
    """Settings, then what became of the run, then figures: the best loss of validation before all others."""
    group = 2 if row.group == "metric" else 1 if row.group == "run" else 0
    return group, row.key.startswith("last."), not row.key.startswith("best.val_"), not row.key.endswith("loss")


class ParallelPage(QWidget):
    """`chosen` carries a run that was clicked."""

    chosen = Signal(object)  # Path

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runs_parallel_page")
        self.plot = ParallelPlot(look)
        self.axes = button(tr("Axes"), "parallel_axes", "", tr("Which settings and figures are shown"))
        self.clear = button(tr("Show all again"), "parallel_clear", "quiet")
        self.count = hint("", "parallel_count")
        self._scales: Mapping[str, Scale] = {}
        self._keys: tuple[str, ...] | None = None  # None: nobody has chosen any
        self._runs: Sequence[RunFacts] = ()
        rows = column(self, (14, 8, 14, 14), 8)
        row = attached(rows, QHBoxLayout())
        row.setSpacing(8)
        row.addWidget(self.axes)
        row.addWidget(self.clear)
        row.addWidget(self.count, 1)
        rows.addWidget(self.plot, 1)
        self.axes.clicked.connect(self._open_axes)
        self.clear.clicked.connect(self.plot.clear_brushes)
        self.plot.kept_changed.connect(self._on_kept)
        self.plot.chosen.connect(self.chosen)

    @property
    def shown_keys(self) -> tuple[str, ...]:
        """The facts that have an axis."""
        if self._keys is not None and (kept := tuple(key for key in self._scales if key in self._keys)):
            return kept
        others = [key for key, scale in self._scales.items() if scale.row.group != "metric"]
        figures = [key for key in self._scales if key not in others]
        settings = [key for key in others if self._scales[key].row.group != "run"] or others
        return (*settings[:_FIRST_AXES], *reversed(figures[:_FIRST_FIGURES]))

    def show_facts(self, runs: Sequence[RunFacts], scales: Mapping[str, Scale]) -> None:
        self._runs, self._scales = runs, scales
        self._show()

    def show_axes(self, keys: Sequence[str]) -> None:
        self._keys = tuple(keys)
        self._show()

    def _show(self) -> None:
        self.axes.setEnabled(bool(self._scales))
        self.plot.show_facts(self._runs, [self._scales[key] for key in self.shown_keys])

    def _on_kept(self, count: int) -> None:
        self.clear.setVisible(self.plot.brushed)
        if len(self.shown_keys) < 2:
            self.count.setText(tr("Nothing differs that could be an axis."))
        elif self.plot.brushed:
            self.count.setText(tr("{count} of {all} runs in the chosen ranges", count=count, all=len(self._runs)))
        else:
            self.count.setText(
                tr("Drag along an axis to keep the runs in a range. Colours go by the last axis, from low to high.")
            )

    def _open_axes(self) -> None:
        entries = [
            (key, shown_name(scale.row.title)[:_LONGEST], str(GROUPS[scale.row.group]))
            for key, scale in self._scales.items()
        ]
        popup = ChoiceList(entries, self.shown_keys, self, ticked_first=False)
        popup.changed.connect(self.show_axes)
        popup.move(self.axes.mapToGlobal(QPoint(0, self.axes.height() + 2)))
        popup.show()


class ScatterPage(QWidget):
    """Any setting against any figure, or two of either."""

    chosen = Signal(object)  # Path

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runs_scatter_page")
        self.plot = ScatterPlot(look)
        self.x_axis, self.y_axis = QComboBox(), QComboBox()
        for choice, name, spoken in (
            (self.x_axis, "scatter_x", tr("Horizontal axis")),
            (self.y_axis, "scatter_y", tr("Vertical axis")),
        ):
            choice.setObjectName(name)
            choice.setMinimumWidth(120)
            choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            choice.setMinimumContentsLength(18)
            set_spoken_name(choice, spoken)
            choice.activated.connect(lambda _index: self._on_chosen())
        self.note = hint("", "scatter_note")
        self._scales: Mapping[str, Scale] = {}
        self._runs: Sequence[RunFacts] = ()
        self._keys: tuple[str, str] | None = None
        rows = column(self, (14, 8, 14, 14), 8)
        row = attached(rows, QHBoxLayout())
        row.setSpacing(8)
        row.addWidget(self.y_axis)
        row.addWidget(PlainLabel(tr("against")))
        row.addWidget(self.x_axis)
        row.addWidget(self.note, 1)
        rows.addWidget(self.plot, 1)
        self.plot.chosen.connect(self.chosen)

    def show_facts(self, runs: Sequence[RunFacts], scales: Mapping[str, Scale]) -> None:
        """What was chosen stays, where it still differs."""
        self._runs, self._scales = runs, scales
        keys = list(self._scales)
        for choice in (self.x_axis, self.y_axis):
            choice.clear()
            for key in keys:
                choice.addItem(shown_name(self._scales[key].row.title)[:_LONGEST], key)
        wish = self._keys or ("", "")
        settings = [key for key in keys if self._scales[key].row.group != "metric"]
        figures = [key for key in keys if key not in settings]
        x = wish[0] if wish[0] in keys else next(iter(settings or figures), "")
        y = wish[1] if wish[1] in keys else next(iter(figures or settings[1:] or settings), "")
        for choice, key in ((self.x_axis, x), (self.y_axis, y)):
            choice.setCurrentIndex(keys.index(key) if key in keys else -1)
            choice.setEnabled(bool(keys))
        self._show()

    def show_axes(self, x: str, y: str) -> None:
        """Set the fact of key `y` against that of `x`."""
        self.x_axis.setCurrentIndex(self.x_axis.findData(x))
        self.y_axis.setCurrentIndex(self.y_axis.findData(y))
        self._on_chosen()

    def _on_chosen(self) -> None:
        self._keys = (str(self.x_axis.currentData()), str(self.y_axis.currentData()))
        self._show()

    def _show(self) -> None:
        x, y = self._scales.get(self.x_axis.currentData()), self._scales.get(self.y_axis.currentData())
        scales = (x, y) if x is not None and y is not None else None
        self.plot.show_facts(self._runs, scales)
        self.note.setText(self._words(scales))

    def _words(self, scales: tuple[Scale, Scale] | None) -> str:
        if scales is None:
            return tr("Nothing differs that could be an axis.")
        x, y = scales
        if x.words or y.words or x.row.key == y.row.key:
            return ""
        found = rank_correlation(x.row.numbers, y.row.numbers)
        return "" if found is None else tr("rank correlation {value}", value=f"{found:+.2f}")
