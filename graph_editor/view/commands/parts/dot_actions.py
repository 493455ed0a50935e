"""What a person does to the dots of wires, apart from dragging them."""

from collections.abc import Callable

from PySide6.QtCore import QPointF

from graph_editor.document.canvas.wire_dots import wire_of
from graph_editor.view.items.hits import DotHit
from graph_editor.view.items.wire_item import WireItem
from graph_editor.view.tools.box_actions import BoxActions
from resources.text import Text, tr

Entry = tuple[str, str, Callable[[], object]]  # of a menu: object name, text, what it does


class DotActions:
    def __init__(self, actions: BoxActions) -> None:
        self._actions = actions

    def add(self, wire: WireItem, at: QPointF) -> bool:
        """Put a dot on a wire, where that is nearest to ``at``."""
        place, number = wire.nearest(at)
        places = (*wire.dots[:number], place, *wire.dots[number:])
        return self._actions.put_dots(wire_of(wire.edge), places, Text("Add a dot"))

    def remove(self, dot: DotHit) -> bool:
        places = [place for number, place in enumerate(dot.wire.dots) if number != dot.number]
        return self._actions.put_dots(wire_of(dot.wire.edge), places, Text("Remove a dot"))

    def remove_all(self, wire: WireItem) -> bool:
        return self._actions.put_dots(wire_of(wire.edge), (), Text("Remove the dots"))

    def entries(self, wire: WireItem, at: QPointF, dot: DotHit | None) -> list[Entry]:
        """For the menu of a wire that was called at a place, on ``dot`` if there is one."""
        if dot is not None:
            entries: list[Entry] = [("remove_dot", tr("Remove the dot"), lambda: self.remove(dot))]
        else:
            entries = [("add_dot", tr("Add a dot"), lambda: self.add(wire, at))]
        if len(wire.dots) > 1:
            entries.append(("remove_dots", tr("Remove all dots of the wire"), lambda: self.remove_all(wire)))
        return entries
