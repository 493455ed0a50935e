"""The forms in which a project can be written as text; each is a module of this package that has a `FORMAT`."""

from collections.abc import Callable
from dataclasses import dataclass

import graph_editor.exporters
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from resources.python_code.parts import RunWriter
from resources.registry import modules_with
from resources.text import Text


@dataclass(frozen=True, slots=True)
class SourceFormat:
    """`key` is its name on the command line; `write` needs neither Keras nor an engine."""

    key: str
    title: Text
    suffix: str
    write: Callable[[Document, Catalog, RunWriter], str]
    order: int = 0


def source_formats() -> tuple[SourceFormat, ...]:
    found: list[SourceFormat] = [module.FORMAT for module in modules_with(graph_editor.exporters, "FORMAT")]
    return tuple(sorted(found, key=lambda entry: entry.order))


def source_format(key: str) -> SourceFormat | None:
    return next((entry for entry in source_formats() if entry.key == key), None)
