"""The canvas for screen readers: gives Qt the boxes, ports and wires as objects, and says what has changed.

PySide keeps the ownership of the interfaces that it hands to Qt, while Qt's cache deletes them too. So each is held
here as long as Qt knows it, and is taken out of Qt's cache before it goes: with its box, with the view, or at the end
of the program. Boxes, ports and wires are made when an assistive technology asks for them, not before.
"""

import atexit
import weakref
from collections.abc import Callable, Iterable
from functools import cache
from itertools import count

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QGraphicsView
from shiboken6 import Shiboken

from graph_editor.view.access.accessible_parts import Part, PartKey
from graph_editor.view.items.hits import box_at
from graph_editor.view.items.scene import GraphScene
from resources.text import tr

_NEWS_LIMIT = 50  # new boxes that are announced one by one; after more of them a reader has to look anyway
Event, TextKind = QAccessible.Event, QAccessible.Text
_Held = dict[PartKey | int, QAccessibleInterface]  # by number: those of the canvas itself


class CanvasInterface(QAccessibleWidget):
    """The canvas as a list of boxes in the order in which data flows; then its notes and the widgets on it."""

    def __init__(self, view: QGraphicsView, around: Callable[[], "CanvasObjects | None"]) -> None:
        super().__init__(view, QAccessible.Role.List)
        self._get_around = around

    def childCount(self) -> int:
        return len(self._order()) + len(self._notes()) + super().childCount()

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        around, order, notes = self._get_around(), self._order(), self._notes()
        if around is not None and 0 <= index < len(order):
            return around.part(PartKey("box", order[index]))
        if around is not None and 0 <= index - len(order) < len(notes):
            return around.part(PartKey("note", notes[index - len(order)]))
        return super().child(index - len(order) - len(notes))

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        around = self._get_around()
        if isinstance(child, Part):
            if child.key.kind == "note" and child.key.call in self._notes():
                return len(self._order()) + self._notes().index(child.key.call)
            return around.place_of(child.key.call) if around is not None and child.key.kind == "box" else -1
        index = super().indexOfChild(child)
        return index + len(self._order()) + len(self._notes()) if index >= 0 else index

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        around = self._get_around()
        box = around.part_at(QPoint(x, y)) if around is not None else None
        return box or super().childAt(x, y)

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        around = self._get_around()
        if around is not None and around.focused_call:
            return around.part(PartKey("box", around.focused_call))
        return super().focusChild()

    def text(self, kind: QAccessible.Text) -> str:
        around = self._get_around()
        if kind == TextKind.Name and around is not None and not around.scene.graph.calls:
            return tr("{canvas}, empty", canvas=super().text(kind))
        return super().text(kind)

    def _notes(self) -> list[str]:
        around = self._get_around()
        return list(around.scene.notes.items) if around is not None else []

    def _order(self) -> list[str]:
        around = self._get_around()
        return around.order() if around is not None else []


