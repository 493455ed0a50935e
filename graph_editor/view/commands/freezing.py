"""What a person does about freezing, each as one step of the history. Nothing here knows of mouse or keys."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from graph_editor.document.changes.freezing import Weights, above, all_frozen, freeze, set_trainable, unfreeze_all
from graph_editor.document.document import Document
from graph_editor.document.edits import Edit
from graph_editor.document.graph import Operation
from resources.text import Text, tr

if TYPE_CHECKING:
    from graph_editor.view.graph_view import GraphView

Do = Callable[[Text, Callable[[], Sequence[Edit]]], object]


class Freezing:
    """Only layers that have weights are marked; ``tell`` says in one sentence why nothing happens."""

    def __init__(self, document: Document, has_weights: Weights, do: Do, tell: Callable[[str], object]) -> None:
        self._document = document
        self._has_weights = has_weights
        self._do = do
        self._tell = tell

    def commands(self, selection: Callable[[], Sequence[str]]) -> dict[str, Callable[[], object]]:
        return {
            "toggle_frozen": lambda: self.toggle(selection()),
            "freeze_above": lambda: self.freeze_above(selection()),
            "unfreeze_all": self.unfreeze_all,
        }

    def freezable(self, call_ids: Sequence[str]) -> list[Operation]:
        """The layers of these boxes for which freezing means something, each once."""
        found = {operation.id: operation for operation in map(self._document.operation_of, call_ids)}
        return [item for item in found.values() if not item.trainable or self._has_weights(item)]

    def all_frozen(self, call_ids: Sequence[str]) -> bool:
        """Whether there is something to freeze and all of it is frozen."""
        layers = self.freezable(call_ids)
        return bool(layers) and all_frozen(self._document, layers)

    def toggle(self, call_ids: Sequence[str]) -> None:
        """Freeze these boxes; unfreeze them when all are frozen already."""
        layers = self.freezable(call_ids)
        if not layers:
            if call_ids:
                self._tell(tr("There are no weights to freeze in what is selected."))
            return
        self.set_frozen([layer.id for layer in layers], not self.all_frozen(call_ids))

    def set_frozen(self, operation_ids: Sequence[str], frozen: bool) -> None:
        layer = self._document.operation(operation_ids[0]).name
        if len(operation_ids) > 1:
            label = Text("Freeze layers") if frozen else Text("Unfreeze layers")
        else:
            label = Text("Freeze {layer}", {"layer": layer}) if frozen else Text("Unfreeze {layer}", {"layer": layer})
        self._do(label, lambda: set_trainable(self._document, operation_ids, not frozen, self._has_weights))

    def freeze_above(self, call_ids: Sequence[str]) -> None:
        """Freeze every layer from which data flows into these boxes, but not the boxes themselves."""
        if not call_ids:
            self._tell(tr("Select the box above which all shall be frozen."))
            return
        edits = freeze(self._document, above(self._document, call_ids), self._has_weights)
        if edits:
            self._do(Text("Freeze everything above"), lambda: edits)
        else:
            self._tell(tr("All layers above that have weights are frozen already, or there are none."))

    def unfreeze_all(self) -> None:
        """Let every layer of the project learn."""
        edits = unfreeze_all(self._document)
        if edits:
            self._do(Text("Unfreeze all layers"), lambda: edits)
        else:
            self._tell(tr("No layer is frozen."))


def canvas_freezing(view: "GraphView") -> Freezing:
    weights = Weights(view.document, view.catalog, view.graph_scene.counted)
    return Freezing(view.document, weights, view.actions_on_boxes.do, view.problem_reported.emit)
