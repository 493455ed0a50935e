"""A project as the parts of a program, from which a script or a notebook is put together."""

import sys
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
from resources.python_code import adapting, beside, shared, shuffled
from resources.python_code.layout import assigned, done
from resources.python_code.parts import OWN, RunWriter
from resources.python_code.pieces import attribute, call, import_as, import_from, name, place, quoted, too_deep


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
    remark: str = ""  # sentences about the data
    reads_first: bool = False  # `make` reads the data, of which layers learn

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
    helpers_need = sorted({line for line in parts.imports if _is_light(line)})
    return "\n\n".join(["\n".join([*helpers_need, "import keras", *parts.own_imports]), *parts.functions])


def _is_light(line: str) -> bool:
    """Whether an import is of what helpers name where they are defined; what only reads data is left out."""
    return line == "import numpy as np" or line.split()[1].split(".")[0] in sys.stdlib_module_names


def _script(drawn: Document, catalog: Catalog, writer: RunWriter) -> Script:
    model = built_model(drawn, catalog)
    document = model.document
    with place("data"):
        data = data_code(document, writer)
    training = Training(document, catalog, writer)
    trained = data is not None and training.complete
    adapts = trained and data is not None and data.model_learns
    program = Program(document, catalog, adapts=adapts)
    builder = program.build()
    helpers = [NAMED_HELPER] if program.uses_named else []
    helpers += [WITH_VOCABULARY_HELPER] if program.uses_vocabularies else []
    helpers += [KEEP_FROZEN_HELPER] if program.freezes else []
    helpers += adapting.helpers(follow_each_other=program.follows) if adapts else []
    training = Training(document, catalog, writer, program.own_modules)
    arrays = ["import numpy as np"] if any("np.array(" in function for function in program.functions) else []
    make = assigned("model", call(name(builder), *([name("x")] if adapts else [])))
    if adapts and data:
        make = [*data.lines(), *make]
    with place("training"):
        train = tuple(_train(data, training)) if trained and data else ()
        callbacks = training.callbacks(data.split) if trained and data else []
        before, weights = training.before(), training.initial_weights()
    named_files = trained and bool(weights or (data is not None and data.reads_file))
    helpers += [beside.HELPER] if named_files else []
    with place("data"):
        helpers += data.split.functions if trained and data else []
    own = data.loading.own if trained and data else None
    batches = data.batches if trained and data is not None else None
    orders_samples = trained and training.orders_samples and own is None and batches is None
    has_words = trained and data is not None and data.has_words
    helpers += [shuffled.AS_TENSORS_HELPER] if has_words else []
    augments = trained and data is not None and bool(data.augmentation)
    helpers += [shuffled.HELPER] if orders_samples or (augments and batches is None) else []
    helpers += [shuffled.WORDS_HELPER] if orders_samples and has_words and not augments else []
    if augments and data:
        helpers += data.augmentation.functions(has_words=has_words, in_batches=batches is not None)
    if batches and data:
        helpers += batches.helpers(augments=augments, splits=data.split.needed)
    save = call(attribute(name("model"), "save"), quoted(title(document.graph.name) + ".keras"))
    if trained:
        make = [*before, *make, *weights]
    given = dict.fromkeys(function for callback in callbacks for function in callback.functions)
    pieces = [*helpers, *given, *([data.source] if trained and data else [])]
    return Script(
        title(document.graph.name),
        (
            *(data.loading.imports if trained and data else ()),
            *(line for callback in callbacks for line in callback.imports),
            *arrays,
            *([shuffled.WORDS_IMPORT] if has_words else []),
            *shared.imports_of(pieces),
            "import keras",
        ),
        _own_imports({*program.layers.imported, *(training.imported if trained else ())}, own),
        (
            *helpers,
            *program.functions,
            *given,
        ),
        data.source if trained and data else "",
        tuple(make),
        train,
        tuple(done(save)) if trained else (),
        left_out_sentence(model),
        data.loading.remark.english() if trained and data and data.loading.remark else "",
        adapts,
    )


def _own_imports(used: Collection[tuple[str, str]], data: str | None) -> tuple[str, ...]:
    """Of classes and functions by their modules and names, and of the module that makes the data."""
    modules = sorted({module for module, _ in used})
    lines = [import_as(data, OWN)] if data else []
    return (*lines, *(import_from(module, {own for file, own in used if file == module}) for module in modules))


def _train(data: DataCode, training: Training) -> list[str]:
    return [
        *training.compile(),
        *([] if data.model_learns else data.lines()),
        *training.fit(data),
        *data.split.after_fit(has_words=data.has_words),
    ]