class CanvasObjects(QObject):
    """Belongs to ``view``, which shows ``scene``."""

    def __init__(self, view: QGraphicsView, scene: GraphScene) -> None:
        super().__init__(view)
        self.setObjectName("canvasObjects")
        self._view = view
        self._scene = scene
        self._held: _Held = {}
        self._numbers = count()
        self._order: dict[str, int] | None = None
        self._names: list[str] = []
        held = self._held
        self.destroyed.connect(lambda: release(held))
        scene.content_changed.connect(self._on_content_changed)
        view.installEventFilter(self)
        self._register()

    def _register(self) -> None:
        _living().add(self)

    def make_interface(self) -> CanvasInterface:
        """For Qt, when somebody looks at the view; again when PySide has given the view a new meta-object."""
        made = self._held[next(self._numbers)] = CanvasInterface(self._view, _weakly(self))
        return made

    # What parts ask (the Surroundings protocol)

    @property
    def scene(self) -> GraphScene:
        return self._scene

    @property
    def focused_call(self) -> str:
        """The box that keys go to: the one selected last, while the canvas has the keyboard."""
        chosen = self._scene.selection
        return chosen[-1] if chosen and self._view.hasFocus() else ""

    def part(self, key: PartKey) -> Part:
        """The same object each time, as long as the scene shows it."""
        interface = self._held.get(key)
        if isinstance(interface, Part):
            return interface
        part = Part(_weakly(self), key)
        if key.kind == "box" and key.call in self._scene.boxes:
            part.told_problem = self._scene.boxes[key.call].look.message
        self._held[key] = part
        QAccessible.registerAccessibleInterface(part)
        return part

    def root(self) -> QAccessibleInterface | None:
        return QAccessible.queryAccessibleInterface(self._view)

    def global_rect(self, area: QRectF) -> QRect:
        corners = self._view.mapFromScene(area).boundingRect()
        return QRect(self._view.viewport().mapToGlobal(corners.topLeft()), corners.size())

    def is_visible(self, area: QRectF) -> bool:
        return self._view.viewport().rect().intersects(self._view.mapFromScene(area).boundingRect())

    # What the canvas asks

    def order(self) -> list[str]:
        if self._scene.filling:
            return []  # they come in slices, and nobody is kept waiting for that
        if self._order is None or len(self._names) != len(self._scene.boxes):
            box_ids = self._scene.boxes.keys()
            flow = [call_id for call_id in self._scene.graph.topological_order() if call_id in box_ids]
            self._names = list(dict.fromkeys([*flow, *box_ids]))
            self._order = {call_id: index for index, call_id in enumerate(self._names)}
        return self._names

    def place_of(self, call_id: str) -> int:
        self.order()
        return (self._order or {}).get(call_id, -1)

    def part_at(self, place: QPoint) -> Part | None:
        viewport = self._view.viewport()
        pixel = viewport.mapFromGlobal(place)
        if not viewport.rect().contains(pixel) or self._view.childAt(pixel) is not viewport:
            return None  # elsewhere, or something lies over the canvas there
        inverted, _ = self._view.viewportTransform().inverted()
        box = box_at(self._scene, inverted.map(QPointF(pixel)))
        return self.part(PartKey("box", box.members[0])) if box is not None else None

    def release(self) -> None:
        """At the end of the program; at the end of the view it happens by itself."""
        release(self._held)

    # News

    def tell_focus(self) -> bool:
        """Say which box has the keyboard now; whether anybody listens and there is one."""
        call_id = self.focused_call
        if not call_id or not QAccessible.isActive():
            return False
        QAccessible.updateAccessibility(QAccessibleEvent(self.part(PartKey("box", call_id)), Event.Focus))
        return True

    def tell_changes(self, call_ids: Iterable[str]) -> None:
        """Boxes are called or stand otherwise now: those that somebody has looked at are told of."""
        if not QAccessible.isActive():
            return
        for call_id in call_ids:
            part = self._held.get(PartKey("box", call_id))
            if part is not None:
                for kind in (Event.NameChanged, Event.DescriptionChanged):
                    QAccessible.updateAccessibility(QAccessibleEvent(part, kind))

    def tell_problems(self) -> None:
        """Tell of boxes that somebody has looked at and that have another problem now, or none any more."""
        changed_ids = []
        for key, part in self._held.items():
            box = self._scene.boxes.get(key.call) if isinstance(key, PartKey) and key.kind == "box" else None
            if box is not None and isinstance(part, Part) and part.told_problem != box.look.message:
                part.told_problem = box.look.message
                changed_ids.append(box.call_id)
        self.tell_changes(changed_ids)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and QAccessible.isActive():
            QTimer.singleShot(0, self, self.tell_focus)  # after Qt's own news that the canvas has the keyboard
        return False

    def _on_content_changed(self) -> None:
        before, self._order = set(self._names), None
        self._names = [call_id for call_id in self._names if call_id in self._scene.boxes]
        self.forget_gone()
        if self._held and QAccessible.isActive():
            self._tell_of_new(before)

    def forget_gone(self) -> None:
        """Take what the scene shows no longer out of Qt's sight."""
        for part in [part for part in self._held.values() if isinstance(part, Part) and not part.exists()]:
            self._let_go(part)

    def _let_go(self, part: Part) -> None:
        part.leaving = True
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(part, Event.ObjectDestroyed))
        del self._held[part.key]
        forget(part)

    def _tell_of_new(self, before: set[str]) -> None:
        new = [call_id for call_id in self._scene.boxes if call_id not in before] if before else []
        for call_id in new if len(new) <= _NEWS_LIMIT else ():
            part = self.part(PartKey("box", call_id))
            QAccessible.updateAccessibility(QAccessibleEvent(part, Event.ObjectCreated))


def forget(interface: QAccessibleInterface) -> None:
    """Take an interface out of Qt's cache, which deletes it there."""
    if Shiboken.isValid(interface):
        QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(interface))


def release(interfaces: _Held) -> None:
    """Let Qt forget everything before Python takes it away."""
    for interface in list(interfaces.values()):
        forget(interface)
    interfaces.clear()


def _weakly(objects: CanvasObjects) -> Callable[[], CanvasObjects | None]:
    """Interfaces are held by their view, so they must not hold it."""
    reference = weakref.ref(objects)

    def get() -> CanvasObjects | None:
        found = reference()
        return found if found is not None and Shiboken.isValid(found) else None

    return get


@cache
def _living() -> "weakref.WeakSet[CanvasObjects]":
    """Once a process: let Qt ask about canvases. What comes back are those that have something to release."""
    living: weakref.WeakSet[CanvasObjects] = weakref.WeakSet()

    def at_exit() -> None:
        """While Python and Qt are both still there."""
        snapshot = list(living)
        living.clear()
        for objects in snapshot:
            objects.release()

    def make(_class_name: str, receiver: QObject) -> QAccessibleInterface | None:
        if not isinstance(receiver, QGraphicsView):
            return None
        objects = next((item for item in living if Shiboken.isValid(item) and item.parent() is receiver), None)
        return objects.make_interface() if objects is not None else None

    QAccessible.installFactory(make)
    atexit.register(at_exit)
    return living
