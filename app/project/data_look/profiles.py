"""What the columns of the project's data hold, asked of the engine when somebody looks at them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from app.engine.engine_link import EngineLink
from app.project.data_look.asking import Asking
from resources.text import Text
from runtime.messages.connection import Failed
from runtime.messages.profiling import ColumnProfile, DataProfiled, ProfileData
from runtime.messages.protocol import Answer
from runtime.spec import DataSpec


class DataProfiles(QObject):
    """`of` gives what is known; `want` asks for the rest, column by column, and `changed` tells of each."""

    changed = Signal(str)

    def __init__(self, engine: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asking = Asking(engine)
        self._of: tuple[DataSpec | None, str | None] = (None, None)
        self._known: dict[str, ColumnProfile] = {}

    @property
    def busy(self) -> bool:
        return self._asking.busy

    def show(self, data: DataSpec | None, target: str | None, anew: bool = False) -> None:
        """The data to look at from now on, and the column whose classes the others are held against."""
        if (data, target) != self._of or anew:
            self._asking.forget()
            self._of, self._known = (data, target), {}

    def of(self, column: str) -> ColumnProfile | None:
        return self._known.get(column)

    def want(self, column: str) -> None:
        data, target = self._of
        if data is not None and column not in self._known:
            message = ProfileData(0, data, (column,), target)
            self._asking.ask(column, message, partial(self._on_answer, column))

    def _on_answer(self, column: str, answer: Answer) -> None:
        if isinstance(answer, DataProfiled) and answer.columns:
            self._known[column] = answer.columns[0]
        else:
            reason = answer.error if isinstance(answer, Failed) else Text("This was not looked at.")
            self._known[column] = ColumnProfile(column, 0, 0, failure=reason)
        self.changed.emit(column)
