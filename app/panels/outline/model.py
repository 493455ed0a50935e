"""The outline as Qt sees it: a tree whose values are worked out when they are looked at."""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelection,
    QItemSelectionRange,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QIcon

from app.engine.wording import count_text, shape_text
from app.look.icons import icon
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.outline.matching import matcher
from app.panels.outline.rows import TOP, Row, State, below, freeze_state, kept_rows, painted, read_rows
from app.project.session import Session
from graph_editor.catalog.specs import LayerSpec
from graph_editor.document.changes import commands
from graph_editor.document.checking.built_model import LeftOut
from graph_editor.document.checking.left_out import mark, why_left_out
from graph_editor.document.document import Changes
from graph_editor.document.graph import Operation
from graph_editor.words.tooltips import tooltip_text
from resources.plain import shown_name
from resources.text import Text, tr
from runtime.messages.inference import TensorSpec

STATE_ROLE = Qt.ItemDataRole.UserRole + 1  # how a row is frozen, a State
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_ORDER: tuple[State, ...] = ("own", "around", "partly", "learns", "")
_DIGITS = 9
_NUMBERS = re.compile(r"\d+")


class Column(IntEnum):
    NAME = 0
    FREEZE = 1
    OUTPUT = 2
    PARAMETERS = 3
    CLASS = 4


_COLUMNS = len(Column)
_FIGURES = (Column.OUTPUT, Column.PARAMETERS)


