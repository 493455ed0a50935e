"""Types of numbers."""

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from graph_editor.catalog.specs import Json, Parameter
from graph_editor.editors.parts.base import EditorContext, ParameterEditor
from graph_editor.editors.parts.combo import Combo, Entry
from graph_editor.editors.parts.several import SEVERAL
from resources.text import tr


class DtypeEditor(ParameterEditor):
    """A layer has a dtype policy, written as an object; the type of an input's numbers is a plain word.

    Which of the two it is shows in the value, and is kept.
    """

    kinds = ("dtype",)

    def __init__(self, parameter: Parameter, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(parameter, context, parent)
        self._value: Json = None
        self.combo = Combo()
        self._install(self.combo)
        self.combo.chosen.connect(self._on_chosen)

    def value(self) -> Json:
        return self._value

    def set_value(self, value: Json) -> None:
        self._value = value
        names = [Entry(name, name) for name in self.parameter.choices]
        unset = value is None or self.parameter.nullable
        self.combo.fill([Entry(tr("as everywhere"), None), *names] if unset else names)
        canonical = self.canonical(value)
        if value is SEVERAL:
            self.combo.show_several()
        else:
            self.combo.show_value(canonical, str(canonical))

    def canonical(self, value: Json) -> Json:
        if isinstance(value, Mapping):
            config = value.get("config")
            return config.get("name") if isinstance(config, Mapping) else value.get("class_name")
        return value

    def _on_chosen(self, name: Json) -> None:
        if name == self.canonical(self._value):
            return
        self.set_value(dtype_like(self._value, name))
        self.edited.emit(self._value)


def dtype_like(written: Json, name: Json) -> Json:
    """A dtype in the form in which another is written: a policy, or a plain word."""
    return _policy(name) if isinstance(written, Mapping) and isinstance(name, str) else name


def _policy(name: str) -> Json:
    return {"module": "keras", "class_name": "DTypePolicy", "config": {"name": name}, "registered_name": None}


EDITOR = DtypeEditor
