"""Wire boxes without a mouse: W begins at the selected box, keys choose where the wire ends, Enter makes it."""

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractScrollArea

from graph_editor.document.changes import commands
from graph_editor.document.graph import TensorRef
from graph_editor.document.ports import Slot
from graph_editor.view.items.wire_preview import WirePreview
from graph_editor.view.tools.base import Gesture, Pointer
from graph_editor.view.tools.canvas import Canvas
from resources.text import tr


class KeyboardWiring(Gesture):
    """Up and Down, or the first letters of a name, choose a box; Left and Right its port; digits the output.

    ``ended`` is called with the box that was wired, None when it was cancelled; ``shown`` with the one
    aimed at and what can be done there.
    """

    priority: ClassVar[int] = 0

    def __init__(
        self, canvas: Canvas, source: str, shown: Callable[[str, str], None], ended: Callable[[str | None], None]
    ) -> None:
        super().__init__(canvas)
        scene = canvas.graph_scene
        self._tensor = TensorRef(source)
        self._shown, self._ended = shown, ended
        self._order = _downwards_from(canvas, source)
        self._at = next((i for i, key in enumerate(self._order) if not self._why_not(key)), 0)
        self._port = -1  # the first that fits; else one of the box's ports
        self._letters = ""
        self._lit = ""
        self._over = False
        self._preview = WirePreview(scene.style_sheet)
        scene.addItem(self._preview)

    @classmethod
    def begins(cls, canvas: Canvas, at: Pointer) -> None:
        """No press of the mouse begins it."""

    def start(self, at: Pointer) -> None:
        self._show()

    def update(self, at: Pointer) -> None: ...

    def finish(self, at: Pointer) -> None: ...

    def cancel(self) -> None:
        if not self._over:
            self._clean_up()
            self._ended(None)

    @property
    def target(self) -> str:
        return self._order[self._at]

    def key(self, event: QKeyEvent) -> None:
        """Everything that is typed while the wire hangs; Enter and Esc are others' business."""
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._aim(self._at + (1 if key in (Qt.Key.Key_Down, Qt.Key.Key_Tab) else -1))
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            count = len(self._slots()) + 1
            self._port = (self._port + 1 + (1 if key == Qt.Key.Key_Right else -1)) % count - 1
        elif event.text().isdigit():
            box = self.canvas.graph_scene.boxes[self._tensor.call]
            index = int(event.text()) - 1
            if 0 <= index < box.look.output_count:
                self._tensor = TensorRef(self._tensor.call, index)
        elif key == Qt.Key.Key_Backspace:
            self._letters = self._letters[:-1]
        elif event.text().isprintable() and event.text():
            self._seek(self._letters + event.text().lower())
        self._show()

    def connect_wire(self) -> None:
        """Make the wire, unless something is against it; then it goes on hanging and says why."""
        target, tensor, path = self.target, self._tensor, self._path()
        if self._reason():
            return
        self._clean_up()
        self.canvas.actions_on_boxes.connect(tensor, target, path)
        self._ended(target)

    # Choosing

    def _aim(self, at: int) -> None:
        self._at, self._port, self._letters = at % len(self._order), -1, ""

    def _seek(self, letters: str) -> None:
        """The next box whose name begins so, else one that has the letters in it; other letters begin anew."""
        names = [self.canvas.graph_scene.boxes[key].look.name.lower() for key in self._order]
        for beginning in (letters, letters[-1]):
            places = [i for i, name in enumerate(names) if name.startswith(beginning)]
            places += [i for i, name in enumerate(names) if beginning in name]
            if places:
                self._aim(places[0])
                self._letters = beginning
                return

    def _slots(self) -> list[Slot]:
        look = self.canvas.graph_scene.boxes[self.target].look
        return [*look.inputs, *look.free_inputs]

    def _path(self) -> tuple[str | int, ...] | None:
        return self._slots()[self._port].path if self._port >= 0 else None

    def _why_not(self, target: str) -> str:
        reason = commands.why_not(self.canvas.document, self._tensor, target)
        return str(reason) if reason else ""

    def _reason(self) -> str:
        if reason := self._why_not(self.target):
            return reason
        slots, name = self._slots(), self.canvas.graph_scene.boxes[self.target].look.name
        if not slots:
            return tr("{layer} takes no input.", layer=name)
        if self._port < 0 and len(slots) > 1 and all(slot.source is not None for slot in slots):
            return tr("{layer} has no free input.", layer=name)
        return ""

    # What shows

    def _show(self) -> None:
        scene = self.canvas.graph_scene
        target, reason = self.target, self._reason()
        if self._lit and self._lit != target and self._lit in scene.boxes:
            scene.boxes[self._lit].show_state(target=False)
            scene.expand(self._lit, False)
        self._lit = target
        scene.expand(target, True)
        box = scene.boxes[target]
        box.show_state(target=not reason)
        self._preview.lead(self._start(), self._end(), refused=bool(reason))
        self._shown(target, "" if reason else self._advice())
        self.canvas.show_reason(reason, self._pixel(box.rect().bottomLeft()))

    def _advice(self) -> str:
        name = self.canvas.graph_scene.boxes[self.target].look.name
        slots = self._slots()
        if self._port >= 0 and len(slots) > 1:
            return tr("Enter wires it to “{port}” of {layer}.", port=slots[self._port].name, layer=name)
        return tr("Enter wires it to {layer}. ↑ ↓ or letters: another one.", layer=name)

    def _start(self) -> QPointF:
        return self.canvas.graph_scene.collapsed_frames.start_of(self._tensor)

    def _end(self) -> QPointF:
        box, slots = self.canvas.graph_scene.boxes[self.target], self._slots()
        path = self._path() or next((slot.path for slot in slots if slot.source is None), None)
        return box.input_place(path or (slots[0].path if slots else ()))

    def _pixel(self, place: QPointF) -> QPoint:
        view = self.canvas.graph_scene.views()[0]
        return view.mapFromScene(place)

    def _clean_up(self) -> None:
        self._over = True
        scene = self.canvas.graph_scene
        if self._lit in scene.boxes:
            scene.boxes[self._lit].show_state(target=False)
            scene.expand(self._lit, False)
        self.canvas.show_reason("")
        scene.removeItem(self._preview)


class WiringKeys(QObject):
    """Hands the keys of ``view`` to the wiring that goes on there, if one does."""

    def __init__(
        self, view: QAbstractScrollArea, going_on: Callable[[], KeyboardWiring | None], stop: Callable[[], object]
    ) -> None:
        super().__init__(view)
        self._going_on = going_on
        self._stop = stop
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        wiring = self._going_on()
        if wiring is None:
            return False
        if event.type() in (QEvent.Type.FocusOut, QEvent.Type.MouseButtonPress):
            self._stop()
        elif event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self._stop()
            elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                wiring.connect_wire()
            else:
                wiring.key(event)
            return True
        return False


def _downwards_from(canvas: Canvas, source: str) -> list[str]:
    """All other boxes: first those below ``source``, nearest first, then those above."""
    scene = canvas.graph_scene
    x, y = scene.place_of(source)
    places = {key: scene.place_of(key) for key, box in scene.boxes.items() if key != source and not box.hidden}
    return sorted(places, key=lambda key: (places[key][1] <= y, places[key][1], abs(places[key][0] - x)))
