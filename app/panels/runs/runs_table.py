"""The table of a project's runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from app.look.fonts import mono_font
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.plots.formats import duration_text
from app.panels.run_parts.run_facts import STATUS_LOOKS, STATUS_TEXTS, best_text, epochs_text, started_text
from graph_editor.words.tooltips import set_tooltip, tooltip_text
from resources.plain import shown_name
from resources.text import tr
from resources.training.settings.device import SETTING as DEVICE
from runtime.store import RunInfo

Index = QModelIndex | QPersistentModelIndex
_TOKENS = {"ok": "ok.text", "live": "accent.text", "warning": "warning.text", "error": "error.text", "dim": "dim"}
_MONO = (0, 4, 5, 6)
_STATUS = 2


class RunsModel(QAbstractTableModel):
    """The newest run first."""

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        look.changed.connect(self._on_theme)
        self._runs: list[RunInfo] = []
        self._titles = (
            tr("Run"), tr("Name"), tr("Status"), tr("Started"), tr("Duration"), tr("Epochs"), tr("Best"), tr("Device"),
        )  # fmt: skip

    def _on_theme(self, _theme: Theme) -> None:
        if self._runs:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._runs) - 1, len(self._titles) - 1))

    def show_runs(self, runs: Sequence[RunInfo]) -> None:
        """Rows of runs that stay keep their selection."""
        newest = sorted(runs, key=lambda run: run.number, reverse=True)
        if [run.folder for run in newest] == [run.folder for run in self._runs]:
            self._runs = newest
            if newest:
                self.dataChanged.emit(self.index(0, 0), self.index(len(newest) - 1, len(self._titles) - 1))
            return
        self.beginResetModel()
        self._runs = newest
        self.endResetModel()

    @property
    def runs(self) -> list[RunInfo]:
        return list(self._runs)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._runs)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        run = self._runs[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return shown_name(self._text(run, index.column()))
        if role == Qt.ItemDataRole.FontRole and index.column() in _MONO:
            return mono_font(12)
        if role == Qt.ItemDataRole.ForegroundRole and (index.column() == _STATUS or run.status == "damaged"):
            return QBrush(QColor(self._look.theme.color(_TOKENS[STATUS_LOOKS[run.status]])))
        if role == Qt.ItemDataRole.ToolTipRole:
            error = str(run.result.error) if run.result.error is not None else ""
            told = error and (index.column() == _STATUS or run.status == "damaged")
            return tooltip_text(error if told else self._text(run, index.column()))
        return None

    def _text(self, run: RunInfo, column: int) -> str:
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
            run.result.device or run.spec.training[DEVICE],
        )
        return texts[column]


class RunsTable(QTableView):
    """`chosen` carries the folders of the selected runs, the newest first."""

    chosen = Signal(object)  # tuple[Path, ...]

    def __init__(self, model: RunsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs = model
        self.setObjectName("runs_table")
        self.setAccessibleName(tr("Runs of this project"))
        self.setModel(model)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        set_tooltip(self, tr("Select several runs to compare them"))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(30)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setMinimumSectionSize(48)
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
