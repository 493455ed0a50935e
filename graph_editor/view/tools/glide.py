"""Boxes glide to other places, and the view with them; Esc puts them back."""

from collections.abc import Callable, Mapping
from typing import ClassVar, Final

from PySide6.QtCore import QEasingCurve, QVariantAnimation

from graph_editor.document.document import Point
from graph_editor.view.tools.base import Gesture, Pointer
from graph_editor.view.tools.canvas import Canvas

DURATION: Final = 180  # milliseconds


class Glide(Gesture):
    """``look`` is told how far the boxes have come, from 0 to 1; ``done`` when they are there."""

    priority: ClassVar[int] = 0

    def __init__(
        self, canvas: Canvas, places: Mapping[str, Point], look: Callable[[float], object], done: Callable[[], object]
    ) -> None:
        super().__init__(canvas)
        scene = canvas.graph_scene
        before = {key: scene.place_of(key) for key in places}
        self._ways = {key: (before[key], place) for key, place in places.items() if before[key] != place}
        self._look, self._done = look, done
        self._clock = QVariantAnimation()
        self._clock.setStartValue(0.0)
        self._clock.setEndValue(1.0)
        self._clock.setDuration(DURATION)
        self._clock.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._clock.valueChanged.connect(self._show)
        self._clock.finished.connect(self._arrive)

    @classmethod
    def begins(cls, canvas: Canvas, at: Pointer) -> None:
        """No press of the mouse begins it."""

    def begin(self) -> None:
        self._clock.start()

    def start(self, at: Pointer) -> None: ...

    def update(self, at: Pointer) -> None: ...

    def finish(self, at: Pointer) -> None: ...

    def cancel(self) -> None:
        self._clock.stop()
        self._put_back()
        self._look(0.0)

    def _show(self, share: float) -> None:
        self.canvas.graph_scene.preview_places(
            {key: (a + (c - a) * share, b + (d - b) * share) for key, ((a, b), (c, d)) in self._ways.items()}
        )
        self._look(share)

    def _arrive(self) -> None:
        self._put_back()  # what is done next brings them there again, for good
        self._done()

    def _put_back(self) -> None:
        scene = self.canvas.graph_scene
        scene.preview_places({key: before for key, (before, _) in self._ways.items() if key in scene.boxes})
