"""How much of the data has been read, while it is read."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from app.engine.wording import bytes_text, count_text
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from resources.text import Text, tr
from runtime.messages.describing import DataProgress

_RESOLUTION: Final = 1000
_OF: Final = {
    "bytes": Text("{done} of {total}"),
    "rows": Text("{done} of about {total} rows"),
    "columns": Text("{done} of {total} columns"),
    "files": Text("{done} of {total} files"),
}
_SO_FAR: Final = {
    "rows": Text("{done} rows"),
    "columns": Text("{done} columns"),
    "files": Text("{done} files"),
}


class ReadingBar(QWidget):
    """`show_progress`; None hides it: what is quick needs no bar."""

    shown = Signal()  # or hidden

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.bar = QProgressBar()
        self.bar.setObjectName(f"{name}_bar")
        set_spoken_name(self.bar, tr("How much of the data has been read"))
        self.bar.setTextVisible(False)
        self.text = PlainLabel()
        self.text.setObjectName(f"{name}_text")
        self.text.setProperty("part", "hint")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(10)
        line.addWidget(self.bar, 1)
        line.addWidget(self.text)
        self.hide()

    def show_progress(self, progress: DataProgress | None) -> None:
        was_hidden = self.isHidden()
        if progress is not None:
            self._show(progress)
        self.setHidden(progress is None)
        if was_hidden != self.isHidden():
            self.shown.emit()

    def _show(self, progress: DataProgress) -> None:
        total = progress.total
        self.bar.setRange(0, _RESOLUTION if total else 0)
        self.bar.setValue(min(_RESOLUTION, _RESOLUTION * progress.done // total) if total else 0)
        self.text.setText(progress_text(progress))


def progress_text(progress: DataProgress) -> str:
    """ "312 MB of 1.0 GB"."""
    shown = bytes_text if progress.unit == "bytes" else count_text
    done, total = shown(progress.done), progress.total
    if total is not None:
        text = tr(_OF[progress.unit].template, done=done, total=shown(total))
    else:
        text = done if progress.unit == "bytes" else tr(_SO_FAR[progress.unit].template, done=done)
    return tr("{amount}, once more", amount=text) if progress.again else text
