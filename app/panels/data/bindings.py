"""Which column feeds which input and is the truth of which output, with a verdict on each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.panels.data.parts.column_combo import ColumnCombo
from app.panels.data.parts.words import shape_text
from app.panels.data.state import Target, fits, in_order
from app.panels.data.wording import wanted_text
from app.panels.widgets.choice_list import ChoiceList
from app.panels.widgets.fields import column, heading, hint, set_state
from app.panels.widgets.keyed_rows import KeyedRows
from graph_editor.words.elided_label import ElidedLabel
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.plain import listed
from resources.text import tr
from runtime.messages.describing import Column

VerdictState = Literal["ok", "note", "warning", "error", "open"]
_MANY = 200  # columns; more are listed once somebody looks at them
_SEVERAL = ["several"]  # as an entry's value: a list is no name of a column


@dataclass(frozen=True, slots=True)
class Verdict:
    state: VerdictState
    text: str


class BindingRow(QWidget):
    """`chosen` carries the names of the columns that a person picked, none for no binding."""

    chosen = Signal(object)  # tuple[str, ...]

    def __init__(self, target: Target, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.target = target
        self._columns: tuple[Column, ...] = ()
        self._bound: tuple[str, ...] = ()
        self._shown: tuple[Target, tuple[Column, ...], tuple[str, ...]] | None = None
        self.popup: ChoiceList | None = None
        self._name = ElidedLabel()
        self._name.setProperty("role", "strong")
        self.wants = PlainLabel(wanted_text(target))
        self.wants.setProperty("part", "figure_dim")
        self.wants.setObjectName(f"wants_{target.name}")
        self.combo = ColumnCombo()
        self.combo.setObjectName(f"binding_{target.name}")
        self.verdict = PlainLabel()
        self.verdict.setObjectName(f"verdict_{target.name}")
        self.verdict.setProperty("part", "verdict")
        self.verdict.setWordWrap(True)
        head = QHBoxLayout()
        rows = column(self, spacing=4)
        rows.addLayout(head)
        head.addWidget(self._name, 1)
        head.addWidget(self.wants)
        rows.addWidget(self.combo)
        rows.addWidget(self.verdict)
        self.combo.chosen.connect(self._on_chosen)
        self.show_target(target)

    def show_target(self, target: Target) -> None:
        """The same one, which may want something else now."""
        self.target = target
        self._name.show_text(target.shown_name)
        self.wants.setText(wanted_text(target))
        set_spoken_name(self.combo, tr("Column for {name}", name=target.shown_name))

    def show_columns(self, columns: Sequence[Column], bound: tuple[str, ...]) -> None:
        shown = (self.target, tuple(columns), bound)
        if shown == self._shown:
            return
        self._shown = shown
        self._columns, self._bound = tuple(columns), bound
        if len(columns) > _MANY:
            self.combo.clear()
            self._show_bound()
            self.combo.fill_when_used(self._list_columns)
        else:
            self._list_columns()
        set_tooltip(self.combo, listed(bound))

    def _list_columns(self) -> None:
        fitting, others = in_order(self.target, self._columns)
        self.combo.clear()
        self.combo.add(tr("– no column –"), "")
        for entry in fitting:
            self.combo.add(entry.name, entry.name, _entry_text(entry))
        if others:
            self.combo.insertSeparator(self.combo.count())
        for entry in others:
            self.combo.add(_unfit_text(entry), entry.name)
        if len(self._in_rows()) > 1:
            self.combo.insertSeparator(self.combo.count())
            self.combo.add(tr("Several columns side by side…"), _SEVERAL)
        self._show_bound()

    def _show_bound(self) -> None:
        """Select what is bound; it is added where it is not listed."""
        text = listed(self._bound) or tr("– no column –")
        single = next((entry for entry in self._columns if (entry.name,) == self._bound), None)
        if single is not None and not fits(self.target, single):
            text = _unfit_text(single)
        self.combo.show_value(", ".join(self._bound), text)

    def show_verdict(self, verdict: Verdict) -> None:
        mark = "✓ " if verdict.state in ("ok", "note") else ""
        self.verdict.setText(mark + verdict.text)
        set_spoken_name(self.verdict, self.verdict.text())
        set_state(self.verdict, verdict.state)

    def _in_rows(self) -> list[Column]:
        """Those that can stand side by side: single values, and vectors such as a step makes of a word or a date."""
        return [entry for entry in self._columns if sum(size != 1 for size in entry.shape) <= 1]

    def _on_chosen(self, value: object) -> None:
        if value == _SEVERAL:
            self._shown = None
            self.show_columns(self._columns, self._bound)
            self._open_several()
        elif value != ", ".join(self._bound):
            # Known at once: who goes on with the arrows may be back at the old one before the page is drawn anew.
            self._bound, self._shown = (str(value),) if value else (), None
            self.chosen.emit(self._bound)

    def _open_several(self) -> None:
        entries = [(entry.name, entry.name, _entry_text(entry)) for entry in self._in_rows()]
        self.popup = ChoiceList(entries, self._bound, self, ticked_first=False)
        self.popup.changed.connect(self.chosen)
        self.popup.open_below(self.combo)


class Bindings(QWidget):
    """A row for each input and each output. `chosen` carries the target's name and its columns."""

    chosen = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("data_bindings")
        self.rows: dict[str, BindingRow] = {}  # by the name of the target
        self.all_rows: list[BindingRow] = []  # also where several targets have one name
        self._targets: list[Target] | None = None
        rows = column(self, spacing=12)
        self._inputs = _Side(tr("Inputs"), tr("The model has no input yet."), rows, self._made)
        self._outputs = _Side(tr("Outputs"), tr("The model has no output yet."), rows, self._made)

    def show_targets(self, targets: Sequence[Target]) -> None:
        if list(targets) == self._targets:
            return
        self._targets = list(targets)
        inputs = self._inputs.show([target for target in targets if target.role == "input"])
        outputs = self._outputs.show([target for target in targets if target.role == "output"])
        self.all_rows = [*inputs, *outputs]
        self.rows = {row.target.name: row for row in self.all_rows}

    def _made(self, target: Target) -> BindingRow:
        row = BindingRow(target)
        row.chosen.connect(lambda columns, name=target.name: self.chosen.emit(name, columns))
        return row


class _Side:
    """A title, the rows of the inputs or of the outputs, and a sentence while there are none."""

    def __init__(self, title: str, nothing: str, rows: QVBoxLayout, make: Callable[[Target], BindingRow]) -> None:
        self._targets: dict[str, Target] = {}
        self._holder, self._nothing = QWidget(), hint(nothing)
        for widget in (heading(title), self._holder, self._nothing):
            rows.addWidget(widget)
        self._rows = KeyedRows(column(self._holder, spacing=12), lambda name: make(self._targets[name]))

    def show(self, targets: Sequence[Target]) -> list[BindingRow]:
        self._targets = {target.name: target for target in targets}
        rows = self._rows.show(target.name for target in targets)
        for target, row in zip(targets, rows, strict=True):
            row.show_target(target)
        self._holder.setVisible(bool(targets))
        self._nothing.setVisible(not targets)
        return rows


def _unfit_text(entry: Column) -> str:
    return tr("{column} · {shape}, does not fit", column=entry.name, shape=shape_text(entry.shape))


def _entry_text(entry: Column) -> str:
    return f"{entry.name} · {shape_text(entry.shape)} · {entry.dtype}"
