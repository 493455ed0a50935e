"""The project file: one UTF-8 JSON document, readable in a diff, with unknown keys kept.

Reading checks everything that the rest of the program relies on, so a damaged file is one clear sentence here and
never a surprise later. An untouched document is written back byte for byte.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from graph_editor.document.arguments import substitute
from graph_editor.document.checked_json import JsonRefusedError, check, check_count, each_key_once
from graph_editor.document.document import FARTHEST, ROOT, Document
from graph_editor.document.files.json_text import pretty
from graph_editor.document.files.migrations import FORMAT_VERSION, migrate
from graph_editor.document.graph import MODES, Call, Graph, Operation, TensorRef, walk
from graph_editor.document.naming import is_class_name, is_module_name
from resources.atomic import write_atomically
from resources.os_reasons import os_reason
from resources.python_code.python_names import is_python_name, no_name, shown
from resources.regular_files import FileTooLargeError, read_regular, shown_path
from resources.text import Text

MAX_BYTES = 64 * 1024 * 1024
MAX_VALUES = 4_000_000  # ten thousand boxes have a tenth; each costs up to 100 bytes once it is parsed
TENSOR = "$tensor"
_LONGEST_PLACE = 240  # characters of it that are shown


class FileError(Exception):
    """A file that cannot be read or written, in one sentence that names it and the place."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.english())
        self.text = text


class _Damage(Exception):  # noqa: N818 - an inner signal that FileError replaces
    """What is wrong, and where."""

    def __init__(self, place: str, text: Text) -> None:
        super().__init__(place)
        self.place, self.text = place, text


def load(path: Path) -> Document:
    """Read a project; FileError names the file, the place and the reason."""
    too_large = Text("{file} is too large for a Lamella project.", {"file": path.name})
    return loads(read_file(path, MAX_BYTES, too_large), path.name)


def read_file(path: Path, most: int, too_large: Text) -> bytes:
    """Return the bytes of a file. Raises FileError with the reason, ``too_large`` for more than ``most`` bytes."""
    try:
        return read_regular(path, most)
    except FileTooLargeError as error:
        raise FileError(too_large) from error
    except OSError as error:
        raise FileError(could_not_be_read(path, error)) from error


def could_not_be_read(path: Path, error: OSError) -> Text:
    return Text("{file} could not be read: {reason}.", {"file": shown_path(path), "reason": os_reason(error)})


def save(document: Document, path: Path) -> None:
    write_file(path, dumps(document))


def write_file(path: Path, content: bytes, make_folder: bool = False) -> None:
    """Write a file; when it fails, what was there before is still there. FileError says why."""
    try:
        if make_folder:
            path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content)
    except OSError as error:
        reason = os_reason(error)
        raise FileError(Text("{file} was not saved: {reason}.", {"file": str(path), "reason": reason})) from error


def dumps(document: Document) -> bytes:
    """The bytes of a project file; the original ones when nothing differs from them."""
    content = to_json(document)
    if document.source is not None and same_json(document.source[1], content):
        return document.source[0]
    return (pretty(content) + "\n").encode()


def loads(content: bytes, name: str = "project") -> Document:
    """Parse the bytes of a project file called ``name`` (used in errors alone)."""
    try:
        check_count(content, MAX_VALUES)
        parsed = json.loads(content.decode("utf-8-sig"), object_pairs_hook=each_key_once)
        check(parsed, depth_alone=True)
    except JsonRefusedError as error:
        text = Text("{file} is not a Lamella project: {reason}", {"file": name, "reason": error.text})
        raise FileError(text) from error
    except UnicodeDecodeError as error:
        text = Text("{file} is not a Lamella project: it is not text.", {"file": name})
        raise FileError(text) from error
    except json.JSONDecodeError as error:
        text = Text(
            "{file} is not a whole Lamella project: line {line}, column {column} is not JSON.",
            {"file": name, "line": error.lineno, "column": error.colno},
        )
        raise FileError(text) from error
    except ValueError as error:  # a number of thousands of digits
        raise FileError(Text("{file} holds a number that is far too long.", {"file": name})) from error
    except RecursionError as error:
        raise FileError(Text("{file} is nested too deeply to be a Lamella project.", {"file": name})) from error
    try:
        document = _read(parsed)
    except _Damage as damage:
        text = Text(
            "{file} is damaged at {place}: {reason}",
            {"file": name, "place": shown(damage.place, _LONGEST_PLACE), "reason": damage.text},
        )
        raise FileError(text) from damage
    except FileError as error:
        raise FileError(Text("{file}: {reason}", {"file": name, "reason": error.text})) from error
    document.source = (content, to_json(document))
    return document


