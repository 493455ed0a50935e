"""The optimizer, its learning rate, and its other parameters below a fold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.panels.train.form import Form, name_combo
from app.panels.train.settings import optimizer_of, with_argument, with_value
from app.panels.widgets.fields import FormRow, heading
from app.panels.widgets.named_editors import show
from app.panels.widgets.section import FoldSection
from app.project.session import Session
from app.project.suggested import to_json
from graph_editor.catalog.specs import ObjectSpec, Parameter
from graph_editor.editors.parts.base import EditorContext
from graph_editor.editors.parts.combo import SearchCombo
from graph_editor.editors.parts.row import ParameterRow
from graph_editor.words.letting_go import let_go
from resources.text import Text, tr
from resources.training.sections import OPTIMIZER, OPTIMIZER_TITLE
from resources.training.settings.learning_rate import SETTING as LEARNING_RATE
from runtime.spec import KerasObject

RATE = LEARNING_RATE.key
_LABEL = Text("Change the optimizer")


class OptimizerForm(Form):
    """While a run is live only the learning rate can be changed: `rate_changed` then carries it to the run."""

    rate_changed = Signal(float)

    def __init__(self, session: Session, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(session, context, parent)
        self._live = False
        self._fold: FoldSection | None = None
        self._shown = ""
        self._parameter_rows: list[ParameterRow] = []
        self.rows.addWidget(heading(tr("Optimizer")))
        self.combo = SearchCombo()
        name_combo(self.combo, "optimizer", tr("Optimizer"))
        for spec in session.catalog.objects("optimizers"):
            self.combo.add(spec.class_name, spec.class_name, session.catalog.help(spec))
        self.combo_row = FormRow(str(OPTIMIZER_TITLE), self.combo)
        self.rows.addWidget(self.combo_row)
        self.rate = self.editor(Parameter(RATE, "float", 0.001, minimum=LEARNING_RATE.minimum), RATE)
        self.rate_row = FormRow(str(LEARNING_RATE.title), self.rate, str(LEARNING_RATE.help))
        self.rows.addWidget(self.rate_row)
        self.combo.chosen.connect(self._on_chosen)
        self.combo.unknown_typed.connect(lambda _text: self.refresh())
        self.rate.edited.connect(self._on_rate_edited)
        self.refresh()

    def refresh(self) -> None:
        optimizer = optimizer_of(self.training)
        self.combo.show_value(optimizer.class_name, optimizer.class_name)
        spec = self._spec(optimizer)
        if not self._live:
            value = optimizer.config.get(RATE, spec.config.get(RATE, 0.001) if spec else 0.001)
            number = float(value) if isinstance(value, int | float) else None  # a schedule is no number
            self.rate.setEnabled(number is not None)
            self.rate_row.set_mark("" if number is not None else tr("schedule"))
            if number is not None:
                show(self.rate, number)
        if optimizer.class_name != self._shown:
            self._shown = optimizer.class_name
            self._build_fold(spec)
        self._show_parameters(optimizer, spec)

    def set_live(self, live: bool) -> None:
        """Lock everything but the learning rate, which belongs to the run now."""
        self._live = live
        self.combo_row.setEnabled(not live)
        if self._fold is not None:
            self._fold.setEnabled(not live)
        self.rate_row.set_mark(tr("live") if live else "")
        self.refresh()

    def show_live_rate(self, value: float) -> None:
        """The run's own learning rate, as a callback or a person set it."""
        if self._live:
            show(self.rate, float(f"{value:.6g}"))

    def _spec(self, optimizer: KerasObject) -> ObjectSpec | None:
        return self.session.catalog.object("optimizers", optimizer.class_name)

    def _build_fold(self, spec: ObjectSpec | None) -> None:
        if self._fold is not None:
            let_go(self._fold)
        self._parameter_rows = []
        self._fold = None
        others = [parameter for parameter in spec.parameters if parameter.name != RATE] if spec else []
        if spec is None or not others:
            return

        def build(layout: QVBoxLayout) -> None:
            for parameter in others:
                default = spec.config.get(parameter.name, parameter.default)
                row = ParameterRow(parameter, self.context, default, spec)
                row.edited.connect(lambda value, name=parameter.name: self._on_argument_edited(name, value))
                layout.addWidget(row)
                self._parameter_rows.append(row)
            self.refresh()

        self._fold = FoldSection(tr("More of {name}", name=spec.class_name), "optimizer_more", build)
        self._fold.setEnabled(not self._live)
        self.rows.addWidget(self._fold)

    def _show_parameters(self, optimizer: KerasObject, spec: ObjectSpec | None) -> None:
        defaults: Mapping[str, Any] = spec.config if spec else {}
        for row in self._parameter_rows:
            name = row.parameter.name
            value = optimizer.config.get(name, defaults.get(name, row.parameter.default))
            if row.editor.canonical(row.editor.value()) != row.editor.canonical(value):
                row.set_value(value)
        if self._fold is not None:
            changed = [name for name, value in optimizer.config.items() if name != RATE and value != defaults.get(name)]
            self._fold.header.set_marked(bool(changed))

    def _on_chosen(self, class_name: str) -> None:
        before = optimizer_of(self.training)
        if class_name == before.class_name:
            return
        old, new = self._spec(before), self.session.catalog.object("optimizers", class_name)
        rate = before.config.get(RATE)
        untouched = rate is None or (old is not None and rate == old.config.get(RATE))
        if untouched and new is not None:
            rate = new.config.get(RATE, rate)
        config = {} if rate is None else {RATE: rate}
        self._store(KerasObject(class_name, config), "optimizer")

    def _on_rate_edited(self, value: float) -> None:
        if self._live:
            self.rate_changed.emit(value)
        else:
            self._store(with_argument(optimizer_of(self.training), RATE, value), RATE)

    def _on_argument_edited(self, name: str, value: Any) -> None:
        self._store(with_argument(optimizer_of(self.training), name, value), f"optimizer.{name}")

    def _store(self, optimizer: KerasObject, key: str) -> None:
        self.store(_LABEL, with_value(self.training, OPTIMIZER, to_json(optimizer)), key)
