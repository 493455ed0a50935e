"""Boxes become a nested model; what is computed stays the same."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from graph_editor.catalog.catalog import Catalog
from graph_editor.document import arguments
from graph_editor.document.canvas.frames import FRAMES, grouped
from graph_editor.document.canvas.make_room import close_up
from graph_editor.document.canvas.seen import middle_of
from graph_editor.document.canvas.values import set_value
from graph_editor.document.changes.commands import INPUT, no_such_output
from graph_editor.document.changes.part import Part, part_of
from graph_editor.document.changes.renaming import renamed_ends
from graph_editor.document.document import ROOT, Document, Point
from graph_editor.document.draft import mapped_nest
from graph_editor.document.edits import (
    AddCall,
    AddGraph,
    AddOperation,
    Edit,
    EditError,
    RemoveCall,
    RemoveOperation,
    SetArguments,
    SetInterface,
    SetPositions,
)
from graph_editor.document.ends import named_outputs, output_names
from graph_editor.document.graph import Call, Graph, Json, Operation, TensorRef, position_in
from graph_editor.document.naming import Namer
from graph_editor.document.nesting import FUNCTIONAL, input_names
from resources.keras_names import is_plain_name, safe_name
from resources.text import Text

MODULE: Final = "keras.src.models.functional"  # where Keras itself says the class lives
_ROW, _COLUMN = 100.0, 200.0  # how far the inputs of a new nested model lie above its layers, and from each other

Spec = tuple[tuple[int | None, ...], str]  # the shape of a tensor, the sample axis included, and its dtype
SpecOf = Callable[[TensorRef], Spec | None]


def group(
    document: Document, call_ids: Collection[str], catalog: Catalog, spec_of: SpecOf, name: str = "block"
) -> tuple[list[Edit], str]:
    """Make a nested model of boxes; the id of its call comes back as well.

    Wires that lead into the boxes become its Inputs, for which ``spec_of`` tells shapes, and what leads out becomes
    its outputs. The boxes keep their ids, weights and places.
    """
    plan = _Plan.of(document, call_ids)
    graph, namer = document.graphs[plan.graph_id], Namer(document)
    inner, inputs, places = _inner_graph(document, plan, catalog, spec_of, namer)
    config = {"name": name, "trainable": True}
    model = Operation(namer.operation_id(), FUNCTIONAL, config, MODULE, FUNCTIONAL, {}, namer.graph_id())
    model = namer.entered(graph, model, name)
    inner.name = model.name
    feeds = list(inputs)
    call = Call(namer.call_id(), model.id, (feeds if len(feeds) > 1 else feeds[0],))
    outward = {ref: TensorRef(call.id, index) for index, ref in enumerate(plan.outputs)}
    edits = _stripped(graph, plan)
    edits += [RemoveCall(call_id) for call_id in reversed(plan.calls)]
    operations = [operation for operation in graph.operations.values() if operation.id in plan.operations]
    edits += [RemoveOperation(operation.id) for operation in reversed(operations)]
    first = position_in(graph.operations, operations[0].id)
    last = max(position_in(graph.calls, call_id) for call_id in plan.calls) - len(plan.calls) + 1
    edits += [
        AddGraph(str(model.graph), inner),
        AddOperation(model, plan.graph_id, first),
        AddCall(call, plan.graph_id, last),
    ]
    edits += _joined(graph, plan, outward)
    corner = corner_of(document, plan.calls)
    if corner is not None:
        places |= {call.id: corner, **_closed_up(document, plan)}
    edits.append(SetPositions(dict(places)))
    frames = grouped(document.canvas_extra.get(FRAMES.key), plan.calls, call.id)
    edits += set_value(document, FRAMES.key, frames)
    return edits + _followed_names(document, plan.graph_id, graph, outward, {model.id: model, call.id: call}), call.id


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which boxes go, in the order in which data flows, and the tensors that lead into and out of them."""

    graph_id: str
    calls: list[str]
    operations: set[str]
    inputs: list[TensorRef]
    outputs: list[TensorRef]

    @classmethod
    def of(cls, document: Document, call_ids: Collection[str]) -> "_Plan":
        part = part_of(document, call_ids)
        if part is None:
            raise EditError(Text("Select the boxes that should become a nested model."))
        _check(part)
        graph, chosen_ids, calls = part.graph, part.call_ids, part.ordered
        inside = [tensor for call_id in calls for _, tensor in graph.calls[call_id].tensors()]
        inputs = list(dict.fromkeys(tensor for tensor in inside if tensor.call not in chosen_ids))
        if not inputs:
            raise EditError(Text("A nested model needs a wire that leads into it."))
        operations = {graph.calls[call_id].operation for call_id in calls}
        return cls(part.graph_id, calls, operations, inputs, _outward_tensors(document, graph, calls))


