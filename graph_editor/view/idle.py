"""Which boxes and wires are shown as left out of the model."""

from collections.abc import Callable, Iterable

from graph_editor.document.active import Active
from graph_editor.document.graph import Edge
from graph_editor.view.wire_item import WireItem


def is_idle(meant: Active | None, edge: Edge) -> bool:
    """Whether nothing runs through a wire."""
    return meant is not None and bool(meant.left_out) and not meant.flows(edge)


def follow_active(wires_at: Callable[[str], Iterable[WireItem]], before: Active | None, now: Active) -> set[str]:
    """Show which wires are idle now; the boxes come back that are left out for other reasons than before."""
    old = before.left_out if before is not None else {}
    changed = {key for key in old.keys() | now.left_out.keys() if old.get(key) != now.left_out.get(key)}
    for wire in {wire for call_id in changed for wire in wires_at(call_id)}:
        wire.show_state(idle=is_idle(now, wire.edge))
    return changed
