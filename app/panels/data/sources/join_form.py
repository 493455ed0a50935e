"""How the samples of a further source find those of the first one: by their order, or by a key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.panels.data.parts.column_combo import ColumnCombo
from app.panels.widgets.chips import Chips
from app.panels.widgets.labelled_switch import LabelledSwitch
from app.project.data_sources.joining import key_columns
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from resources.text import tr
from runtime.messages.describing import Column

Json = Any


class JoinForm(QWidget):
    """`value` is what a project writes of it; `changed` tells that a person chose something else."""

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._join: dict[str, Json] = {"by": "order"}
        self._listed: dict[ColumnCombo, tuple[str, ...]] = {}
        self._own_known = True
        self.ways = Chips(f"{name}_join", tr("How samples find each other"))
        self.ways.show_entries(
            [
                ("order", tr("by order"), tr("The first sample to the first, and so on")),
                ("key", tr("by a key"), tr("Where a column of one is equal to a column of the other")),
            ]
        )
        self.own, self.to = self._combo(f"{name}_join_column"), self._combo(f"{name}_join_to")
        set_spoken_name(self.own, tr("Its column"))
        set_spoken_name(self.to, tr("Column of the first data"))
        self.missing = LabelledSwitch(tr("Leave out samples that find none"), f"{name}_join_missing")
        self.double = LabelledSwitch(tr("Of several that are found, take the first"), f"{name}_join_double")
        self._keys = QWidget()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(7)
        rows.addWidget(self.ways)
        rows.addWidget(self._keys)
        grid = QGridLayout(self._keys)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        for row, (text, combo) in enumerate(((tr("Its column"), self.own), (tr("is that of"), self.to))):
            label = PlainLabel(text)
            label.setProperty("part", "field")
            label.setBuddy(combo)
            grid.addWidget(label, row, 0)
            grid.addWidget(combo, row, 1)
        grid.addWidget(self.missing, 2, 0, 1, 2)
        grid.addWidget(self.double, 3, 0, 1, 2)
        self.ways.chosen.connect(lambda way: self._set("by", way))
        self.own.chosen.connect(lambda name: self._set("column", name))
        self.to.chosen.connect(lambda name: self._set("to", name))
        self.missing.switched.connect(lambda on: self._set("missing", "leave_out" if on else None))
        self.double.switched.connect(lambda on: self._set("double", "first" if on else None))
        self.show_join(self._join)

    def show_join(self, join: Mapping[str, Json]) -> None:
        self._join = dict(join)
        by_key = self._join.get("by") == "key"
        self.ways.show_key("key" if by_key else "order")
        self._keys.setVisible(by_key)
        for combo, key in ((self.own, "column"), (self.to, "to")):
            name = str(self._join.get(key) or "")
            unknown = combo is self.own and not self._own_known
            combo.show_value(name, name or (tr("its columns are being read…") if unknown else tr("choose a column")))
            combo.setEnabled(not unknown or bool(name))
        self.missing.set_on(self._join.get("missing") == "leave_out")
        self.double.set_on(self._join.get("double") == "first")

    def show_columns(self, own: Sequence[Column], first: Sequence[Column]) -> None:
        """The columns of the source, none while it is being read, and those of the first one."""
        self._own_known = bool(own)
        for combo, columns in ((self.own, own), (self.to, first)):
            names = tuple(key_columns(columns))
            if self._listed.get(combo) != names:
                self._listed[combo] = names
                combo.clear()
                for name in names:
                    combo.add(name, name)
        self.show_join(self._join)

    def value(self) -> dict[str, Json]:
        """Without what means nothing by order."""
        if self._join.get("by") != "key":
            return {"by": "order"}
        return {key: value for key, value in self._join.items() if value}

    @property
    def complete(self) -> bool:
        return self._join.get("by") != "key" or bool(self._join.get("column") and self._join.get("to"))

    def _combo(self, name: str) -> ColumnCombo:
        combo = ColumnCombo()
        combo.setObjectName(name)
        return combo

    def _set(self, key: str, value: Json) -> None:
        self.show_join({**self._join, key: value})
        self.changed.emit()
