"""The canvas in words, for people who hear it: what a box is, what goes in and out, and what is wrong with it."""

from collections.abc import Sequence

from graph_editor.document.graph import Edge
from graph_editor.document.ports import Slot
from graph_editor.view.items.collapsed_frames import CollapsedFrame
from graph_editor.view.items.scene import GraphScene
from graph_editor.view.painting.content import BoxLook
from resources.text import tr


def box_words(scene: GraphScene, call_id: str) -> str:
    """One box with its ports, its wires and its problems."""
    return _sentences([box_title(scene.boxes[call_id].look), *_details(scene, call_id)])


def box_title(look: BoxLook) -> str:
    """Return what a box is called, and what kind of layer it is."""
    return f"{look.name}, {look.detail}"


def box_details(scene: GraphScene, call_id: str) -> str:
    """Return how a box stands: its state, its problem, its ports and wires."""
    return _sentences(_details(scene, call_id))


def input_words(scene: GraphScene, slot: Slot) -> str:
    """An input port, and where its wire comes from."""
    source = scene.boxes.get(slot.source.call) if slot.source else None
    if source is None:
        return tr("input “{name}”: no wire", name=slot.name)
    return tr("input “{name}”: wire from {layer}", name=slot.name, layer=source.look.name)


def output_words(scene: GraphScene, call_id: str, index: int) -> str:
    """An output port: its shape, and where its wires go."""
    labels = scene.boxes[call_id].look.labels
    shape = labels[index] if index < len(labels) else ""
    edges = [edge for edge in scene.graph.edges_from(call_id) if edge.source.index == index]
    targets = ", ".join(scene.boxes[edge.target].look.name for edge in edges if edge.target in scene.boxes)
    label = tr("output {shape}", shape=shape) if shape else tr("output")
    return tr("{output}: wires to {layers}", output=label, layers=targets) if targets else label


def wire_words(scene: GraphScene, edge: Edge) -> str:
    """A wire: from where to where, and what flows along it."""
    source, target = scene.boxes[edge.source.call].look, scene.boxes[edge.target].look
    shape = source.labels[edge.source.index] if edge.source.index < len(source.labels) else ""
    if shape:
        return tr("wire from {source} to {target}, {shape}", source=source.name, target=target.name, shape=shape)
    return tr("wire from {source} to {target}", source=source.name, target=target.name)


def selection_words(scene: GraphScene, call_ids: tuple[str, ...]) -> str:
    """Return what is selected; empty when nothing is."""
    collapsed_frame = scene.collapsed_frames.of(call_ids[-1]) if call_ids else None
    if collapsed_frame is not None and set(call_ids) == set(collapsed_frame.members):
        return collapsed_frame_words(scene, collapsed_frame)
    if len(call_ids) == 1:
        return box_words(scene, call_ids[0])
    return tr("{count} boxes selected", count=len(call_ids)) if call_ids else ""


def note_words(texts: Sequence[str]) -> str:
    """Return what selected notes say; empty when none is."""
    if len(texts) == 1:
        return tr("Note: {text}", text=texts[0])
    return tr("{count} notes selected", count=len(texts)) if texts else ""


def collapsed_frame_words(scene: GraphScene, item: CollapsedFrame) -> str:
    """Return what stands in for a frame: what is in it, where its wires come from and go, and what is wrong in it."""
    parts = [tr("collapsed frame {title}, {summary}", title=item.look.name, summary=item.summary), *_state(item.look)]
    parts += _problem(item.look)
    sources = ", ".join(dict.fromkeys(scene.boxes[ref.call].look.name for ref in item.inlets))
    edges = [edge for ref in item.outlets for edge in scene.graph.edges_from(ref.call) if edge.source == ref]
    targets = [scene.boxes[edge.target].look.name for edge in edges if edge.target not in item.members]
    if sources:
        parts.append(tr("wires from {layers}", layers=sources))
    if targets:
        parts.append(tr("wires to {layers}", layers=", ".join(dict.fromkeys(targets))))
    return _sentences([*parts, tr("Enter opens it")])


def _state(look: BoxLook) -> list[str]:
    states = [look.left_out_why] if look.left_out_why else []
    if look.frozen:
        states.append(tr("frozen"))
    states += [words for words in (look.partly_out, look.partly_frozen) if words]
    if look.shared > 1:
        states.append(tr("shared by {count} boxes", count=look.shared))
    if look.collapsed:
        states.append(tr("collapsed"))
    if any(look.outputs):
        states.append(tr("output of the model"))
    return states


def _problem(look: BoxLook) -> list[str]:
    if not look.message:
        return []
    return [tr("Error: {text}", text=look.message) if look.severity == "error" else look.message]


def _details(scene: GraphScene, call_id: str) -> list[str]:
    look = scene.boxes[call_id].look
    parts = _state(look)
    parts += _problem(look)
    parts += [input_words(scene, slot) for slot in look.inputs]
    for index in range(look.output_count):
        parts.append(output_words(scene, call_id, index))
        parts += _wire_problems(scene, call_id, index)
    return parts


def _wire_problems(scene: GraphScene, call_id: str, index: int) -> list[str]:
    edges = [edge for edge in scene.graph.edges_from(call_id) if edge.source.index == index]
    wires = [scene.wires[edge.target, edge.path] for edge in edges if (edge.target, edge.path) in scene.wires]
    return [wire.problem for wire in wires if wire.problem]


def _sentences(parts: list[str]) -> str:
    return ". ".join(part.rstrip(".") for part in parts) + "." if parts else ""
