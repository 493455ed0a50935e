"""Wiring by the keyboard: a wire hangs from the selected box, and below the box aimed at stands what Enter does."""

from PySide6.QtCore import QObject, QPoint, QPointF, Qt

from graph_editor.view.commands.parts.canvas import WorkCanvas
from graph_editor.view.painting.look import Look
from graph_editor.view.painting.theme import CanvasTheme
from graph_editor.view.tools.base import Pointer
from graph_editor.view.tools.keyboard_wiring import KeyboardWiring, WiringKeys
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import announce
from resources.text import tr

_AROUND = 60  # pixels around a box that is brought into view


class Wiring(QObject):
    """Belongs to the view of ``canvas``."""

    def __init__(self, canvas: WorkCanvas, look: Look[CanvasTheme]) -> None:
        super().__init__(canvas.view)
        self._canvas, self._view = canvas, canvas.view
        self._wiring: KeyboardWiring | None = None
        self._keys = WiringKeys(canvas.view, lambda: self._wiring, canvas.end_gesture)
        self._advice = PlainLabel(parent=canvas.view)
        self._advice.setObjectName("canvasAdvice")
        self._advice.hide()
        look.follow(self._on_theme)

    def _on_theme(self, theme: CanvasTheme) -> None:
        panel, line, text = (theme.color(token).name() for token in ("raised", "accent", "text"))
        families = ", ".join(f'"{family}"' for family in theme.ui_families)
        self._advice.setStyleSheet(
            f"background: {panel}; color: {text}; border: 1px solid {line}; border-radius: 5px; padding: 4px 8px;"
            f"font-family: {families}; font-size: 12px;"
        )

    def begin(self) -> None:
        """Let a wire hang from the one selected box; keys say where it ends."""
        canvas = self._canvas
        call_ids = canvas.selection
        if len(call_ids) != 1:
            canvas.report_problem(tr("Select the box whose output is to be wired."))
            return
        if len(canvas.graph_scene.boxes) < 2:
            canvas.report_problem(tr("There is no other box to wire it to."))
            return
        canvas.end_gesture()
        self._wiring = KeyboardWiring(canvas, call_ids[0], self._on_aimed, self._on_ended)
        canvas.begin_gesture(self._wiring)
        self._wiring.start(Pointer(QPointF(), QPoint(), Qt.MouseButton.NoButton))

    def _on_aimed(self, target: str, advice: str) -> None:
        """Say below the box what Enter would do."""
        view, scene = self._view, self._canvas.graph_scene
        view.ensureVisible(scene.shown(target).rect(), _AROUND, _AROUND)
        announce(view, advice)
        self._advice.setText(advice)
        self._advice.adjustSize()
        place = view.mapFromScene(scene.boxes[target].rect().bottomLeft()) + QPoint(0, 10)
        room = view.viewport().rect()
        x = max(4, min(place.x(), room.right() - self._advice.width() - 4))
        self._advice.move(x, min(place.y(), room.bottom() - self._advice.height() - 4))
        self._advice.setVisible(bool(advice))
        self._advice.raise_()

    def _on_ended(self, target: str | None) -> None:
        self._wiring = None
        self._advice.hide()
        self._canvas.drop_gesture()
        if target is not None and target in self._canvas.graph_scene.boxes:
            self._canvas.select([target])