def same_json(left: Any, right: Any) -> bool:
    """Equal down to the difference between 1, 1.0 and true, and to the order of keys."""
    return bool(left == right) and json.dumps(left) == json.dumps(right)


# Writing


def to_json(document: Document) -> dict[str, Any]:
    """The project as a JSON value, in stable order."""
    order = [call_id for graph in document.graphs.values() for call_id in graph.calls]
    positions = {call_id: list(document.positions[call_id]) for call_id in order if call_id in document.positions}
    nested = {key: _graph_to_json(graph) for key, graph in document.graphs.items() if key != ROOT}
    return {
        "format_version": FORMAT_VERSION,
        "keras_version": document.keras_version,
        "graph": _graph_to_json(document.graph),
        **({"nested_graphs": nested} if nested else {}),
        "canvas": {"positions": positions, **document.canvas_extra},
        "data": dict(document.data),
        "training": dict(document.training),
        **document.extra,
    }


def _graph_to_json(graph: Graph) -> dict[str, Any]:
    return {
        "name": graph.name,
        **({"title": graph.title} if graph.title else {}),
        "operations": {operation.id: _operation_to_json(operation) for operation in graph.operations.values()},
        "calls": {call.id: _call_to_json(call) for call in graph.calls.values()},
        "inputs": tensors_to_json(graph.inputs),
        "outputs": tensors_to_json(graph.outputs),
        **graph.extra,
    }


def _operation_to_json(operation: Operation) -> dict[str, Any]:
    result: dict[str, Any] = {"class_name": operation.class_name, "module": operation.module}
    if operation.registered_name is not None:
        result["registered_name"] = operation.registered_name
    if operation.graph is not None:
        result["graph"] = operation.graph
    if operation.title:
        result["title"] = operation.title
    return {**result, "config": dict(operation.config), **operation.extra}


def _call_to_json(call: Call) -> dict[str, Any]:
    result: dict[str, Any] = {"operation": call.operation}
    if call.args:
        result["args"] = tensors_to_json(list(call.args))
    if call.kwargs:
        result["kwargs"] = tensors_to_json(call.kwargs)
    if call.mode:
        result["mode"] = call.mode
    return {**result, **{key: value for key, value in call.extra.items() if key not in result}}


def tensors_to_json(tree: Any) -> Any:
    """A tree of arguments with each tensor as ``{"$tensor": [call, index]}``."""
    return substitute(tree, lambda ref: {TENSOR: [ref.call, ref.index]})


# Reading


def _read(content: Any) -> Document:
    if not isinstance(content, dict) or "format_version" not in content or "graph" not in content:
        raise FileError(Text("this is JSON, but not a Lamella project."))
    version = content["format_version"]
    if not isinstance(version, int) or version < 1:
        raise _Damage("format_version", Text("it should be a whole number."))
    if version > FORMAT_VERSION:
        raise FileError(Text("a newer Lamella wrote it (format {version}); update to open it.", {"version": version}))
    content = migrate(content, version)
    document = Document(keras_version=str(content.get("keras_version", "")))
    nested = _mapping(content.get("nested_graphs", {}), "nested_graphs")
    document.graphs = {ROOT: _read_graph(content["graph"], "graph")}
    document.graphs |= {key: _read_graph(graph, f"nested_graphs → {key}") for key, graph in nested.items()}
    _check_nesting(document)
    canvas = dict(_mapping(content.get("canvas", {}), "canvas"))
    positions = _mapping(canvas.pop("positions", {}), "canvas → positions")
    document.positions = {key: _point(value, f"canvas → positions → {key}") for key, value in positions.items()}
    document.positions = {key: point for key, point in document.positions.items() if document.has_call(key)}
    document.canvas_extra = canvas
    document.data = _mapping(content.get("data", {}), "data")
    document.training = _mapping(content.get("training", {}), "training")
    known = {"format_version", "keras_version", "graph", "nested_graphs", "canvas", "data", "training"}
    document.extra = {key: value for key, value in content.items() if key not in known}
    return document


def _read_graph(content: Any, place: str) -> Graph:
    content = _mapping(content, place)
    title = _title(content)
    known = {"name", "operations", "calls", "inputs", "outputs", *(["title"] if title else [])}
    extra = {key: value for key, value in content.items() if key not in known}
    graph = Graph(str(content.get("name", "model")), extra, title)
    for key, item in _mapping(content.get("operations", {}), f"{place} → operations").items():
        graph.put_operation(_read_operation(key, item, f"{place} → operations → {key}"))
    for key, item in _mapping(content.get("calls", {}), f"{place} → calls").items():
        call = _read_call(key, item, f"{place} → calls → {key}")
        if call.operation not in graph.operations:
            text = Text("the operation “{id}” is not in the file.", {"id": call.operation})
            raise _Damage(f"{place} → calls → {key}", text)
        graph.put_call(call)
    graph.inputs = _read_tensors(content.get("inputs", []), f"{place} → inputs")
    graph.outputs = _read_tensors(content.get("outputs", []), f"{place} → outputs")
    for call in graph.calls.values():
        _check_refs(graph, [call.args, dict(call.kwargs)], f"{place} → calls → {call.id}")
    _check_refs(graph, [graph.inputs, graph.outputs], place)
    return graph


