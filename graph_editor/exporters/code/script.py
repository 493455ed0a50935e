"""A project as the parts of a program, from which a script or a notebook is put together."""

from collections.abc import Collection
from dataclasses import dataclass

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.checking.built_model import built_model
from graph_editor.document.checking.left_out import left_out_sentence
from graph_editor.document.document import Document
from graph_editor.exporters.code.data import DataCode, data_code
from graph_editor.exporters.code.graphs import (
    KEEP_FROZEN_HELPER,
    NAMED_HELPER,
    WITH_VOCABULARY_HELPER,
    Program,
)
from graph_editor.exporters.code.names import title
from graph_editor.exporters.code.training import Training
from resources.python_code import beside
from resources.python_code.layout import assigned, done
from resources.python_code.parts import RunWriter
from resources.python_code.pieces import attribute, call, import_from, name, place, quoted, too_deep


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


def script(drawn: Document, catalog: Catalog, writer: RunWriter) -> Script:
    """`writer` writes the data and the callbacks.

    Raises SourceError, which names the place, where something can neither be a name nor a value in Python.
    """
    try:
        return _script(drawn, catalog, writer)
    except RecursionError as error:
        raise too_deep() from error


def model_source(drawn: Document, catalog: Catalog, writer: RunWriter) -> str:
    """The part of the script that makes the model, in a function `build_model`, to be tried. Raises SourceError."""
    parts = script(drawn, catalog, writer)
    arrays = ["import numpy as np"] if "import numpy as np" in parts.imports else []
    return "\n\n".join(["\n".join([*arrays, "import keras", *parts.own_imports]), *parts.functions])


def _script(drawn: Document, catalog: Catalog, writer: RunWriter) -> Script:
    model = built_model(drawn, catalog)
    document = model.document
    program = Program(document, catalog)
    builder = program.build()
    helpers = [NAMED_HELPER] if program.uses_named else []
    helpers += [WITH_VOCABULARY_HELPER] if program.uses_vocabularies else []
    helpers += [KEEP_FROZEN_HELPER] if program.freezes else []
    with place("data"):
        data = data_code(document, writer)
    training = Training(document, catalog, writer, program.own_modules)
    trained = data is not None and training.complete
    arrays = ["import numpy as np"] if any("np.array(" in function for function in program.functions) else []
    make = assigned("model", call(name(builder)))
    with place("training"):
        train = tuple(_train(data, training)) if trained and data else ()
        callbacks = training.callbacks() if trained else []
        before, weights = training.before(), training.initial_weights()
    named_files = trained and bool(weights or (data is not None and data.reads_file))
    helpers += [beside.HELPER] if named_files else []
    save = call(attribute(name("model"), "save"), quoted(title(document.graph.name) + ".keras"))
    if trained:
        make = [*before, *make, *weights]
    return Script(
        title(document.graph.name),
        (
            *(data.imports if trained and data else ()),
            *(line for callback in callbacks for line in callback.imports),
            *arrays,
            *([beside.IMPORT] if named_files else []),
            "import keras",
        ),
        _own_imports({*program.layers.imported, *(training.imported if trained else ())}),
        (
            *helpers,
            *program.functions,
            *dict.fromkeys(function for callback in callbacks for function in callback.functions),
        ),
        data.source if trained and data else "",
        tuple(make),
        train,
        tuple(done(save)) if trained else (),
        left_out_sentence(model),
    )


def _own_imports(used: Collection[tuple[str, str]]) -> tuple[str, ...]:
    modules = sorted({module for module, _ in used})
    return tuple(import_from(module, {own for file, own in used if file == module}) for module in modules)


def _train(data: DataCode, training: Training) -> list[str]:
    return [
        *training.compile(),
        *assigned("data", call(name("load_data"))),
        *assigned("x", data.x),
        *assigned("y", data.y),
        *training.fit(),
    ]
