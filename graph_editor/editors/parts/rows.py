"""Rows of parameters that follow what is shown: filled anew, not built anew.

Qt's style sheets keep a little of every field that was ever made, and making one takes a millisecond.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from graph_editor.catalog.specs import Json, LayerSpec, ObjectSpec, Parameter
from graph_editor.editors.parts.base import EditorContext
from graph_editor.editors.parts.row import LABEL_WIDTH, ParameterRow
from graph_editor.words.letting_go import let_go
from graph_editor.words.tab_order import set_tab_order

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class RowItem(Generic[K]):
    """What one row is to show: `default` is what its reset button brings back."""

    key: K
    parameter: Parameter
    default: Json
    value: Json


class ParameterRows(Generic[K]):
    """The rows of some parameters, by key, in a layout of their own.

    Whoever had a parameter's row before, nothing of that is left in it: neither words nor choices nor a text that was
    being typed. `edited` gets the key and the new value.
    """

    def __init__(
        self,
        layout: QVBoxLayout,
        context: EditorContext,
        edited: Callable[[K, Json], None],
        label_width: int = LABEL_WIDTH,
    ) -> None:
        self._layout = layout
        self._context = context
        self._edited = edited
        self._label_width = label_width
        self._shown: dict[K, ParameterRow] = {}

    @property
    def rows(self) -> dict[K, ParameterRow]:
        return self._shown

    @property
    def stops(self) -> list[QWidget]:
        """Where Tab stops in them, in order."""
        return [stop for row in self._shown.values() for stop in row.stops]

    def show(self, items: Sequence[RowItem[K]], owner: LayerSpec | ObjectSpec | None) -> None:
        """Show these parameters of `owner` and no others."""
        before, self._shown = self._shown, {}
        rows_left = {
            item.key: before[item.key] for item in items if self._goes_on(before.get(item.key), item.parameter)
        }
        for key, row_left in before.items():
            if key not in rows_left:
                self._put_away(row_left)
        for item in items:
            row = rows_left.get(item.key)
            if row is None:
                row = self._taken(item, owner)
            else:
                row.turn_to(item.parameter, item.default, owner)
            row.set_value(item.value)
            self._shown[item.key] = row
        self._place()

    def _goes_on(self, row: ParameterRow | None, parameter: Parameter) -> bool:
        """Whether the parameter of that name can have the row that it had: the keyboard stays in it then."""
        return row is not None and type(row.editor) is self._context.editor_class(parameter)

    def _taken(self, item: RowItem[K], owner: LayerSpec | ObjectSpec | None) -> ParameterRow:
        spares = self._context.spares
        row = spares.take((self._context.editor_class(item.parameter), self._label_width)) if spares else None
        if isinstance(row, ParameterRow):
            row.turn_to(item.parameter, item.default, owner)
        else:
            row = ParameterRow(item.parameter, self._context, item.default, owner, self._label_width)
        row.edited.connect(lambda value, key=item.key: self._edited(key, value))
        return row

    def _put_away(self, row: ParameterRow) -> None:
        spares = self._context.spares
        if spares is None:
            let_go(row)
            return
        row.put_away()
        row.edited.disconnect()
        self._layout.removeWidget(row)
        spares.put((type(row.editor), self._label_width), row)

    def _place(self) -> None:
        for place, row in enumerate(self._shown.values()):
            if self._layout.indexOf(row) != place:
                self._layout.removeWidget(row)
                self._layout.insertWidget(place, row)
            row.show()  # a layout would show it only in the next round of events
        set_tab_order(self.stops)
