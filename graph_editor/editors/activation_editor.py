"""Activation functions."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtWidgets import QWidget

from graph_editor.catalog.specs import Json, LayerSpec, ObjectSpec, Parameter
from graph_editor.editors.parts.base import EditorContext, ParameterEditor
from graph_editor.editors.parts.combo import Entry, SearchCombo
from graph_editor.editors.parts.nested import NestedPlace
from graph_editor.editors.parts.several import SEVERAL
from graph_editor.editors.parts.wording import plain
from resources.text import tr

_LINEAR = "linear"
# Activation layers that have parameters and no weights: Keras takes them wherever it takes a function.
_OBJECTS: Final = ("LeakyReLU", "ELU", "ReLU", "Softmax")


class ActivationEditor(ParameterEditor):
    """A searchable list of Keras' activations: functions, and objects whose parameters are edited below.

    Null and "linear" are the same function.
    """

    kinds = ("activation",)

    def __init__(self, parameter: Parameter, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(parameter, context, parent)
        self._value: Json = None
        self.below = self._nested = NestedPlace(context, self)
        self.combo = SearchCombo()
        self._install(self.combo)
        self._box.addWidget(self._nested)
        self._nested.edited.connect(self._on_nested_edited)
        self.combo.chosen.connect(self._on_chosen)
        self.combo.unknown_typed.connect(self._on_unknown_typed)

    def _fill(self) -> None:
        catalog, entries = self.context.catalog, [Entry(_LINEAR, _LINEAR)]
        for spec in catalog.objects("activations"):
            if spec.identifier != _LINEAR:
                name = spec.class_name if spec.own_module else spec.identifier
                entries.append(Entry(name, spec.identifier, catalog.help(spec)))
        for class_name in _OBJECTS:
            layer = catalog.layer(class_name)
            if layer is not None:
                entries.append(Entry(_label(class_name), class_name, catalog.help(layer)))
        self.combo.fill(entries)

    def value(self) -> Json:
        return self._value

    def set_value(self, value: Json) -> None:
        self._value = value
        self._show()

    def canonical(self, value: Json) -> Json:
        if value is None:
            return _LINEAR
        if isinstance(value, Mapping) and value.get("class_name") == "function":
            return value.get("config")
        return plain(value)

    def commit(self) -> None:
        self.combo.take_text()
        self._nested.commit()

    def _show(self) -> None:
        value = self.canonical(self._value)
        name = _name_of(value)
        if self._value is SEVERAL:
            self.combo.show_several()
        else:
            self.combo.show_value(name, _label(name.rpartition(">")[2]))
        self._complain("")
        spec = self._object(name) if isinstance(value, Mapping) else None
        config = value.get("config") or {} if isinstance(value, Mapping) else {}
        parameters = [item for item in spec.parameters if item.group == "main"] if spec else []
        self._nested.show_config(spec, parameters, config)

    def _object(self, class_name: str) -> LayerSpec | None:
        return self.context.catalog.layer(class_name) if class_name in _OBJECTS else None

    def _config_of(self, name: str) -> Json:
        """Return what is written for a choice: a word for Keras' own functions."""
        layer = self._object(name)
        if layer is not None:
            config = self.context.catalog.default_config(layer, layer.class_name.lower())
            return {"module": layer.module, "class_name": layer.class_name, "config": config, "registered_name": None}
        own: ObjectSpec | None = self.context.catalog.object("activations", name)
        if own is None or not own.own_module:
            return name
        registered = own.identifier
        return {"module": "builtins", "class_name": "function", "config": registered, "registered_name": registered}

    def _on_chosen(self, value: Json) -> None:
        self._complain("")
        if value != _name_of(self.canonical(self._value)):
            self._value = self._config_of(str(value))
            self._show()
            self.edited.emit(self._value)

    def _on_nested_edited(self, name: str, value: Json) -> None:
        if isinstance(self._value, Mapping):
            self._value = {**self._value, "config": {**(self._value.get("config") or {}), name: value}}
            self.edited.emit(self._value)

    def _on_unknown_typed(self, text: str) -> None:
        self._complain(tr("Keras has no activation called {name}.", name=text or '""'))


def _label(name: str) -> str:
    """ "relu" is the function, "ReLU(…)" the object with its parameters."""
    return f"{name}(…)" if name in _OBJECTS else name


def _name_of(value: Json) -> str:
    return str(value.get("class_name")) if isinstance(value, Mapping) else str(value)


EDITOR = ActivationEditor
