"""A project as the parts of a program, from which a script or a notebook is put together."""

from dataclasses import dataclass

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from graph_editor.exporters.code.data import DataCode, data_code
from graph_editor.exporters.code.graphs import NAMED_HELPER, Program
from graph_editor.exporters.code.layout import INDENT, quoted, statement
from graph_editor.exporters.code.training import Training


@dataclass(frozen=True, slots=True)
class Script:
    """Source text of each part. `steps` are groups of lines, one level deep, that make and train `model`."""

    title: str
    imports: tuple[str, ...]
    functions: tuple[str, ...]
    data: str
    make: tuple[str, ...]
    train: tuple[str, ...]
    save: tuple[str, ...]

    @property
    def trains(self) -> bool:
        return bool(self.train)


def script(document: Document, catalog: Catalog) -> Script:
    program = Program(document, catalog)
    builder = program.build()
    helper = [NAMED_HELPER] if program.uses_named else []
    data, training = data_code(document), Training(document, catalog)
    trained = data is not None and training.complete
    arrays = ["import numpy as np"] if any("np.array(" in function for function in program.functions) else []
    make = [f"{INDENT}model = {builder}()"]
    if trained:
        make = [*training.seed(), *make, *training.initial_weights()]
    return Script(
        _title(document.graph.name),
        (*(data.imports if trained and data else ()), *arrays, "import keras"),
        (*helper, *program.functions),
        data.source if trained and data else "",
        tuple(make),
        tuple(_train(data, training)) if trained and data else (),
        tuple(statement("model.save(", quoted(f"{_title(document.graph.name)}.keras") + ")")) if trained else (),
    )


def _train(data: DataCode, training: Training) -> list[str]:
    return [
        *training.compile(),
        f"{INDENT}data = load_data()",
        *statement("x = ", data.x),
        *statement("y = ", data.y),
        *training.fit(),
    ]


def _title(name: str) -> str:
    """A name for a file and for the first line: letters, digits and plain signs."""
    kept = "".join(letter if letter.isalnum() or letter in " -_" else "_" for letter in name)[:60].strip()
    return kept or "model"
