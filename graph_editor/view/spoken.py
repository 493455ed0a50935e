"""The canvas in words, for people who hear it: what a box is, what goes in and out, and what is wrong with it."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from graph_editor.view.content import BoxLook
from graph_editor.view.scene import GraphScene
from resources.text import tr


def box_words(scene: GraphScene, call_id: str) -> str:
    """One box with its ports, its wires and its problems."""
    look = scene.boxes[call_id].look
    parts = [f"{look.name}, {look.detail}", *_state(look)]
    if look.message:
        kind = tr("Error: {text}", text=look.message) if look.severity == "error" else look.message
        parts.append(kind)
    parts += _inputs(scene, look)
    parts += _outputs(scene, call_id, look)
    return ". ".join(part.rstrip(".") for part in parts) + "."


def selection_words(scene: GraphScene, call_ids: tuple[str, ...]) -> str:
    """What is selected; empty when nothing is."""
    if len(call_ids) == 1:
        return box_words(scene, call_ids[0])
    return tr("{count} boxes selected", count=len(call_ids)) if call_ids else ""


def announce(view: QObject, text: str, *, urgent: bool = False) -> None:
    """Let a screen reader say ``text`` now; without one this is nothing."""
    if text and QAccessible.isActive():
        event = QAccessibleAnnouncementEvent(view, text)
        manner = QAccessible.AnnouncementPoliteness
        event.setPoliteness(manner.Assertive if urgent else manner.Polite)
        QAccessible.updateAccessibility(event)


def _state(look: BoxLook) -> list[str]:
    states = []
    if look.frozen:
        states.append(tr("frozen"))
    if look.shared > 1:
        states.append(tr("shared by {count} boxes", count=look.shared))
    if look.collapsed:
        states.append(tr("collapsed"))
    if any(look.outputs):
        states.append(tr("output of the model"))
    return states


def _inputs(scene: GraphScene, look: BoxLook) -> list[str]:
    words = []
    for slot in look.inputs:
        source = scene.boxes.get(slot.source.call) if slot.source else None
        if source is not None:
            words.append(tr("input “{name}”: wire from {layer}", name=slot.name, layer=source.look.name))
        else:
            words.append(tr("input “{name}”: no wire", name=slot.name))
    return words


def _outputs(scene: GraphScene, call_id: str, look: BoxLook) -> list[str]:
    words = []
    for index, shape in enumerate(look.labels):
        edges = [edge for edge in scene.graph.edges_from(call_id) if edge.source.index == index]
        targets = ", ".join(scene.boxes[edge.target].look.name for edge in edges if edge.target in scene.boxes)
        problems = [
            scene.wires[edge.target, edge.path].problem for edge in edges if (edge.target, edge.path) in scene.wires
        ]
        label = tr("output {shape}", shape=shape) if shape else tr("output")
        words.append(tr("{output}: wires to {layers}", output=label, layers=targets) if targets else label)
        words += [problem for problem in problems if problem]
    return words
