"""Finds the editors: every module of this package that has an `EDITOR`."""

import pkgutil
from importlib import import_module

import graph_editor.editors as package
from graph_editor.catalog.catalog import Catalog
from graph_editor.editors.parts.base import EditorContext, ParameterEditor
from graph_editor.editors.parts.spares import Spares


def discover_editors() -> dict[str, type[ParameterEditor]]:
    """Kind of value -> editor class. Two editors for one kind are a programming error."""
    found: dict[str, type[ParameterEditor]] = {}
    for module_info in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        if module_info.ispkg:
            continue
        editor: type[ParameterEditor] | None = getattr(import_module(module_info.name), "EDITOR", None)
        for kind in editor.kinds if editor else ():
            if kind in found:
                raise ValueError(f"two editors for the kind {kind}")
            found[kind] = editor  # type: ignore[assignment]
    return found


def editor_context(catalog: Catalog, spares: Spares | None = None) -> EditorContext:
    return EditorContext(catalog, discover_editors(), spares)
