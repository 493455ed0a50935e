"""Blocks: boxes with a name that are used again and again, with the few values that are asked for each time.

A block is a file of its own, made to be shared: readable JSON with the boxes as the clipboard has them ("boxes"), what
they are called, the tensors that go out ("outgoing") and the parameters. A parameter sets the same value at several
places, each a key of the config of an operation. Nothing in such a file is believed.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path
from typing import Any, Final

from graph_editor.document.canvas.frames import FRAMES
from graph_editor.document.changes.commands import no_such_output
from graph_editor.document.clips.clipboard import Clip, clip_from_json, clip_json, clip_of, is_plain
from graph_editor.document.document import Document, Point
from graph_editor.document.edits import EditError
from graph_editor.document.files.file_format import FileError, read_file, write_file
from graph_editor.document.files.json_text import pretty
from graph_editor.document.graph import Graph, Json, Operation, TensorRef
from resources.text import Text

SUFFIX: Final = ".lamella-block"
MAX_BYTES: Final = 8 * 1024 * 1024
LONGEST_NAME: Final = 80
LONGEST_DESCRIPTION: Final = 1000
MOST_PARAMETERS: Final = 40
_VERSION: Final = 1
_KIND: Final = "block"
_KEYS: Final = {"lamella", "format_version", "name", "description", "parameters", "outgoing", "boxes"}
_LONGEST_TEXT, _LONGEST_LIST = 1000, 64

Place = tuple[str, str]  # an operation and a key of its config


@dataclass(frozen=True, slots=True)
class BlockParameter:
    """``input_axis`` names the axis of the tensor that comes in whose size is proposed, where that is known."""

    name: str
    label: str
    default: Json
    places: tuple[Place, ...]
    input_axis: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    name: str
    description: str
    parameters: tuple[BlockParameter, ...]
    clip: Clip
    outgoing: tuple[TensorRef, ...]

    @property
    def incoming(self) -> tuple[TensorRef, ...]:
        """The tensors that come in, each once, by the names they had where the block was made."""
        return tuple(dict.fromkeys(edge.source for edge in self.clip.incoming))

    @property
    def is_link(self) -> bool:
        """Whether it can stand in the middle of a wire."""
        return len(self.incoming) == 1 and len(self.outgoing) == 1

    @property
    def calls(self) -> list[str]:
        return list(self.clip.document.graph.calls)

    def operation(self, operation_id: str) -> Operation:
        return self.clip.document.operation(operation_id)


def block_of(document: Document, call_ids: Sequence[str], places: Mapping[str, Point], name: str) -> Block:
    """A block of boxes of one graph, which lie at ``places``, without parameters; EditError without boxes."""
    clip = clip_of(document, call_ids, places)
    if clip is None:
        raise EditError(Text("Select the boxes that should become a block."))
    graph, inside = document.graph_of_call(call_ids[0]), clip.document.graph.calls
    tensors = {e.source: None for call_id in inside for e in graph.edges_from(call_id) if e.target not in inside}
    tensors |= dict.fromkeys(ref for ref in graph.output_refs() if ref.call in inside)
    for call_id in inside:
        if not graph.consumers(call_id) and no_such_output(document, TensorRef(call_id)) is None:
            tensors.setdefault(TensorRef(call_id))
    clip.document.canvas_extra = {key: item for key, item in clip.document.canvas_extra.items() if key != FRAMES.key}
    bare = replace(clip, document=_changed(clip.document, {}))
    found = Block(name, "", (), bare, tuple(sorted(tensors)))
    return read_block(block_text(found).encode(), name)  # what is kept is what a file can hold


def filled(block: Block, values: Mapping[str, Json]) -> Document:
    """The boxes of a block with values for its parameters, by name; the others have their defaults."""
    changes: dict[str, dict[str, Json]] = {}
    for parameter in block.parameters:
        for operation_id, key in parameter.places:
            changes.setdefault(operation_id, {})[key] = values.get(parameter.name, parameter.default)
    return _changed(block.clip.document, changes)


def _changed(document: Document, changes: Mapping[str, Mapping[str, Json]]) -> Document:
    """A document of its own with other configs, and without the shapes that Keras recorded when it built the layers."""
    copied = Document(document.keras_version, document.name)
    for graph_id, graph in document.graphs.items():
        copy = Graph(graph.name, graph.extra)
        for item in graph.operations.values():
            extra = {key: value for key, value in item.extra.items() if key != "build_config"}
            config = {**item.config, **changes.get(item.id, {})}
            copy.put_operation(replace(item, config=config, extra=extra))
        for call in graph.calls.values():
            copy.put_call(call)
        copy.inputs, copy.outputs = graph.inputs, graph.outputs
        copied.graphs[graph_id] = copy
    copied.positions, copied.canvas_extra = dict(document.positions), document.canvas_extra
    return copied


# Files


def block_text(block: Block) -> str:
    content = {
        "lamella": _KIND,
        "format_version": _VERSION,
        "name": block.name,
        "description": block.description,
        "parameters": [_parameter_json(parameter) for parameter in block.parameters],
        "outgoing": [[ref.call, ref.index] for ref in block.outgoing],
        "boxes": clip_json(block.clip),
    }
    return pretty(content) + "\n"


def _parameter_json(parameter: BlockParameter) -> dict[str, Json]:
    axis = {} if parameter.input_axis is None else {"input_axis": parameter.input_axis}
    sets = [list(place) for place in parameter.places]
    return {"name": parameter.name, "label": parameter.label, "default": parameter.default, **axis, "sets": sets}


def save_block(block: Block, path: Path) -> None:
    """Write a block, into a folder that need not be there yet; FileError says why it cannot be done."""
    write_file(path, block_text(block).encode(), make_folder=True)


def load_block(path: Path) -> Block:
    """Read a block; FileError names the file and the reason."""
    too_large = Text("{file} is too large for a block.", {"file": path.name})
    return read_block(read_file(path, MAX_BYTES, too_large), path.name)


def read_block(content: bytes, name: str) -> Block:
    """Parse the bytes of a block file called ``name`` (used in errors alone)."""
    try:
        parsed = json.loads(content.decode("utf-8-sig")) if len(content) <= MAX_BYTES else None
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict) or parsed.get("lamella") != _KIND or not isinstance(parsed.get("boxes"), dict):
        raise FileError(Text("{file} is not a block of Lamella.", {"file": name}))
    version = parsed.get("format_version")
    if isinstance(version, int) and version > _VERSION:
        raise FileError(Text("{file} was written by a newer Lamella; update to use it.", {"file": name}))
    if not is_plain(parsed) or parsed.keys() - _KEYS or version != _VERSION:
        raise _damaged(name)
    try:
        clip = clip_from_json(parsed["boxes"], name)
    except EditError as error:
        raise _damaged(name) from error
    if not clip.document.graph.calls:
        raise _damaged(name)
    return _read(parsed, clip, name)


def _damaged(name: str) -> FileError:
    return FileError(Text("{file} is a damaged block.", {"file": name}))


def _read(content: Mapping[str, Any], clip: Clip, name: str) -> Block:
    title, description = content.get("name"), content.get("description", "")
    if not is_text(title, LONGEST_NAME) or not str(title).strip() or not is_text(description, LONGEST_DESCRIPTION):
        raise _damaged(name)
    parameters, outgoing = content.get("parameters", []), content.get("outgoing", [])
    if not isinstance(parameters, list) or len(parameters) > MOST_PARAMETERS or not isinstance(outgoing, list):
        raise _damaged(name)
    read = tuple(_read_parameter(item, clip.document, name) for item in parameters)
    if len({parameter.name for parameter in read}) < len(read):
        raise _damaged(name)
    return Block(str(title), str(description), read, clip, tuple(_read_tensor(item, clip, name) for item in outgoing))


def is_text(value: object, longest: int) -> bool:
    return isinstance(value, str) and len(value) <= longest


def _read_parameter(item: object, document: Document, file: str) -> BlockParameter:
    match item:
        case {"name": str(name), "label": str(label), "default": default, "sets": [*places], **others}:
            axis = others.get("input_axis")
            known = is_text(name, LONGEST_NAME) and is_text(label, LONGEST_NAME) and bool(name) and bool(places)
            if not known or not is_value(default) or not (axis is None or type(axis) is int):
                raise _damaged(file)
            return BlockParameter(name, label, default, tuple(_read_place(p, document, file) for p in places), axis)
    raise _damaged(file)


def _read_place(item: object, document: Document, file: str) -> Place:
    match item:
        case [str(operation_id), str(key)]:
            graphs = document.graphs.values()
            found = next((g.operations[operation_id] for g in graphs if operation_id in g.operations), None)
            if found is not None and key in found.config and can_be_exposed(key, found.config[key]):
                return operation_id, key
    raise _damaged(file)


def _read_tensor(item: object, clip: Clip, file: str) -> TensorRef:
    match item:
        case [str(call_id), int(index)] if call_id in clip.document.graph.calls and 0 <= index < 1000:
            return TensorRef(call_id, index)
    raise _damaged(file)


# What can be a parameter


def can_be_exposed(key: str, value: Json) -> bool:
    return key != "name" and is_value(value)


def is_value(value: Json) -> bool:
    """Whether it is a number, a text, yes or no, nothing, or a list of these: no object that Keras would build."""
    if isinstance(value, list):
        return len(value) <= _LONGEST_LIST and all(not isinstance(item, list) and is_value(item) for item in value)
    if isinstance(value, float):
        return isfinite(value)
    return value is None or isinstance(value, bool | int) or is_text(value, _LONGEST_TEXT)


def candidates(block: Block) -> list[BlockParameter]:
    """Everything in the boxes that could be a parameter; the same value of the same key is one."""
    places_by_value: dict[tuple[str, str], list[Place]] = {}
    values: dict[tuple[str, str], Json] = {}
    for graph in block.clip.document.graphs.values():
        for operation in graph.operations.values():
            for key, value in operation.config.items():
                if can_be_exposed(key, value) and key not in ("trainable", "dtype"):
                    places_by_value.setdefault((key, repr(value)), []).append((operation.id, key))
                    values[key, repr(value)] = value
    name_counts: dict[str, int] = {}
    parameters = []
    for (key, text), places in places_by_value.items():
        name_counts[key] = name_counts.get(key, 0) + 1
        name = key if name_counts[key] == 1 else f"{key}_{name_counts[key]}"
        parameters.append(BlockParameter(name, key.replace("_", " ").capitalize(), values[key, text], tuple(places)))
    return parameters
