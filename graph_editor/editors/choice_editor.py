"""One of a few words."""

from PySide6.QtWidgets import QWidget

from graph_editor.catalog.specs import Json, Parameter
from graph_editor.editors.parts.base import EditorContext, ParameterEditor
from graph_editor.editors.parts.combo import Combo, Entry
from graph_editor.editors.parts.several import SEVERAL
from resources.text import tr


class ChoiceEditor(ParameterEditor):
    """Words stay as Keras has them. A value that is not among the choices (an older file's) is kept and listed."""

    kinds = ("choice",)

    def __init__(self, parameter: Parameter, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(parameter, context, parent)
        self._value: Json = None
        self.combo = Combo()
        self._install(self.combo)
        self.combo.chosen.connect(self._on_chosen)

    def _fill(self) -> None:
        choices = [Entry(choice, choice) for choice in self.parameter.choices]
        self.combo.fill([Entry(tr("none"), None), *choices] if self.parameter.nullable else choices)

    def value(self) -> Json:
        return self._value

    def set_value(self, value: Json) -> None:
        self._value = value
        if value is SEVERAL:
            self.combo.show_several()
        else:
            self.combo.show_value(value, tr("none") if value is None else str(value))

    def _on_chosen(self, value: Json) -> None:
        if value != self._value:
            self.set_value(value)
            self.edited.emit(value)


EDITOR = ChoiceEditor
