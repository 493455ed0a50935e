"""The rows and columns of the list of runs, for a table. It holds values and no widgets, however many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtGui import QBrush, QColor, QFont
from PySide6.QtWidgets import QWidget

from app.look.fonts import mono_font
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.run_parts.arranging import Arranged, Heading, Row
from app.panels.run_parts.run_columns import RunColumn
from app.panels.run_parts.run_facts import STATUS_LOOKS
from app.panels.run_parts.sizes import size_text
from app.panels.widgets.row_table import Index
from graph_editor.words.tooltips import tooltip_text
from resources.plain import shown_name
from resources.text import tr
from runtime.store import RunInfo
from runtime.tracking.run_index import TrackedRun

_TOKENS: Final = {
    "ok": "ok.text",
    "live": "accent.text",
    "warning": "warning.text",
    "error": "error.text",
    "dim": "dim",
}
_MONO: Final = ("number", "seconds", "epochs_done", "best", "size")
_STAR: Final = "★ "
_MOST_TEXTS: Final = 20_000  # that are kept
_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_FLAG: Final = Qt.ItemFlag


class RunsModel(QAbstractTableModel):
    """`show_rows` gives it all that stands in the table; what a cell says is worked out when it is looked at."""

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._rows: tuple[Row, ...] = ()
        self._columns: tuple[RunColumn, ...] = ()
        self._texts: dict[tuple[int, int], str] = {}
        self._keys: tuple[object, ...] = ()
        self._places: dict[Path, int] = {}
        self._headings: tuple[int, ...] = ()
        self._mono, self._strong = mono_font(12), QFont()
        self._strong.setBold(True)
        look.changed.connect(self._on_theme)

    # what is shown

    @property
    def rows(self) -> tuple[Row, ...]:
        return self._rows

    @property
    def columns(self) -> tuple[RunColumn, ...]:
        return self._columns

    @property
    def headings(self) -> list[int]:
        """The rows that are no runs."""
        return list(self._headings)

    @property
    def shown_runs(self) -> list[RunInfo]:
        """Those that have a row, from above."""
        return [item.info for item in self._rows if isinstance(item, TrackedRun)]

    def run_at(self, row: int) -> TrackedRun | None:
        item = self._rows[row] if 0 <= row < len(self._rows) else None
        return item if isinstance(item, TrackedRun) else None

    def heading_at(self, row: int) -> Heading | None:
        item = self._rows[row] if 0 <= row < len(self._rows) else None
        return item if isinstance(item, Heading) else None

    def row_of(self, folder: Path) -> int | None:
        return self._places.get(folder)

    def show_rows(self, arranged: Arranged, columns: Sequence[RunColumn]) -> bool:
        """Whether the table is another one now: else rows and what is selected of them stay."""
        same = arranged.keys == self._keys
        same = same and [column.key for column in columns] == [column.key for column in self._columns]
        self._texts.clear()
        if not same:
            self.beginResetModel()
        self._rows, self._columns = arranged.rows, tuple(columns)
        self._keys, self._places, self._headings = arranged.keys, arranged.places, arranged.headings
        if not same:
            self.endResetModel()
        else:
            self._tell_all()
        return not same

    def refresh(self, runs: Mapping[Path, RunInfo]) -> None:
        """Other facts of runs that are shown."""
        rows = list(self._rows)
        for folder, info in runs.items():
            place = self._places.get(folder)
            item = rows[place] if place is not None else None
            if place is not None and isinstance(item, TrackedRun):
                rows[place] = TrackedRun(info, item.size, item.lightened)
        self._rows = tuple(rows)
        self._texts.clear()
        self._tell_all()

    def _tell_all(self) -> None:
        if self._rows and self._columns:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(self._columns) - 1))

    def _on_theme(self, _theme: Theme) -> None:
        self._tell_all()

    # as Qt asks

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal or section >= len(self._columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return shown_name(self._columns[section].title)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if isinstance(self._rows[index.row()], Heading):
            return _FLAG.ItemIsEnabled
        return _FLAG.ItemIsEnabled | _FLAG.ItemIsSelectable | _FLAG.ItemNeverHasChildren

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        item = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._text(index.row(), index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT
        if isinstance(item, Heading):
            return self._strong if role == Qt.ItemDataRole.FontRole else None
        if role == Qt.ItemDataRole.FontRole:
            column = self._columns[index.column()]
            return self._mono if column.key in _MONO or column.group == "metric" else None
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._brush(item, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip_text(self._tooltip(item, index))
        return None

    def _text(self, row: int, column: int) -> str:
        text = self._texts.get((row, column))
        if text is None:
            if len(self._texts) > _MOST_TEXTS:
                self._texts.clear()
            item = self._rows[row]
            if isinstance(item, Heading):
                text = heading_text(item) if column == 0 else ""
            else:
                shown = self._columns[column]
                star = _STAR if shown.key == "name" and item.info.about.starred else ""
                text = star + shown.text_of(item)
            text = self._texts[row, column] = shown_name(text)
        return text

    def _brush(self, item: TrackedRun, column: int) -> QBrush | None:
        if self._tells_state(item, column):
            return QBrush(QColor(self._look.theme.color(_TOKENS[STATUS_LOOKS[item.info.status]])))
        return QBrush(QColor(self._look.theme.color("dim"))) if item.info.about.archived else None

    def _tells_state(self, item: TrackedRun, column: int) -> bool:
        return self._columns[column].key == "status" or item.info.status == "damaged"

    def _tooltip(self, item: TrackedRun, index: Index) -> str:
        error, column = item.info.result.error, self._columns[index.column()]
        if error is not None and self._tells_state(item, index.column()):
            return str(error)
        if item.info.about.problem is not None and column.key in ("name", "tags", "group", "note"):
            return str(item.info.about.problem)
        if column.key == "note":
            return item.info.about.note
        return self._text(index.row(), index.column())


def heading_text(heading: Heading) -> str:
    title = heading.title or tr("without")
    count = tr("1 run") if heading.count == 1 else tr("{count} runs", count=f"{heading.count:,}")
    return f"{'▸' if heading.collapsed else '▾'} {title} · {count} · {size_text(heading.size)}"
