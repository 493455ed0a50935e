"""Other names, in place: of the one selected box, or of a frame."""

from PySide6.QtCore import QObject, QPointF, QRectF, QSize

from graph_editor.document.sizes import BOX_WIDTH
from graph_editor.view.commands.parts.collapsing import Collapsing
from graph_editor.view.commands.parts.notes import Notes
from graph_editor.view.floating.name_field import NameField
from graph_editor.view.painting.look import Look
from graph_editor.view.painting.theme import CanvasTheme
from graph_editor.view.tools.canvas import Canvas

_FRAME = "frame:"  # before the id of a frame whose title is being edited


class Renaming(QObject):
    """Belongs to the view of ``canvas``."""

    def __init__(self, canvas: Canvas, collapsing: Collapsing, notes: Notes, look: Look[CanvasTheme]) -> None:
        super().__init__(canvas.view)
        self._canvas, self._view = canvas, canvas.view
        self._collapsing, self._notes = collapsing, notes
        self.field = NameField(look, canvas.view)
        self.field.name_entered.connect(self._on_entered)
        self.field.closed.connect(canvas.view.setFocus)

    def rename_selected(self) -> None:
        """Edit the name of the one selected box, the title of the one collapsed frame, or the one selected note."""
        if not self._notes.edit_selected() and not self._rename_collapsed():
            self._rename_box()

    def rename_frame(self, frame_id: str) -> None:
        """Edit the title of a frame."""
        scene = self._canvas.graph_scene
        item = scene.collapsed_frames.of_frame(frame_id) or scene.frames.items.get(frame_id)
        if item is not None:
            bar = self._view.mapFromScene(item.bar()).boundingRect()
            bar.setSize(QSize(max(150, bar.width()), self.field.sizeHint().height()))
            self.field.edit(_FRAME + frame_id, item.frame.title, bar)

    def _rename_collapsed(self) -> bool:
        """Whether collapsed frames are selected."""
        frames = self._collapsing.chosen()
        if len(frames) == 1 and set(self._canvas.graph_scene.selection) <= set(frames[0].members):
            self.rename_frame(frames[0].frame.id)
        return bool(frames)

    def _rename_box(self) -> None:
        selection = self._canvas.graph_scene.selection
        if len(selection) != 1:
            return
        box = self._canvas.graph_scene.boxes[selection[0]]
        self._view.ensureVisible(box.rect(), 20, 20)
        corner = self._view.mapFromScene(box.pos() + QPointF(12, 2))
        height = self.field.sizeHint().height()
        width = max(150, round((BOX_WIDTH - 18) * self._canvas.zoom))
        self.field.edit(selection[0], box.look.name, QRectF(corner.x(), corner.y(), width, height).toRect())

    def _on_entered(self, call_id: str, name: str) -> None:
        actions = self._canvas.actions_on_boxes
        if call_id.startswith(_FRAME):
            actions.change_frame(call_id.removeprefix(_FRAME), title=name.strip())
        elif call_id in self._canvas.graph_scene.boxes:
            actions.rename(call_id, name)
