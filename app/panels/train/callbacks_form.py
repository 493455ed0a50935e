"""Callbacks that can be switched on, each with its few parameters."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QToolButton, QWidget

from app.panels.train.form import Form
from app.panels.train.settings import callbacks_of, monitor_names, with_callback
from app.panels.widgets.fields import FormRow, column, elastic, heading
from app.panels.widgets.named_editors import show
from app.project.session import Session
from app.project.suggested import suggestions
from graph_editor.catalog.specs import Parameter
from graph_editor.editors.parts.base import EditorContext, ParameterEditor
from graph_editor.editors.parts.wording import number_text
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.text import Text, tr
from runtime.callback_specs import CallbackParameter, CallbackSpec, callback_specs


class CallbacksForm(Form):
    """One block a callback, in the order of their descriptions."""

    def __init__(self, session: Session, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(session, context, parent)
        self.rows.addWidget(heading(tr("Callbacks")))
        self.blocks = {spec.key: CallbackBlock(spec, self) for spec in callback_specs()}
        for block in self.blocks.values():
            self.rows.addWidget(block)
        self.refresh()

    def refresh(self) -> None:
        on = callbacks_of(self.training)
        for key, block in self.blocks.items():
            block.refresh(on.get(key))

    def monitors(self) -> tuple[str, ...]:
        suggested = suggestions(self.session.built, self.session.inference.results, self.session.data.columns)
        return tuple(monitor_names(self.session.built, suggested))


class CallbackBlock(QWidget):
    """A tick, the telling values beside it, and a fold with all parameters."""

    def __init__(self, spec: CallbackSpec, form: CallbacksForm) -> None:
        super().__init__(form)
        self.spec = spec
        self._form = form
        self._values: dict[str, Any] | None = None
        self.tick = QCheckBox(str(spec.title))
        self.tick.setObjectName(f"callback_{spec.key}")
        set_spoken_name(self.tick, str(spec.title))
        set_tooltip(self.tick, str(spec.help))
        self.summary = elastic(PlainLabel())
        self.summary.setProperty("part", "hint")
        self.summary.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.more = QToolButton()
        self.more.setObjectName(f"callback_more_{spec.key}")
        set_spoken_name(self.more, tr("Parameters of {callback}", callback=str(spec.title)))
        set_tooltip(self.more, self.more.accessibleName())
        self.more.setArrowType(Qt.ArrowType.RightArrow)
        self.more.setCheckable(True)
        self.more.setFixedSize(16, 20)
        self.body = QWidget()
        self.body.setVisible(False)
        self._body_rows = column(self.body, (22, 0, 0, 4))
        self.editors: dict[str, ParameterEditor] = {}
        head = QHBoxLayout()
        head.setSpacing(3)
        rows = column(self, spacing=2)
        rows.addLayout(head)
        head.addWidget(self.tick)
        head.addWidget(self.summary, 1)
        head.addWidget(self.more)
        rows.addWidget(self.body)
        self.tick.clicked.connect(self._on_ticked)
        self.more.toggled.connect(self._on_more_toggled)

    def refresh(self, values: dict[str, Any] | None) -> None:
        """`values` None: the callback is off."""
        self._values = values
        self.tick.setChecked(values is not None)
        self.more.setVisible(values is not None and bool(self.spec.parameters))
        if values is None:
            self.more.setChecked(False)
        effective = self.spec.values(values or {})
        self.summary.setText(_summary(effective) if values is not None else "")
        for name, editor in self.editors.items():
            show(editor, effective[name])

    def _build(self) -> None:
        for parameter in self.spec.parameters:
            editor = self._form.editor(self._as_catalog_parameter(parameter), f"{self.spec.key}_{parameter.name}")
            editor.edited.connect(lambda value, name=parameter.name: self._on_edited(name, value))
            self.editors[parameter.name] = editor
            row = FormRow(parameter.name.replace("_", " "), editor, str(parameter.help))
            self._body_rows.addWidget(row)

    def _as_catalog_parameter(self, parameter: CallbackParameter) -> Parameter:
        choices = self._form.monitors() if parameter.kind == "monitor" else parameter.choices
        return Parameter(
            parameter.name,
            "choice" if parameter.kind == "monitor" else parameter.kind,
            parameter.default,
            help=str(parameter.help),
            choices=choices,
            minimum=parameter.minimum,
            maximum=parameter.maximum,
        )

    def _on_ticked(self, on: bool) -> None:
        label = Text("Switch a callback on") if on else Text("Switch a callback off")
        self._form.store(label, with_callback(self._form.training, self.spec.key, {} if on else None), "")

    def _on_more_toggled(self, open_: bool) -> None:
        if open_ and not self.editors:
            self._build()
            self.refresh(self._values)
        self.more.setArrowType(Qt.ArrowType.DownArrow if open_ else Qt.ArrowType.RightArrow)
        self.body.setVisible(open_)

    def _on_edited(self, name: str, value: Any) -> None:
        values = {**(self._values or {}), name: value}
        label = Text("Change a callback")
        training = with_callback(self._form.training, self.spec.key, values)
        self._form.store(label, training, f"callback.{self.spec.key}.{name}")


def _summary(values: dict[str, Any]) -> str:
    """Return what stands beside the name, as it tells most."""
    if "factor" in values:
        return f"× {number_text(values['factor'])}"
    told = [str(values["monitor"])] if "monitor" in values else []
    return " · ".join([*told, *([f"patience {values['patience']}"] if "patience" in values else [])])
