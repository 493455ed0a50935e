"""Parameter editors in forms: called by a name of their own, and shown a value without disturbing who types."""

from __future__ import annotations

from typing import Any

from graph_editor.catalog.specs import Parameter
from graph_editor.editors.parts.base import EditorContext, ParameterEditor
from graph_editor.editors.parts.wording import plain


def named_editor(context: EditorContext, parameter: Parameter, name: str) -> ParameterEditor:
    """An editor whose control is called `name`."""
    editor = context.editor_for(parameter)
    editor.setObjectName(f"{name}_editor")
    control = editor.focusProxy()
    if control is not None:
        control.setObjectName(name)
    return editor


def show(editor: ParameterEditor, value: Any) -> None:
    """Show a value, unless it is there: what is being typed stays."""
    if plain(editor.value()) != plain(value) or type(editor.value()) is not type(value):
        editor.set_value(value)
