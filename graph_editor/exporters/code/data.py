"""Reading the columns of a project's data as Python source, and handing them to inputs and outputs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graph_editor.document.document import Document
from graph_editor.document.ends import Names, input_nest, output_names, output_nest
from graph_editor.document.graph import Graph
from graph_editor.document.nesting import input_names
from resources.python_code.beside import DATA_FILE
from resources.python_code.layout import assigned, comment, function, returned
from resources.python_code.parts import Constant, Loading, RunWriter
from resources.python_code.pieces import (
    Code,
    SourceError,
    attribute,
    call,
    dict_of,
    library,
    list_of,
    name,
    number,
    one_line,
    quoted,
    subscript,
)
from resources.text import Text
from resources.training.class_numbers import takes_class_numbers

Json = Any


@dataclass(frozen=True, slots=True)
class DataCode:
    """`imports` are lines; `source` defines `load_data`; `x` and `y` take the columns from the variable `data`."""

    imports: tuple[str, ...]
    source: str
    x: Code
    y: Code
    reads_file: bool = False


def data_code(document: Document, writer: RunWriter) -> DataCode | None:
    """None while the project does not say where all inputs and outputs get their data from. Raises SourceError."""
    graph, data = document.graph, document.data
    source, bindings = data.get("source"), data.get("bindings")
    names = [*input_names(graph), *output_names(graph)]
    if not isinstance(source, Mapping) or not isinstance(bindings, Mapping) or not names:
        return None
    if not all(bindings.get(name) and isinstance(bindings[name], str | list | tuple) for name in names):
        return None
    columns = list(dict.fromkeys(column for name in names for column in _columns(bindings[name])))
    loading = writer.loading(source, columns)
    if loading is None:
        return None
    x = packed(input_nest(graph), lambda name: _input(graph, name, _columns(bindings[name])))
    y = packed(output_nest(graph), lambda name: _output(document, name, _columns(bindings[name])))
    reads_file = any(constant.name == DATA_FILE for constant in loading.constants)
    return DataCode(loading.imports, _written(loading), x, y, reads_file)


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


def _written(loading: Loading) -> str:
    """Constants, then functions, as a script has them."""
    constants = [line for constant in loading.constants for line in _constant(constant)]
    functions = list(loading.functions)
    if loading.columns is not None:
        functions.append(
            function("load_data", returned(loading.columns), about=loading.about.english() if loading.about else "")
        )
    parts = ["\n".join(constants)] if constants else []
    return "\n\n\n".join([*parts, *(part.rstrip() for part in functions)]) + "\n"


def _constant(constant: Constant) -> list[str]:
    lines = [*comment(constant.before), *assigned(constant.name, constant.value, 0)]
    if constant.behind:
        lines[-1] = "  ".join([lines[-1], *comment(constant.behind)])
    return lines


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
    if dtype == "string":
        raise SourceError(
            Text(
                "{layer} takes words, which a script cannot read from data yet. Take its column away to export the "
                "model alone.",
                {"layer": layer},
            )
        )
    return one_line(call(attribute(code, "astype"), quoted(dtype if isinstance(dtype, str) else "float32")))


def _output(document: Document, layer: str, columns: list[str]) -> Code:
    """Class numbers for a sparse loss, numbers otherwise."""
    trained = document.training.get("outputs")
    output = trained.get(layer) if isinstance(trained, Mapping) else None
    loss = output.get("loss") if isinstance(output, Mapping) else None
    wanted = str(loss.get("class_name")) if isinstance(loss, Mapping) else str(loss)
    dtype = "int32" if takes_class_numbers(wanted) else "float32"
    return one_line(call(attribute(_gathered(columns), "astype"), quoted(dtype)))
