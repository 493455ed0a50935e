"""Places for many boxes that have none: worked out on another thread, when the scene asks for them."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from graph_editor.background.background import Background, Latest
from graph_editor.background.task import Task
from graph_editor.layout.layered import arrange
from graph_editor.view.commands.parts.tidying import Places, Tidying, arranged
from graph_editor.view.tools.canvas import Canvas


class Placing(QObject):
    """Belongs to the view of ``canvas``."""

    placed = Signal()

    def __init__(self, canvas: Canvas, tidying: Tidying, background: Background) -> None:
        super().__init__(canvas.view)
        self._scene, self._tidying = canvas.graph_scene, tidying
        self._layout = Latest(background, self, in_turn=True)
        self._scene.layout_wanted.connect(self.begin)
        if self._scene.waiting:
            self.begin()

    def begin(self) -> None:
        self._layout.run(partial(arrange, *self._scene.outline()), self._on_arranged)

    def _on_arranged(self, task: Task[Places]) -> None:
        places = arranged(task)
        self._scene.take_places(self._tidying.in_a_column() if places is None else places)
        self.placed.emit()
