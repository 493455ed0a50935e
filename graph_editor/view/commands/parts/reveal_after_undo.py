"""After undo and redo: what changed comes into view, and what came back is selected."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, QPointF, QRectF

from graph_editor.document.canvas.notes import notes_of
from graph_editor.document.document import Changes, Document
from graph_editor.document.history import History
from graph_editor.view.tools.canvas import Canvas

_SIDES, _ENDS = 40, 60  # pixels around what is brought into view


class RevealAfterUndo(QObject):
    """Learns from the document what changed, and acts when all others have followed. Belongs to the view."""

    def __init__(self, canvas: Canvas, document: Document, history: History) -> None:
        super().__init__(canvas.view)
        self._canvas, self._view, self._history = canvas, canvas.view, history
        self._changes: Changes | None = None
        self._notes = {note.id for note in notes_of(document)}  # hidden ones too
        self._new_notes: set[str] = set()
        unlisten = document.listen(self._on_changes), history.listen(self._on_done)
        self.destroyed.connect(lambda: [stop() for stop in unlisten])

    def _on_changes(self, changes: Changes) -> None:
        if changes.canvas or changes.everything:
            before, self._notes = self._notes, {note.id for note in notes_of(self._canvas.document)}
            self._new_notes = self._notes - before
        if self._history.travelling and not changes.everything:
            self._changes = changes

    def _on_done(self) -> None:
        changes, self._changes = self._changes, None
        scene = self._canvas.graph_scene
        if changes is None or scene.filling:
            return
        came = [call_id for call_id in scene.graph.calls if call_id in changes.calls_added]
        notes = [key for key in scene.notes.items if key in self._new_notes] if changes.canvas else []
        if came or notes:
            scene.select(came, notes)
        areas = [scene.shown(call_id).rect() for call_id in came or self._touched(changes)]
        areas += [scene.notes.items[key].rect() for key in notes]
        if not areas and changes.calls_removed:
            areas = [box.rect() for box in scene.shown_boxes()]
        self._bring(areas)

    def _touched(self, changes: Changes) -> Iterable[str]:
        """The boxes that are different now."""
        graph = self._canvas.graph_scene.graph
        touched = changes.calls_changed | changes.moved
        for operation in changes.operations_changed & graph.operations.keys():
            touched = touched | set(graph.calls_of(operation))
        return [call_id for call_id in touched if call_id in graph.calls]

    def _bring(self, areas: list[QRectF]) -> None:
        """Let some of it be seen, if nothing of it is: all that fits, else what is nearest."""
        visible_area = self._view.visible_area()
        if not areas or any(area.intersects(visible_area) for area in areas):
            return
        whole = QRectF()
        for area in areas:
            whole |= area
        if whole.width() > visible_area.width() or whole.height() > visible_area.height():
            whole = min(areas, key=lambda area: _distance(area.center(), visible_area.center()))
        self._view.ensureVisible(whole, _SIDES, _ENDS)


def _distance(a: QPointF, b: QPointF) -> float:
    return float((a.x() - b.x()) ** 2 + (a.y() - b.y()) ** 2)
