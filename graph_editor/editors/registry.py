"""Finds the editors: every module of this package that has an `EDITOR`."""

import graph_editor.editors as package
from graph_editor.catalog.catalog import Catalog
from graph_editor.editors.parts.base import EditorContext, ParameterEditor
from graph_editor.editors.parts.spares import Spares
from resources.registry import modules_with


def discover_editors() -> dict[str, type[ParameterEditor]]:
    """Kind of value -> editor class. Two editors for one kind are a programming error."""
    editors: dict[str, type[ParameterEditor]] = {}
    for module in modules_with(package, "EDITOR"):
        editor: type[ParameterEditor] = module.EDITOR
        for kind in editor.kinds:
            if kind in editors:
                raise ValueError(f"two editors for the kind {kind}")
            editors[kind] = editor
    return editors


def editor_context(catalog: Catalog, spares: Spares | None = None) -> EditorContext:
    return EditorContext(catalog, discover_editors(), spares)