def _check(part: Part) -> None:
    """Raise when the boxes cannot become one model."""
    graph, call_ids = part.graph, part.call_ids
    for call_id in call_ids:
        operation = graph.operation_of(call_id)
        name = operation.shown_name
        if operation.class_name == INPUT:
            raise EditError(Text("{layer} is an input of the model and stays outside.", {"layer": name}))
        if not set(graph.calls_of(operation.id)) <= call_ids:
            raise EditError(Text("{layer} is used outside the selection too: select all its boxes.", {"layer": name}))
    if len(part.ordered) < len(call_ids):
        raise EditError(Text("Boxes on a circle of wires cannot become a nested model."))
    part.check_closed()


def _outward_tensors(document: Document, graph: Graph, calls: list[str]) -> list[TensorRef]:
    """The tensors of boxes that are used elsewhere; of a dead end what it gives."""
    inside, ends = set(calls), graph.output_refs()
    tensors: list[TensorRef] = []
    for call_id in calls:
        indices = {edge.source.index for edge in graph.edges_from(call_id) if edge.target not in inside}
        indices |= {ref.index for ref in ends if ref.call == call_id}
        if not indices and not graph.consumers(call_id) and no_such_output(document, TensorRef(call_id)) is None:
            indices = {0}
        tensors += [TensorRef(call_id, index) for index in sorted(indices)]
    return tensors


def _inner_graph(
    document: Document, plan: _Plan, catalog: Catalog, spec_of: SpecOf, namer: Namer
) -> tuple[Graph, dict[TensorRef, TensorRef], dict[str, Point]]:
    """The graph of the new model; which of its Inputs stands for which tensor outside; where these Inputs lie."""
    outer, inner = document.graphs[plan.graph_id], Graph()
    feeds: dict[TensorRef, TensorRef] = {}
    names = {operation.name for operation in outer.operations.values() if operation.id in plan.operations}
    for tensor in plan.inputs:
        operation, call = _input_for(outer, tensor, catalog, spec_of, namer, names)
        inner.put_operation(operation)
        inner.put_call(call)
        feeds[tensor] = TensorRef(call.id)
    for operation in outer.operations.values():
        if operation.id in plan.operations:
            inner.put_operation(operation)
    for call_id in (call_id for call_id in outer.calls if call_id in set(plan.calls)):
        call = outer.calls[call_id]
        gaps = outer.operation_of(call_id).graph is not None
        args, kwargs = arguments.mapped(call, lambda ref: feeds.get(ref, ref), gaps)
        inner.put_call(replace(call, args=args, kwargs=kwargs))
    input_refs = list(feeds.values())
    inner.inputs = input_refs if len(input_refs) > 1 else input_refs[0]
    inner.outputs = plan.outputs[0] if len(plan.outputs) == 1 else plan.outputs
    return inner, feeds, _places_above(document, plan, input_refs)


def _input_for(
    outer: Graph, tensor: TensorRef, catalog: Catalog, spec_of: SpecOf, namer: Namer, names: set[str]
) -> tuple[Operation, Call]:
    """An Input that takes what ``tensor`` gives."""
    source = outer.operation_of(tensor.call)
    config: dict[str, Json]
    layer = catalog.layer(INPUT)
    if source.class_name == INPUT:
        config = dict(source.config)
    else:
        spec = spec_of(tensor)
        if spec is None or layer is None:
            raise EditError(
                Text("The shape that {layer} gives is not known yet: mend it first.", {"layer": source.shown_name})
            )
        config = {**catalog.default_config(layer, ""), "batch_shape": list(spec[0]), "dtype": spec[1]}
    sound = source.name if is_plain_name(source.name) else safe_name(source.name, "input")
    name = stem = sound if source.class_name == INPUT else f"{sound}_in"
    number = 0
    while name in names:
        number += 1
        name = f"{stem}_{number}"
    names.add(name)
    title = source.title if source.class_name == INPUT or not source.title else f"{source.title}_in"
    operation = Operation(namer.operation_id(), INPUT, {**config, "name": name}, title=title)
    return operation, Call(namer.call_id(), operation.id)


