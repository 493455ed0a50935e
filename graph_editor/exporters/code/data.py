"""Reading the columns of a project's data as Python source, and handing them to inputs and outputs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graph_editor.document.document import Document
from graph_editor.document.ends import Names, input_nest, output_names, output_nest
from graph_editor.document.graph import Graph
from graph_editor.document.nesting import input_names
from graph_editor.document.vocabulary import learns_from_data
from graph_editor.exporters.code import windows
from graph_editor.exporters.code.augmentation import AugmentationCode
from graph_editor.exporters.code.batches import BatchesCode, batches_code
from graph_editor.exporters.code.split import SplitCode
from graph_editor.exporters.code.windows import WindowsCode
from resources.python_code import shared
from resources.python_code.beside import DATA_FILE
from resources.python_code.layout import assigned, comment, function, returned
from resources.python_code.parts import Constant, Fed, Loading, Preparing, RunWriter
from resources.python_code.pieces import (
    Code,
    SourceError,
    attribute,
    call,
    dict_of,
    list_of,
    literal,
    name,
    number,
    one_line,
    quoted,
    subscript,
    tuple_of,
)
from resources.text import Text
from resources.training.class_numbers import takes_class_numbers
from resources.training.sections import INITIAL_WEIGHTS, sources_of
from resources.training.settings.batch_size import SETTING as BATCH_SIZE
from resources.training.settings.own_parts import SETTING as OWN_PARTS
from resources.training.settings.validation_percent import SETTING as VALIDATION_PERCENT

Json = Any
WORDS: Final = "string"
NONE: Final = literal(None)
_SIDE_BY_SIDE: Final = "side_by_side"
SIDE_BY_SIDE_HELPER: Final = '''def side_by_side(columns, shape, dtype):
    """All values of these columns in a row, for each sample: of this shape and type."""
    rows = [np.asarray(column).reshape(len(column), -1) for column in columns]
    return np.concatenate(rows, axis=1).reshape(len(rows[0]), *shape).astype(dtype)
'''


@dataclass(frozen=True, slots=True)
class DataCode:
    """`source` defines `load_data` and what else is done to columns.

    `x` and `y` take the columns from the variable `data`; neither is there where code of the project makes samples.
    """

    loading: Loading
    source: str
    x: Code
    y: Code
    split: SplitCode
    prepared: Preparing
    truths: Sequence[str]
    augmentation: AugmentationCode
    windows: WindowsCode | None = None
    model_learns: bool = False
    has_words: bool = False  # samples are words as they are
    batches: BatchesCode | None = None  # samples are read batch by batch; there are no `x` and `y`

    @property
    def reads_file(self) -> bool:
        return any(constant.name.endswith(DATA_FILE) for constant in self.loading.constants)

    def lines(self) -> list[str]:
        """Leaves in `x` and `y` what trains; the other parts stand in variables of their own."""
        if self.loading.fed is not None:
            return assigned("data", call(name("load_data")))
        if self.batches is not None:
            return [
                *assigned("data", call(name("load_data"))),
                *self.split.parts(),
                *self.batches.lines(self.split.training),
                *self.split.parted(),
            ]
        return [
            *assigned("data", call(name("load_data"))),
            *(assigned("data", call(name("complete"), name("data"))) if self.prepared.drops else []),
            *self.split.parts(),
            *(self.windows.lines(self.truths[0], splits=self.split.needed) if self.windows else []),
            *(
                assigned("data", call(name("prepare"), name("data"), self._learnt_rows()))
                if self.prepared.prepares
                else []
            ),
            *(self.windows.ends() if self.windows else []),
            *assigned("x", self.x),
            *assigned("y", self.y),
            *self.split.parted(),
        ]

    def _learnt_rows(self) -> Code:
        if self.windows is None:
            return self.split.training
        return self.windows.learnt_rows(self.split.training if self.split.needed else None)


def data_code(document: Document, writer: RunWriter) -> DataCode | None:
    """None while the project does not say where all inputs and outputs get their data from. Raises SourceError."""
    graph, data = document.graph, document.data
    bindings = _bindings(document)
    if bindings is None:
        return None
    truths = list(dict.fromkeys(column for name in output_names(graph) for column in bindings[name]))
    bound = list(dict.fromkeys(column for columns in bindings.values() for column in columns))
    learns = learners(document)
    prepared = writer.preparing(data, bound)
    over = WindowsCode(data["windows"]) if data.get("windows") else None
    told_apart = over.split(data) if over else data
    early = prepared.learns or learns
    split = SplitCode(told_apart, truths, learns=early, windowed=over is not None)
    read = [*bound, *split.columns, *prepared.columns, *(over.columns if over else [])]
    loading = writer.loading(data, list(dict.fromkeys(read)))
    if loading is None:
        return None
    if loading.fed is not None:
        return _fed(document, loading, loading.fed, learns=learns)
    own_parts = loading.has_parts and bool(OWN_PARTS.sound(data))
    if own_parts:
        split = SplitCode(told_apart, truths, learns=early, own_parts=True, windowed=over is not None)
    inputs = [graph.operation_named(name) for name in input_names(graph)]
    has_words = any(operation is not None and operation.config.get("dtype") == WORDS for operation in inputs)
    several = [name for name, columns in bindings.items() if len(columns) > 1]
    in_a_row = [name for name in several if over is None or name in output_names(graph)]
    helpers = [shared.PLACES] if has_words or split.reads_words else []
    helpers += [SIDE_BY_SIDE_HELPER] if in_a_row else []
    if over is not None:
        in_time = len(in_a_row) < len(several)
        helpers += over.functions(splits=split.needed, prepares=prepared.prepares, side_by_side=in_time)
    ends = (
        packed(input_nest(graph), lambda name: _input(graph, name, bindings[name], over)),
        packed(output_nest(graph), lambda name: _output(document, name, bindings[name], over)),
    )
    augmentation = AugmentationCode(document, packed)
    functions, batches = (*helpers, *prepared.functions), None
    if loading.batched is not None and over is None and not learns and not prepared.drops:
        loading, size = loading.batched, BATCH_SIZE.sound(document.training)
        batches = batches_code(writer, data, loading, bound, ends, size, has_words=has_words)
        split = SplitCode(told_apart, truths, own_parts=own_parts, batches=batches)
        functions = (*helpers, *batches.functions())
    return DataCode(
        loading,
        _written(loading, functions),
        *ends,
        split,
        prepared,
        truths,
        augmentation,
        over,
        learns,
        has_words,
        batches,
    )


def _bindings(document: Document) -> dict[str, list[str]] | None:
    """The columns of each input and output; None while some have none."""
    bindings = document.data.get("bindings")
    names = [*input_names(document.graph), *output_names(document.graph)]
    if not sources_of(document.data) or not isinstance(bindings, Mapping) or not names:
        return None
    if not all(bindings.get(name) and isinstance(bindings[name], str | list | tuple) for name in names):
        return None
    return {name: _columns(bindings[name]) for name in names}


def _fed(document: Document, loading: Loading, fed: Fed, *, learns: bool) -> DataCode:
    """Of samples that code of the project makes. Raises SourceError for what needs them before they are fed."""
    if document.data.get("augmentation"):
        raise SourceError(
            Text("What the project's own code makes is fed as it is: augment it there, or with boxes of the model.")
        )
    if learns:
        raise SourceError(
            Text(
                "Layers of the model learn from the data before training, which a script cannot do with samples that "
                "your own code makes: give the layers what they are to know, or feed them a file."
            )
        )
    split = SplitCode({VALIDATION_PERCENT.key: VALIDATION_PERCENT.default if fed.validates else 0}, [])
    augmentation = AugmentationCode(document, packed)
    return DataCode(loading, _written(loading, ()), NONE, NONE, split, Preparing(), [], augmentation)


def learners(document: Document) -> bool:
    """Whether layers of the model learn from data before training. Raises SourceError for those in a model in it."""
    found = False
    for graph in () if document.training.get(INITIAL_WEIGHTS) else document.graphs.values():
        for operation in graph.operations.values():
            if not graph.calls_of(operation.id) or not learns_from_data(operation):
                continue
            if graph is not document.graph:
                raise SourceError(
                    Text.of(
                        "{layer} learns from the data before training, which it cannot do inside a model in the "
                        "model: move it out of there, or take the columns away to export the model alone.",
                        layer=operation.shown_name,
                    )
                )
            found = True
    return found


def packed(nest: Names, write: Any) -> Code:
    """`write(name)` for every input or output, nested as `fit` wants them; a single one stands alone."""
    if isinstance(nest, str):
        code: Code = write(nest)
        return code
    if isinstance(nest, Mapping):
        return dict_of({key: packed(value, write) for key, value in nest.items()})
    if len(nest) == 1 and isinstance(nest[0], str):
        return packed(nest[0], write)
    return list_of(packed(item, write) for item in nest)


def _columns(value: Json) -> list[str]:
    return [value] if isinstance(value, str) else [str(column) for column in value]


def _written(loading: Loading, others: tuple[str, ...]) -> str:
    """Constants, then functions, as a script has them."""
    constants = [line for constant in loading.constants for line in _constant(constant)]
    functions = list(loading.functions)
    if loading.columns is not None:
        functions.append(
            function("load_data", returned(loading.columns), about=loading.about.english() if loading.about else "")
        )
    parts = ["\n".join(constants)] if constants else []
    functions = list(dict.fromkeys([*functions, *others]))
    return "\n\n\n".join([*parts, *(part.rstrip() for part in functions)]) + "\n"


def _constant(constant: Constant) -> list[str]:
    lines = [*comment(constant.before), *assigned(constant.name, constant.value, 0)]
    if constant.behind:
        lines[-1] = "  ".join([lines[-1], *comment(constant.behind)])
    return lines


def _gathered(columns: list[str], shape: Sequence[int] | None, dtype: str, rows: Code | None = None) -> Code:
    """The samples of these columns as `dtype`, each of `shape`; None is the shape that they have.

    With windows, `rows` are those that each sample holds.
    """
    parts: list[Code] = [subscript(name("data"), quoted(column)) for column in columns]
    parts = parts if rows is None else [subscript(part, rows) for part in parts]
    if dtype == WORDS:
        parts = [call(name("words_in"), part) for part in parts]
    if len(parts) > 1 and rows == windows.PAST:
        code: Code = call(name(windows.SIDE_BY_SIDE), list_of(parts), quoted("object" if dtype == WORDS else dtype))
        return code if shape is None else call(attribute(code, "reshape"), number(-1), *map(number, shape))
    if len(parts) > 1:
        sizes = tuple_of([number(size) for size in shape or (-1,)])
        return call(name(_SIDE_BY_SIDE), list_of(parts), sizes, quoted("object" if dtype == WORDS else dtype))
    code = parts[0]
    if shape is not None:
        code = call(attribute(code, "reshape"), number(-1), *map(number, shape))
    return one_line(code if dtype == WORDS else call(attribute(code, "astype"), quoted(dtype)))


def _input(graph: Graph, layer: str, columns: list[str], over: WindowsCode | None) -> Code:
    operation = graph.operation_named(layer)
    config = operation.config if operation else {}
    shape, dtype = config.get("batch_shape"), config.get("dtype")
    sizes: list[Any] = list(shape[1:]) if isinstance(shape, list | tuple) else []
    sizes = over.filled(sizes) if over else sizes
    known = isinstance(shape, list | tuple) and shape and all(isinstance(size, int) for size in sizes)
    rows = windows.PAST if over else None
    return _gathered(columns, sizes if known else None, dtype if isinstance(dtype, str) else "float32", rows)


def _output(document: Document, layer: str, columns: list[str], over: WindowsCode | None) -> Code:
    """Class numbers for a sparse loss, numbers otherwise."""
    trained = document.training.get("outputs")
    output = trained.get(layer) if isinstance(trained, Mapping) else None
    loss = output.get("loss") if isinstance(output, Mapping) else None
    wanted = str(loss.get("class_name")) if isinstance(loss, Mapping) else str(loss)
    dtype = "int32" if takes_class_numbers(wanted) else "float32"
    return _gathered(columns, None, dtype, windows.TRUTH if over else None)
