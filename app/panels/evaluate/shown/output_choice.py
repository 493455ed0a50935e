"""Which output of a model a page is about."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from graph_editor.editors.parts.combo import Combo
from graph_editor.words.spoken import set_spoken_name
from resources.text import tr
from runtime.messages.views import OutputFigures


class OutputChoice(Combo):
    """Hidden where there is nothing to choose. The first output is chosen until a person takes another one."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        set_spoken_name(self, tr("Output"))
        self.setMinimumWidth(140)
        self._outputs: tuple[OutputFigures, ...] = ()

    def show_outputs(self, outputs: Sequence[OutputFigures]) -> None:
        self._outputs = tuple(outputs)
        self.clear_all()
        for output in outputs:
            self.add(output.title, output.name)
        self.setVisible(len(outputs) > 1)

    def choose(self, name: str) -> None:
        """Be about the output of this name, where there is one; nothing is told of it."""
        place = next((place for place, output in enumerate(self._outputs) if output.name == name), self.currentIndex())
        self.setCurrentIndex(place)

    @property
    def output(self) -> OutputFigures | None:
        """The one that is chosen; None where there is none at all."""
        return self._outputs[self.currentIndex()] if self._outputs else None

    @property
    def name(self) -> str:
        """Keras' name of the output."""
        return self.output.name if self.output is not None else ""
