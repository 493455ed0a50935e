"""What the desktop needs of the engine, on the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from PySide6.QtCore import QObject, Signal

from runtime.messages.describing import DataProgress
from runtime.messages.protocol import Answer, Request

EnginePhase = Literal["off", "starting", "ready", "dead"]
_CONSOLE_CHARACTERS = 200_000
AnswerCallback = Callable[[Answer], None]


@dataclass(frozen=True, slots=True)
class EngineState:
    """`text` is one line for the status bar; `detail` is the engine's last output when it died."""

    phase: EnginePhase
    text: str = ""
    detail: str = ""


class EngineBackend(Protocol):
    """The engine without Qt. Its callbacks may come on any thread."""

    def start(self) -> None: ...

    def restart(self) -> None: ...

    def stop(self) -> None: ...

    def request(self, message: Request, callback: AnswerCallback) -> int:
        """Send `message` with an id of the engine's own making and return the id; `callback` gets the one answer."""
        ...

    def cancel(self, request_id: int) -> None: ...

    def read_again(self) -> None: ...


class EngineLink(QObject):
    """Brings answers, states and console text of an engine to the GUI thread."""

    state_changed = Signal(object)  # EngineState
    console_received = Signal(str)
    progressed = Signal(object)  # DataProgress: how far a request is
    _answered = Signal(object, object)  # AnswerCallback, Answer
    _moved = Signal(object)  # EngineState
    _printed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = EngineState("off")
        self.console_text = ""  # what was printed of late
        self._backend: EngineBackend | None = None
        self._answered.connect(self._on_answered)
        self._moved.connect(self._on_moved)
        self._printed.connect(self._on_printed)

    def use(self, backend: EngineBackend) -> None:
        """The engine to talk to from now on; it is not started yet."""
        self._backend = backend

    def start(self) -> None:
        """Start or restart the engine; a running one stays."""
        if self._backend is not None and self.state.phase in ("off", "dead"):
            self._on_moved(EngineState("starting"))
            self._backend.start()

    def restart(self) -> None:
        """End whatever the engine is doing and start it anew; `state_changed` tells of both."""
        if self._backend is not None and self.state.phase in ("starting", "ready"):
            self._backend.restart()

    def stop(self) -> None:
        """End the engine and say nothing more about it."""
        if self._backend is not None:
            self._backend.stop()

    def request(self, message: Request, callback: AnswerCallback) -> int:
        """Ask the engine; `callback` gets its answer or a Failed on the GUI thread. The id in `message` is ignored."""
        if self._backend is None:
            return 0
        return self._backend.request(message, lambda answer: self._answered.emit(callback, answer))

    def cancel(self, request_id: int) -> None:
        """The answer is no longer wanted."""
        if self._backend is not None and request_id:
            self._backend.cancel(request_id)

    def read_again(self) -> None:
        """A person wants files to be tried once more whose reading did not come to an end."""
        if self._backend is not None:
            self._backend.read_again()

    def report_state(self, state: EngineState) -> None:
        """For the backend, on any thread."""
        self._moved.emit(state)

    def report_console(self, text: str) -> None:
        """For the backend, on any thread."""
        self._printed.emit(text)

    def report_progress(self, progress: DataProgress) -> None:
        """For the backend, on any thread."""
        self.progressed.emit(progress)

    def _on_answered(self, callback: AnswerCallback, answer: Answer) -> None:
        callback(answer)

    def _on_printed(self, text: str) -> None:
        self.console_text = (self.console_text + text)[-_CONSOLE_CHARACTERS:]
        self.console_received.emit(text)

    def _on_moved(self, state: EngineState) -> None:
        self.state = state
        self.state_changed.emit(state)
