"""Where one looks on the canvas: at all of it, at the selection, at one box."""

from PySide6.QtCore import QRectF

from graph_editor.document.canvas.notes import note_in
from graph_editor.document.sizes import BOX_HEIGHT, BOX_WIDTH
from graph_editor.view.commands.parts.canvas import WorkCanvas
from graph_editor.view.commands.parts.collapsing import Collapsing
from graph_editor.view.commands.parts.notes import Notes
from graph_editor.view.painting.metrics import TEXT_ZOOM

_MARGIN = 60.0  # around what is looked at first
_READABLE = 0.75  # the zoom at which a box can be read that is brought into the middle


class Looking:
    def __init__(self, canvas: WorkCanvas, collapsing: Collapsing, notes: Notes) -> None:
        self._canvas, self._collapsing, self._notes = canvas, collapsing, notes
        self._to_be_fitted = True  # nobody has looked at the canvas yet
        self._fit_when_placed = False

    def fit(self) -> None:
        """Show the whole graph."""
        scene, view = self._canvas.graph_scene, self._canvas.view
        self._fit_when_placed = scene.waiting
        if not scene.content_rect().isEmpty():
            view.fit_rect(scene.content_rect())
        else:
            view.zoom_to(1.0)
            view.centerOn(BOX_WIDTH / 2, 200)

    def first_look(self) -> None:
        """Show the whole graph, or, where nothing of it could be read then, its inputs."""
        self._canvas.fit()
        view, scene = self._canvas.view, self._canvas.graph_scene
        if view.zoom < TEXT_ZOOM and scene.graph.calls and not scene.waiting:
            start = self._start()
            view.zoom_to(_READABLE)
            room = view.visible_area()
            content = scene.content_rect()
            # The inputs in the middle, or beside the edge of the graph where there is nothing beyond them.
            left = min(max(start.center().x() - room.width() / 2, content.left() - _MARGIN), start.left() - _MARGIN)
            top = min(max(start.center().y() - room.height() / 2, content.top() - _MARGIN), start.top() - _MARGIN)
            view.centerOn(left + room.width() / 2, top + room.height() / 2)

    def _start(self) -> QRectF:
        """The box of the first input; without an input the one that lies highest."""
        scene = self._canvas.graph_scene
        inputs = [ref.call for ref in scene.graph.input_refs()]
        firsts = inputs or sorted(scene.graph.calls, key=lambda call_id: scene.place_of(call_id)[1])
        return QRectF(*scene.place_of(firsts[0]), BOX_WIDTH, BOX_HEIGHT) if firsts else QRectF()

    def fit_selection(self) -> None:
        """Show the selected boxes; the whole graph when none is."""
        area, scene = QRectF(), self._canvas.graph_scene
        for call_id in scene.selection:
            area |= scene.shown(call_id).rect()
        for note_id in scene.notes.selected:
            area |= scene.notes.items[note_id].rect()
        if area.isNull():
            self._canvas.fit()
        else:
            self._canvas.view.fit_rect(area.adjusted(-20, -20, 20, 40), most=1.5)

    def center_on(self, call_id: str) -> None:
        """Bring a box into the middle of the view, large enough to be read."""
        scene, view = self._canvas.graph_scene, self._canvas.view
        scene.finish()
        if call_id in scene.boxes:
            self._fit_when_placed = False
            self._to_be_fitted = False
            view.zoom_to(max(view.zoom, _READABLE))
            view.centerOn(scene.shown(call_id).rect().center())

    def reveal(self, call_id: str) -> None:
        """Bring a box of any graph (or a note, by its name) into the middle, and select it; its frame opens."""
        self.glance_at(call_id)
        if self._collapsing.reveal(call_id):
            self.glance_at(call_id)

    def glance_at(self, call_id: str) -> None:
        """As ``reveal``, but frames stay as they are: this may happen with every letter that is typed."""
        canvas, note = self._canvas, note_in(call_id)
        if note is not None:
            self._notes.show(note)
        elif canvas.document.has_call(call_id):
            canvas.show_graph(canvas.document.graph_id_of_call(call_id))
            canvas.select([call_id])
            self.center_on(call_id)

    # What comes to be seen for the first time

    def follow_placing(self) -> None:
        """Boxes that waited for their places have them now."""
        if self._fit_when_placed:
            self.first_look()

    def look_anew(self) -> None:
        """Show the whole graph as soon as the view is seen: all its boxes are others than before."""
        self._to_be_fitted = True

    def follow_size(self) -> None:
        """The view has another size."""
        if self._to_be_fitted:
            self.first_look()

    def follow_showing(self) -> None:
        """The view is seen."""
        self.follow_size()
        self._to_be_fitted = False
