"""A model that is put together layer by layer, kept as the edits that make it in one step. No Qt, no Keras."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes import commands
from graph_editor.document.document import Document
from graph_editor.document.edits import Edit, SetPositions
from graph_editor.document.files.file_format import dumps, loads
from graph_editor.document.graph import TensorRef
from graph_editor.layout.layered import arrange_document

Json = Any


class Sketch:
    """`edits` do to the document what was done to a copy of it."""

    def __init__(self, document: Document, catalog: Catalog) -> None:
        self._catalog = catalog
        self.document = loads(dumps(document))
        self.edits: list[Edit] = []

    def clear(self) -> None:
        """Take every box of the model away."""
        self.do(commands.delete_calls(self.document, list(self.document.graph.calls)))

    def layer(self, class_name: str, *sources: str, name: str = "", **config: Json) -> str:
        """Add a layer fed by calls, and return its own; `config` replaces defaults of the catalogue."""
        spec = self._catalog.layer(class_name, "keras.layers")
        assert spec is not None, class_name
        full = {**self._catalog.default_config(spec, name), **config}
        refs = [TensorRef(source) for source in sources]
        edits, call = commands.add_layer(
            self.document, class_name, "keras.layers", full, (0, 0), self._catalog, after=refs, name=name or None
        )
        self.do(edits)
        return call

    def input(self, name: str, shape: Sequence[int | None], dtype: str = "float32") -> str:
        return self.layer("InputLayer", name=name, batch_shape=[None, *shape], dtype=dtype)

    def output(self, call: str) -> None:
        self.do(commands.set_output(self.document, TensorRef(call), True))

    def name_of(self, call: str) -> str:
        """The Keras name of a box's layer."""
        return self.document.operation_of(call).name

    def arrange(self) -> None:
        self.do([SetPositions(dict(arrange_document(self.document)))])

    def data(self, section: dict[str, Json]) -> None:
        self.do(commands.set_data(self.document, section))

    def training(self, section: dict[str, Json]) -> None:
        self.do(commands.set_training(self.document, section))

    def do(self, edits: Sequence[Edit]) -> None:
        for edit in edits:
            edit.apply(self.document)
        self.edits += edits
