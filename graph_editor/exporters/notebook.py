"""A project as a Jupyter notebook (nbformat 4.5): the script, cut into cells."""

import hashlib
import textwrap
from collections.abc import Iterable
from typing import Any, Final

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from graph_editor.document.files.json_text import plain_json
from graph_editor.exporters.code.script import script
from graph_editor.exporters.python_source import imports
from graph_editor.exporters.registry import SourceFormat
from resources.python_code.parts import RunWriter
from resources.text import Text

_METADATA: Final = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebook(document: Document, catalog: Catalog, writer: RunWriter) -> str:
    """The notebook as JSON; the same for the same document."""
    parts = script(document, catalog, writer)
    note = f" {parts.left_out}." if parts.left_out else ""
    note += f" {parts.remark}" if parts.remark else ""
    cells = [
        ("markdown", f"# {parts.title}\n\nWritten by Lamella for Keras 3.{note}"),
        ("code", imports(parts)),
        ("markdown", "## Model"),
        *(("code", function) for function in parts.functions),
    ]
    data = [("markdown", "## Data"), ("code", parts.data)] if parts.trains else []
    made = [("code", _plain([*parts.make, "    model.summary()"]))]
    cells += [*data, *made] if parts.reads_first else [*made, *data]
    if parts.trains:
        cells += [
            ("markdown", "## Training"),
            ("code", _plain(parts.train)),
            ("code", _plain(parts.save)),
        ]
    content = {
        "cells": [_cell(kind, source, index) for index, (kind, source) in enumerate(cells)],
        "metadata": _METADATA,
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return plain_json(content, 1) + "\n"


def _plain(lines: Iterable[str]) -> str:
    return textwrap.dedent("\n".join(lines))


def _cell(kind: str, source: str, index: int) -> dict[str, Any]:
    text = source.strip("\n")
    digest = hashlib.blake2b(f"{index} {text}".encode(), digest_size=4).hexdigest()
    cell: dict[str, Any] = {"cell_type": kind, "id": digest, "metadata": {}, "source": text.splitlines(keepends=True)}
    return cell if kind == "markdown" else {**cell, "execution_count": None, "outputs": []}


FORMAT: Final = SourceFormat("notebook", Text("Notebook (.ipynb)…"), ".ipynb", notebook, 60)
