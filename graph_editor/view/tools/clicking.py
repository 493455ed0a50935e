"""A press on a port that did not become a drag was meant for the box."""

from graph_editor.view.items.hits import OutputHit, port_at
from graph_editor.view.tools.base import Pointer
from graph_editor.view.tools.canvas import Canvas


def click_port(canvas: Canvas, at: Pointer) -> None:
    """Select the box of the port there; with a modifier let it join the selection, or leave it."""
    scene = canvas.graph_scene
    port = port_at(scene, at.scene, canvas.zoom)
    if port is None:
        return
    members = scene.shown(port.tensor.call if isinstance(port, OutputHit) else port.call).members
    if not at.adds:
        scene.select(members)
        return
    left = [call_id for call_id in scene.selection if call_id not in members]
    whole = len(left) + len(members) == len(scene.selection)
    scene.select(left if whole else [*left, *members], scene.notes.selected)
