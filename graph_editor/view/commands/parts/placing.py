"""Places for many boxes that have none: worked out on another thread, when the scene asks for them."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from graph_editor.layout.layered import arrange
from graph_editor.view.commands.parts.tidy_job import Places, TidyJobs
from graph_editor.view.commands.parts.tidying import Tidying
from graph_editor.view.tools.canvas import Canvas


class Placing(QObject):
    """Belongs to the view of ``canvas``."""

    placed = Signal()

    def __init__(self, canvas: Canvas, tidying: Tidying) -> None:
        super().__init__(canvas.view)
        self._scene, self._tidying = canvas.graph_scene, tidying
        self.jobs = TidyJobs()
        self.jobs.arranged.connect(self._on_arranged)
        self.jobs.failed.connect(self._on_failed)
        self._scene.layout_wanted.connect(self.begin)
        if self._scene.waiting:
            self.begin()

    def begin(self) -> None:
        self.jobs.begin(partial(arrange, *self._scene.outline()))

    def _on_failed(self) -> None:
        self._on_arranged(self._tidying.in_a_column())

    def _on_arranged(self, places: Places) -> None:
        self._scene.take_places(places)
        self.placed.emit()
