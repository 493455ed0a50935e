"""Callbacks that can be switched on, each with its few parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QToolButton, QWidget

from app.panels.train.form import Form
from app.panels.train.settings import callbacks_of, monitor_names, watchable, with_callback
from app.panels.widgets.fields import FormRow, column, elastic, heading, hint
from app.panels.widgets.named_editors import show
from app.project.session import Session
from app.project.suggested import suggestions
from graph_editor.catalog.specs import Parameter
from graph_editor.editors.parts.base import EditorContext, ParameterEditor
from graph_editor.editors.parts.wording import number_text
from graph_editor.words.letting_go import let_go
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.text import Text, tr
from resources.training.metric_logs import Logged, direction_words, directions
from runtime.callback_specs import MONITOR, CallbackParameter, CallbackSpec, callback_specs, chosen_mode


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
        entries = self._watchable()
        for key, block in self.blocks.items():
            block.refresh(on.get(key), entries)

    def _watchable(self) -> list[Logged]:
        session = self.session
        suggested = suggestions(session.built, session.inference.results, session.data.taken)
        return watchable(session.built, session.catalog, suggested)


class CallbackBlock(QWidget):
    """A tick, the telling values beside it, and a fold with all parameters."""

    def __init__(self, spec: CallbackSpec, form: CallbacksForm) -> None:
        super().__init__(form)
        self.spec = spec
        self._form = form
        self._values: dict[str, Any] | None = None
        self._entries: Sequence[Logged] = ()
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
        self._rows: list[FormRow] = []
        self.direction = hint("")
        self.direction.setObjectName(f"direction_{spec.key}")
        self.direction.setContentsMargins(22, 0, 0, 0)
        head = QHBoxLayout()
        head.setSpacing(3)
        rows = column(self, spacing=2)
        rows.addLayout(head)
        rows.addWidget(self.direction)
        head.addWidget(self.tick)
        head.addWidget(self.summary, 1)
        head.addWidget(self.more)
        rows.addWidget(self.body)
        self.tick.clicked.connect(self._on_ticked)
        self.more.toggled.connect(self._on_more_toggled)

    def refresh(self, values: dict[str, Any] | None, entries: Sequence[Logged]) -> None:
        """`values` None: the callback is off. `entries` is what can be watched."""
        self._values = values
        if monitor_names(entries) != monitor_names(self._entries):
            self._forget_editors()
        self._entries = entries
        self.tick.setChecked(values is not None)
        self.more.setVisible(values is not None and bool(self.spec.parameters))
        if values is None:
            self.more.setChecked(False)
        effective = self.spec.values(values or {})
        watched = self._watched(effective)
        self.summary.setText(_summary(effective) if values is not None else "")
        self.direction.setVisible(values is not None and self.spec.watches)
        if self.more.isChecked() and not self.editors:
            self._build()
        for name, editor in self.editors.items():
            show(editor, effective[name])
        self.direction.setText(watched)

    def _forget_editors(self) -> None:
        """What can be watched is another: the list of it is made anew."""
        for row in self._rows:
            let_go(row)
        self._rows, self.editors = [], {}

    def _watched(self, values: Mapping[str, Any]) -> str:
        """What is watched, and which way is better."""
        if not self.spec.watches:
            return ""
        mode = chosen_mode(values, directions(self._entries))
        words = direction_words(mode) if mode else Text("choose whether lower or higher is better")
        return tr("{monitor}, {words}", monitor=values[MONITOR], words=words)

    def _build(self) -> None:
        for parameter in self.spec.parameters:
            editor = self._form.editor(self._as_catalog_parameter(parameter), f"{self.spec.key}_{parameter.name}")
            editor.edited.connect(lambda value, name=parameter.name: self._on_edited(name, value))
            self.editors[parameter.name] = editor
            row = FormRow(parameter.name.replace("_", " "), editor, str(parameter.help))
            self._rows.append(row)
            self._body_rows.addWidget(row)

    def _as_catalog_parameter(self, parameter: CallbackParameter) -> Parameter:
        choices = tuple(monitor_names(self._entries)) if parameter.kind == "monitor" else parameter.choices
        return Parameter(
            parameter.name,
            "choice" if parameter.kind == "monitor" else parameter.kind,
            parameter.default,
            help=str(parameter.help),
            choices=choices,
            nullable=parameter.default is None,
            minimum=parameter.minimum,
            maximum=parameter.as_setting(self.spec.title).highest,
        )

    def _on_ticked(self, on: bool) -> None:
        label = Text("Switch a callback on") if on else Text("Switch a callback off")
        self._form.store(label, with_callback(self._form.training, self.spec.key, {} if on else None), "")

    def _on_more_toggled(self, open_: bool) -> None:
        if open_ and not self.editors:
            self._build()
            self.refresh(self._values, self._entries)
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
    return f"patience {values['patience']}" if "patience" in values else ""
