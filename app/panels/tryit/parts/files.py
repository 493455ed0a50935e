"""Files of single samples: read off the GUI thread, up to a size, and what other programs hand over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QObject
from PySide6.QtGui import QImage

from graph_editor.background.background import Background
from graph_editor.background.task import Task
from resources.os_reasons import os_reason
from resources.regular_files import read_regular
from resources.text import tr

MOST_BYTES: Final = 64 << 20


class ReadFile(Protocol):
    """Reads a file; one of both is called, on the GUI thread: with its bytes, or with a sentence why not."""

    def __call__(self, path: Path, done: Callable[[bytes], None], failed: Callable[[str], None], /) -> None: ...


class SampleFiles:
    def __init__(self, background: Background, receiver: QObject) -> None:
        self._background, self._receiver = background, receiver

    def read(self, path: Path, done: Callable[[bytes], None], failed: Callable[[str], None]) -> None:
        def take(task: Task[bytes]) -> None:
            error = task.error
            if error is None:
                done(task.result())
            elif isinstance(error, OSError):
                failed(tr("{file} cannot be read: {reason}.", file=path.name, reason=os_reason(error)))
            else:
                raise error

        self._background.run(self._receiver, lambda: read_regular(path, MOST_BYTES), take)


def dropped_file(mime: QMimeData) -> Path | None:
    """The one file of this machine that is dragged or copied."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return paths[0] if len(paths) == 1 else None


def png_of(image: QImage) -> bytes:
    """What another program has handed over as a picture, as a file of one. Lossless."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # PySide6 takes a str where its stubs want bytes
    buffer.close()
    return bytes(data.data())
