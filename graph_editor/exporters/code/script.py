"""A project as the parts of a program, from which a script or a notebook is put together."""

from collections.abc import Collection
from dataclasses import dataclass

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.active import active
from graph_editor.document.document import Document
from graph_editor.document.modes import left_out_sentence
from graph_editor.exporters.code.data import DataCode, data_code
from graph_editor.exporters.code.graphs import KEEP_FROZEN_HELPER, NAMED_HELPER, Program
from graph_editor.exporters.code.layout import INDENT, quoted, statement
from graph_editor.exporters.code.training import Training


@dataclass(frozen=True, slots=True)
class Script:
    """Source text of each part. `steps` are groups of lines, one level deep, that make and train `model`."""

    title: str
    imports: tuple[str, ...]
    own_imports: tuple[str, ...]  # of the project's own code, whose files lie beside the script
    functions: tuple[str, ...]
    data: str
    make: tuple[str, ...]
    train: tuple[str, ...]
    save: tuple[str, ...]
    left_out: str = ""  # a sentence about boxes that are bypassed or muted

    @property
    def trains(self) -> bool:
        return bool(self.train)


def script(drawn: Document, catalog: Catalog) -> Script:
    meant = active(drawn, catalog)
    document = meant.document
    program = Program(document, catalog)
    builder = program.build()
    helpers = [NAMED_HELPER] if program.uses_named else []
    helpers += [KEEP_FROZEN_HELPER] if program.freezes else []
    data, training = data_code(document), Training(document, catalog, program.own_modules)
    trained = data is not None and training.complete
    arrays = ["import numpy as np"] if any("np.array(" in function for function in program.functions) else []
    make = [f"{INDENT}model = {builder}()"]
    train = tuple(_train(data, training)) if trained and data else ()
    if trained:
        make = [*training.seed(), *make, *training.initial_weights()]
    return Script(
        _title(document.graph.name),
        (*(data.imports if trained and data else ()), *arrays, "import keras"),
        _own_imports({*program.layers.imported, *(training.imported if trained else ())}),
        (*helpers, *program.functions),
        data.source if trained and data else "",
        tuple(make),
        train,
        tuple(statement("model.save(", quoted(f"{_title(document.graph.name)}.keras") + ")")) if trained else (),
        left_out_sentence(meant),
    )


def _own_imports(used: Collection[tuple[str, str]]) -> tuple[str, ...]:
    modules = sorted({module for module, _ in used})
    names = {module: ", ".join(sorted({name for own, name in used if own == module})) for module in modules}
    return tuple(f"from {module} import {names[module]}" for module in modules)


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
