"""The base of editors that choose a Keras object and set its numbers: initializers, regularizers, constraints."""

import copy
from collections.abc import Mapping
from typing import ClassVar

from PySide6.QtWidgets import QWidget

from graph_editor.catalog.specs import Json, ObjectKind, ObjectSpec, Parameter
from graph_editor.editors.parts.base import EditorContext, ParameterEditor
from graph_editor.editors.parts.combo import Combo, Entry
from graph_editor.editors.parts.nested import NestedPlace
from graph_editor.editors.parts.several import SEVERAL
from graph_editor.editors.parts.wording import plain
from resources.text import tr


class ObjectEditor(ParameterEditor):
    """Reads identifiers ("zeros") and full configs; writes full configs. Unknown classes are kept untouched."""

    objects: ClassVar[ObjectKind]

    def __init__(self, parameter: Parameter, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(parameter, context, parent)
        self._value: Json = None
        self.below = self._nested = NestedPlace(context, self)
        self.combo = Combo()
        self._install(self.combo)
        self._box.addWidget(self._nested)
        self.combo.chosen.connect(self._on_chosen)
        self._nested.edited.connect(self._on_nested_edited)

    def _fill(self) -> None:
        catalog = self.context.catalog
        entries = [Entry(tr("none"), None)] if self.parameter.nullable else []
        for spec in catalog.objects(self.objects):
            entries.append(Entry(spec.class_name, spec.class_name, catalog.help(spec)))
        self.combo.fill(entries)

    def value(self) -> Json:
        return self._value

    def set_value(self, value: Json) -> None:
        self._value = plain(value)
        self._show()

    def commit(self) -> None:
        self._nested.commit()

    def canonical(self, value: Json) -> Json:
        spec = self._spec(value)
        if spec is None:
            return plain(value)
        config = value.get("config") if isinstance(value, Mapping) else {}
        return {"class_name": spec.class_name, "config": {**spec.config, **plain(config or {})}}

    def _spec(self, value: Json) -> ObjectSpec | None:
        name = value.get("class_name") if isinstance(value, Mapping) else value
        return self.context.catalog.object(self.objects, name) if isinstance(name, str) else None

    def _show(self) -> None:
        spec = self._spec(self._value)
        if self._value is SEVERAL:
            self.combo.show_several()
        elif spec is not None:
            self.combo.show_value(spec.class_name, spec.class_name)
        elif self._value is None:
            self.combo.show_value(None, tr("none"))
        else:
            name = self._value.get("class_name") if isinstance(self._value, Mapping) else self._value
            self.combo.show_value(str(name), str(name))
        config = self.canonical(self._value)["config"] if spec else {}
        self._nested.show_config(spec, self._shown_parameters(spec, config) if spec else (), config)

    def _shown_parameters(self, spec: ObjectSpec, config: Mapping[str, Json]) -> list[Parameter]:
        """Without the axes that count as inputs and outputs of a kernel, unless they are in use: rarely set."""
        return [
            item
            for item in spec.parameters
            if (item.group, item.kind) != ("advanced", "axis") or config.get(item.name) != item.default
        ]

    def _on_chosen(self, class_name: Json) -> None:
        current = self._spec(self._value)
        if self._value is not SEVERAL and class_name == (current.class_name if current else None):
            return
        spec = self.context.catalog.object(self.objects, class_name) if class_name else None
        if class_name is not None and spec is None:
            return
        self._value = self._config_of(spec) if spec else None
        self._show()
        self.edited.emit(self._value)

    def _config_of(self, spec: ObjectSpec) -> Json:
        return {
            "module": spec.module,
            "class_name": spec.class_name,
            "config": copy.deepcopy(spec.config),
            "registered_name": spec.registered_name,
        }

    def _on_nested_edited(self, name: str, value: Json) -> None:
        spec = self._spec(self._value)
        if spec is None:
            return
        written = self._value if isinstance(self._value, Mapping) else self._config_of(spec)
        self._value = {**written, "config": {**(written.get("config") or {}), name: value}}
        self.edited.emit(self._value)
