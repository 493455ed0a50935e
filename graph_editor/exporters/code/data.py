"""Reading the columns of a project's data as Python source; numpy, h5py and csv, nothing of Lamella's own."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from graph_editor.document.changes.commands import output_names
from graph_editor.document.document import Document
from graph_editor.document.graph import Graph, Nest, TensorRef
from graph_editor.document.nesting import input_names
from graph_editor.exporters.code.layout import assigned, function, returned
from graph_editor.exporters.code.source import (
    TRUE,
    CallCode,
    Code,
    arithmetic,
    attribute,
    call,
    dict_of,
    library,
    list_of,
    literal,
    name,
    number,
    one_line,
    quoted,
    subscript,
    tuple_of,
)

Json = Any
_SAMPLE: Final = "sample:"
_LARGEST: Final = sys.float_info.max / 4  # so that a range of them is a number, too
_NUMBERS: Final = '''def as_numbers(values):
    """Numbers stay; words become their places among the sorted different words."""
    values = np.asarray(values)
    if values.dtype.kind not in "OSU":
        return values
    texts = np.array([v.decode() if isinstance(v, bytes) else str(v) for v in values.ravel()])
    return np.unique(texts, return_inverse=True)[1].reshape(values.shape)
'''
_HDF5: Final = '''def load_data():
    """The columns that the model is trained on."""
    with h5py.File(DATA_FILE, "r") as file:
        return {name: as_numbers(file[name][:]) for name in COLUMNS}
'''
_NPZ: Final = '''def load_data():
    """The columns that the model is trained on."""
    with np.load(DATA_FILE, allow_pickle=False) as file:
        return {name: as_numbers(file[name]) for name in COLUMNS}
'''
_CSV: Final = '''def load_data():
    """The columns that the model is trained on; a column is numbers if all its fields are."""
    with open(DATA_FILE, newline="", encoding=ENCODING) as file:
        text = file.read()
    delimiter = DELIMITER or csv.Sniffer().sniff(text[:10000], ",;\\t|").delimiter
    rows = [row for row in csv.reader(text.splitlines(), delimiter=delimiter) if any(row)]
    if HEADER:
        names = [field.strip() for field in rows.pop(0)]
    else:
        names = [f"column_{number + 1}" for number in range(len(rows[0]))]
    columns = {}
    for name, fields in zip(names, zip(*rows)):
        try:
            columns[name] = np.array([float(field) for field in fields])
        except ValueError:
            columns[name] = as_numbers([field.strip() for field in fields])
    return columns
'''
_MADE_UP: Final = '    """These numbers are random: the model trains, but there is nothing to be learnt from them."""'


@dataclass(frozen=True, slots=True)
class DataCode:
    """`imports` are lines; `source` defines `load_data`; `x` and `y` take the columns from the variable `data`."""

    imports: tuple[str, ...]
    source: str
    x: Code
    y: Code


def data_code(document: Document) -> DataCode | None:
    """None while the project does not say where all inputs and outputs get their data from."""
    graph, data = document.graph, document.data
    source, bindings = data.get("source"), data.get("bindings")
    names = [*input_names(graph), *output_names(graph)]
    if not isinstance(source, Mapping) or not isinstance(bindings, Mapping) or not names:
        return None
    if not all(bindings.get(name) and isinstance(bindings[name], str | list | tuple) for name in names):
        return None
    columns = list(dict.fromkeys(column for name in names for column in _columns(bindings[name])))
    written = _source(source, columns)
    if written is None:
        return None
    imports, text = written
    x = packed(graph, graph.inputs, lambda name: _input(graph, name, _columns(bindings[name])))
    y = packed(graph, graph.outputs, lambda name: _output(document, name, _columns(bindings[name])))
    return DataCode(imports, text, x, y)


def packed(graph: Graph, nest: Nest, write: Any) -> Code:
    """`write(layer name)` for every input or output, nested as `fit` wants them; a single one stands alone."""
    if isinstance(nest, TensorRef):
        code: Code = write(graph.operation_of(nest.call).name)
        return code
    if isinstance(nest, Mapping):
        return dict_of({str(key): packed(graph, value, write) for key, value in nest.items()})
    if len(nest) == 1 and isinstance(nest[0], TensorRef):
        return packed(graph, nest[0], write)
    return list_of(packed(graph, item, write) for item in nest)


def _columns(value: Json) -> list[str]:
    return [value] if isinstance(value, str) else [str(column) for column in value]


def _source(source: Mapping[str, Json], columns: list[str]) -> tuple[tuple[str, ...], str] | None:
    kind, options = source.get("kind"), source.get("options") or {}
    path = str(source.get("path") or "")
    if not isinstance(options, Mapping):
        return None
    if kind == "random":
        text = _random(options, columns)
        return (("import numpy as np",), text) if text else None
    if not path:
        return None
    constants = [*_file(path), *assigned("COLUMNS", list_of(map(quoted, columns)), 0)]
    if kind == "hdf5":
        return ("import h5py", "import numpy as np"), _joined(constants, _NUMBERS, _HDF5)
    if kind == "npz":
        return ("import numpy as np",), _joined(constants, _NUMBERS, _NPZ)
    if kind == "csv":
        constants = [
            *_file(path),
            *_with_remark(assigned("DELIMITER", _text(options.get("delimiter")), 0), "None: found out from the text"),
            *assigned("HEADER", literal(options.get("header") is not False), 0),
            *assigned("ENCODING", _text(options.get("encoding") or "utf-8-sig"), 0),
        ]
        return ("import csv", "import numpy as np"), _joined(constants, _NUMBERS, _CSV)
    return None


def _joined(constants: list[str], *functions: str) -> str:
    return "\n\n\n".join(["\n".join(constants), *(function.rstrip() for function in functions)]) + "\n"


def _text(option: Json) -> Code:
    return literal(option if isinstance(option, str) else None)


def _with_remark(lines: list[str], remark: str) -> list[str]:
    return [*lines[:-1], lines[-1] + "  # " + remark]


def _file(path: str) -> list[str]:
    if path.startswith(_SAMPLE):
        remark = "# A sample of Lamella's: copy it from resources/samples beside this file."
        return [remark, *assigned("DATA_FILE", quoted(path.removeprefix(_SAMPLE)), 0)]
    return assigned("DATA_FILE", quoted(path), 0)


def _random(options: Mapping[str, Json], columns: list[str]) -> str | None:
    """The same numbers that Lamella makes up; None when they are described wrongly."""
    described = options.get("columns") or {}
    seed, samples = options.get("seed", 0), options.get("samples", 1000)
    if not isinstance(described, Mapping) or not _are_numbers(seed, samples):
        return None
    if not all(_is_column(described.get(name)) for name in columns):
        return None
    entries = {name: _random_column([seed, list(described).index(name)], samples, described[name]) for name in columns}
    return function("load_data", [_MADE_UP, *returned(dict_of(entries))])


def _is_column(column: Json) -> bool:
    if not isinstance(column, Mapping) or not isinstance(column.get("shape", []), list | tuple):
        return False
    return _are_numbers(*column.get("shape", []), column.get("minimum", 0.0), column.get("maximum", 1.0))


def _are_numbers(*values: Json) -> bool:
    """Finite ones that NumPy holds; a whole number of a file may be longer."""
    return all(isinstance(value, int | float) and abs(value) <= _LARGEST for value in values)


def _random_column(seed: list[Json], samples: Json, column: Mapping[str, Json]) -> Code:
    generator = call(library("np.random.default_rng"), literal(seed))
    low, high = column.get("minimum", 0.0), column.get("maximum", 1.0)
    shape = tuple_of([number(size) for size in (samples, *column.get("shape", ()))])
    if column.get("kind") == "integer":
        numbers = (number(int(low)), number(int(high)), shape)
        return CallCode(attribute(generator, "integers"), numbers, {"endpoint": TRUE})
    values: Code = call(attribute(generator, "random"), shape, library("np.float32"))
    if high - low != 1:
        values = arithmetic(values, "*", number(high - low))
    return values if low == 0 else arithmetic(values, "+", number(low))


def _gathered(columns: list[str]) -> Code:
    parts: list[Code] = [subscript(name("data"), quoted(column)) for column in columns]
    if len(parts) == 1:
        return parts[0]
    flattened = list_of(call(attribute(part, "reshape"), number(-1)) for part in parts)
    return call(library("np.stack"), flattened, axis=number(1))


def _input(graph: Graph, layer: str, columns: list[str]) -> Code:
    operation = graph.operation_named(layer)
    config = operation.config if operation else {}
    shape = config.get("batch_shape")
    code = _gathered(columns)
    if isinstance(shape, list | tuple) and shape and all(isinstance(size, int) for size in shape[1:]):
        code = call(attribute(code, "reshape"), number(-1), *map(number, shape[1:]))
    dtype = config.get("dtype")
    return one_line(call(attribute(code, "astype"), quoted(dtype if isinstance(dtype, str) else "float32")))


def _output(document: Document, layer: str, columns: list[str]) -> Code:
    """Class numbers for a sparse loss, numbers otherwise."""
    trained = document.training.get("outputs")
    output = trained.get(layer) if isinstance(trained, Mapping) else None
    loss = output.get("loss") if isinstance(output, Mapping) else None
    wanted = str(loss.get("class_name")) if isinstance(loss, Mapping) else str(loss)
    sparse = wanted.replace("_", "").lower() == "sparsecategoricalcrossentropy"
    return one_line(call(attribute(_gathered(columns), "astype"), quoted("int32" if sparse else "float32")))