def _places_above(document: Document, plan: _Plan, inputs: list[TensorRef]) -> dict[str, Point]:
    """A row of places above the boxes, when all of these have places."""
    corner = corner_of(document, plan.calls)
    if corner is None:
        return {}
    left = corner[0] - (len(inputs) - 1) * _COLUMN / 2
    return {ref.call: (float(round(left + index * _COLUMN)), corner[1] - _ROW) for index, ref in enumerate(inputs)}


def _closed_up(document: Document, plan: _Plan) -> dict[str, Point]:
    """The boxes below those that become one box move up, unless something else stands beside these."""
    others = {key: document.positions[key] for key in document.graphs[plan.graph_id].calls if key in document.positions}
    rows = [others.pop(call_id)[1] for call_id in plan.calls]
    return close_up(others, min(rows), max(rows))


def corner_of(document: Document, calls: Collection[str]) -> Point | None:
    """The place of one box that stands for several: in the middle of the uppermost row; None when one has no place."""
    if not calls or not all(call_id in document.positions for call_id in calls):
        return None
    return middle_of([document.positions[call_id] for call_id in calls])


def _outside(graph: Graph, plan: _Plan) -> list[str]:
    """The calls that take something from the boxes."""
    users = {user for call_id in plan.calls for user in graph.consumers(call_id)} - set(plan.calls)
    return [call_id for call_id in graph.calls if call_id in users]


def _stripped(graph: Graph, plan: _Plan) -> list[Edit]:
    """Cut the boxes off from what follows them; ``_joined`` mends that within the same step."""
    removed_ids = set(plan.calls)
    edits: list[Edit] = []
    for call_id in _outside(graph, plan):
        edits.append(
            SetArguments(call_id, *arguments.without(graph.calls[call_id], lambda _path, ref: ref.call in removed_ids))
        )
    outputs = mapped_nest(graph.outputs, lambda ref: None if ref.call in removed_ids else ref)
    return [*edits, SetInterface(graph.inputs, outputs, plan.graph_id)] if outputs != graph.outputs else edits


def _joined(graph: Graph, plan: _Plan, outward: Mapping[TensorRef, TensorRef]) -> list[Edit]:
    edits: list[Edit] = []
    for call_id in _outside(graph, plan):
        args, kwargs = arguments.mapped(graph.calls[call_id], lambda ref: outward.get(ref, ref), gaps=True)
        edits.append(SetArguments(call_id, args, kwargs))
    outputs = arguments.substitute(graph.outputs, lambda ref: outward.get(ref, ref))
    return [*edits, SetInterface(graph.inputs, outputs, plan.graph_id)] if outputs != graph.outputs else edits


def _followed_names(
    document: Document,
    graph_id: str,
    graph: Graph,
    outward: Mapping[TensorRef, TensorRef],
    new: Mapping[str, Operation | Call],
) -> list[Edit]:
    """Let what Train and Data say of an output follow the layer that gives it now."""
    if graph_id != ROOT:
        return []
    after = []
    for ref in graph.output_refs():
        now = outward.get(ref, ref)
        call = new.get(now.call) or graph.calls[now.call]
        assert isinstance(call, Call)
        operation = new.get(call.operation) or graph.operations[call.operation]
        assert isinstance(operation, Operation)
        after.append(operation.name)
    return followed(document, after)


def followed(document: Document, layers: Sequence[str]) -> list[Edit]:
    """Let what Train and Data say of the outputs of the model hold for ``layers``, which give them now."""
    graph, giving = document.graph, iter(layers)
    after = named_outputs(graph.outputs, lambda _ref: next(giving), input_names(graph))
    pairs = {old: new.name for old, new in zip(output_names(graph), after, strict=True)}
    return renamed_ends(document, {old: name for old, name in pairs.items() if old != name})
