"""Windows of a time series: how long, how far apart, and what comes of them, before and after they are taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.engine.engine_link import EngineLink
from app.panels.data.parts.column_combo import ColumnCombo
from app.panels.plots.formats import count_text
from app.panels.widgets.fields import FormRow, button, column, hint, set_state
from app.panels.widgets.labelled_switch import LabelledSwitch
from app.panels.widgets.setting_rows import SettingsForm
from app.project.data_look.asking import Asking
from app.project.data_sources.joining import key_columns
from graph_editor.editors.parts.base import EditorContext
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from resources.text import tr
from resources.training.setting import Setting
from resources.training.windows import GROUP_BY, LENGTH, ORDER_BY, SETTINGS, WINDOWS
from runtime.messages.connection import Failed
from runtime.messages.describing import Column
from runtime.messages.looking import CountWindows, WindowsCounted
from runtime.messages.protocol import Answer
from runtime.project_spec import data_from_project
from runtime.spec import DataSpec, SpecError

Json = Any
_AFTER_MS = 250  # who types a number is not done with its first digit


class WindowsCard(QWidget):
    """`taken` carries what a project writes of windows, None for none. Until then a person only tries them."""

    taken = Signal(object)  # Mapping | None

    def __init__(self, engine: EngineLink, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asking = Asking(engine)
        self._data: Mapping[str, Json] = {}
        self._spec: DataSpec | None = None
        self._columns: tuple[Column, ...] = ()
        self._written: dict[str, Json] | None = None  # what the project says
        self._tried: dict[str, Json] = {}
        self._counted: dict[str, Json] | None = None  # what was asked of the engine last
        self.switch = LabelledSwitch(tr("Windows over rows (time series)"), "windows")
        self._about = hint(
            tr("A sample is a window of rows that follow each other, as timeseries_dataset_from_array makes them.")
        )
        self.form = SettingsForm(SETTINGS, context)
        self.order, self.group = self._combo("windows_order_by"), self._combo("windows_group_by")
        self.result = PlainLabel()
        self.result.setObjectName("windows_result")
        self.result.setProperty("part", "verdict")
        self.result.setWordWrap(True)
        self.take = button(tr("Use these windows"), "windows_take", "primary")
        self.back = button(tr("Cancel"), "windows_cancel")
        self._body = QWidget()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_AFTER_MS)
        self._timer.timeout.connect(self._ask)
        self._lay_out()
        self.switch.switched.connect(self._on_switch)
        self.form.edited.connect(self._on_setting)
        self.order.chosen.connect(lambda name: self._try(ORDER_BY, str(name or "")))
        self.group.chosen.connect(lambda name: self._try(GROUP_BY, str(name or "")))
        self.take.clicked.connect(lambda: self.taken.emit(dict(self._tried)))
        self.back.clicked.connect(self._on_back)

    def show_data(self, data: Mapping[str, Json], spec: DataSpec | None, columns: Sequence[Column]) -> None:
        """What the project says; `spec` and `columns` are those of its data as it is described."""
        written = data.get(WINDOWS)
        windows = dict(written) if isinstance(written, Mapping) and written else None
        described = (spec, tuple(columns))
        if windows != self._written or described != (self._spec, self._columns):
            if windows != self._written:
                self._tried = dict(windows or {})
            self._written, self._counted = windows, None
        self._data, (self._spec, self._columns) = data, described
        self._show()

    @property
    def fits(self) -> bool:
        """Whether there are rows to make windows of, or somebody has said so."""
        return self._written is not None or any(not each.shape and each.kind == "number" for each in self._columns)

    def _lay_out(self) -> None:
        rows, inner, foot = column(self, spacing=8), column(self._body, spacing=8), QHBoxLayout()
        rows.addWidget(self.switch)
        rows.addWidget(self._body)
        inner.addWidget(self._about)
        inner.addWidget(self.form)
        inner.addWidget(FormRow(tr("In the order of"), self.order, tr("A time, or a number that grows with it.")))
        inner.addWidget(FormRow(tr("By group"), self.group, tr("No window reaches from one group into another.")))
        inner.addWidget(self.result)
        inner.addLayout(foot)
        foot.addWidget(self.take)
        foot.addWidget(self.back)
        foot.addStretch(1)

    def _combo(self, name: str) -> ColumnCombo:
        combo = ColumnCombo()
        combo.setObjectName(name)
        return combo

    def _show(self) -> None:
        on = bool(self._tried)
        self.switch.set_on(on)
        self._body.setVisible(on)
        if not on:
            return
        self.form.show_values(self._tried)
        ordering = [each.name for each in self._columns if not each.shape]
        choices = ((self.order, ORDER_BY, ordering, tr("as they lie")),
                   (self.group, GROUP_BY, key_columns(self._columns), tr("no groups")))  # fmt: skip
        for combo, key, names, usual in choices:
            combo.clear()
            combo.add(usual, "")
            for name in names:
                combo.add(name, name)
            chosen = str(self._tried.get(key) or "")
            combo.show_value(chosen, chosen or usual)
        changed = self._tried != self._written
        self.take.setVisible(changed)
        self.back.setVisible(changed)
        if self._counted != self._tried:
            self._timer.start()

    def _say(self, text: str, *, wrong: bool) -> None:
        self.result.setText(text)
        set_spoken_name(self.result, text)
        set_state(self.result, "error" if wrong else "open")
        self.take.setEnabled(not wrong)

    def _try(self, key: str, value: Json) -> None:
        self._tried = {name: other for name, other in self._tried.items() if name != key}
        if value != "":
            self._tried[key] = value
        self._show()

    def _ask(self) -> None:
        """How many windows there are: groups, and rows that are left over, decide it."""
        if self._spec is None or not self._columns or not self._tried:
            return
        self._counted = dict(self._tried)
        try:
            spec = data_from_project({**self._data, WINDOWS: self._tried}, None)
        except SpecError as error:
            self._say(str(error.text), wrong=True)
            return
        self._asking.forget()
        asked = DataSpec(self._spec.sources, self._spec.columns, spec.windows)
        self._asking.ask("windows", CountWindows(0, asked), self._on_counted)

    # what happened

    def _on_counted(self, answer: Answer) -> None:
        if isinstance(answer, Failed):
            self._say(str(answer.error), wrong=True)
        elif isinstance(answer, WindowsCounted):
            length = self._tried.get(LENGTH.key, LENGTH.default)
            text = tr(
                "{count} windows come of {rows} rows. A column of numbers feeds an input of ({length}), several side "
                "by side one of ({length}, columns).",
                count=count_text(answer.windows),
                rows=count_text(answer.rows),
                length=length,
            )
            self._say(text, wrong=False)

    def _on_setting(self, setting: Setting[Any], value: Json) -> None:
        self._try(setting.key, value)

    def _on_switch(self, on: bool) -> None:
        if on:
            times = [each.name for each in self._columns if each.kind == "date" and not each.shape]
            order = {ORDER_BY: times[0]} if times else {}
            self._tried = {**{setting.key: setting.default for setting in SETTINGS}, **order}
        else:
            self._tried = {}
            if self._written is not None:
                self.taken.emit(None)
        self._show()

    def _on_back(self) -> None:
        self._tried = dict(self._written or {})
        self._show()
