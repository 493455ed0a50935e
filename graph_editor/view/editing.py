"""Commands of the canvas that work on the selection, by the names of the shortcut table."""

from collections.abc import Callable

from graph_editor.catalog.fitting import by_axes
from graph_editor.document.bridging import bridge_calls
from graph_editor.view.clipboard import Clipboard
from graph_editor.view.interaction import InteractiveView
from resources.text import Text


class Editing:
    """What the keys and menus of ``view`` stand for beyond what the view does itself."""

    def __init__(self, view: InteractiveView) -> None:
        self._view = view
        self._clipboard = Clipboard(view.graph_scene, view.actions_on_boxes)

    def commands(self) -> dict[str, Callable[[], object]]:
        return {
            "copy_selection": self._clipboard.copy,
            "cut_selection": self._clipboard.cut,
            "bridge_selection": self.bridge,
            "replace_selection": self.replace,
            "paste": lambda: self.paste(),
            "paste_with_links": lambda: self.paste(incoming=True),
        }

    def bridge(self) -> None:
        """Delete the selected boxes and join what was before them to what was behind."""
        chosen, document = self._view.graph_scene.selection, self._view.document
        self._view.actions_on_boxes.do(Text("Delete and reconnect"), lambda: bridge_calls(document, chosen))

    def replace(self) -> None:
        """Let the user choose what the selected layers shall be instead."""
        scene, actions = self._view.graph_scene, self._view.actions_on_boxes
        chosen = scene.selection
        if not chosen:
            return
        sources = [edge.source for edge in scene.graph.edges_into(chosen[-1])]
        told = scene.spec_of(sources[0]) if sources else None
        axes = len(told[0]) if told else None
        self._view.ask_for_layer(
            scene.boxes[chosen[-1]].rect().bottomLeft(),
            lambda spec: actions.replace([key for key in chosen if key in scene.graph.calls], spec),
            lambda specs, typed: by_axes(specs, axes, typed),
        )

    def paste(self, incoming: bool = False) -> None:
        place = self._view.pointed_place
        self._clipboard.paste((place.x(), place.y()), incoming)
