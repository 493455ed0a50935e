"""The page that says what differs between the runs: settings, data, graph and figures, a column for each run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFontMetrics
from PySide6.QtWidgets import QAbstractItemView, QCheckBox, QHBoxLayout, QTableView, QWidget

from app.look.fonts import mono_font
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.runs.comparing.facts import GROUPS, Row, RunFacts
from app.panels.widgets.fields import column, hint
from app.panels.widgets.row_table import Index
from graph_editor.words.attaching import attached
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import tooltip_text
from resources.plain import shown_name
from resources.text import tr

_FIRST_RUN = 2  # columns before it: the group, and what it is
_MEASURED_ROWS, _AROUND = 100, 24
MOST_COLUMNS: Final = 100  # nobody reads more side by side
_WIDEST, _NARROWEST = 260, 90


class DifferenceModel(QAbstractTableModel):
    """A row for each fact; the best value of a figure is green."""

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.runs: Sequence[RunFacts] = ()
        self.rows: Sequence[Row] = ()
        look.changed.connect(self._on_theme)

    def _on_theme(self, _theme: Theme) -> None:
        self.layoutChanged.emit()

    def show_rows(self, runs: Sequence[RunFacts], rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self.runs, self.rows = runs, rows
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else _FIRST_RUN + len(self.runs)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        run = self.runs[section - _FIRST_RUN] if section >= _FIRST_RUN else None
        if role == Qt.ItemDataRole.DisplayRole:
            return run.title if run is not None else (tr("Part"), tr("What"))[section]
        if role == Qt.ItemDataRole.ToolTipRole and run is not None:
            return tooltip_text(run.name)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, place = self.rows[index.row()], index.column() - _FIRST_RUN
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return shown_name(self._text(index.row(), place))
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip_text(row.texts[place] if place >= 0 else row.title)
        if role == Qt.ItemDataRole.FontRole and place >= 0:
            font = mono_font(12)
            font.setBold(place in row.best)
            return font
        if role == Qt.ItemDataRole.ForegroundRole:
            token = "dim" if place == -_FIRST_RUN else "ok.text" if place in row.best else "text"
            return QBrush(QColor(self._look.theme.color(token)))
        return None

    def _text(self, row: int, place: int) -> str:
        """The group stands once, at its first row."""
        shown = self.rows[row]
        if place >= 0:
            return shown.texts[place]
        if place == -1:
            return shown.title
        first = row == 0 or self.rows[row - 1].group != shown.group
        return str(GROUPS[shown.group]) if first else ""


class DifferencesPage(QWidget):
    """A click on a cell points at its run; a double click chooses it."""

    pointed = Signal(object)  # Path
    chosen = Signal(object)  # Path

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runs_differences")
        self.model = DifferenceModel(look, self)
        self.only = QCheckBox(tr("Only what differs"))
        self.only.setObjectName("only_differences")
        set_spoken_name(self.only, self.only.text())
        self.only.setChecked(True)
        self.note = hint("", "differences_note")
        self.table = _table(self.model)
        self._rows: Sequence[Row] = ()
        self._runs: Sequence[RunFacts] = ()
        rows = column(self, (14, 8, 14, 14), 8)
        row = attached(rows, QHBoxLayout())
        row.setSpacing(12)
        row.addWidget(self.only)
        row.addWidget(self.note, 1)
        rows.addWidget(self.table, 1)
        self.only.toggled.connect(lambda _on: self._show())
        self.table.clicked.connect(self._on_clicked)
        self.table.activated.connect(self._on_activated)

    def show_facts(self, runs: Sequence[RunFacts], rows: Sequence[Row]) -> None:
        """`rows` are those of all the runs; of very many, only the first have a column."""
        self._runs, self._rows = runs[:MOST_COLUMNS], rows
        self._show()

    def _show(self) -> None:
        shown = [row for row in self._rows if row.differs or not self.only.isChecked()]
        self.model.show_rows(self._runs, shown)
        left_out = len(shown[0].texts) - len(self._runs) if shown else 0
        words = tr("The first {count} of the selected runs are shown.", count=len(self._runs)) if left_out > 0 else ""
        self.note.setText(words if shown else tr("All settings and figures are the same."))
        self._fit()

    def _fit(self) -> None:
        """Qt asks each cell for fonts and colours, and takes a quarter of a second for a hundred columns."""
        figures, words = QFontMetrics(mono_font(12)), self.table.fontMetrics()
        rows = self.model.rows[:_MEASURED_ROWS]
        for number in range(self.model.columnCount()):
            place = number - _FIRST_RUN
            texts = {row.texts[place] for row in rows} if place >= 0 else {row.title for row in rows}
            metrics = figures if place >= 0 else words
            longest = max(texts, key=len, default="")
            width = max(metrics.horizontalAdvance(longest), words.horizontalAdvance(self._head(number)))
            self.table.setColumnWidth(number, min(_WIDEST, max(_NARROWEST, width + _AROUND)))

    def _head(self, number: int) -> str:
        return str(self.model.headerData(number, Qt.Orientation.Horizontal))

    def _on_clicked(self, index: QModelIndex) -> None:
        if index.column() >= _FIRST_RUN:
            self.pointed.emit(self._runs[index.column() - _FIRST_RUN].folder)

    def _on_activated(self, index: QModelIndex) -> None:
        if index.column() >= _FIRST_RUN:
            self.chosen.emit(self._runs[index.column() - _FIRST_RUN].folder)


def _table(model: DifferenceModel) -> QTableView:
    table = QTableView()
    table.setObjectName("differences_table")
    set_spoken_name(table, tr("What differs between the runs"))
    table.setModel(model)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(27)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setResizeContentsPrecision(100)
    return table
