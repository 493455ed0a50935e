"""Another kind of layer in the place of one: wires stay where they fit, and parameters that have the same names."""

import re
from collections.abc import Callable, Collection
from dataclasses import replace

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.specs import LayerSpec, Parameter
from graph_editor.document import arguments
from graph_editor.document.changes.commands import INPUT, remove_graphs
from graph_editor.document.document import Document
from graph_editor.document.draft import Draft
from graph_editor.document.edits import Edit, EditError, ReplaceOperation, SetArguments
from graph_editor.document.graph import Call, Json, Operation, TensorRef
from graph_editor.document.naming import Namer, snake_case
from graph_editor.document.ports import slots
from resources.text import Text

_KEPT = ("trainable", "dtype")


def replace_layers(document: Document, call_ids: Collection[str], spec: LayerSpec, catalog: Catalog) -> list[Edit]:
    """Make layers of the kind ``spec`` of those of some boxes of one graph; boxes that share one change with it.

    A name that only said what kind of layer it was says what it is now; a name that was given stays.
    """
    present_ids = [call_id for call_id in call_ids if document.has_call(call_id)]
    if not present_ids:
        return []
    graph_id = document.graph_id_of_call(present_ids[0])
    graph, namer = document.graphs[graph_id], Namer(document)
    before = {operation.id: operation for operation in (graph.operation_of(call_id) for call_id in present_ids)}
    if INPUT in (spec.class_name, *(operation.class_name for operation in before.values())):
        raise EditError(Text("An input is where data comes in: it cannot be replaced by a layer."))
    after = {key: _replaced(document, operation, spec, catalog, namer) for key, operation in before.items()}
    count = {key: catalog.output_count(spec, operation.config) for key, operation in after.items()}
    calls = [call_id for key in before for call_id in graph.calls_of(key)]

    def left(ref: TensorRef) -> TensorRef | None:
        return None if ref.index >= count.get(graph.calls[ref.call].operation, ref.index + 1) else ref

    draft = Draft(document)
    draft.rewire(graph_id, calls, left)
    edits: list[Edit] = [
        edit for edit in draft.edits() if not (isinstance(edit, SetArguments) and edit.call in set(calls))
    ]
    edits += [ReplaceOperation(operation) for operation in after.values()]
    edits += [SetArguments(call_id, *_arguments(graph.calls[call_id], spec, left)) for call_id in calls]
    for operation in before.values():
        edits += remove_graphs(document, operation)
    return edits


def _replaced(document: Document, operation: Operation, spec: LayerSpec, catalog: Catalog, namer: Namer) -> Operation:
    graph, name = document.graph_of_operation(operation.id), operation.name
    if re.fullmatch(rf"{re.escape(snake_case(operation.class_name))}(_\d+)?", name):
        name = namer.layer_name(graph, snake_case(spec.class_name))
    config = catalog.default_config(spec, name)
    config |= {key: operation.config[key] for key in _KEPT if key in config and key in operation.config}
    old = catalog.layer(operation.class_name, operation.module)
    old_parameters = {parameter.name: parameter for parameter in (old.parameters if old else ())}
    for parameter in spec.parameters:
        if parameter.name in old_parameters and parameter.name in operation.config and parameter.name in config:
            value = operation.config[parameter.name]
            config[parameter.name] = _carried(value, old_parameters[parameter.name], parameter, config[parameter.name])
    return Operation(operation.id, spec.class_name, config, spec.module, spec.registered_name, title=operation.title)


def _carried(value: Json, before: Parameter, after: Parameter, default: Json) -> Json:
    """The value a parameter had, where it may have it still; the same number for each axis when there are more."""
    if before.kind != after.kind or (after.choices and value not in after.choices):
        return default
    if value is None and not after.nullable:
        return default
    if isinstance(value, list) and after.length is not None and len(value) != after.length:
        equal = bool(value) and all(item == value[0] for item in value)
        return [value[0]] * after.length if equal else default
    return value


def _arguments(
    call: Call, spec: LayerSpec, source_left: Callable[[TensorRef], TensorRef | None]
) -> arguments.Arguments:
    """The wires that came in, each in its order at the first free place; those without one go."""
    function = spec.function
    bare_call = Call(call.id, call.operation, *((function.args, function.kwargs) if function else ()))
    for tensor in (source_left(ref) for _, ref in call.tensors()):
        free = [slot for slot in slots(bare_call, spec) if slot.source is None]
        needed_slots = [slot for slot in free if slot.required or slot.grows]
        if tensor is not None and (needed_slots or free):
            args, kwargs = arguments.with_tensor(bare_call, (needed_slots or free)[0].path, tensor)
            bare_call = replace(bare_call, args=args, kwargs=kwargs)
    return bare_call.args, dict(bare_call.kwargs)