def _check_nesting(document: Document) -> None:
    """Every nested graph belongs to exactly one operation, and none lies inside itself."""
    owners: dict[str, str] = {}
    for graph_id, graph in document.graphs.items():
        for operation in graph.operations.values():
            if operation.graph is None:
                continue
            if operation.graph not in document.graphs or operation.graph == ROOT or operation.graph in owners:
                raise _Damage(f"operations → {operation.id} → graph", Text("it should name a nested graph of its own."))
            owners[operation.graph] = graph_id
    for graph_id in owners:
        place = graph_id
        for _ in range(len(document.graphs)):
            place = owners.get(place, ROOT)
        if place != ROOT:
            raise _Damage(f"nested_graphs → {graph_id}", Text("the graph lies inside itself."))


def _read_operation(key: str, content: Any, place: str) -> Operation:
    content = _mapping(content, place)
    class_name, registered = content.get("class_name"), content.get("registered_name")
    if not isinstance(class_name, str):
        raise _Damage(place, Text("it has no class_name."))
    config = _mapping(content.get("config", {}), f"{place} → config")
    if not isinstance(config.get("name", ""), str):
        raise _Damage(f"{place} → config → name", Text("it should be text."))
    title = _title(content)
    known = {"class_name", "module", "registered_name", "config", "graph", *(["title"] if title else [])}
    extra = {name: value for name, value in content.items() if name not in known}
    module, nested = str(content.get("module", "keras.layers")), content.get("graph")
    _check_name(is_class_name(class_name), class_name, f"{place} → class_name")
    _check_name(is_module_name(module), module, f"{place} → module")
    registered = None if registered is None else str(registered)
    return Operation(key, class_name, config, module, registered, extra, None if nested is None else str(nested), title)


def _title(content: Mapping[str, Any]) -> str:
    """Anything but text is kept as it is, and means nothing."""
    title = content.get("title")
    return title if isinstance(title, str) and title.strip() else ""


def _read_call(key: str, content: Any, place: str) -> Call:
    content = _mapping(content, place)
    args = content.get("args", [])
    if not isinstance(args, list):
        raise _Damage(f"{place} → args", Text("it should be a list."))
    kwargs = _mapping(content.get("kwargs", {}), f"{place} → kwargs")
    for name in kwargs:
        _check_name(is_python_name(name), name, f"{place} → kwargs")
    mode = content["mode"] if content.get("mode") in MODES else ""  # another one is kept as it is, and means nothing
    known = {"operation", "args", "kwargs", *(["mode"] if mode else [])}
    extra = {name: value for name, value in content.items() if name not in known}
    return Call(
        key,
        str(content.get("operation")),
        tuple(_read_tensors(args, f"{place} → args")),
        {name: _read_tensors(value, f"{place} → kwargs → {name}") for name, value in kwargs.items()},
        extra,
        mode,
    )


def _read_tensors(tree: Any, place: str) -> Any:
    if isinstance(tree, list):
        return [_read_tensors(item, place) for item in tree]
    if not isinstance(tree, dict):
        return tree
    if TENSOR not in tree:
        return {key: _read_tensors(item, place) for key, item in tree.items()}
    match tree[TENSOR]:
        case [str(call), int(index)] if index >= 0:
            return TensorRef(call, index)
    raise _Damage(place, Text("a tensor should be written as [call, output number]."))


def _check_refs(graph: Graph, trees: list[Any], place: str) -> None:
    for _, ref in walk(trees):
        if ref.call not in graph.calls:
            raise _Damage(place, Text("the box “{id}” is not in the file.", {"id": ref.call}))


def _check_name(sound: bool, name: str, place: str) -> None:
    if not sound:
        raise _Damage(place, no_name(name))


def _mapping(content: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(content, dict):
        raise _Damage(place, Text("it should be an object with named values."))
    return content


def _point(content: Any, place: str) -> tuple[float, float]:
    match content:
        case [int() | float() as x, int() | float() as y]:
            if abs(x) <= FARTHEST and abs(y) <= FARTHEST:  # what is no number is not smaller either
                return (x, y)
            raise _Damage(place, Text("no box can lie that far away."))
    raise _Damage(place, Text("it should be two numbers."))
