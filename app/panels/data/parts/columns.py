"""The table of a data file's columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from app.panels.data.parts.words import kind_text, shape_text
from app.panels.plots.formats import count_text, value_text
from app.panels.widgets.row_table import RowModel, RowTable
from resources.dates import date_text
from resources.text import tr
from runtime.messages.describing import Column


class ColumnsModel(RowModel[Column]):
    """One row a column; `used` says what each column feeds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        titles = (tr("Column"), tr("Samples"), tr("Shape"), tr("Type"), tr("Kind"), tr("Values"), tr("Feeds"))
        super().__init__(titles, parent, mono=(1, 2, 3, 5), right=(1,))
        self._used: dict[str, str] = {}

    def show_columns(self, columns: Sequence[Column], uses: Mapping[str, str]) -> None:
        """The same columns with other uses: what is selected stays."""
        if tuple(columns) == self._items:
            if dict(uses) != self._used:
                self._used = dict(uses)
                self.refresh(columns)
            return
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
            kind_text(column.kind),
            values_text(column),
            self._used.get(column.name, ""),
        )
        return texts[number]


class ColumnsTable(RowTable):
    def __init__(self, model: ColumnsModel, parent: QWidget | None = None) -> None:
        super().__init__(model, 56, parent)
        self.setObjectName("data_columns")
        self.setAccessibleName(tr("Columns of the data"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)

    def select_names(self, names: Sequence[str]) -> None:
        """Select the rows of columns, and no others."""
        model, chosen, found = self.model(), set(names), QItemSelection()
        assert isinstance(model, ColumnsModel)
        last = model.columnCount() - 1
        for row, column in enumerate(model.columns if chosen else ()):
            if column.name in chosen:
                found.merge(
                    QItemSelection(model.index(row, 0), model.index(row, last)),
                    QItemSelectionModel.SelectionFlag.Select,
                )
        self.selectionModel().select(found, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def showEvent(self, event: QShowEvent) -> None:
        """Its room is known now: what was fitted while another tab was shown was fitted to none."""
        super().showEvent(event)
        self.fit()

    def fit(self) -> None:
        """Make every column as wide as its texts; only where there is no room for all, long ones are cut."""
        self.resizeColumnsToContents()
        room, numbers = self.viewport().width(), range(self.model().columnCount() - 1)
        whole_widths = [self.columnWidth(number) + 8 for number in numbers]
        widths = [min(whole, max(90, room // (4 if number == 0 else 6))) for number, whole in enumerate(whole_widths)]
        left = max(0, room - sum(widths) - self.columnWidth(len(whole_widths)))
        for number in numbers:
            more = min(whole_widths[number] - widths[number], left)
            left -= more
            self.setColumnWidth(number, widths[number] + more)


def values_text(column: Column) -> str:
    """Return what values there are: words of a category, or the range."""
    parts = []
    if column.categories:
        words = ", ".join(column.categories[:4])
        parts.append(f"{words}, …" if len(column.categories) > 4 else words)
    elif column.minimum is not None and column.maximum is not None:
        write = _date if column.kind == "date" else _number
        parts.append(f"{write(column.minimum)} … {write(column.maximum)}")
    if column.missing:
        parts.append(tr("{count} missing", count=count_text(column.missing)))
    return " · ".join(parts)


def _date(seconds: float) -> str:
    text = date_text(seconds)
    return _number(seconds) if text is None else text


def _number(value: float) -> str:
    return count_text(value) if float(value).is_integer() and abs(value) < 1e9 else value_text(value)
