"""The base of editors that choose a class of Keras, with the parameters of the chosen one below the choice."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from PySide6.QtWidgets import QWidget

from graph_editor.catalog.specs import Json, LayerSpec, ObjectSpec, Parameter
from graph_editor.editors.parts.base import EditorContext, ParameterEditor
from graph_editor.editors.parts.combo import Combo, SearchCombo
from graph_editor.editors.parts.nested import NestedPlace
from graph_editor.editors.parts.several import SEVERAL
from graph_editor.editors.parts.wording import plain
from resources.text import tr


class ClassEditor(ParameterEditor):
    """A subclass says what is listed (`_fill`), what of that a value is (`_chosen`), and the value for a choice."""

    searched: ClassVar[bool] = False  # so many are listed that one types to find one

    def __init__(self, parameter: Parameter, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(parameter, context, parent)
        self._value: Json = None
        self.below = self._nested = NestedPlace(context, self)
        self.combo = SearchCombo() if self.searched else Combo()
        self._install(self.combo)
        self._box.addWidget(self._nested)
        self.combo.chosen.connect(self._on_chosen)
        self._nested.edited.connect(self._on_nested_edited)
        if isinstance(self.combo, SearchCombo):
            self.combo.unknown_typed.connect(self._on_unknown_typed)

    def value(self) -> Json:
        return self._value

    def set_value(self, value: Json) -> None:
        self._value = plain(value)
        self._show()

    def commit(self) -> None:
        if isinstance(self.combo, SearchCombo):
            self.combo.take_text()
        self._nested.commit()

    def _chosen(self) -> str | None:
        """The name under which the value is listed, or would be; None when there is no value."""
        raise NotImplementedError

    def _new_value(self, name: str) -> Json:
        """Return the value for a name that is listed."""
        raise NotImplementedError

    def _unknown(self, text: str) -> str:
        """Why a text that was typed is nothing that is listed, in a sentence."""
        raise NotImplementedError

    def _label(self, name: str | None) -> str:
        return tr("none") if name is None else name

    def _spec(self) -> LayerSpec | ObjectSpec | None:
        """What the catalogue says of the chosen class; None where no parameters of it can be edited."""
        raise NotImplementedError

    def _config(self) -> Mapping[str, Json]:
        """The parameters of the chosen class that have values."""
        return self._value.get("config") or {} if isinstance(self._value, Mapping) else {}

    def _shown_parameters(self, spec: LayerSpec | ObjectSpec) -> Sequence[Parameter]:
        return [item for item in spec.parameters if item.group == "main"]

    def _show(self) -> None:
        self._complain("")
        if self._value is SEVERAL:
            self.combo.show_several()
        else:
            name = self._chosen()
            self.combo.show_value(name, self._label(name))
        spec = self._spec()
        self._nested.show_config(spec, self._shown_parameters(spec) if spec else (), self._config())

    def _on_chosen(self, name: Json) -> None:
        self._complain("")
        if self._value is SEVERAL or name != self._chosen():
            self._value = None if name is None else self._new_value(name)
            self._show()
            self.edited.emit(self._value)

    def _on_unknown_typed(self, text: str) -> None:
        self._complain(self._unknown(text))

    def _on_nested_edited(self, key: str, value: Json) -> None:
        name = self._chosen()
        written = self._value if isinstance(self._value, Mapping) or name is None else self._new_value(name)
        if isinstance(written, Mapping):
            self._value = {**written, "config": {**(written.get("config") or {}), key: value}}
            self.edited.emit(self._value)


def written_object(spec: LayerSpec | ObjectSpec, config: Mapping[str, Json]) -> Json:
    """An object of a class as Keras writes it into the configs of others."""
    return {
        "module": spec.module,
        "class_name": spec.class_name,
        "config": config,
        "registered_name": spec.registered_name,
    }
