"""The generated files as bytes."""

from pathlib import Path

import msgspec

from graph_editor.catalog.generate.layers import layers_file
from graph_editor.catalog.generate.objects import KINDS, objects_file
from graph_editor.catalog.generate.operations import operations_file
from graph_editor.catalog.generate.overlay import read_overlay
from graph_editor.catalog.specs import LayersFile, ObjectsFile, OperationsFile


def contents(overlay_path: Path) -> dict[str, bytes]:
    """File name -> content, the same for the same Keras and overlay."""
    overlay = read_overlay(overlay_path)
    files: dict[str, LayersFile | ObjectsFile | OperationsFile] = {
        "layers.json": layers_file(overlay),
        "operations.json": operations_file(overlay),
    }
    files.update({f"{kind}.json": objects_file(kind, overlay) for kind in KINDS})
    return {name: msgspec.json.format(msgspec.json.encode(file), indent=1) + b"\n" for name, file in files.items()}
