"""The layer inside a wrapper."""

import re
from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from graph_editor.catalog.specs import Json, LayerSpec, Parameter
from graph_editor.editors.parts.base import EditorContext, ParameterEditor
from graph_editor.editors.parts.combo import Entry, SearchCombo
from graph_editor.editors.parts.nested import NestedPlace
from graph_editor.editors.parts.wording import plain
from resources.text import tr


class LayerEditor(ParameterEditor):
    """Chooses the inner layer's class and edits its main parameters; everything else in its config is kept."""

    kinds = ("layer",)

    def __init__(self, parameter: Parameter, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(parameter, context, parent)
        self._value: Json = None
        self.below = self._nested = NestedPlace(context, self)
        self.combo = SearchCombo()
        self._install(self.combo)
        self._box.addWidget(self._nested)
        self.combo.chosen.connect(self._on_chosen)
        self._nested.edited.connect(self._on_nested_edited)
        self.combo.unknown_typed.connect(self._on_unknown_typed)

    def _fill(self) -> None:
        catalog, parameter = self.context.catalog, self.parameter
        entries = [Entry(tr("none"), None)] if parameter.nullable else []
        for spec in catalog.layers():
            if _fits(parameter, spec):
                entries.append(Entry(spec.class_name, spec.class_name, catalog.help(spec)))
        self.combo.fill(entries)

    def value(self) -> Json:
        return self._value

    def set_value(self, value: Json) -> None:
        self._value = plain(value)
        self._show()

    def commit(self) -> None:
        self.combo.take_text()
        self._nested.commit()

    @property
    def _class_name(self) -> str | None:
        return str(self._value.get("class_name")) if isinstance(self._value, Mapping) else None

    def _spec(self) -> LayerSpec | None:
        name, module = self._class_name, self._value.get("module") if isinstance(self._value, Mapping) else None
        if name is None:
            return None
        return self.context.catalog.layer(name, module) if isinstance(module, str) else self.context.catalog.layer(name)

    def _show(self) -> None:
        self._complain("")
        name = self._class_name
        self.combo.show_value(name, name or tr("none"))
        spec = self._spec()
        parameters = [item for item in spec.parameters if item.group == "main"] if spec else []
        config = self._value.get("config") or {} if isinstance(self._value, Mapping) else {}
        self._nested.show_config(spec, parameters, config)

    def _on_chosen(self, class_name: Json) -> None:
        self._complain("")
        if class_name == self._class_name:
            return
        spec = next((item for item in self.context.catalog.layers() if item.class_name == class_name), None)
        self._value = self._config_of(spec) if spec else None
        self._show()
        self.edited.emit(self._value)

    def _on_unknown_typed(self, text: str) -> None:
        self._complain(tr("Keras has no layer called {name}.", name=text or '""'))

    def _config_of(self, spec: LayerSpec) -> Json:
        name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", spec.class_name).lower()
        config = self.context.catalog.default_config(spec, name)
        return {
            "module": spec.module,
            "class_name": spec.class_name,
            "config": config,
            "registered_name": spec.registered_name,
        }

    def _on_nested_edited(self, name: str, value: Json) -> None:
        self._value = {**self._value, "config": {**(self._value.get("config") or {}), name: value}}
        self.edited.emit(self._value)


def _fits(parameter: Parameter, spec: LayerSpec) -> bool:
    """Whether the layer can stand inside: an RNN takes cells, and cells stand nowhere else."""
    is_cell = spec.class_name.endswith(("Cell", "RNNCells"))
    if parameter.name == "cell":
        return is_cell and spec.class_name != "AbstractRNNCell" and bool(spec.defaults)
    return bool(spec.inputs) and spec.palette


EDITOR = LayerEditor
