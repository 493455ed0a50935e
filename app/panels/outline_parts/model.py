"""The rows of the outline: one per box, sources first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon

from app.icons import icon
from app.panels.inspector_parts.facts import Facts, facts_of
from app.panels.wording import count_text, shape_text
from app.session import Session
from app.theme import Theme
from graph_editor.document.document import ROOT, Changes
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
    """`row` is its place among its siblings; `parent` and `children` are places in the list of all rows."""

    call: str
    row: int
    parent: int
    facts: Facts
    children: tuple[int, ...] = ()


class OutlineModel(QAbstractItemModel):
    """A nested model has the boxes in it below its first box.

    Sorting is the view's business: `SORT_ROLE` gives what to sort by; unsorted, rows follow the flow of the data.
    """

    def __init__(self, session: Session, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._rows: list[_Row] = []  # of all levels
        self._top: list[int] = []  # those of the root
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
        for place in range(len(self._rows)):
            self._tell(place)

    def rebuild(self) -> None:
        """Read the document anew."""
        self.beginResetModel()
        self._rows = []
        self._top = self._read(ROOT, -1)
        self._places = {row.call: place for place, row in enumerate(self._rows)}
        self.endResetModel()

    def _read(self, graph_id: str, parent: int) -> list[int]:
        """Append the rows of a graph and of the models in it; the places of its own rows come back."""
        graph = self._session.document.graphs[graph_id]
        order = graph.topological_order()
        order += [call for call in graph.calls if call not in set(order)] if len(order) < len(graph.calls) else []
        places = []
        for number, call in enumerate(order):
            place = len(self._rows)
            places.append(place)
            row = _Row(call, number, parent, facts_of(self._session, call))
            self._rows.append(row)
            if row.facts.operation.graph is not None and row.facts.uses[0] == call:
                children = tuple(self._read(row.facts.operation.graph, place))
                self._rows[place] = replace(row, children=children)
        return places

    def update_values(self) -> None:
        """Read names, shapes and counts anew where they are others; the boxes are the same."""
        for place, row in enumerate(self._rows):
            if not self._holds(row):
                self._rows[place] = replace(row, facts=facts_of(self._session, row.call))
                self._tell(place)

    def _tell(self, place: int) -> None:
        index = self._index(place)
        self.dataChanged.emit(index, index.siblingAtColumn(len(Column) - 1))

    def _holds(self, row: _Row) -> bool:
        """Whether a row is as it was; values that have not changed are the same objects."""
        facts, session = row.facts, self._session
        same = facts.graph.operations.get(facts.operation.id) is facts.operation
        return same and len(facts.uses) == 1 and session.results.get(row.call) is facts.result

    def on_document_changed(self, changes: Changes) -> bool:
        """Follow a change; True when the rows are others now."""
        if changes.everything or changes.calls_added or changes.calls_removed or changes.wires or changes.graphs:
            self.rebuild()
            return True
        if changes.operations_changed:
            self.update_values()
        return False

    @property
    def has_models(self) -> bool:
        """Whether any row has others below it."""
        return any(row.children for row in self._rows)

    def call_at(self, index: Index) -> str:
        return self._row(index).call

    def facts_at(self, index: Index) -> Facts:
        return self._row(index).facts

    def index_of(self, call: str) -> QModelIndex | None:
        place = self._places.get(call)
        return None if place is None else self._index(place)

    def _row(self, index: Index) -> _Row:
        return self._rows[index.internalId()]

    def _index(self, place: int, column: int = 0) -> QModelIndex:
        return self.createIndex(self._rows[place].row, column, place)

    def _children(self, parent: Index) -> Sequence[int]:
        return self._row(parent).children if parent.isValid() else self._top

    def index(self, row: int, column: int, parent: Index = _ROOT) -> QModelIndex:
        places = self._children(parent)
        known = 0 <= row < len(places) and 0 <= column < len(Column)
        return self._index(places[row], column) if known else QModelIndex()

    def parent(self, index: Index = _ROOT) -> QModelIndex:  # type: ignore[override]
        above = self._row(index).parent if index.isValid() else -1
        return QModelIndex() if above < 0 else self._index(above)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return len(self._children(parent)) if parent.column() <= 0 else 0

    def columnCount(self, parent: Index = _ROOT) -> int:
        return len(Column)

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
        row, column = self._row(index), Column(index.column())
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
