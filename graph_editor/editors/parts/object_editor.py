"""The base of editors that choose a Keras object and set its numbers: initializers, regularizers, constraints."""

import copy
from collections.abc import Mapping
from typing import ClassVar

from graph_editor.catalog.specs import Json, LayerSpec, ObjectKind, ObjectSpec, Parameter
from graph_editor.editors.parts.class_editor import ClassEditor, written_object
from graph_editor.editors.parts.combo import Entry
from graph_editor.editors.parts.wording import plain
from resources.text import tr


class ObjectEditor(ClassEditor):
    """Reads identifiers ("zeros") and full configs; writes full configs. Unknown classes are kept untouched."""

    objects: ClassVar[ObjectKind]

    def _fill(self) -> None:
        catalog = self.context.catalog
        entries = [Entry(tr("none"), None)] if self.parameter.nullable else []
        for spec in catalog.objects(self.objects):
            entries.append(Entry(spec.class_name, spec.class_name, catalog.help(spec)))
        self.combo.fill(entries)

    def canonical(self, value: Json) -> Json:
        spec = self._spec_of(value)
        if spec is None:
            return plain(value)
        config = value.get("config") if isinstance(value, Mapping) else {}
        return {"class_name": spec.class_name, "config": {**spec.config, **plain(config or {})}}

    def _chosen(self) -> str | None:
        spec = self._spec()
        if spec is not None or self._value is None:
            return spec.class_name if spec is not None else None
        return str(self._value.get("class_name") if isinstance(self._value, Mapping) else self._value)

    def _spec(self) -> ObjectSpec | None:
        return self._spec_of(self._value)

    def _spec_of(self, value: Json) -> ObjectSpec | None:
        name = value.get("class_name") if isinstance(value, Mapping) else value
        return self.context.catalog.object(self.objects, name) if isinstance(name, str) else None

    def _config(self) -> Mapping[str, Json]:
        return self.canonical(self._value)["config"] if self._spec() else {}

    def _shown_parameters(self, spec: LayerSpec | ObjectSpec) -> list[Parameter]:
        """Without the axes that count as inputs and outputs of a kernel, unless they are in use: rarely set."""
        config = self._config()
        return [
            item
            for item in spec.parameters
            if (item.group, item.kind) != ("advanced", "axis") or config.get(item.name) != item.default
        ]

    def _new_value(self, name: str) -> Json:
        spec = self.context.catalog.object(self.objects, name)
        return self._value if spec is None else written_object(spec, copy.deepcopy(spec.config))
