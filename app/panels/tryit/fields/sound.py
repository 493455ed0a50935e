"""A sound: a file of one, or that of a sample."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRect
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.data.looking.painting import paint_wave
from app.panels.tryit.fields.field import Field
from app.panels.tryit.parts.files import ReadFile, dropped_file
from app.panels.widgets.fields import button, elastic
from graph_editor.words.plain_label import PlainLabel
from resources.plain import shown_name
from resources.text import tr
from runtime.messages.looking import SmallWave
from runtime.messages.trained import GivenValue
from runtime.messages.trying import FormField, ShownValue

_HEIGHT = 64


class _Wave(QWidget):
    def __init__(self, look: ThemeSource) -> None:
        super().__init__()
        self.wave: SmallWave | None = None
        self.setFixedHeight(_HEIGHT)
        look.follow(self._on_theme)

    def _on_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.wave is not None:
            paint_wave(QPainter(self), QRect(self.rect()), self.wave, self._theme)


class SoundField(Field):
    """`choose` asks for a file, `read` reads it off the GUI thread."""

    beside = False

    def __init__(
        self,
        field: FormField,
        look: ThemeSource,
        choose: Callable[[str], Path | None],
        read: ReadFile,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(field, parent)
        self.setAcceptDrops(True)
        self._choose, self._read = choose, read
        self._given: GivenValue | None = None
        self.name = elastic(PlainLabel(tr("No sound yet")))
        self.name.setProperty("part", "hint")
        self.wave = _Wave(look)
        self.wave.setObjectName(f"try_wave_{field.column}")
        self.wave.hide()
        self.open = button(
            tr("Open…"), f"try_sound_{field.column}", "", tr("A sound file; it may be dropped here, too")
        )
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.open)
        row.addWidget(self.name, 1)
        self.rows.addWidget(self.wave)
        self.rows.addWidget(box)
        self.rows.addWidget(self.complaint)
        self.setFocusProxy(self.open)
        self.open.clicked.connect(self._on_open)

    @property
    def value(self) -> GivenValue | None:
        return self._given

    def show_value(self, shown: ShownValue) -> None:
        self._given = shown.value
        self.complain("")
        self._show_wave(shown.wave, shown_name(shown.text))

    def show_example(self) -> None:
        empty = self.field.example == GivenValue()
        self._given = None if empty else self.field.example

    def _show_wave(self, wave: SmallWave | None, name: str) -> None:
        self.wave.wave = wave
        self.wave.setVisible(wave is not None)
        self.wave.update()
        self.name.setText(name)

    def _on_open(self) -> None:
        path = self._choose(self.field.column)
        if path is not None:
            self._take(path)

    def _take(self, path: Path) -> None:
        self._read(path, lambda data: self._on_read(path, data), self._on_failed)

    def _on_read(self, path: Path, data: bytes) -> None:
        self._given = GivenValue(file=data)
        self.complain("")
        self._show_wave(None, shown_name(path.name))
        self.changed.emit()

    def _on_failed(self, reason: str) -> None:
        self.complain(reason)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_file(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self._take(path)
