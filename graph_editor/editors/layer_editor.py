"""The layer inside a wrapper."""

from collections.abc import Mapping

from graph_editor.catalog.specs import Json, LayerSpec, Parameter
from graph_editor.document.naming import snake_case
from graph_editor.editors.parts.class_editor import ClassEditor, written_object
from graph_editor.editors.parts.combo import Entry
from resources.keras_names import safe_name
from resources.text import tr


class LayerEditor(ClassEditor):
    """Chooses the inner layer's class and edits its main parameters; everything else in its config is kept."""

    kinds = ("layer",)
    searched = True

    def _fill(self) -> None:
        catalog, parameter = self.context.catalog, self.parameter
        entries = [Entry(tr("none"), None)] if parameter.nullable else []
        for spec in catalog.layers():
            if _fits(parameter, spec):
                entries.append(Entry(spec.class_name, spec.class_name, catalog.help(spec)))
        self.combo.fill(entries)

    def _chosen(self) -> str | None:
        return str(self._value.get("class_name")) if isinstance(self._value, Mapping) else None

    def _spec(self) -> LayerSpec | None:
        name, module = self._chosen(), self._value.get("module") if isinstance(self._value, Mapping) else None
        if name is None:
            return None
        return self.context.catalog.layer(name, module) if isinstance(module, str) else self.context.catalog.layer(name)

    def _new_value(self, name: str) -> Json:
        catalog = self.context.catalog
        spec = next((item for item in catalog.layers() if item.class_name == name), None)
        return (
            written_object(spec, catalog.default_config(spec, safe_name(snake_case(name), "layer")))
            if spec
            else self._value
        )

    def _unknown(self, text: str) -> str:
        return tr("Keras has no layer called {name}.", name=text or '""')


def _fits(parameter: Parameter, spec: LayerSpec) -> bool:
    """Whether the layer can stand inside: an RNN takes cells, and cells stand nowhere else."""
    is_cell = spec.class_name.endswith(("Cell", "RNNCells"))
    if parameter.name == "cell":
        return is_cell and spec.class_name != "AbstractRNNCell" and bool(spec.defaults)
    return bool(spec.inputs) and spec.palette


EDITOR = LayerEditor
