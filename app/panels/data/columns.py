"""The table of a data file's columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QAbstractItemView, QWidget

from app.panels.data.wording import shape_text
from app.panels.plots.formats import count_text, value_text
from app.panels.widgets.row_table import RowModel, RowTable
from resources.text import Text, tr
from runtime.protocol import Column

_KINDS = {
    "number": Text("number"),
    "category": Text("category"),
    "image": Text("picture"),
    "text": Text("text"),
}


class ColumnsModel(RowModel[Column]):
    """One row a column; `used` says what each column feeds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        titles = (tr("Column"), tr("Samples"), tr("Shape"), tr("Type"), tr("Kind"), tr("Values"), tr("Feeds"))
        super().__init__(titles, parent, mono=(1, 2, 3, 5), right=(1,))
        self._used: dict[str, str] = {}

    def show_columns(self, columns: Sequence[Column], uses: Mapping[str, str]) -> None:
        self._used = dict(uses)
        self.show_items(columns)

    @property
    def columns(self) -> tuple[Column, ...]:
        return self._items

    def tooltip_of(self, column: Column, number: int) -> str:
        return str(column.note) if column.note else self.text_of(column, number)

    def text_of(self, column: Column, number: int) -> str:
        texts = (
            column.name,
            count_text(column.samples),
            shape_text(column.shape),
            column.dtype,
            str(_KINDS[column.kind]),
            values_text(column),
            self._used.get(column.name, ""),
        )
        return texts[number]


class ColumnsTable(RowTable):
    def __init__(self, model: ColumnsModel, parent: QWidget | None = None) -> None:
        super().__init__(model, 56, parent)
        self.setObjectName("data_columns")
        self.setAccessibleName(tr("Columns of the data"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)

    def fit(self) -> None:
        """Make every column as wide as its texts, the name not wider than a third."""
        self.resizeColumnsToContents()
        for number in range(self.model().columnCount() - 1):
            widest = self.viewport().width() // (4 if number == 0 else 6)
            self.setColumnWidth(number, min(self.columnWidth(number) + 8, max(90, widest)))


def values_text(column: Column) -> str:
    """Return what values there are: words of a category, or the range."""
    parts = []
    if column.categories:
        words = ", ".join(column.categories[:4])
        parts.append(f"{words}, …" if len(column.categories) > 4 else words)
    elif column.minimum is not None and column.maximum is not None:
        parts.append(f"{_number(column.minimum)} … {_number(column.maximum)}")
    if column.missing:
        parts.append(tr("{count} missing", count=count_text(column.missing)))
    return " · ".join(parts)


def _number(value: float) -> str:
    return count_text(value) if float(value).is_integer() and abs(value) < 1e9 else value_text(value)
