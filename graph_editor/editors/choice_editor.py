"""One of a few words."""

from PySide6.QtWidgets import QWidget

from graph_editor.catalog.specs import Json, Parameter
from graph_editor.editors.parts.base import EditorContext, ParameterEditor
from graph_editor.editors.parts.combo import Combo, Entry
from graph_editor.editors.parts.several import SEVERAL


class ChoiceEditor(ParameterEditor):
    """Keras' words stay as they are. A value that is not among the choices (an older file's) is kept and listed."""

    kinds = ("choice",)

    def __init__(self, parameter: Parameter, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(parameter, context, parent)
        self._value: Json = None
        self.combo = Combo()
        self._install(self.combo)
        self.combo.chosen.connect(self._on_chosen)

    def _fill(self) -> None:
        none = [Entry(self.parameter.none_title, None)] if self.parameter.nullable else []
        self.combo.fill([*none, *self.entries()])

    def entries(self) -> list[Entry]:
        """The values that can be chosen beside none."""
        return [Entry(self.parameter.title_of(choice), choice) for choice in self.parameter.choices]

    def value(self) -> Json:
        return self._value

    def set_value(self, value: Json) -> None:
        self._value = value
        if value is SEVERAL:
            self.combo.show_several()
        else:
            self.combo.show_value(value, self.parameter.none_title if value is None else self.text_of(value))

    def text_of(self, value: Json) -> str:
        return self.parameter.title_of(str(value))

    def _on_chosen(self, value: Json) -> None:
        if value != self._value:
            self.set_value(value)
            self.edited.emit(value)


EDITOR = ChoiceEditor
