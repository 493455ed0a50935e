"""Which boxes of the open project are which of the model that is looked into, as both change."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from app.panels.inside.looking import LookingInside
from app.panels.inside.matching import Match, match
from graph_editor.document.document import Document
from runtime.messages.inside import CallAt

_REST_MS = 150  # after an edit


class MatchedBoxes(QObject):
    """`changed` comes when `match` is another one. It is worked out only while people look inside."""

    changed = Signal()

    def __init__(self, inside: LookingInside, built: Callable[[], Document], parent: QObject) -> None:
        super().__init__(parent)
        self._inside, self._built = inside, built
        self.match = Match()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self.refresh)
        inside.model_changed.connect(self._on_model)
        inside.switched.connect(self._on_model)

    def document_changed(self, _changes: object = None) -> None:
        """The open project was edited."""
        if self._inside.on:
            self._rest.start()

    def refresh(self) -> None:
        model = self._inside.model if self._inside.on else None
        found = match(self._built(), model) if isinstance(model, Mapping) else Match()
        if found != self.match:
            self.match = found
            self.changed.emit()

    def call(self, box: str) -> CallAt | None:
        """What a box is in the model that is looked into."""
        return self.match.calls.get(box)

    def _on_model(self, _on: bool = True) -> None:
        self.refresh()
