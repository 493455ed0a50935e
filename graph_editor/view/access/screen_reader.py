"""What screen readers hear of a canvas: its boxes as objects, what is selected, what was refused."""

from PySide6.QtCore import QObject

from graph_editor.document.document import Changes
from graph_editor.view.access.accessible import CanvasObjects
from graph_editor.view.graph_view import GraphView
from graph_editor.view.items.spoken import note_words, selection_words
from graph_editor.words.spoken import announce, set_spoken_description


class ScreenReader(QObject):
    """Belongs to ``view``, which knows nothing of it."""

    def __init__(self, view: GraphView) -> None:
        super().__init__(view)
        self._view = view
        self.objects = CanvasObjects(view, view.graph_scene)
        view.selection_changed.connect(self._on_selection_changed)
        view.graph_scene.notes_selected.connect(self._on_selection_changed)
        view.reason_changed.connect(lambda text, _place: announce(view, text, urgent=True))
        view.problem_reported.connect(lambda text: announce(view, text, urgent=True))
        view.problems_shown.connect(self.objects.tell_problems)
        view.followed.connect(self._on_followed)

    def _on_followed(self, changes: Changes) -> None:
        if changes.canvas:
            self.objects.forget_gone()
        touched = [*changes.calls_changed, *changes.calls_added]
        graph = self._view.graph_scene.graph
        touched += [call for operation in changes.operations_changed for call in graph.calls_of(operation)]
        self.objects.tell_changes(touched)

    def _on_selection_changed(self, _ids: tuple[str, ...]) -> None:
        """Readers hear of the box that keys go to now, else what is selected; the canvas says it too."""
        scene = self._view.graph_scene
        notes = note_words([scene.notes.items[key].note.text for key in scene.notes.selected])
        words = " ".join(text for text in (selection_words(scene, scene.selection), notes) if text)
        set_spoken_description(self._view, words)
        if not (self.objects.tell_focus() and len(scene.selection) == 1 and not notes):
            announce(self._view, words)
