"""Which samples train, validate and test, how they are chosen, and whether those that train are shuffled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.look.theme_source import ThemeSource
from app.panels.data.parts.column_combo import ColumnCombo
from app.panels.data.parts.part_colors import PART_TITLES
from app.panels.data.splitting.bar import SplitBar
from app.panels.plots.formats import count_text
from app.panels.widgets.chips import Chips
from app.panels.widgets.fields import column, hint
from app.panels.widgets.labelled_switch import LabelledSwitch
from graph_editor.editors.parts.toggle_switch import ToggleSwitch
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.text import Text, tr
from resources.training.setting import Setting
from resources.training.settings import own_parts, shuffle, split, split_column, test_percent, validation_percent
from runtime.messages.checking import PartCounts
from runtime.messages.describing import Column

_MANY = 200  # columns; more are listed once somebody looks at them
_COLUMN_TITLES: Final[Mapping[str, Text]] = {
    split.STRATIFIED: Text("Classes in"),
    split.GROUP: Text("Groups in"),
    split.TIME: Text("Time in"),
    split.COLUMN: Text("Parts in"),
}
_HINTS: Final[Mapping[str, Text]] = {
    split.LAST: Text(
        "Keras takes the last part of the samples, before shuffling. Data that is sorted by class is better split"
        " at random or evenly by class."
    ),
    split.RANDOM: Text("Any sample, the same ones in every run."),
    split.STRATIFIED: Text("Each part has its share of every class."),
    split.GROUP: Text("Samples of one group stay together, such as all pictures of one person."),
    split.TIME: Text("The latest samples validate and test."),
    split.COLUMN: Text("A column says it: train, validation and test, or 0, 1 and 2."),
}


class PercentBox(QDoubleSpinBox):
    """Writes no decimals where there are none."""

    def __init__(self, setting: Setting[Any], title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(setting.key)
        set_spoken_name(self, title)
        set_tooltip(self, str(setting.help))
        self.setRange(0, 99)
        self.setDecimals(1)
        self.setSuffix(" %")
        self.setKeyboardTracking(False)
        self.setFixedWidth(92)

    def textFromValue(self, value: float) -> str:
        return f"{value:g}"

    def show_value(self, value: float) -> None:
        """Nothing is told of it."""
        self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(False)


class SplitCard(QWidget):
    """`edited` carries a setting and its new value."""

    edited = Signal(object, object)  # Setting, Json

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ways = Chips("split_ways", tr("How the samples are split"))
        self.ways.show_entries([(way, str(title), str(_HINTS[way])) for way, title in split.WAYS.items()])
        self.column_title = PlainLabel()
        self.column_title.setProperty("part", "field")
        self.column = ColumnCombo()
        self.column.setObjectName("split_column")
        self.column_title.setBuddy(self.column)
        self.own = LabelledSwitch(tr("Keep the parts of the data"), own_parts.SETTING.key)
        set_tooltip(self.own, str(own_parts.SETTING.help))
        self.own_help = hint("", "own_parts_help")
        self.bar = SplitBar(look)
        self.validation = PercentBox(validation_percent.SETTING, tr("Validation part in percent"))
        self.test = PercentBox(test_percent.SETTING, tr("Test part in percent"))
        self.counts = {name: PlainLabel() for name in ("training", "validation", "test")}
        for name, label in self.counts.items():
            label.setObjectName(f"{name}_samples")
            label.setProperty("part", "figure_dim")
        self.help = hint("", "split_help")
        self.shuffle = ToggleSwitch()
        self.shuffle.setObjectName("shuffle")
        self.shuffle.setAccessibleName(tr("Shuffle the training samples before every epoch"))
        self._listed: tuple[str, ...] = ()
        self._lay_out()
        self._connect()

    def show_values(
        self,
        data: Mapping[str, Any],
        columns: Sequence[Column],
        parts: PartCounts,
        own: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """Show what a project's section says, and how many samples that makes; `own` are in a part by themselves."""
        way = split.SETTING.sound(data)
        self._show_own(own, own_parts.SETTING.sound(data), by_column=way == split.COLUMN)
        self.ways.show_key(way)
        self.help.setText(str(_HINTS[way]))
        self._show_column(way, split_column.SETTING.sound(data), columns)
        percents = (validation_percent.SETTING.sound(data), test_percent.SETTING.sound(data))
        self.validation.show_value(percents[0])
        self.test.show_value(percents[1])
        by_column = way == split.COLUMN  # then it says everything
        kept = own if own_parts.SETTING.sound(data) else {}
        self.validation.setEnabled(not by_column and not kept.get("validation"))
        self.test.setEnabled(not by_column and not kept.get("test"))
        counts = (parts.training, parts.validation, parts.test)
        samples = sum(counts)
        rest = max(0.0, 100 - sum(percents))
        shares = [count / samples for count in counts] if samples else [rest / 100, *(each / 100 for each in percents)]
        self.bar.show_shares(shares)
        for label, count in zip(self.counts.values(), counts, strict=True):
            label.setText(count_text(count) if samples else "–")
        self.shuffle.setChecked(shuffle.SETTING.sound(data))

    def _show_own(self, own: Mapping[str, int], on: bool, *, by_column: bool) -> None:
        """What the data itself says of parts, where it says something; what a column says comes before."""
        shown = bool(own) and not by_column
        self.own.setVisible(shown)
        self.own_help.setVisible(shown)
        self.own.set_on(on)
        counts = {name: count_text(count) for name, count in own.items() if count}
        part_texts = ", ".join(f"{PART_TITLES[name]} {count}" for name, count in counts.items())
        kept = Text.of("The data has parts of its own ({parts}). Only the rest is split.", parts=part_texts)
        anew = Text.of("The data has parts of its own ({parts}). All samples are split anew.", parts=part_texts)
        self.own_help.setText(str(kept if on else anew))

    def _show_column(self, way: str, chosen: str, columns: Sequence[Column]) -> None:
        title = _COLUMN_TITLES.get(way)
        self._column_row.setVisible(title is not None)
        if title is None:
            return
        self.column_title.setText(str(title))
        set_spoken_name(self.column, str(title))
        usual = tr("that of the output") if way == split.STRATIFIED else tr("– no column –")
        names = tuple(each.name for each in columns if all(size == 1 for size in each.shape))
        if (usual, *names) != self._listed:
            self._listed = (usual, *names)
            self.column.clear()
            if len(names) > _MANY:
                self.column.fill_when_used(lambda: self._list(usual, names, self.column.currentData()))
            else:
                self._list(usual, names, chosen)
        self.column.show_value(chosen, chosen or usual)

    def _list(self, usual: str, names: Sequence[str], chosen: object) -> None:
        self.column.clear()
        self.column.add(usual, "")
        for name in names:
            self.column.add(name, name)
        self.column.show_value(str(chosen or ""), str(chosen or usual))

    def _lay_out(self) -> None:
        rows = column(self, spacing=9)
        title = PlainLabel(tr("Split"))
        title.setProperty("role", "strong")
        rows.addWidget(title)
        rows.addWidget(self.own)
        rows.addWidget(self.own_help)
        rows.addWidget(self.ways)
        self._column_row = QWidget()
        chosen = QHBoxLayout(self._column_row)
        chosen.setContentsMargins(0, 0, 0, 0)
        chosen.addWidget(self.column_title)
        chosen.addWidget(self.column, 1)
        rows.addWidget(self._column_row)
        rows.addWidget(self.bar)
        self._lay_out_parts(rows)
        rows.addWidget(self.help)
        shuffling = QHBoxLayout()
        label = PlainLabel(tr("Shuffle before every epoch"))
        label.setBuddy(self.shuffle)
        set_tooltip(label, str(shuffle.SETTING.help))
        rows.addLayout(shuffling)
        shuffling.addWidget(label, 1)
        shuffling.addWidget(self.shuffle)

    def _lay_out_parts(self, rows: QVBoxLayout) -> None:
        parts = QGridLayout()
        parts.setHorizontalSpacing(8)
        parts.setVerticalSpacing(6)
        rows.addLayout(parts)
        entries = (
            (tr("train"), "training", None, tr("the rest")),
            (tr("validate"), "validation", self.validation, ""),
            (tr("test, untouched"), "test", self.test, ""),
        )
        for place, (text, name, box, otherwise) in enumerate(entries):
            label = PlainLabel(text)
            parts.addWidget(label, place, 0)
            parts.addWidget(self.counts[name], place, 1, Qt.AlignmentFlag.AlignRight)
            if box is not None:
                label.setBuddy(box)
                parts.addWidget(box, place, 2)
            else:
                rest = PlainLabel(otherwise)
                rest.setProperty("role", "dim")
                parts.addWidget(rest, place, 2)
        parts.setColumnStretch(0, 1)

    def _connect(self) -> None:
        self.own.switched.connect(lambda on: self.edited.emit(own_parts.SETTING, on))
        self.ways.chosen.connect(lambda way: self.edited.emit(split.SETTING, way))
        self.column.chosen.connect(lambda name: self.edited.emit(split_column.SETTING, str(name or "")))
        for box, setting in ((self.validation, validation_percent.SETTING), (self.test, test_percent.SETTING)):
            box.valueChanged.connect(lambda value, setting=setting: self._on_percent(setting, value))
        self.shuffle.clicked.connect(lambda on: self.edited.emit(shuffle.SETTING, on))

    def _on_percent(self, setting: Setting[Any], value: float) -> None:
        self.edited.emit(setting, int(value) if value.is_integer() else value)
