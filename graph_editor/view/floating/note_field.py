"""Writes a note, in place."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from graph_editor.document.canvas.notes import MOST_CHARACTERS, Note
from graph_editor.view.floating.navigation import NavigableView
from graph_editor.view.items.note_items import LETTERS, PADDING, card_colors
from graph_editor.view.painting.look import Look
from graph_editor.view.painting.theme import CanvasTheme
from resources.text import tr

_SMALLEST: tuple[int, int] = (180, 64)  # pixels
_LEAST_ZOOM, _MOST_ZOOM = 0.85, 2.0  # of the letters while one writes
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class NoteField(QPlainTextEdit):
    """Lies over the note that is being written; Ctrl+Enter or a click elsewhere accepts.

    Esc leaves an old note as it was, and ends a new one: what was typed is kept, undo takes it away.
    """

    entered = Signal(object, str)  # the note, and what it says now
    closed = Signal()

    def __init__(self, look: Look[CanvasTheme], view: NavigableView) -> None:
        super().__init__(view)
        self._view, self._look = view, look
        look.changed.connect(self._on_theme)
        self._note: Note | None = None
        self._area = QRectF()
        self.setObjectName("noteField")
        self.setAccessibleName(tr("Text of the note"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(0)
        self.textChanged.connect(self._on_text_changed)
        self.installEventFilter(self)
        view.zoom_changed.connect(self._place)
        for bar in (view.horizontalScrollBar(), view.verticalScrollBar()):
            bar.valueChanged.connect(self._place)
        self.hide()

    def _on_theme(self, _theme: CanvasTheme) -> None:
        self._place()

    @property
    def note(self) -> Note | None:
        """The one that is being written."""
        return self._note

    def edit(self, note: Note, area: QRectF) -> None:
        """Show over ``area`` (scene units) with the text of ``note``, ready to go on."""
        self._note, self._area = note, area
        old = tr("Write a note… Ctrl+Enter: done, Esc: as it was")
        self.setPlaceholderText(old if note.id else tr("Write a note… Ctrl+Enter or Esc: done"))
        self.setPlainText(note.text)
        self.moveCursor(QTextCursor.MoveOperation.End)
        self._place()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def accept(self) -> None:
        note, text = self._note, self.toPlainText()
        if note is not None:
            self._close()
            self.entered.emit(note, text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and self.isVisible() and self._window_is_active():
            self.accept()
        if not isinstance(event, QKeyEvent) or event.type() == QEvent.Type.KeyRelease:
            return super().eventFilter(watched, event)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() != Qt.Key.Key_Escape and not (control and event.key() in _ENTER):
            return super().eventFilter(watched, event)
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            leaves = event.key() == Qt.Key.Key_Escape and self._note is not None and self._note.id
            self._close() if leaves else self.accept()
        return True

    def _window_is_active(self) -> bool:
        """While another window has the keyboard one may go on writing afterwards."""
        return self.window().isActiveWindow()

    def _close(self) -> None:
        self._note = None
        self.hide()
        self.closed.emit()

    def _on_text_changed(self) -> None:
        if len(self.toPlainText()) > MOST_CHARACTERS:
            self.setPlainText(self.toPlainText()[:MOST_CHARACTERS])
            self.moveCursor(QTextCursor.MoveOperation.End)
        self._place()

    def _place(self) -> None:
        if self._note is None:
            return
        zoom = self._view.zoom
        letters = min(max(zoom, _LEAST_ZOOM), _MOST_ZOOM)
        self._dress(round(LETTERS * letters), round(PADDING * letters))
        rect = self._view.mapFromScene(self._area).boundingRect()
        width = max(rect.width(), _SMALLEST[0])
        font = self.fontMetrics()
        text_height = font.lineSpacing() * max(self.document().size().height(), 1) + 2 * PADDING * letters + 4
        room = self._view.viewport().rect()
        most = max(_SMALLEST[1], room.height() - 8)
        height = min(max(rect.height(), _SMALLEST[1], round(text_height)), most)
        fits = height < most
        bars = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(bars.ScrollBarAlwaysOff if fits else bars.ScrollBarAsNeeded)
        self.setGeometry(rect.left(), max(4, min(rect.top(), room.bottom() - height - 4)), width, height)
        if fits:
            self.verticalScrollBar().setValue(0)  # it has scrolled before there was room

    def _dress(self, letters: int, padding: int) -> None:
        assert self._note is not None
        fill, _ = card_colors(self._look.theme, self._note.color)
        c = {token: color.name() for token, color in self._look.theme.colors.items()}
        families = ", ".join(f'"{family}"' for family in self._look.theme.ui_families)
        sheet = f"""
        #noteField {{
            background: {fill.name()}; color: {c["text"]}; border: 2px solid {c["accent"]}; border-radius: 8px;
            padding: {padding - 2}px; font-family: {families}; font-size: {letters}px;
            selection-background-color: {c["selection"]}; selection-color: {c["text"]};
        }}
        #noteField QScrollBar:vertical {{ background: transparent; width: 8px; margin: 0; }}
        #noteField QScrollBar::handle:vertical {{ background: {c["faint"]}; border-radius: 3px; }}
        #noteField QScrollBar::add-line, #noteField QScrollBar::sub-line {{ height: 0; }}
        """
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)
