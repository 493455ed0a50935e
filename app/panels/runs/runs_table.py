"""The table of a project's runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QAbstractItemView, QWidget

from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.plots.formats import duration_text
from app.panels.run_parts.run_facts import STATUS_LOOKS, STATUS_TEXTS, best_text, epochs_text, started_text
from app.panels.widgets.row_table import Index, RowModel, RowTable
from graph_editor.words.tooltips import set_tooltip
from resources.text import tr
from resources.training.settings.device import SETTING as DEVICE
from runtime.store import IMPORTED, RunInfo

_TOKENS = {"ok": "ok.text", "live": "accent.text", "warning": "warning.text", "error": "error.text", "dim": "dim"}
_STATUS = 2


class RunsModel(RowModel[RunInfo]):
    """The newest run first."""

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        titles = (
            tr("Run"), tr("Name"), tr("Status"), tr("Started"), tr("Duration"), tr("Epochs"), tr("Best"), tr("Device"),
        )  # fmt: skip
        super().__init__(titles, parent, mono=(0, 4, 5, 6))
        self._look = look
        look.changed.connect(self._on_theme)

    def _on_theme(self, _theme: Theme) -> None:
        self.refresh(self._items)

    def show_runs(self, runs: Sequence[RunInfo]) -> None:
        """Rows of runs that stay keep their selection."""
        newest = sorted(runs, key=lambda run: run.number, reverse=True)
        if [run.folder for run in newest] == [run.folder for run in self._items]:
            self.refresh(newest)
        else:
            self.show_items(newest)

    @property
    def runs(self) -> list[RunInfo]:
        return list(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        run = self._items[index.row()]
        if role == Qt.ItemDataRole.ForegroundRole and _tells_state(run, index.column()):
            return QBrush(QColor(self._look.theme.color(_TOKENS[STATUS_LOOKS[run.status]])))
        return super().data(index, role)

    def tooltip_of(self, run: RunInfo, column: int) -> str:
        error = run.result.error
        return str(error) if error is not None and _tells_state(run, column) else self.text_of(run, column)

    def text_of(self, run: RunInfo, column: int) -> str:
        if run.status == "damaged":  # nothing else is known of it
            return (str(run.number), run.name, str(STATUS_TEXTS[run.status]), *[""] * 5)[column]
        texts = (
            str(run.number),
            run.name,
            str(STATUS_TEXTS[run.status]),
            started_text(run.created),
            duration_text(run.result.seconds) if run.result.seconds else "–",
            epochs_text(run),
            best_text(run),
            run.result.device or ("–" if run.status == IMPORTED else run.spec.training[DEVICE]),
        )
        return texts[column]


def _tells_state(run: RunInfo, column: int) -> bool:
    return column == _STATUS or run.status == "damaged"


class RunsTable(RowTable):
    """`chosen` carries the folders of the selected runs, the newest first."""

    chosen = Signal(object)  # tuple[Path, ...]

    def __init__(self, model: RunsModel, parent: QWidget | None = None) -> None:
        super().__init__(model, 48, parent)
        self._runs = model
        self.setObjectName("runs_table")
        self.setAccessibleName(tr("Runs of this project"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        set_tooltip(self, tr("Select several runs to compare them"))
        self.selectionModel().selectionChanged.connect(lambda _on, _off: self.chosen.emit(self.folders()))

    def folders(self) -> tuple[Path, ...]:
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return tuple(self._runs.runs[row].folder for row in rows)

    def choose(self, folders: Sequence[Path]) -> None:
        """Select the runs in `folders` that are there, whatever key is held down."""
        chosen_rows = [row for row, run in enumerate(self._runs.runs) if run.folder in folders]
        selection = self.selectionModel()
        for number, row in enumerate(chosen_rows):
            flag = QItemSelectionModel.SelectionFlag
            mode = flag.ClearAndSelect if number == 0 else flag.Select
            selection.select(self._runs.index(row, 0), mode | flag.Rows)
        if len(chosen_rows) == 1:
            # the view's own setCurrentIndex takes the selection away again while Ctrl is held
            selection.setCurrentIndex(self._runs.index(chosen_rows[0], 0), QItemSelectionModel.SelectionFlag.NoUpdate)

    def fit(self) -> None:
        """Widths by content; the best values take what is left over, the device the rest."""
        self.resizeColumnsToContents()
        total = self.viewport().width()
        widths = [self.columnWidth(number) + 8 for number in range(self._runs.columnCount())]
        widths[1] = min(widths[1], max(90, total // 6))
        widths[6] = max(120, min(widths[6], total - sum(widths[:6]) - 70))
        for number, width in enumerate(widths[:-1]):
            self.setColumnWidth(number, width)
