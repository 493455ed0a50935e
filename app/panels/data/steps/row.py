"""One step of preparation in the list: its name, where it stands, and its settings when it is unfolded."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.panels.data.parts.movable_row import MovableRow
from app.panels.widgets.fields import FormRow, hint
from app.panels.widgets.named_editors import named_editor, show
from app.panels.widgets.setting_rows import parameter_of
from app.project.preparing.steps_of import WrittenStep
from graph_editor.editors.parts.base import EditorContext, ParameterEditor
from graph_editor.words.tooltips import set_tooltip
from resources.text import Text


class StepRow(MovableRow):
    """`edited` carries a setting of the step and its value."""

    def __init__(self, place: int, step: WrittenStep, context: EditorContext, parent: QWidget | None = None) -> None:
        help_text = str(step.kind.help) if step.kind is not None else ""
        super().__init__("step", place, str(step.title), help_text, parent)
        self.key = step.key
        self._context = context
        self._editors: dict[str, tuple[ParameterEditor, FormRow]] = {}
        self.learnt = hint("", f"step_learnt_{place}")
        self.learnt.hide()
        self.above.addWidget(self.learnt)

    def show_step(self, step: WrittenStep, count: int) -> None:
        """`count` is how many steps there are."""
        kind = step.kind
        self.fold.setVisible(kind is not None and bool(kind.settings))
        self.show_place(count)
        if kind is None:
            return
        values = kind.values(step.settings)
        if self.fold.isChecked() and not self._editors:
            self._build(step)
        for setting in kind.settings:
            if setting.key in self._editors:
                editor, row = self._editors[setting.key]
                show(editor, values[setting.key])
                row.setVisible(setting.applies(values))

    def say_learnt(self, text: str, more: str = "") -> None:
        """`more` is told to who asks for it."""
        self.learnt.setText(text)
        set_tooltip(self.learnt, more)
        self.learnt.setVisible(bool(text))

    def _build(self, step: WrittenStep) -> None:
        kind = step.kind
        for setting in sorted(kind.settings, key=lambda one: one.order) if kind is not None else ():
            editor = named_editor(self._context, parameter_of(setting), f"step_{self.place}_{setting.key}")
            editor.edited.connect(lambda value, key=setting.key: self.edited.emit(self.place, key, value))
            row = FormRow(str(setting.title), editor, str(setting.help))
            self._editors[setting.key] = (editor, row)
            self.rows.addWidget(row)


def removed_title(step: WrittenStep) -> Text:
    return Text.of("Remove the step {step}", step=step.title)