class OutlineModel(QAbstractItemModel):
    """A nested model has the boxes in it below its first box. Unsorted, rows follow the flow of the data.

    `place` means the place of a row in the list of all rows, shown or not; it is the id of an index. What a view asks
    for every single row of ten thousand has to be quick; it asks for values only where they are seen.
    """

    values_changed = Signal()  # of any rows, while the rows are the same

    def __init__(self, session: Session, look: ThemeSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.rows: list[Row] = []  # of all levels
        self._places: dict[str, int] = {}
        self._children: dict[int, list[int]] = {}  # the places of the rows below each row that has some, TOP included
        self._shown: dict[int, list[int]] = {TOP: []}  # the same of those that are shown, as they are sorted
        self._numbers: dict[int, int] = {}  # the place of a row among its shown siblings
        self._paint: dict[str, bool] = {}
        self._sorting: tuple[int, bool] = (-1, False)
        self.filter = ""
        self.unfolded: set[int] = set()  # rows to unfold so that what matches the filter is seen
        self._header_icon = QIcon()
        self._idle_color = QColor()
        look.follow(self._on_theme)
        self.rebuild()

    def _on_theme(self, theme: Theme) -> None:
        self._header_icon = icon("snowflake", theme.color("frozen.text"), 14)
        self._idle_color = QColor(theme.color("dim"))

    # Reading

    def rebuild(self) -> bool:
        """Read the document anew; True when the rows are others now, or stand in another order."""
        rows = read_rows(self._session.document)
        if rows == self.rows:
            return self.update_values()
        self.beginResetModel()
        self.rows = rows
        self._places = {row.call: place for place, row in enumerate(rows)}
        self._children = below(rows)
        self._arrange()
        self.endResetModel()
        return True

    def update_values(self) -> bool:
        """Look at names, shapes and counts anew; True when that changed which rows are shown, and where."""
        plain = self._sorting[0] < 0 and not self.filter
        if not plain and self._arranged() != (self._shown, self.unfolded):
            self._reset()
            return True
        self._tell()
        return False

    def set_filter(self, text: str) -> None:
        self.filter = text.strip()
        self._reset()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By a column; -1 for the flow of the data."""
        self._sorting = (column, order == Qt.SortOrder.DescendingOrder)
        self._reset()

    def rename(self, call: str, name: str) -> bool:
        """Give the layer of a box another name, as one step."""
        document = self._session.document
        if not document.has_call(call):
            return False
        operation = document.operation_of(call).id
        label = Text("Rename to {name}", {"name": name})
        return self._session.attempt(
            lambda: self._session.history.do(label, commands.rename(document, operation, name))
        )

    def set_paint(self, paint: dict[str, bool]) -> None:
        """Show these operations frozen or not although the document does not say so (yet)."""
        self._paint = paint
        self._tell()

    def _reset(self) -> None:
        self.beginResetModel()
        self._arrange()
        self.endResetModel()

    def _arrange(self) -> None:
        self._shown, self.unfolded = self._arranged()
        self._numbers = {place: number for places in self._shown.values() for number, place in enumerate(places)}

    def _arranged(self) -> tuple[dict[int, list[int]], set[int]]:
        unfolded: set[int] = set()
        shown = self._children
        if self.filter:
            kept, unfolded = kept_rows(self.rows, self._matcher())
            shown = below(self.rows, kept)
        column, descending = self._sorting
        if column >= 0:
            key = self._sort_key(Column(column))
            shown = {above: sorted(places, key=key, reverse=descending) for above, places in shown.items()}
        return shown, unfolded

    def _matcher(self) -> Callable[[Row], bool]:
        return matcher(self.filter, self._session.document, self._session.catalog)

    def _tell(self) -> None:
        """A view would look for all the rows that are told to be others: it paints what it shows, and is done."""
        self.values_changed.emit()

    # Rows

    @property
    def has_models(self) -> bool:
        """Whether any row that is shown has others below it."""
        return len(self._shown) > 1

    def longest_names(self, count: int = 8) -> list[tuple[int, str]]:
        """The longest names of all levels, each with how deep its row lies."""
        depths, names = [0] * len(self.rows), list[tuple[int, int, str]]()
        for place in range(1, len(self.rows)):
            depths[place] = depths[self.rows[place].parent] + 1
            row = self.rows[place]
            graph = self._session.document.graphs.get(row.graph)
            operation = graph.operations.get(row.operation) if graph is not None else None
            if operation is not None:  # else it goes with the next look at the rows
                name = operation.shown_name
                names.append((len(name.encode("utf-8", "replace")), depths[place], name))  # 한글 is wider than Latin
        return [(depth, name) for _, depth, name in heapq.nlargest(count, names)]

    def call_at(self, index: Index) -> str:
        return self.rows[index.internalId()].call

    def operation_at(self, index: Index) -> Operation:
        return self._operation(index.internalId())

    def state_at(self, index: Index) -> State:
        return self._state(index.internalId())

    def place_of(self, call: str) -> int:
        return self._places.get(call, TOP)

    def is_model(self, call: str) -> bool:
        """Whether a box has others below it, shown or not."""
        place = self._places.get(call)
        return place is not None and place in self._children

    def matches(self) -> Iterator[int]:
        """The places of the rows that match the filter themselves, in the order in which they stand."""
        fits = self._matcher()
        waiting = list(reversed(self._shown[TOP]))
        while waiting:
            place = waiting.pop()
            if fits(self.rows[place]):
                yield place
            waiting += reversed(self._shown.get(place, []))

    def index_of(self, call: str) -> QModelIndex | None:
        """The row of a box; None when it has none or the filter hides it."""
        return self.index_at(self.place_of(call))

    def selection_of(self, calls: Iterable[str]) -> QItemSelection:
        """The shown rows of these boxes: those that stand together are one range, since ten thousand would be slow."""
        places = [place for call in calls if (place := self.place_of(call)) in self._numbers]
        ends = sorted((self.rows[place].parent, self._numbers[place], place) for place in places)
        selection = QItemSelection()
        start = 0
        for end, (above, number, place) in enumerate(ends, 1):
            if end == len(ends) or ends[end][:2] != (above, number + 1):
                selection.append(QItemSelectionRange(self._index(ends[start][2]), self._index(place)))
                start = end
        return selection

    def index_at(self, place: int) -> QModelIndex | None:
        return self._index(place) if place in self._numbers else None

    def calls_between(self, parent: Index, first: int, last: int) -> list[str]:
        return [self.rows[place].call for place in self._shown.get(parent.internalId(), [])[first : last + 1]]

    def _operation(self, place: int) -> Operation:
        row = self.rows[place]
        return self._session.document.graphs[row.graph].operations[row.operation]

    def _spec(self, place: int) -> LayerSpec | None:
        operation = self._operation(place)
        return self._session.catalog.layer(operation.class_name, operation.module)

    def _count(self, place: int) -> int | None:
        """Return how many parameters the operation has, in all its boxes; None until Keras has told."""
        row = self.rows[place]
        uses = self._session.document.graphs[row.graph].calls_of(row.operation)
        results = [told for use in uses if (told := self._session.inference.weights_told(use)) is not None]
        if not any(result.outputs for result in results):
            return None
        return sum(result.parameters for result in results)

    def _outputs(self, place: int) -> Sequence[TensorSpec]:
        result = self._session.inference.results.get(self.rows[place].call)
        return result.outputs if result is not None else ()

    def _can_freeze(self, place: int) -> bool:
        operation = self._operation(place)
        if not operation.trainable or place in self._children:
            return not operation.trainable or any(map(self._can_freeze, self._children[place]))
        return operation.class_name != "InputLayer" and self._count(place) != 0

    def _flag(self, place: int) -> bool:
        preview = painted(self.rows, place, self._paint) if self._paint else None
        return not self._operation(place).trainable if preview is None else preview

    def _state(self, place: int) -> State:
        return freeze_state(self.rows, self._children, place, self._flag) if self._can_freeze(place) else ""

    # What Qt asks

    def _index(self, place: int) -> QModelIndex:
        return self.createIndex(self._numbers[place], 0, place)

    def index(self, row: int, column: int, parent: Index = _ROOT) -> QModelIndex:
        places = self._shown.get(parent.internalId(), ())  # that of no index is TOP
        if 0 <= row < len(places) and 0 <= column < _COLUMNS:
            return self.createIndex(row, column, places[row])
        return QModelIndex()

    def parent(self, index: Index = _ROOT) -> QModelIndex:  # type: ignore[override]
        above = self.rows[index.internalId()].parent
        return QModelIndex() if above == TOP else self._index(above)

    def hasChildren(self, parent: Index = _ROOT) -> bool:
        return parent.internalId() in self._shown and parent.column() <= 0

    def rowCount(self, parent: Index = _ROOT) -> int:
        return len(self._shown.get(parent.internalId(), ())) if parent.column() <= 0 else 0

    def columnCount(self, parent: Index = _ROOT) -> int:
        return _COLUMNS

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        column = Column(section)
        if role == Qt.ItemDataRole.DecorationRole and column is Column.FREEZE:
            return self._header_icon
        if role == Qt.ItemDataRole.DisplayRole and column is not Column.FREEZE:
            return column_title(column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column in _FIGURES else _LEFT
        if role == Qt.ItemDataRole.ToolTipRole and column is Column.FREEZE:
            text = tr("Frozen: training leaves the weights as they are. Click a cell, or paint over several.")
            return tooltip_text(text)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip_text(column_title(column))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return column_title(column)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        place, column = index.internalId(), Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return shown_name(self._text(place, column))
        if role == Qt.ItemDataRole.EditRole:
            return self._text(place, column)
        if role == STATE_ROLE and column is Column.FREEZE:
            return self._state(place)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in _FIGURES:
            return _RIGHT
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip_text(self._tooltip(place, column))
        if role == Qt.ItemDataRole.ForegroundRole and self._left_out(place) is not None:
            return self._idle_color
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return state_words(self._state(place)) if column is Column.FREEZE else shown_name(self._text(place, column))
        return None

    def _text(self, place: int, column: Column) -> str:
        if column is Column.NAME:
            return self._operation(place).shown_name
        if column is Column.FREEZE:
            return ""
        if column is Column.CLASS:
            spec = self._spec(place)
            return spec.shown_name if spec else self._operation(place).class_name
        if column is Column.PARAMETERS:
            count = self._count(place)
            return "–" if count is None else count_text(count)
        left_out = self._left_out(place)
        if left_out is not None:
            return mark(left_out)
        return ", ".join(shape_text(output.shape) for output in self._outputs(place)) or "–"

    def _left_out(self, place: int) -> LeftOut | None:
        return self._session.built_model.left_out.get(self.rows[place].call)

    def _tooltip(self, place: int, column: Column) -> str:
        if column is Column.FREEZE:
            return self._freeze_tooltip(place)
        left_out = self._left_out(place) if column is Column.OUTPUT else None
        return why_left_out(self._session.document, left_out) if left_out else self._text(place, column)

    def _freeze_tooltip(self, place: int) -> str:
        state = self._state(place)
        if state == "":
            return tr("It has no weights to freeze.")
        if state == "around":
            return tr("Frozen with the model it lies in. Click to unfreeze this one.")
        if state == "partly":
            return tr("Some of what is in it is frozen. Click to freeze all of it.")
        return tr("Frozen; click to unfreeze") if state == "own" else tr("Click to freeze")

    def _sort_key(self, column: Column) -> Callable[[int], Any]:
        if column is Column.PARAMETERS:
            return lambda place: self._count(place) or 0
        if column is Column.FREEZE:
            return lambda place: _ORDER.index(self._state(place))
        if column is Column.OUTPUT:
            return self._size
        if column is Column.NAME:
            return lambda place: _natural(self._operation(place).shown_name)
        return lambda place: self._text(place, Column.CLASS).casefold()

    def _size(self, place: int) -> tuple[object, ...]:
        """Of the first output: how many axes, then how long they are; an axis of any length comes first."""
        outputs = self._outputs(place)
        shape = outputs[0].shape[1:] if outputs else ()
        return bool(outputs), len(shape), [-1 if axis is None else axis for axis in shape]

    def on_document_changed(self, changes: Changes) -> bool:
        """Follow a change; True when the rows are others now."""
        if changes.everything or changes.calls_added or changes.calls_removed or changes.wires or changes.graphs:
            return self.rebuild()
        return self.update_values() if changes.operations_changed or changes.interface else False


def state_words(state: State) -> str:
    """Return how a row is frozen, for people who do not see it."""
    words = {
        "own": tr("frozen"),
        "around": tr("frozen with the model it lies in"),
        "partly": tr("partly frozen"),
        "learns": tr("not frozen"),
        "": tr("no weights"),
    }
    return words[state]


def column_title(column: Column) -> str:
    titles = {
        Column.NAME: tr("Name"),
        Column.FREEZE: tr("Frozen"),
        Column.OUTPUT: tr("Output"),
        Column.PARAMETERS: tr("Parameters"),
        Column.CLASS: tr("Layer"),
    }
    return titles[column]


def _natural(text: str) -> str:
    """dense_2 before dense_10."""
    return _NUMBERS.sub(lambda number: number.group().zfill(_DIGITS), text.casefold())
