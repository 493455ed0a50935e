"""What a training run is told while it runs, by its connection or its folder; safe to use from all threads."""

import threading

from resources.text import Text
from runtime.messages.training import Pause, Resume, SetLearningRate, Stop


class WorkerError(Exception):
    """Something a person must know: one sentence, and everything else in `detail`."""

    def __init__(self, text: Text, detail: str = "") -> None:
        super().__init__(text.english())
        self.text = text
        self.detail = detail


class CancelledError(Exception):
    """Nobody waits for this answer any more."""


class Control:
    """Filled by the threads that hear of it, read by the training thread between batches.

    A stop ends a pause: `wait_while_paused` returns when the run may go on or is to end.
    """

    def __init__(self) -> None:
        self._running = threading.Event()
        self._running.set()
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._learning_rate: float | None = None

    def steer(self, message: Pause | Resume | Stop | SetLearningRate) -> None:
        match message:
            case Pause():
                self.pause()
            case Resume():
                self.resume()
            case Stop():
                self.stop()
            case SetLearningRate():
                self.set_learning_rate(message.value)

    def pause(self) -> None:
        if not self._stop.is_set():
            self._running.clear()

    def resume(self) -> None:
        self._running.set()

    def stop(self) -> None:
        self._stop.set()
        self._running.set()

    def set_learning_rate(self, value: float) -> None:
        with self._lock:
            self._learning_rate = value

    @property
    def paused(self) -> bool:
        return not self._running.is_set()

    @property
    def stopped(self) -> bool:
        return self._stop.is_set()

    def wait_while_paused(self, timeout: float | None = None) -> bool:
        """True when the run is not paused (any more); False after `timeout` seconds of pause."""
        return self._running.wait(timeout)

    def take_learning_rate(self) -> float | None:
        """The rate that was asked for since the last call, once."""
        with self._lock:
            value, self._learning_rate = self._learning_rate, None
            return value
