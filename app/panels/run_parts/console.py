"""What the engine and the trainer print."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontMetrics, QGuiApplication, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.engine.run_controller import RunController
from app.look.fonts import mono_font
from app.panels.widgets.console_text import ConsoleText
from app.project.session import Session
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.text import tr

LINE_LIMIT = 5_000
_DELAY_MS = 40  # a program that prints line by line is shown in bundles
_HELD_LIMIT = 400_000  # characters; more than that in one bundle can only be a flood, whose start nobody reads


class ConsolePanel(QWidget):
    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("console")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._terminal = ConsoleText()
        self._held = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY_MS)
        self._timer.timeout.connect(self.show_held)
        self.view = self._make_view()
        self.copy_button = _button("console_copy", tr("Copy"), tr("Copy all of the console"))
        self.clear_button = _button("console_clear", tr("Clear"), tr("Clear the console"))
        self._lay_out()
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self.clear_button.clicked.connect(self.clear)
        session.engine.console_received.connect(self.append)
        session.training.shown.connect(self._on_run_shown)
        self.append(session.engine.console_text)
        self.show_held()
        self._run: RunController | None = None
        self._on_run_shown(session.training.run)

    def append(self, text: str) -> None:
        """Add printed text; it appears within 40 ms."""
        self._held = (self._held + text)[-_HELD_LIMIT:]
        if self._held and not self._timer.isActive():
            self._timer.start()

    def show_held(self) -> None:
        """Show at once what waits to be shown."""
        self._timer.stop()
        text, self._held = self._held, ""
        if not text:
            return
        finished = self._terminal.feed(text)[-LINE_LIMIT:]
        bar = self.view.verticalScrollBar()
        following = bar.value() >= bar.maximum() - 2
        cursor = QTextCursor(self.view.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText("\n".join([*finished, self._terminal.line]))
        if following:
            bar.setValue(bar.maximum())

    def clear(self) -> None:
        self._held = ""
        self._terminal = ConsoleText()
        self.view.clear()

    def _make_view(self) -> QPlainTextEdit:
        view = QPlainTextEdit()
        view.setObjectName("console_text")
        view.setAccessibleName(tr("Console"))
        view.setReadOnly(True)
        view.setProperty("role", "mono")
        view.setFont(mono_font())
        view.setMaximumBlockCount(LINE_LIMIT)
        view.setUndoRedoEnabled(False)
        view.setPlaceholderText(tr("What the engine and the training print appears here."))
        view.setMinimumHeight(QFontMetrics(view.font()).height() * 2)
        view.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        return view

    def _lay_out(self) -> None:
        title = PlainLabel(tr("Output of the engine and of training"))
        title.setProperty("role", "small")
        top = QHBoxLayout()
        top.setContentsMargins(12, 0, 8, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(top)
        top.addWidget(title, 1)
        top.addWidget(self.copy_button)
        top.addWidget(self.clear_button)
        layout.addWidget(self.view, 1)

    def _on_run_shown(self, run: RunController | None) -> None:
        """Show what the open project's run prints from now on."""
        if self._run is not None:
            self._run.console.disconnect(self.append)
        self._run = run
        if run is not None:
            run.console.connect(self.append)

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.view.toPlainText())


def _button(name: str, text: str, accessible_name: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    set_spoken_name(button, accessible_name)
    set_tooltip(button, accessible_name)
    button.setProperty("role", "quiet")
    return button
