"""Training settings as rows of a form: one for each that is declared and has no control of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.panels.widgets.fields import FormRow, column
from app.panels.widgets.named_editors import named_editor, show
from graph_editor.catalog.specs import Kind, Parameter
from graph_editor.editors.parts.base import EditorContext, ParameterEditor
from resources.training.registry import applying, settings_in, written_values
from resources.training.setting import Kind as SettingKind
from resources.training.setting import Section, Setting

Json = Any
_KINDS: Mapping[SettingKind, Kind] = {
    "int": "int", "float": "float", "bool": "bool", "choice": "choice", "text": "str",
}  # fmt: skip


class SettingsForm(QWidget):
    """A row for each setting. `edited` carries a setting and its new value."""

    edited = Signal(object, object)  # Setting, Json

    def __init__(self, settings: Sequence[Setting[Any]], context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = tuple(settings)
        self._editors: dict[str, ParameterEditor] = {}
        self._rows: dict[str, FormRow] = {}
        rows = column(self)
        for setting in self._settings:
            editor = named_editor(context, parameter_of(setting), setting.key)
            editor.edited.connect(lambda value, setting=setting: self.edited.emit(setting, value))
            row = FormRow(str(setting.title), editor, str(setting.help))
            rows.addWidget(row)
            self._editors[setting.key], self._rows[setting.key] = editor, row
        if not self._settings:
            self.hide()

    def show_values(self, written: Mapping[str, Json]) -> None:
        """Show what is written of each, or its default; what does nothing beside the other values is hidden."""
        sound = {setting.key: setting.sound(written) for setting in self._settings}
        self._show(written, {setting.key for setting in self._settings if setting.applies(sound)})

    def _show(self, written: Mapping[str, Json], applicable: Collection[str]) -> None:
        for setting in self._settings:
            show(self._editors[setting.key], setting.written(written))
            self._rows[setting.key].setVisible(setting.key in applicable)


class SettingRows(SettingsForm):
    """The settings of one section of a project that have no control of their own."""

    def __init__(self, section: Section, context: EditorContext, parent: QWidget | None = None) -> None:
        settings = [setting for setting in settings_in(section) if not setting.own_control]
        super().__init__(settings, context, parent)

    def show_sections(self, training: Mapping[str, Json], data: Mapping[str, Json]) -> None:
        """Show what a project says; what does nothing beside the other values is hidden."""
        values = written_values(training, data)
        self._show(values, {setting.key for setting in applying(values)})


def parameter_of(setting: Setting[Any]) -> Parameter:
    """A setting as editors take it."""
    nullable = setting.default is None
    return Parameter(
        setting.key,
        "optional_bool" if nullable and setting.kind == "bool" else _KINDS[setting.kind],
        setting.default,
        nullable=nullable,
        help=str(setting.help),
        choices=setting.choices,
        minimum=setting.minimum,
        maximum=setting.highest,
        titles=tuple(setting.text_of(choice) for choice in setting.choices),
        none=setting.text_of(None) if nullable else "",
    )
