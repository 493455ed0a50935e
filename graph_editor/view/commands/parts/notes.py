"""What one does with notes on the canvas, each as one step of the history."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QPointF, QRectF, QSizeF

from graph_editor.document.canvas.notes import COLORS, USUAL, Note, add_note, color_notes, notes_of, write_note
from graph_editor.document.edits import Edit
from graph_editor.view.commands.parts.canvas import WorkCanvas
from graph_editor.view.floating.note_field import NoteField
from graph_editor.view.painting.look import Look
from graph_editor.view.painting.theme import CanvasTheme
from resources.text import Text

_ASIDE: Final = 24.0  # from boxes that are in the way


class Notes(QObject):
    """Belongs to the view of ``canvas``."""

    def __init__(self, canvas: WorkCanvas, look: Look[CanvasTheme]) -> None:
        super().__init__(canvas.view)
        self._canvas, self._view = canvas, canvas.view
        self.field = NoteField(look, canvas.view)
        self.field.entered.connect(self._on_entered)
        self.field.closed.connect(canvas.view.setFocus)

    def edit_selected(self) -> bool:
        """Let the one selected note be written, when no box is selected; whether there is one."""
        scene = self._canvas.graph_scene
        alone = not scene.selection and len(scene.notes.selected) == 1
        if alone:
            self.edit(scene.notes.selected[0])
        return alone

    def add(self) -> None:
        """Let a new note be written at the mouse, or beside the boxes that are there."""
        at = self._free_place(self._canvas.pointed_place)
        scene = self._canvas.graph_scene
        self.field.edit(Note("", scene.graph_id, "", COLORS[0], (at.x(), at.y(), *USUAL)), QRectF(at, QSizeF(*USUAL)))
        self._show_field()

    def edit(self, note_id: str) -> None:
        item = self._canvas.graph_scene.notes.items.get(note_id)
        if item is not None:
            self._view.ensureVisible(item.rect(), 20, 20)
            self.field.edit(item.note, item.rect())

    def leave_unseen(self) -> None:
        """On a canvas that is out of sight no note is selected any more: what is done there means boxes alone."""
        scene = self._canvas.graph_scene
        if scene.notes.selected and not self._view.isVisible():
            scene.select(scene.selection)

    def color(self, color: str) -> None:
        """Give all selected notes a colour."""
        chosen = self._canvas.graph_scene.notes.selected
        self._do(Text("Colour a note"), lambda: color_notes(self._canvas.document, chosen, color))

    def show(self, note_id: str) -> None:
        """Bring a note of any graph into the middle of the view, and select it."""
        canvas, view = self._canvas, self._view
        for note in notes_of(canvas.document):
            if note.id == note_id:
                canvas.show_graph(note.graph)
        item = canvas.graph_scene.notes.shown(note_id)
        if item is not None:
            canvas.graph_scene.select((), [note_id])  # nothing, when a box stands in for it
            view.zoom_to(max(view.zoom, 0.75))
            view.centerOn(item.rect().center())

    def _free_place(self, wish: QPointF) -> QPointF:
        """``wish``, or right of what lies there."""
        scene, (width, height) = self._canvas.graph_scene, USUAL
        x, y = float(round(wish.x())), float(round(wish.y()))
        while True:
            boxes = scene.index.within((x - 8, y - 8, x + width + 8, y + height + 8))
            notes = scene.notes.within(QRectF(x, y, width, height))
            ends = [scene.index.bounds(key)[2] for key in boxes]
            ends += [scene.notes.items[key].rect().right() for key in notes]
            if not ends:
                return QPointF(x, y)
            x = max(ends) + _ASIDE

    def _show_field(self) -> None:
        """A note beside boxes may begin where one does not look."""
        if not self._view.viewport().rect().contains(self.field.geometry()):
            note = self.field.note
            if note is not None:
                self._view.ensureVisible(QRectF(*note.box), 30, 30)

    def _on_entered(self, note: Note, text: str) -> None:
        document, scene = self._canvas.document, self._canvas.graph_scene
        if note.id:
            label = Text("Write a note") if text.strip() else Text("Remove a note")
            self._do(label, lambda: write_note(document, note.id, text))
        elif text.strip() and note.graph in document.graphs:
            edits, note_id = add_note(document, note.graph, text, note.box, note.color)
            if self._do(Text("Add a note"), lambda: edits):
                scene.select((), [note_id])

    def _do(self, label: Text, make: Callable[[], list[Edit]]) -> bool:
        return self._canvas.actions_on_boxes.do(label, make)
