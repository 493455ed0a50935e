"""Boxes, ports and wires as Qt's accessibility interface knows them: what screen readers find on the canvas.

Boxes are children of the canvas, ports children of their box, a wire the child of the input at which it ends.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Literal, ParamSpec, Protocol, TypeVar

from PySide6.QtCore import QObject, QPointF, QRect, QRectF
from PySide6.QtGui import QAccessible, QAccessibleInterface

from graph_editor.document.graph import ArgumentPath, Edge
from graph_editor.document.ports import Slot
from graph_editor.view.items.box_item import BoxItem
from graph_editor.view.items.scene import GraphScene
from graph_editor.view.items.spoken import box_details, box_title, input_words, output_words, wire_words
from graph_editor.view.painting.metrics import PORT_RADIUS
from graph_editor.words.spoken import spoken
from resources.text import tr

PartKind = Literal["box", "input", "output", "wire", "note"]
Text, Role = QAccessible.Text, QAccessible.Role
_Args = ParamSpec("_Args")
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class PartKey:
    """``path`` says which input, or at which input a wire ends; ``index`` which output.

    Of a note ``call`` is the id.
    """

    kind: PartKind
    call: str
    path: ArgumentPath = ()
    index: int = 0


class Surroundings(Protocol):
    """What parts need to know of the canvas; it outlives them."""

    @property
    def scene(self) -> GraphScene: ...
    @property
    def focused_call(self) -> str: ...
    def part(self, key: PartKey) -> "Part": ...
    def root(self) -> QAccessibleInterface | None: ...
    def global_rect(self, area: QRectF) -> QRect: ...
    def is_visible(self, area: QRectF) -> bool: ...


def _safely(default: Callable[[], _Result]) -> Callable[[Callable[_Args, _Result]], Callable[_Args, _Result]]:
    """A reader may ask about what has just gone: then the answer is ``default``, and never an exception in Qt."""

    def decorate(method: Callable[_Args, _Result]) -> Callable[_Args, _Result]:
        @wraps(method)
        def guarded(*args: _Args.args, **kwargs: _Args.kwargs) -> _Result:
            try:
                return method(*args, **kwargs)
            except (KeyError, IndexError, RuntimeError, ReferenceError):
                return default()

        return guarded

    return decorate


def _nobody() -> QAccessibleInterface | None:
    return None


def _no_keys() -> list[PartKey]:
    return []


class Part(QAccessibleInterface):
    """One box, port or wire. Knows nothing itself: it looks in the scene whenever it is asked."""

    def __init__(self, around: Callable[[], Surroundings | None], key: PartKey) -> None:
        super().__init__()
        self.key = key
        self.told_problem = ""  # the message of a box that readers know of
        self.leaving = False  # it is gone, and Qt is being told so
        self._get_around = around

    @property
    def _around(self) -> Surroundings:
        around = self._get_around()
        if around is None:
            raise ReferenceError(self.key)
        return around

    @property
    def _box(self) -> BoxItem:
        return self._around.scene.boxes[self.key.call]

    @property
    def _slot(self) -> Slot:
        shown_slot = next((slot for slot in self._box.shown_inputs() if slot.path == self.key.path), None)
        if shown_slot is None:
            raise KeyError(self.key)
        return shown_slot

    @property
    def _edge(self) -> Edge:
        return self._around.scene.wires[self.key.call, self.key.path].edge

    @_safely(lambda: False)
    def exists(self) -> bool:
        """Whether the scene still shows it."""
        if self.key.kind in ("input", "wire"):
            paths = [slot.path for slot in self._box.shown_inputs()]
            wired = (self.key.call, self.key.path) in self._around.scene.wires
            return self.key.path in paths and (wired or self.key.kind == "input")
        if self.key.kind == "note":
            return self.key.call in self._around.scene.notes.items
        return self.key.index < self._box.look.output_count

    @_safely(_no_keys)
    def part_keys(self) -> list[PartKey]:
        """Return what it consists of."""
        if self.key.kind == "note":
            return []
        call, look = self.key.call, self._box.look
        if self.key.kind == "box":
            inputs = [PartKey("input", call, slot.path) for slot in self._box.shown_inputs()]
            return [*inputs, *(PartKey("output", call, (), index) for index in range(look.output_count))]
        if self.key.kind == "input" and (call, self.key.path) in self._around.scene.wires:
            return [PartKey("wire", call, self.key.path)]
        return []

    # Qt

    def isValid(self) -> bool:
        return self.leaving or self.exists()

    def object(self) -> QObject | None:  # type: ignore[override]
        return None

    @_safely(_nobody)
    def parent(self) -> QAccessibleInterface | None:  # type: ignore[override]
        if self.key.kind in ("box", "note"):
            return self._around.root()
        above = PartKey("input", self.key.call, self.key.path) if self.key.kind == "wire" else None
        return self._around.part(above or PartKey("box", self.key.call))

    def childCount(self) -> int:
        return len(self.part_keys())

    @_safely(_nobody)
    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        keys = self.part_keys()
        return self._around.part(keys[index]) if 0 <= index < len(keys) else None

    @_safely(_nobody)
    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        parts = [self._around.part(key) for key in self.part_keys()]
        return next((part for part in parts if part.rect().contains(x, y)), None)

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        keys = self.part_keys()
        return keys.index(child.key) if isinstance(child, Part) and child.key in keys else -1

    @_safely(str)
    def text(self, kind: QAccessible.Text) -> str:
        if kind == Text.Name:
            return spoken(self._name())
        if kind == Text.Description:
            return spoken(self._description())
        return ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """Names are changed by keys, as steps of the history."""

    @_safely(QRect)
    def rect(self) -> QRect:
        return self._around.global_rect(self._area())

    def role(self) -> QAccessible.Role:
        return {"box": Role.ListItem, "wire": Role.Link}.get(self.key.kind, Role.StaticText)

    @_safely(QAccessible.State)
    def state(self) -> QAccessible.State:
        flags = {"readOnly": True, "offscreen": not self._around.is_visible(self._area())}
        if self.key.kind == "note":
            flags |= {"selectable": True, "selected": self.key.call in self._around.scene.notes.selected}
        if self.key.kind == "box":
            flags |= dict.fromkeys(("selectable", "multiSelectable", "focusable"), True)
            flags["selected"] = self._box.state.selected
            flags["invisible"] = self._box.hidden  # a box stands in for it: the selection tells of that
            flags["focused"] = self._around.focused_call == self.key.call
        state = QAccessible.State()
        for name, value in flags.items():
            setattr(state, name, value)
        return state

    # What it says, and where it is

    def _name(self) -> str:
        scene = self._around.scene
        if self.key.kind == "box":
            return box_title(self._box.look)
        if self.key.kind == "input":
            return input_words(scene, self._slot)
        if self.key.kind == "output":
            return output_words(scene, self.key.call, self.key.index)
        if self.key.kind == "note":
            return tr("note: {text}", text=scene.notes.items[self.key.call].note.text)
        return wire_words(scene, self._edge)

    def _description(self) -> str:
        scene = self._around.scene
        if self.key.kind == "box":
            return box_details(scene, self.key.call)
        if self.key.kind == "wire":
            return scene.wires[self.key.call, self.key.path].problem
        if self.key.kind == "note":
            return ""
        marked = self._box.look.outputs
        return tr("output of the model") if self.key.kind == "output" and marked[self.key.index] else ""

    def _area(self) -> QRectF:
        scene = self._around.scene
        if self.key.kind == "note":
            return scene.notes.items[self.key.call].rect()
        box = self._box
        if self.key.kind == "box" or box.hidden:
            return scene.shown(self.key.call).rect()
        if self.key.kind == "wire":
            return scene.wires[self.key.call, self.key.path].sceneBoundingRect()
        at = box.input_place(self.key.path) if self.key.kind == "input" else box.output_place(self.key.index)
        return QRectF(at - QPointF(PORT_RADIUS, PORT_RADIUS), at + QPointF(PORT_RADIUS, PORT_RADIUS))
