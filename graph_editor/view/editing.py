"""Commands of the canvas that work on the selection, by the names of the shortcut table."""

from collections.abc import Callable

from graph_editor.view.clipboard import Clipboard
from graph_editor.view.interaction import InteractiveView


class Editing:
    """What the keys and menus of ``view`` stand for beyond what the view does itself."""

    def __init__(self, view: InteractiveView) -> None:
        self._view = view
        self._clipboard = Clipboard(view.graph_scene, view.actions_on_boxes)

    def commands(self) -> dict[str, Callable[[], object]]:
        return {
            "copy_selection": self._clipboard.copy,
            "cut_selection": self._clipboard.cut,
            "paste": lambda: self.paste(),
            "paste_with_links": lambda: self.paste(incoming=True),
        }

    def paste(self, incoming: bool = False) -> None:
        place = self._view.pointed_place
        self._clipboard.paste((place.x(), place.y()), incoming)
