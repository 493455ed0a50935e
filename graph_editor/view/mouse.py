"""Turns what the mouse does into gestures, one at a time; what they do to the document is said elsewhere."""

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent

from graph_editor.view.commands.canvas import CommandCanvas
from graph_editor.view.commands.parts.dot_actions import DotActions
from graph_editor.view.floating import navigation
from graph_editor.view.gestures import all_gestures, gesture_for
from graph_editor.view.items.hits import box_at, dot_at, wire_at
from graph_editor.view.tools import edge_pan
from graph_editor.view.tools.base import Gesture, Pointer
from graph_editor.view.tools.edge_pan import EdgePan
from graph_editor.view.tools.hover import Hover
from resources.text import Text

_CLICK: Final = 4  # pixels: what moves less is no drag
_DOUBLE_CLICKS: Final = (
    (Text("Double click"), Text("Add a layer; on a box: rename; on a nested model: open")),
    (Text("Double click on a collapsed frame"), Text("Open it")),
    (Text("Double click on a wire"), Text("Put a dot there that the wire runs through")),
)


def all_mouse_words() -> list[tuple[Text, Text]]:
    """Everything that is done with the mouse: what one does, and what for; of the gestures the usual ones first."""
    gestures = reversed(all_gestures())  # the special ones are asked first
    own = [words for gesture in gestures for words in vars(gesture).get("words", ())]
    return [*navigation.WORDS, *_DOUBLE_CLICKS, *own, *edge_pan.WORDS]


class Mouse(QObject):
    """Belongs to the view of ``canvas``. Esc, or a change of the document, ends the gesture that goes on."""

    pressed_with_alt = Signal()

    def __init__(self, canvas: CommandCanvas) -> None:
        super().__init__(canvas.view)
        self._canvas, self._view, self._scene = canvas, canvas.view, canvas.graph_scene
        self.pointed = QPointF()  # where it is, or where a menu was called, in pixels; null: nobody knows
        self.hover = Hover(canvas.graph_scene, canvas.catalog)
        self._gestures = all_gestures()
        self._gesture: Gesture | None = None
        self._starting = self._overtaken = False
        self._pressed_at = QPoint()
        self._button = Qt.MouseButton.NoButton  # the one whose release finishes the gesture
        self._space = False
        self._toggled = False  # the last click has collapsed or opened a frame
        self._edge_pan = EdgePan(self)
        self._edge_pan.scrolled.connect(self._on_edge_scrolled)
        self._last_pointer: Pointer | None = None  # of the gesture that goes on
        canvas.graph_scene.selection_changed.connect(self.hover.leave_dot)

    @property
    def busy(self) -> bool:
        """Whether a gesture goes on."""
        return self._gesture is not None

    def begin(self, gesture: Gesture) -> None:
        """Let a gesture go on that no mouse button ends."""
        self._gesture, self._button = gesture, Qt.MouseButton.NoButton
        self.hover.clear()

    def end(self) -> bool:
        """Cancel the gesture that goes on; whether one did."""
        self._edge_pan.stop()
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.cancel()
        self._show_cursor()
        return gesture is not None

    def drop(self) -> None:
        """The gesture has ended by itself."""
        self._gesture = None
        self._show_cursor()

    def is_starting(self) -> bool:
        """Whether a gesture is just starting; then it ends only after that: the document has changed under it."""
        self._overtaken = self._overtaken or self._starting
        return self._starting

    def hold_space(self, held: bool) -> None:
        """With the space bar a drag moves the canvas."""
        self._space = held
        self._show_cursor()

    def forget_space(self) -> None:
        """The keyboard is elsewhere."""
        self._space = False

    # Events

    def press(self, event: QMouseEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.pressed_with_alt.emit()
        if self._gesture is not None:
            return
        self.hover.clear()
        at = self._pointer(event)
        self._gesture = gesture_for(self._gestures, self._canvas, at)
        if self._gesture is not None:
            self._button, self._pressed_at = event.button(), at.view
            self._start(self._gesture, at)
            self._show_cursor()

    def move(self, event: QMouseEvent) -> None:
        self.pointed = event.position()
        at = self._pointer(event)
        if self._gesture is not None:
            self._gesture.update(at)
            self._last_pointer = at
            if self._gesture.pans_at_edges and (at.view - self._pressed_at).manhattanLength() > _CLICK:
                self._edge_pan.follow(at.view, self._view.viewport().rect(), self._gesture.pans_beyond)
        elif not self._space:
            self._view.viewport().setCursor(self.hover.update(at.scene, self._canvas.zoom))

    def release(self, event: QMouseEvent) -> None:
        gesture = self._gesture
        if gesture is None or event.button() != self._button:
            return
        self._edge_pan.stop()
        self._gesture = None  # finishing changes the document, which would cancel it
        at, collapsed = self._pointer(event), list(self._scene.collapsed_frames.items)
        gesture.finish(at)
        self._toggled = collapsed != list(self._scene.collapsed_frames.items)
        self._show_cursor()
        if dot_at(self._scene, at.scene, self._canvas.zoom) is not None:
            self._view.viewport().setCursor(self.hover.update(at.scene, self._canvas.zoom))

    def double_click(self, event: QMouseEvent) -> None:
        at = self._pointer(event)
        if event.button() != Qt.MouseButton.LeftButton or self._space:
            self.press(event)
            return
        self._canvas.end_gesture()
        if not self._toggled:  # else the first click was on the arrow of a frame, and something else lies here by now
            self._open_at(at.scene)

    def _open_at(self, place: QPointF) -> None:
        canvas, scene, zoom = self._canvas, self._scene, self._canvas.zoom
        box = box_at(scene, place)
        if box is not None:
            scene.select(box.members)
            canvas.run_action("enter_selected" if box.look.nested else "rename_selected")
        elif (note := scene.notes.at(place)) and wire_at(scene, place, zoom) is None:
            canvas.notes.edit(note.note.id)
        elif (item := scene.frames.handle_at(place, zoom)) is not None:
            canvas.renaming.rename_frame(item.frame.id)
        elif (dot := dot_at(scene, place, zoom)) is not None:
            DotActions(canvas.actions_on_boxes).remove(dot)
        elif (wire := wire_at(scene, place, zoom)) is not None:
            DotActions(canvas.actions_on_boxes).add(wire, place)
        else:
            canvas.search.open(place)

    def _start(self, gesture: Gesture, at: Pointer) -> None:
        """Begin a gesture. Selecting may take over what is typed in a form: that change ends it once it runs."""
        self._starting, self._overtaken = True, False
        try:
            gesture.start(at)
        finally:
            self._starting = False
        if self._overtaken:
            self._canvas.end_gesture()

    def _on_edge_scrolled(self, dx: int, dy: int) -> None:
        """The mouse stays where it is, and is somewhere else on the canvas."""
        at = self._last_pointer
        if self._gesture is None or at is None:
            self._edge_pan.stop()
            return
        self._canvas.scroll_by(dx, dy)
        self._gesture.update(replace(at, scene=self._view.at_pixel(QPointF(at.view))))

    def _pointer(self, event: QMouseEvent) -> Pointer:
        return Pointer(
            self._view.at_pixel(event.position()),
            event.position().toPoint(),
            event.button(),
            event.modifiers(),
            self._space,
        )

    def _show_cursor(self) -> None:
        shape = self._gesture.cursor if self._gesture else None
        if shape is None:
            shape = Qt.CursorShape.OpenHandCursor if self._space else Qt.CursorShape.ArrowCursor
        self._view.viewport().setCursor(shape)
