"""Activation functions."""

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from graph_editor.catalog.specs import Json, Parameter
from graph_editor.view.editors.base import EditorContext, ParameterEditor
from graph_editor.view.editors.parts.combo import SearchCombo
from resources.text import tr

_LINEAR = "linear"


class ActivationEditor(ParameterEditor):
    """A searchable list of Keras' activations. Null and "linear" are the same function."""

    kinds = ("activation",)

    def __init__(self, parameter: Parameter, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(parameter, context, parent)
        self._value: Json = None
        self.combo = SearchCombo()
        self.combo.add(_LINEAR, _LINEAR)
        for spec in context.catalog.objects("activations"):
            if spec.identifier != _LINEAR:
                self.combo.add(spec.identifier, spec.identifier, context.catalog.help(spec))
        self._install(self.combo)
        self.combo.chosen.connect(self._on_chosen)
        self.combo.unknown_typed.connect(self._on_unknown_typed)

    def value(self) -> Json:
        return self._value

    def set_value(self, value: Json) -> None:
        self._value = value
        shown = self.canonical(value)
        self.combo.show_value(shown, _name_of(shown))
        self._complain("")

    def canonical(self, value: Json) -> Json:
        if value is None:
            return _LINEAR
        if isinstance(value, Mapping) and value.get("class_name") == "function":
            return value.get("config")
        return value

    def commit(self) -> None:
        self.combo.take_text()

    def _on_chosen(self, value: Json) -> None:
        self._complain("")
        if value != self.canonical(self._value):
            self._value = value
            self.edited.emit(value)

    def _on_unknown_typed(self, text: str) -> None:
        self._complain(tr("Keras has no activation called {name}.", name=text or '""'))


def _name_of(value: Json) -> str:
    return str(value.get("class_name")) if isinstance(value, Mapping) else str(value)


EDITOR = ActivationEditor
