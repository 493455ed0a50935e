"""The forms in which a project can be written as text; each is a module of this package that has a `FORMAT`."""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import graph_editor.exporters
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from resources.text import Text


@dataclass(frozen=True, slots=True)
class SourceFormat:
    """`key` is its name on the command line; `write` needs neither Keras nor an engine."""

    key: str
    title: Text
    suffix: str
    write: Callable[[Document, Catalog], str]
    order: int = 0


@cache
def source_formats() -> tuple[SourceFormat, ...]:
    package = graph_editor.exporters
    names = [module.name for module in pkgutil.iter_modules(package.__path__) if not module.ispkg]
    modules = [importlib.import_module(f"{package.__name__}.{name}") for name in names]
    found = [module.FORMAT for module in modules if isinstance(getattr(module, "FORMAT", None), SourceFormat)]
    return tuple(sorted(found, key=lambda entry: entry.order))


def source_format(key: str) -> SourceFormat | None:
    return next((entry for entry in source_formats() if entry.key == key), None)
