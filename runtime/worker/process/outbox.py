"""Messages on their way to the desktop, sent by a thread of its own: a slow desktop never holds up training."""

import queue
import threading

from runtime.launchers.launcher import Channel
from runtime.messages.protocol import FromWorker, encode


class Outbox:
    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._waiting: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._send_all, name="outbox", daemon=True)
        self._thread.start()

    def send(self, message: FromWorker) -> None:
        """Returns at once and never raises; what nobody receives is dropped."""
        if not self._closed.is_set():
            self._waiting.put(encode(message))

    def close(self, timeout: float = 2.0) -> None:
        """Sends what is left, waiting no longer than `timeout` seconds."""
        self._waiting.put(None)
        self._thread.join(timeout)

    def _send_all(self) -> None:
        while (data := self._waiting.get()) is not None:
            try:
                self._channel.send_bytes(data)
            except (OSError, ValueError):  # gone, or a message larger than the connection takes
                break
        self._closed.set()
