"""What a launcher is: the one part that differs between workers here and workers elsewhere."""

from typing import IO, Protocol


class Channel(Protocol):
    """Whole messages in both directions. Methods raise OSError or EOFError when the other side is gone."""

    def send_bytes(self, data: bytes, /) -> None: ...

    def recv_bytes(self) -> bytes: ...

    def close(self) -> None: ...


class Launched(Protocol):
    """A worker that was started. `console` is what it prints, unbuffered; who reads it closes it."""

    console: IO[bytes]

    @property
    def pid(self) -> int | None:
        """The number of its process on this machine; None when it runs elsewhere."""
        ...

    def accept(self) -> Channel:
        """Waits until the worker has connected. Raises ConnectionError if `abandon` was called before."""
        ...

    def abandon(self) -> None:
        """Makes `accept` give up; harmless after it has returned."""
        ...

    def wait(self) -> int:
        """Waits for the end. The exit status; a signal's number, negative, if one ended it."""
        ...

    def kill(self) -> None:
        """Ends the worker at once; harmless if it has ended."""
        ...

    def close(self) -> None:
        """Gives back what the connection needed. Called once, after `wait` or when the worker is left alone."""
        ...


class Launcher(Protocol):
    def launch(self) -> Launched:
        """Starts a worker. Raises OSError."""
        ...
