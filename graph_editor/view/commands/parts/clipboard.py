"""Cut, copy and paste: boxes go through the clipboard of the system as text that people can read."""

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from graph_editor.document.changes.commands import delete_calls
from graph_editor.document.clips.clipboard import BOXES_MIME, MAX_CHARACTERS, copied_text, paste, read_clip
from graph_editor.document.document import Point
from graph_editor.document.edits import EditError
from graph_editor.document.sizes import BOX_HEIGHT, BOX_WIDTH
from graph_editor.view.items.scene import GraphScene
from graph_editor.view.tools.box_actions import BoxActions
from resources.text import Text


class Clipboard:
    """Copies ``scene``'s selection, and pastes into the graph it shows."""

    def __init__(self, scene: GraphScene, actions: BoxActions) -> None:
        self._scene, self._actions = scene, actions

    def copy(self) -> bool:
        """Put the selected boxes and notes into the clipboard; without any it stays as it is."""
        call_ids = self._scene.selection
        places = {call_id: self._scene.place_of(call_id) for call_id in call_ids}
        text = copied_text(self._scene.document, call_ids, places, self._scene.notes.selected)
        if text:
            mime = QMimeData()
            mime.setText(text)
            mime.setData(BOXES_MIME, text.encode())
            QGuiApplication.clipboard().setMimeData(mime)
        return bool(text)

    def cut(self) -> None:
        if self.copy():
            call_ids = self._scene.selection
            notes = self._scene.notes.selected_names
            self._actions.do(Text("Cut"), lambda: delete_calls(self._scene.document, call_ids, notes))

    def paste(self, middle: Point, incoming: bool = False) -> None:
        """Paste around ``middle`` and select what came; with ``incoming`` also the wires that led to the originals."""
        document, graph_id, box = self._scene.document, self._scene.graph_id, (BOX_WIDTH, BOX_HEIGHT)
        self._actions.bring(
            Text("Paste"),
            lambda: paste(document, graph_id, read_clip(_text()), middle, box, incoming=incoming),
            with_notes=True,
        )


def _text() -> str:
    """The text in the clipboard; boxes of another window before any other form of it."""
    mime: QMimeData | None = QGuiApplication.clipboard().mimeData()  # None where there is nothing to be had
    if mime is None:
        return ""
    if mime.hasFormat(BOXES_MIME):
        data = mime.data(BOXES_MIME)
        if data.size() > MAX_CHARACTERS:
            raise EditError(Text("What is in the clipboard is too much for a selection of boxes."))
        return bytes(data.data()).decode("utf-8", "replace")
    return mime.text()
