"""The rows of the outline: one per box, sources first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon

from app.icons import icon
from app.panels.inspector_parts.facts import Facts, facts_of
from app.panels.wording import count_text, shape_text
from app.session import Session
from app.theme import Theme
from graph_editor.document.document import Changes
from resources.text import tr

SORT_ROLE = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Column(IntEnum):
    NAME = 0
    FREEZE = 1
    OUTPUT = 2
    PARAMETERS = 3
    CLASS = 4


@dataclass(frozen=True, slots=True)
class _Row:
    call: str
    order: int
    facts: Facts


class OutlineModel(QAbstractTableModel):
    """Sorting is the view's business: `SORT_ROLE` gives what to sort by, `order` being that of the data's flow."""

    def __init__(self, session: Session, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._rows: list[_Row] = []
        self._places: dict[str, int] = {}
        self._frozen_icon = QIcon()
        self._open_icon = QIcon()
        self._cells: dict[Column, Callable[[_Row], str]] = {
            Column.NAME: lambda row: row.facts.operation.name,
            Column.FREEZE: lambda _row: "",
            Column.OUTPUT: _output_text,
            Column.PARAMETERS: lambda row: count_text(row.facts.parameters) if row.facts.counted else "–",
            Column.CLASS: lambda row: row.facts.spec.shown_name if row.facts.spec else row.facts.operation.class_name,
        }
        self.set_theme(theme)
        self.rebuild()

    def set_theme(self, theme: Theme) -> None:
        self._frozen_icon = icon("snowflake", theme.color("frozen.text"), 14)
        self._open_icon = icon("snowflake", theme.color("line"), 14)
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(Column) - 1))

    def rebuild(self) -> None:
        """Read the document anew."""
        graph = self._session.document.graph
        order = graph.topological_order()
        order += [call for call in graph.calls if call not in set(order)] if len(order) < len(graph.calls) else []
        self.beginResetModel()
        self._rows = [_Row(call, place, facts_of(self._session, call)) for place, call in enumerate(order)]
        self._places = {row.call: place for place, row in enumerate(self._rows)}
        self.endResetModel()

    def update_values(self) -> None:
        """Read names, shapes and counts anew where they are others; the boxes are the same."""
        changed = [place for place, row in enumerate(self._rows) if not self._holds(row)]
        for place in changed:
            row = self._rows[place]
            self._rows[place] = _Row(row.call, row.order, facts_of(self._session, row.call))
        if changed:
            self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], len(Column) - 1))

    def _holds(self, row: _Row) -> bool:
        """Whether a row is as it was; values that have not changed are the same objects."""
        facts, session = row.facts, self._session
        same = session.document.graph.operations.get(facts.operation.id) is facts.operation
        return same and len(facts.uses) == 1 and session.results.get(row.call) is facts.result

    def on_document_changed(self, changes: Changes) -> bool:
        """Follow a change; True when the rows are others now."""
        if changes.everything or changes.calls_added or changes.calls_removed or changes.wires:
            self.rebuild()
            return True
        if changes.operations_changed:
            self.update_values()
        return False

    def call_at(self, row: int) -> str:
        return self._rows[row].call

    def facts_at(self, row: int) -> Facts:
        return self._rows[row].facts

    def row_of(self, call: str) -> int | None:
        return self._places.get(call)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = Column(section)
        if role == Qt.ItemDataRole.DecorationRole and column is Column.FREEZE:
            return self._frozen_icon
        if role == Qt.ItemDataRole.DisplayRole and column is not Column.FREEZE:
            return _titles()[column]
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return _titles()[column]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = self._rows[index.row()], Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cells[column](row)
        if role == SORT_ROLE:
            return _sort_value(row, column, self._cells[column](row))
        if role == Qt.ItemDataRole.TextAlignmentRole and column in (Column.OUTPUT, Column.PARAMETERS):
            return _RIGHT
        if role == Qt.ItemDataRole.DecorationRole and column is Column.FREEZE and row.facts.can_freeze:
            return self._open_icon if row.facts.operation.trainable else self._frozen_icon
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return _tooltip(row, column, self._cells[column](row))
        return None


def _titles() -> dict[Column, str]:
    return {
        Column.NAME: tr("Name"),
        Column.FREEZE: tr("Frozen"),
        Column.OUTPUT: tr("Output"),
        Column.PARAMETERS: tr("Parameters"),
        Column.CLASS: tr("Layer"),
    }


def _output_text(row: _Row) -> str:
    outputs = row.facts.result.outputs if row.facts.result else ()
    return ", ".join(shape_text(output.shape) for output in outputs) or "–"


def _sort_value(row: _Row, column: Column, text: str) -> object:
    if column is Column.PARAMETERS:
        return row.facts.parameters
    if column is Column.FREEZE:
        return int(row.facts.operation.trainable)
    return text.casefold()


def _tooltip(row: _Row, column: Column, text: str) -> str:
    if column is not Column.FREEZE:
        return text
    if not row.facts.can_freeze:
        return tr("It has no weights to freeze.")
    return tr("Click to freeze") if row.facts.operation.trainable else tr("Frozen; click to unfreeze")
