"""What helps to get about on a canvas: finding boxes, going along the wires, wiring by the keyboard."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QPainter
from PySide6.QtWidgets import QApplication

from graph_editor.document.checking.validation import Problem
from graph_editor.document.document import Changes
from graph_editor.view.access.accessible import CanvasObjects
from graph_editor.view.access.walking import Way, next_box
from graph_editor.view.floating.find_bar import FindBar
from graph_editor.view.floating.focus_frame import FocusFrame
from graph_editor.view.items.spoken import note_words, selection_words
from graph_editor.view.painting.content import by_call
from graph_editor.view.painting.theme import CanvasTheme
from graph_editor.view.tools.base import Pointer
from graph_editor.view.tools.keyboard_wiring import KeyboardWiring, WiringKeys
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import announce, set_spoken_description
from resources.text import tr

if TYPE_CHECKING:
    from graph_editor.view.graph_view import GraphView

_WAYS: tuple[Way, ...] = ("up", "down", "left", "right")


class Aids(QObject):
    """Belongs to ``view``; ``commands`` is what the shortcut table may call."""

    def __init__(self, view: "GraphView", theme: CanvasTheme) -> None:
        super().__init__(view)
        self._view = view
        self._wiring: KeyboardWiring | None = None
        self._keys = WiringKeys(view, lambda: self._wiring, view.end_gesture)
        self.find_bar = FindBar(view.document, view.graph_scene, theme, view)
        self._frame = FocusFrame(theme, view)
        self.objects = CanvasObjects(view, view.graph_scene)
        self._advice = PlainLabel(parent=view)
        self._advice.setObjectName("canvasAdvice")
        self._advice.hide()
        self.set_theme(theme)
        self.find_bar.jumped.connect(view.reveal)
        self.find_bar.seen.connect(view.glance_at)
        self.find_bar.found_changed.connect(view.viewport().update)
        self.find_bar.closed.connect(view.setFocus)
        view.selection_changed.connect(self._on_selection_changed)
        view.graph_scene.notes_selected.connect(self._on_selection_changed)
        view.reason_changed.connect(lambda text, _place: announce(view, text, urgent=True))
        view.problem_reported.connect(lambda text: announce(view, text, urgent=True))

    def commands(self) -> dict[str, Callable[[], object]]:
        bar = self.find_bar
        walks = {f"walk_{way}": partial(self._walk, way) for way in _WAYS}
        walks |= {f"extend_{way}": partial(self._walk, way, extend=True) for way in _WAYS}
        return {
            "find": bar.open_bar,
            "find_next": bar.find_next,
            "find_previous": bar.find_previous,
            "wire_selected": self.begin_wiring,
            "open_menu": self._open_menu,
            **walks,
        }

    def set_theme(self, theme: CanvasTheme) -> None:
        self.find_bar.set_theme(theme)
        self._frame.set_theme(theme)
        panel, line, text = (theme.color(token).name() for token in ("raised", "accent", "text"))
        families = ", ".join(f'"{family}"' for family in theme.ui_families)
        self._advice.setStyleSheet(
            f"background: {panel}; color: {text}; border: 1px solid {line}; border-radius: 5px; padding: 4px 8px;"
            f"font-family: {families}; font-size: 12px;"
        )

    def set_problems(self, problems: Sequence[Problem]) -> None:
        self.find_bar.set_sentences(
            {call_id: [str(problem.text) for problem in found] for call_id, found in by_call(problems).items()}
        )
        self.objects.tell_problems()

    def follow(self, changes: Changes) -> None:
        if changes.structure or changes.operations_changed or changes.canvas or changes.everything:
            self.find_bar.look_again()
        if changes.canvas:
            self.objects.forget_gone()
        touched = [*changes.calls_changed, *changes.calls_added]
        graph = self._view.graph_scene.graph
        touched += [call for operation in changes.operations_changed for call in graph.calls_of(operation)]
        self.objects.tell_changes(touched)

    def paint(self, painter: QPainter) -> None:
        """Over everything else."""
        if self.find_bar.found:
            self.find_bar.paint_found(painter, self._view.zoom)

    def begin_wiring(self) -> None:
        """Let a wire hang from the one selected box; keys say where it ends."""
        view = self._view
        chosen = view.selection
        if len(chosen) != 1:
            view.problem_reported.emit(tr("Select the box whose output is to be wired."))
            return
        if len(view.graph_scene.boxes) < 2:
            view.problem_reported.emit(tr("There is no other box to wire it to."))
            return
        view.end_gesture()
        self._wiring = KeyboardWiring(view, chosen[0], self._on_aimed, self._on_wiring_ended)
        view.begin_gesture(self._wiring)
        self._wiring.start(Pointer(QPointF(), QPoint(), Qt.MouseButton.NoButton))

    def _walk(self, way: Way, extend: bool = False) -> None:
        """Go from the box selected last to the next; with ``extend`` those selected before stay so."""
        view = self._view
        here = view.selection[-1] if view.selection else None
        there = next_box(view.graph_scene, here, way)
        if there is not None:
            whole = view.graph_scene.stand_ins.whole([there])
            before = [call_id for call_id in view.selection if call_id not in whole] if extend else []
            view.select([*before, *whole])
            self._bring_into_view(there)

    def _open_menu(self) -> None:
        """As the menu key does where the system knows one."""
        view = self._view
        if QApplication.activePopupWidget() is None:
            middle = view.viewport().rect().center()
            keyboard = QContextMenuEvent.Reason.Keyboard
            event = QContextMenuEvent(keyboard, middle, view.viewport().mapToGlobal(middle))
            QApplication.sendEvent(view.viewport(), event)

    def _bring_into_view(self, call_id: str) -> None:
        self._view.ensureVisible(self._view.graph_scene.shown(call_id).rect(), 60, 60)

    def _on_selection_changed(self, _ids: tuple[str, ...]) -> None:
        """Screen readers hear of the box that keys go to now, else what is selected; the canvas says it too."""
        scene = self._view.graph_scene
        notes = note_words([scene.notes.items[key].note.text for key in scene.notes.selected])
        words = " ".join(text for text in (selection_words(scene, scene.selection), notes) if text)
        set_spoken_description(self._view, words)
        if not (self.objects.tell_focus() and len(scene.selection) == 1 and not notes):
            announce(self._view, words)

    def _on_aimed(self, target: str, advice: str) -> None:
        """Say below the box what Enter would do."""
        view, box = self._view, self._view.graph_scene.boxes[target]
        self._bring_into_view(target)
        announce(view, advice)
        self._advice.setText(advice)
        self._advice.adjustSize()
        place = view.mapFromScene(box.rect().bottomLeft()) + QPoint(0, 10)
        room = view.viewport().rect()
        x = max(4, min(place.x(), room.right() - self._advice.width() - 4))
        self._advice.move(x, min(place.y(), room.bottom() - self._advice.height() - 4))
        self._advice.setVisible(bool(advice))
        self._advice.raise_()

    def _on_wiring_ended(self, target: str | None) -> None:
        self._wiring = None
        self._advice.hide()
        self._view.drop_gesture()
        if target is not None and target in self._view.graph_scene.boxes:
            self._view.select([target])
