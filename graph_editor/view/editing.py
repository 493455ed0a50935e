"""Commands of the canvas that work on the selection, by the names of the shortcut table."""

from collections.abc import Callable

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
            "paste": lambda: self.paste(),
            "paste_with_links": lambda: self.paste(incoming=True),
        }

    def bridge(self) -> None:
        """Delete the selected boxes and join what was before them to what was behind."""
        chosen, document = self._view.graph_scene.selection, self._view.document
        self._view.actions_on_boxes.do(Text("Delete and reconnect"), lambda: bridge_calls(document, chosen))

    def paste(self, incoming: bool = False) -> None:
        place = self._view.pointed_place
        self._clipboard.paste((place.x(), place.y()), incoming)
