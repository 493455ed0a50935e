"""Layers that stand in several places: one object, so what is set in one place holds in all of them."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from graph_editor.document.applied import Applied
from graph_editor.document.document import ROOT, Document
from graph_editor.document.edits import (
    AddCall,
    AddGraph,
    AddOperation,
    Edit,
    EditError,
    ReplaceOperation,
    SetArguments,
    SetInterface,
)
from graph_editor.document.graph import Json, Operation
from graph_editor.document.nesting import lineage, owner
from resources.shared_layers import SHARED, is_layer, layers_in, shared_id
from resources.text import Text

_OF_OPERATION = ("class_name", "module", "registered_name")


def mark_of(operation: Operation) -> int | None:
    """The mark of an operation that stands in other places as well."""
    return shared_id(operation.extra)


def other_places(document: Document, operation: Operation) -> list[Operation]:
    """The operations that are, or have in them, a layer that ``operation`` is or has in it as well."""
    marks = {mark for mark, _ in _marked(operation)}
    if not marks:
        return []
    return [
        other
        for graph in document.graphs.values()
        for other in graph.operations.values()
        if other.id != operation.id and any(mark in marks for mark, _ in _marked(other))
    ]


def shared_layers_follow(applied: Applied) -> list[Edit]:
    """Let what was changed of a layer change in its other places. EditError where it cannot."""
    _refuse_other_graphs(applied)
    new: dict[int, Mapping[str, Json]] = {}
    for edit, inverse in zip(applied.edits, applied.inverses, strict=True):
        if isinstance(edit, ReplaceOperation) and isinstance(inverse, ReplaceOperation):
            now = dict(_marked(edit.operation))
            before = dict(_marked(inverse.operation)) if now else now
            new |= {mark: entry for mark, entry in now.items() if before.get(mark, entry) != entry}
    if not new:
        return []
    document = applied.document
    operations = [operation for graph in document.graphs.values() for operation in graph.operations.values()]
    changed = [(operation, _with(operation, new)) for operation in operations]
    return [ReplaceOperation(now) for before, now in changed if now != before]


def _marked(operation: Operation) -> Iterator[tuple[int, Mapping[str, Json]]]:
    """What of an operation has a mark: itself, and the layers in its config."""
    mark = mark_of(operation)
    if mark is not None:
        kind = {key: getattr(operation, key) for key in _OF_OPERATION}
        yield mark, {**kind, "config": operation.config}
    for entry in layers_in(operation.config):
        inner = shared_id(entry)
        if inner is not None:
            yield inner, {**{key: entry.get(key) for key in _OF_OPERATION}, "config": entry["config"]}


def _with(operation: Operation, new: Mapping[int, Mapping[str, Json]]) -> Operation:
    entry = new.get(mark_of(operation) or -1)
    if entry is None:
        config = _config_with(operation.config, new)
        return operation if config is operation.config else replace(operation, config=config)
    config = {**operation.config, **entry["config"]} if operation.graph is not None else entry["config"]
    if operation.graph is not None:
        config = {key: value for key, value in config.items() if key != "layers"}
        return replace(operation, config=config)
    kind = {key: entry[key] for key in _OF_OPERATION}
    return replace(operation, **kind, config=_config_with(config, new))


def _config_with(value: Json, new: Mapping[int, Mapping[str, Json]]) -> Json:
    """The very same value where there is nothing to change."""
    if isinstance(value, Mapping):
        entry = new.get(shared_id(value) or -1) if is_layer(value) else None
        if entry is not None and entry["config"] != value["config"]:
            kept = {key: item for key, item in value.items() if key != "build_config"}
            return {**kept, **entry, "config": {**_inside(value), **entry["config"]}}
        items = {key: _config_with(item, new) for key, item in value.items()}
        return items if any(items[key] is not value[key] for key in items) else value
    if isinstance(value, list | tuple):
        listed = [_config_with(item, new) for item in value]
        return listed if any(one is not other for one, other in zip(listed, value, strict=True)) else value
    return value


def _inside(entry: Mapping[str, Json]) -> dict[str, Json]:
    """The graph of a model that stands in a config; where it is drawn, its operation lacks that."""
    return {key: entry["config"][key] for key in ("layers", "input_layers", "output_layers") if key in entry["config"]}


def _refuse_other_graphs(applied: Applied) -> None:
    """Layers of a model that stands in several places can be set, but others cannot come and go in one of them."""
    document = applied.document
    changed = {
        graph_id
        for edit, inverse in zip(applied.edits, applied.inverses, strict=True)
        for graph_id in _graphs_changed(document, edit, inverse)
        if graph_id != ROOT
    }
    for place in {place for graph_id in changed for place in lineage(document, graph_id)} - {ROOT}:
        found = owner(document, place)
        if found is not None and mark_of(found[1]) is not None and other_places(document, found[1]):
            model = found[1].name
            raise EditError(
                Text("{model} stands in several places, so boxes and wires in it stay as they are.", {"model": model})
            )


def _graphs_changed(document: Document, edit: Edit, inverse: Edit) -> Iterator[str]:
    for item in (edit, inverse):
        if isinstance(item, AddOperation | AddCall | SetInterface) and item.graph in document.graphs:
            yield item.graph
    if isinstance(edit, SetArguments) and document.has_call(edit.call):
        yield document.graph_id_of_call(edit.call)


# Copies are layers of their own


def with_new_marks(edits: Sequence[Edit]) -> list[Edit]:
    """What copies boxes, with marks of its own: copies share among themselves what the boxes share, and no more."""
    new: dict[int, int] = {}
    result: list[Edit] = []
    for edit in edits:
        if isinstance(edit, AddOperation):
            edit = replace(edit, operation=_remarked(edit.operation, new))
        elif isinstance(edit, AddGraph):
            for operation in list(edit.graph.operations.values()):
                edit.graph.replace_operation(_remarked(operation, new))
        result.append(edit)
    return result


def _remarked(operation: Operation, new: dict[int, int]) -> Operation:
    marks = [mark for mark, _ in _marked(operation)]
    if not marks:
        return operation
    for mark in marks:
        digest = hashlib.blake2b(f"{mark} {operation.id}".encode(), digest_size=6).digest()
        new.setdefault(mark, int.from_bytes(digest, "big"))
    extra = {key: new.get(value, value) if key == SHARED else value for key, value in operation.extra.items()}
    return replace(operation, extra=extra, config=_remarked_config(operation.config, new))


def _remarked_config(value: Json, new: Mapping[int, int]) -> Json:
    if isinstance(value, Mapping):
        items = {key: _remarked_config(item, new) for key, item in value.items()}
        return {**items, SHARED: new[value[SHARED]]} if is_layer(value) and shared_id(value) in new else items
    return [_remarked_config(item, new) for item in value] if isinstance(value, list | tuple) else value
