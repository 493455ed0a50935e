"""Boxes as readable text, and back: what copy and paste hand over, also between windows and through a chat or a mail.

The text is a small project ("graph", "nested_graphs", "canvas") that says of itself that it holds boxes; beside that
stand the wires that came in from boxes which were not copied ("incoming"). Nothing in it is believed: a text that is
no such thing, or that no file could hold, is refused in one sentence.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any, Final

from graph_editor.document import arguments
from graph_editor.document.canvas.items import bring, with_copies
from graph_editor.document.canvas.notes import name_of, notes_of
from graph_editor.document.changes.commands import no_such_output
from graph_editor.document.changes.copying import copies
from graph_editor.document.document import ROOT, Document, Point
from graph_editor.document.edits import AddCall, Edit, EditError
from graph_editor.document.files.file_format import FileError, loads, to_json
from graph_editor.document.files.json_text import pretty
from graph_editor.document.graph import ArgumentPath, Call, Edge, Graph, Json, Nest, TensorRef
from graph_editor.document.nesting import graphs_inside
from resources.python_code.python_names import is_python_name
from resources.text import Text, tr

BOXES_MIME: Final = "application/x-lamella-boxes"
MAX_CHARACTERS: Final = 64 * 1024 * 1024
_KIND: Final = "boxes"
_DEEPEST: Final = 60
_OF_KERAS: Final = ("config", "args", "kwargs")
_ASIDE: Final = 24.0
_FARTHEST: Final = 400_000.0  # scene units
_KEYS: Final = {"lamella", "format_version", "keras_version", "graph", "nested_graphs", "canvas", "incoming"}


@dataclass(frozen=True, slots=True)
class Clip:
    """Boxes that were copied, in the root of a document of their own, and the wires that came in from elsewhere.

    ``names`` are those of the layers at which these wires began.
    """

    document: Document
    incoming: tuple[Edge, ...] = ()
    names: tuple[str, ...] = ()


def copied_text(
    document: Document, call_ids: Sequence[str], places: Mapping[str, Point], notes: Sequence[str] = ()
) -> str:
    """The text of boxes of one graph, which lie at ``places``, and of notes; empty without either."""
    clip = clip_of(document, call_ids, places, notes)
    return pretty(clip_json(clip)) + "\n" if clip is not None else ""


def clip_of(
    document: Document, call_ids: Sequence[str], places: Mapping[str, Point], notes: Sequence[str] = ()
) -> Clip | None:
    """Boxes of one graph, which lie at ``places``, and notes; None without either. What is in them is not copied."""
    present_ids = [call_id for call_id in call_ids if document.has_call(call_id)]
    if not present_ids and not notes:
        return None
    graph = document.graph_of_call(present_ids[0]) if present_ids else Graph(document.name)
    inside = {call_id for call_id in present_ids if call_id in graph.calls}
    clip = Document(document.keras_version, graph.name)
    for call_id in (key for key in graph.calls if key in inside):
        call, operation = graph.calls[call_id], graph.operation_of(call_id)
        if operation.id not in clip.graph.operations:
            clip.graph.put_operation(operation)
            clip.graphs |= {key: document.graphs[key] for key in graphs_inside(document, operation)}
        clip.graph.put_call(_without_others(call, inside, operation.graph is not None))
    within = {call_id for graph_id, nested in clip.graphs.items() if graph_id != ROOT for call_id in nested.calls}
    clip.positions = {key: document.positions[key] for key in within if key in document.positions}
    clip.positions |= {key: places[key] for key in inside if key in places}
    clip.canvas_extra = _belongings(document, clip, notes)
    edges = [edge for call_id in clip.graph.calls for edge in graph.edges_into(call_id)]
    incoming = tuple(edge for edge in edges if edge.source.call not in inside)
    return Clip(clip, incoming, tuple(graph.operation_of(edge.source.call).name for edge in incoming))


def clip_json(clip: Clip) -> dict[str, Json]:
    content = {key: value for key, value in to_json(clip.document).items() if key in _KEYS}
    incoming = [
        {
            "from": [edge.source.call, edge.source.index],
            "name": name,
            "to": edge.target,
            "path": list(edge.path),
        }
        for edge, name in zip(clip.incoming, clip.names, strict=True)
    ]
    return {"lamella": _KIND, **content, **({"incoming": incoming} if incoming else {})}


def _belongings(document: Document, clip: Document, notes: Sequence[str]) -> Mapping[str, Json]:
    """Return what lies on the canvas and belongs to what is copied, and the notes that are copied for themselves."""
    note_ids = {name_of(note): ROOT for note in notes}
    names = [
        {name: name for name in (*graph.calls, *([key] if key != ROOT else []))} for key, graph in clip.graphs.items()
    ]
    return with_copies({}, document.canvas_extra, [(same, (0.0, 0.0)) for same in (note_ids, *names)])


def _without_others(call: Call, inside: set[str], gaps: bool) -> Call:
    args, kwargs = arguments.mapped(call, lambda ref: ref if ref.call in inside else None, gaps)
    return replace(call, args=args, kwargs=kwargs)


# Reading


def read_clip(text: str) -> Clip:
    """The boxes in a text; EditError says in one sentence why there are none."""
    try:
        return clip_from_json(_parsed(text), tr("The clipboard"))
    except FileError as error:
        raise EditError(error.text) from error


def clip_from_json(content: Mapping[str, Json], name: str) -> Clip:
    """Read what ``clip_json`` wrote. Raises EditError, or FileError that calls it ``name``, for anything else."""
    unknown = sorted(content.keys() - _KEYS)
    if unknown:
        raise EditError(Text("The boxes in the clipboard have an unknown part: {name}.", {"name": unknown[0][:40]}))
    project = {key: value for key, value in content.items() if key not in ("lamella", "incoming")}
    document = loads(json.dumps(project).encode(), name)
    _check(document)
    return Clip(document, *_read_incoming(content.get("incoming", []), document.graph))


def _parsed(text: str) -> dict[str, Any]:
    if len(text) > MAX_CHARACTERS:
        raise EditError(Text("What is in the clipboard is too much for a selection of boxes."))
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or content.get("lamella") != _KIND:
        raise EditError(Text("There are no boxes of Lamella in the clipboard."))
    if not is_plain(content):
        raise _damaged()
    return content


def _damaged() -> EditError:
    return EditError(Text("The boxes in the clipboard are damaged."))


def is_plain(content: Any) -> bool:
    """Whether a file could hold it: not too deep, with ordinary numbers, and with text that is text.

    What Keras is given may be infinite, or no number.
    """
    waiting = [(content, 0, False)]
    while waiting:
        item, depth, is_keras = waiting.pop()
        if depth > _DEEPEST:
            return False
        if isinstance(item, dict):
            waiting += [(key, depth + 1, is_keras) for key in item]
            waiting += [(value, depth + 1, is_keras or key in _OF_KERAS) for key, value in item.items()]
        elif isinstance(item, list):
            waiting += [(part, depth + 1, is_keras) for part in item]
        elif isinstance(item, str):
            if any("\ud800" <= sign <= "\udfff" for sign in item):
                return False
        elif isinstance(item, float):
            if not (is_keras or isfinite(item)):
                return False
        elif isinstance(item, int) and abs(item) >= 2**63:
            return False
    return True


def _check(document: Document) -> None:
    """Refuse what opens as a project but cannot be put into another one."""
    for graph in document.graphs.values():
        if len(graph.topological_order()) < len(graph.calls) or graph.shared_names():
            raise _damaged()
        if not all(_is_nest(nest) for nest in (graph.inputs, graph.outputs)):
            raise _damaged()
    ids = [name for graph in document.graphs.values() for name in (*graph.calls, *graph.operations)]
    if len(ids) != len(set(ids)) or not (document.graph.calls or notes_of(document)):
        raise _damaged()
    if any(abs(number) > _FARTHEST for point in document.positions.values() for number in point):
        raise _damaged()


def _is_nest(nest: Nest) -> bool:
    if isinstance(nest, list):
        return all(_is_nest(item) for item in nest)
    if isinstance(nest, Mapping):
        return all(_is_nest(item) for item in nest.values())
    return isinstance(nest, TensorRef)


def _read_incoming(content: Any, graph: Graph) -> tuple[tuple[Edge, ...], tuple[str, ...]]:
    edges, names = [], []
    for item in content if isinstance(content, list) else [None]:
        match item:
            case {"from": [str(source), int(index)], "name": str(name), "to": str(target), "path": list(path)}:
                if target not in graph.calls or not 0 <= index < 1000 or not _is_path(path):
                    raise _damaged()
                edges.append(Edge(TensorRef(source, index), target, tuple(path)))
                names.append(name)
            case _:
                raise _damaged()
    return tuple(edges), tuple(names)


def _is_path(path: list[Any]) -> bool:
    match path:
        case ["args", int(first), *rest] if 0 <= first < 100:
            pass
        case ["kwargs", str(name), *rest] if is_python_name(name):
            pass
        case _:
            return False
    return all(isinstance(key, str) or (isinstance(key, int) and 0 <= key < 1000) for key in rest)


# Pasting


def paste(
    document: Document, graph_id: str, clip: Clip, middle: Point, size: Point, *, incoming: bool = False
) -> tuple[list[Edit], list[str]]:
    """Put the boxes of ``clip`` into a graph, around ``middle``; the ids of the new boxes come back as well.

    ``size`` is that of a box. With ``incoming`` the wires from boxes that were not copied are laid again, where these
    (or others with their names) are in the graph.
    """
    source = clip.document
    offset = _free_offset(document, graph_id, clip, _offset(clip, middle, size))
    calls, root = list(source.graph.calls), {ROOT: graph_id}
    if not calls:
        return bring(document, source.canvas_extra, [(root, offset)]), []
    edits, new_ids = copies(source, calls, document, graph_id, offset, also=root)
    if incoming:
        edits = fed(edits, graph_id, clip, new_ids, lambda edge, name: _there(document, graph_id, edge.source, name))
    return edits, list(new_ids.values())


def _offset(clip: Clip, middle: Point, size: Point) -> Point:
    areas = [
        (*clip.document.positions[key], *size) for key in clip.document.graph.calls if key in clip.document.positions
    ]
    areas += [note.box for note in notes_of(clip.document) if note.graph == ROOT]
    if not areas:
        return middle
    left, right = min(x for x, _, _, _ in areas), max(x + width for x, _, width, _ in areas)
    top, bottom = min(y for _, y, _, _ in areas), max(y + height for _, y, _, height in areas)
    return float(round(middle[0] - (left + right) / 2)), float(round(middle[1] - (top + bottom) / 2))


def _free_offset(document: Document, graph_id: str, clip: Clip, offset: Point) -> Point:
    """``offset``, or a little more, so that no box hides another one exactly, as after the same paste before."""
    corners = {document.positions.get(call_id) for call_id in document.graphs[graph_id].calls}
    corners |= {note.box[:2] for note in notes_of(document) if note.graph == graph_id}
    places = [clip.document.positions[key] for key in clip.document.graph.calls if key in clip.document.positions]
    places += [note.box[:2] for note in notes_of(clip.document) if note.graph == ROOT]
    while any((x + offset[0], y + offset[1]) in corners for x, y in places):
        offset = offset[0] + _ASIDE, offset[1] + _ASIDE
    return offset


def fed(
    edits: Sequence[Edit],
    graph_id: str,
    clip: Clip,
    new_ids: Mapping[str, str],
    source_of: Callable[[Edge, str], TensorRef | None],
) -> list[Edit]:
    """``edits``, which add the boxes of ``clip``, with the wires that came in laid from what ``source_of`` says."""
    feeding: list[Edit] = []
    for edit in edits:
        if isinstance(edit, AddCall) and edit.graph == graph_id:
            call = edit.call
            for edge, name in zip(clip.incoming, clip.names, strict=True):
                source = source_of(edge, name) if new_ids[edge.target] == call.id else None
                if source is not None:
                    args, kwargs = _with(call, edge.path, source)
                    call = replace(call, args=args, kwargs=kwargs)
            edit = replace(edit, call=call)
        feeding.append(edit)
    return feeding


def _there(document: Document, graph_id: str, tensor: TensorRef, name: str) -> TensorRef | None:
    source = _same_source(document.graphs[graph_id], tensor, name)
    return source if source is not None and _gives(document, source) else None


def _with(call: Call, path: ArgumentPath, source: TensorRef) -> arguments.Arguments:
    """The tensor where it stood: lists have closed the gap, unless they hold a None there."""
    closed = len(path) > 2 and arguments.read(call, path) is not None
    return arguments.with_inserted(call, path, source) if closed else arguments.with_tensor(call, path, source)


def _same_source(graph: Graph, tensor: TensorRef, name: str) -> TensorRef | None:
    """The box at which a wire began, or the only one with a layer of that name."""
    if tensor.call in graph.calls and graph.operation_of(tensor.call).name == name:
        return tensor
    operation = graph.operation_named(name)
    calls = graph.calls_of(operation.id) if operation else []
    return TensorRef(calls[0], tensor.index) if len(calls) == 1 else None


def _gives(document: Document, tensor: TensorRef) -> bool:
    return no_such_output(document, tensor) is None
