"""Yes or no."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from graph_editor.catalog.specs import Json, Parameter
from graph_editor.editors.parts.base import EditorContext, ParameterEditor
from graph_editor.editors.parts.several import SEVERAL, several_text
from graph_editor.editors.parts.toggle_switch import ToggleSwitch
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_description


class BoolEditor(ParameterEditor):
    """A switch. A value of null shows as off until it is switched."""

    kinds = ("bool",)

    def __init__(self, parameter: Parameter, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(parameter, context, parent)
        self._value: Json = None
        self.switch = ToggleSwitch()
        self._several = PlainLabel(several_text())
        self._several.setProperty("part", "parameter")
        self._several.hide()
        self._install(self.switch)
        self._box.setAlignment(self.switch, Qt.AlignmentFlag.AlignLeft)
        self._box.insertWidget(1, self._several)
        self._box.setContentsMargins(0, 3, 0, 3)
        self.switch.clicked.connect(self._on_clicked)

    def value(self) -> Json:
        return self._value

    def set_value(self, value: Json) -> None:
        self._value = value
        self.switch.setChecked(value is not SEVERAL and bool(value))
        self._show_several(value is SEVERAL)

    @property
    def _help(self) -> str:
        return self.context.catalog.parameter_help(self.parameter)

    def _on_clicked(self, checked: bool) -> None:
        self._value = checked
        self._show_several(False)
        self.edited.emit(checked)

    def _show_several(self, several: bool) -> None:
        self._several.setVisible(several)
        set_spoken_description(self.switch, several_text() if several else self._help)


EDITOR = BoolEditor
