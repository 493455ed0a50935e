"""Activation functions."""

from collections.abc import Mapping
from typing import Final

from graph_editor.catalog.specs import Json, LayerSpec, ObjectSpec
from graph_editor.document.naming import snake_case
from graph_editor.editors.parts.class_editor import ClassEditor, written_object
from graph_editor.editors.parts.combo import Entry
from graph_editor.editors.parts.wording import plain
from resources.text import tr

_LINEAR = "linear"
# Activation layers that have parameters and no weights: Keras takes them wherever it takes a function.
_OBJECTS: Final = ("LeakyReLU", "ELU", "ReLU", "Softmax")


class ActivationEditor(ClassEditor):
    """A searchable list of Keras' activations: functions, and objects whose parameters are edited below.

    Null and "linear" are the same function.
    """

    kinds = ("activation",)
    searched = True

    def _fill(self) -> None:
        catalog, entries = self.context.catalog, [Entry(_LINEAR, _LINEAR)]
        for spec in catalog.objects("activations"):
            if spec.identifier != _LINEAR:
                name = spec.class_name if spec.own_module else spec.identifier
                entries.append(Entry(name, spec.identifier, catalog.help(spec)))
        for class_name in _OBJECTS:
            layer = catalog.layer(class_name)
            if layer is not None:
                entries.append(Entry(self._label(class_name), class_name, catalog.help(layer)))
        self.combo.fill(entries)

    def canonical(self, value: Json) -> Json:
        if value is None:
            return _LINEAR
        if isinstance(value, Mapping) and value.get("class_name") == "function":
            return value.get("config")
        return plain(value)

    def _chosen(self) -> str:
        value = self.canonical(self._value)
        return str(value.get("class_name")) if isinstance(value, Mapping) else str(value)

    def _label(self, name: str | None) -> str:
        """ "relu" is the function, "ReLU(…)" the object with its parameters."""
        bare = (name or _LINEAR).rpartition(">")[2]
        return f"{bare}(…)" if bare in _OBJECTS else bare

    def _spec(self) -> LayerSpec | None:
        return self._object(self._chosen()) if isinstance(self.canonical(self._value), Mapping) else None

    def _object(self, class_name: str) -> LayerSpec | None:
        return self.context.catalog.layer(class_name) if class_name in _OBJECTS else None

    def _new_value(self, name: str) -> Json:
        """Return what is written for a choice: a word for Keras' own functions."""
        layer = self._object(name)
        if layer is not None:
            return written_object(layer, self.context.catalog.default_config(layer, snake_case(name)))
        own: ObjectSpec | None = self.context.catalog.object("activations", name)
        if own is None or not own.own_module:
            return name
        registered = own.identifier
        return {"module": "builtins", "class_name": "function", "config": registered, "registered_name": registered}

    def _unknown(self, text: str) -> str:
        return tr("Keras has no activation called {name}.", name=text or '""')


EDITOR = ActivationEditor
