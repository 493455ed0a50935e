"""Which sample of the data is looked at: its part, its number, and the arrows to its neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QWidget

from app.panels.plots.formats import count_text
from app.panels.widgets.fields import button, column, hint
from graph_editor.editors.parts.combo import Combo
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from resources.text import Text, tr

PARTS: Final = {
    "validation": Text("validation part"),
    "test": Text("test part"),
    "training": Text("training part"),
    "all": Text("all samples"),
}


class SampleBar(QWidget):
    """`wanted` carries part and row (from 0) that a person asks for."""

    wanted = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("try_sample_bar")
        self._counts: dict[str, int] = {}
        self.part = Combo()
        self.part.setObjectName("try_part")
        self.part.setAccessibleName(tr("Part of the data"))
        self.number = QSpinBox()
        self.number.setObjectName("try_row")
        self.number.setAccessibleName(tr("Number of the sample"))
        self.number.setKeyboardTracking(False)
        self.number.setSpecialValueText("–")  # no sample of the data
        self.before = button("‹", "try_before", "", tr("The one before"))
        self.after = button("›", "try_after", "", tr("The next one"))
        set_spoken_name(self.before, tr("The one before"))
        set_spoken_name(self.after, tr("The next one"))
        for arrow in (self.before, self.after):
            arrow.setProperty("part", "small")
        self.of = PlainLabel()
        self.of.setProperty("role", "dim")
        self.state = hint("", "try_state")
        row = QHBoxLayout()
        row.setSpacing(6)
        rows = column(self, spacing=4)
        rows.addWidget(self.part)
        rows.addLayout(row)
        for widget in (self.before, self.number, self.after):
            row.addWidget(widget)
        row.addWidget(self.of, 1)
        rows.addWidget(self.state)
        self.part.chosen.connect(self._on_part)
        self.number.valueChanged.connect(self._on_number)
        self.before.clicked.connect(lambda: self._go(-1))
        self.after.clicked.connect(lambda: self._go(1))
        self.show_parts({}, "")

    @property
    def chosen(self) -> tuple[str, int]:
        """Part and row, -1 for none."""
        return str(self.part.currentData() or ""), self.number.value() - 1

    def show_parts(self, counts: Mapping[str, int], note: str) -> None:
        """Numbers of samples by part; `note` says why there are none."""
        kept = self.chosen[0]
        self._counts = {part: counts[part] for part in PARTS if counts.get(part, 0) > 0}
        self.part.clear_all()
        for part in self._counts:
            self.part.add(str(PARTS[part]), part)
        if self._counts:
            self._show_part(kept if kept in self._counts else next(iter(self._counts)))
        for widget in (self.part, self.before, self.number, self.after, self.of):
            widget.setVisible(bool(self._counts))
        self.say(note)

    def show_sample(self, part: str, row: int) -> None:
        """Show where we are, -1 for no sample of the data; nothing is told of it."""
        if part in self._counts:
            self._show_part(part)
            blocked = self.number.blockSignals(True)
            self.number.setValue(row + 1)
            self.number.blockSignals(blocked)
            self._show_arrows()

    def say(self, text: str) -> None:
        """One sentence about the sample."""
        self.state.setText(text)
        self.state.setVisible(bool(text))

    def _show_part(self, part: str) -> None:
        self.part.show_value(part, str(PARTS[part]))
        count = self._counts[part]
        blocked = self.number.blockSignals(True)
        self.number.setRange(0, count)
        self.number.blockSignals(blocked)
        self.of.setText(tr("of {count}", count=count_text(count)))
        self._show_arrows()

    def _show_arrows(self) -> None:
        self.before.setEnabled(self.number.value() > 1)
        self.after.setEnabled(self.number.value() < self.number.maximum())

    def _go(self, step: int) -> None:
        self.number.setValue(self.number.value() + step)

    def _on_part(self, part: object) -> None:
        self._show_part(str(part))
        self._ask()

    def _ask(self) -> None:
        part, row = self.chosen
        if row >= 0:
            self.wanted.emit(part, row)

    def _on_number(self, _number: int) -> None:
        self._show_arrows()
        self._ask()
