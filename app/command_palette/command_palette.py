"""Ctrl+K: one field that finds every action, layer, setting, box, template and recent project."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QListView, QVBoxLayout, QWidget

from app.command_palette.providers.entry import Entry
from app.command_palette.rows import ENTRY_ROLE, ROW_HEIGHT, EntryDelegate, EntryModel
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.system.matching import LIMIT, Index
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_description
from resources.text import tr

WIDTH, ROWS, TOP, FRAME = 620, 11, 84, 88  # FRAME: all but the list
REMEMBERED = 6  # what was used last stands first while nothing is typed


class CommandPalette(QFrame):
    """Lies over `window`; `collect` is asked for the lines each time it opens."""

    def __init__(self, window: QWidget, look: ThemeSource, collect: Callable[[], Sequence[Entry]]) -> None:
        super().__init__(window)
        self._window = window
        self._look = look
        self._collect = collect
        self._entries: Sequence[Entry] = ()
        self._index = Index(())
        self._used: list[str] = []
        self._before: QWidget | None = None  # who had the keyboard
        self.setObjectName("command_palette")
        self.setAccessibleName(tr("Command palette"))
        self._field = QLineEdit()
        self._field.setObjectName("command_field")
        self._field.setAccessibleName(tr("Search everything"))
        self._field.setPlaceholderText(tr("Search actions, layers, boxes, settings…"))
        self._field.textChanged.connect(self._on_text_changed)
        self._field.installEventFilter(self)
        self._model = EntryModel(self)
        self._list = QListView()
        self._list.setObjectName("command_list")
        self._list.setAccessibleName(tr("Found"))
        self._list.setModel(self._model)
        self._list.setUniformItemSizes(True)
        self._list.setMouseTracking(True)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.clicked.connect(self._take)
        self._hint = PlainLabel()
        self._hint.setObjectName("command_hint")
        self._hint.setProperty("role", "small")
        self._delegate = EntryDelegate(look, self._list)  # a list does not delete the one that it had before
        self._list.setItemDelegate(self._delegate)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 8)
        layout.setSpacing(8)
        for widget in (self._field, self._list, self._hint):
            layout.addWidget(widget)
        layout.setStretch(1, 1)
        look.changed.connect(self._on_theme)
        self.hide()

    def _on_theme(self, _theme: Theme) -> None:
        self.update()

    def open_palette(self) -> None:
        """Show over the window with an empty field; again: close."""
        if self.isVisible():
            self.close_palette()
            return
        self._before = QApplication.focusWidget()
        self._entries = self._collect()
        self._index = Index([(entry.title, f"{entry.also} {entry.hint}") for entry in self._entries])
        self._field.clear()
        self._on_text_changed("")
        self.show()
        self.raise_()
        self._field.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_palette(self) -> None:
        """Give the keyboard back to who had it."""
        if self.isVisible():
            self.hide()
            if self._before is not None and self._before.isVisible():
                self._before.setFocus()
            self._before = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and self.isVisible() and not self.underMouse():
            self._before = None  # the keyboard is somewhere else already
            self.hide()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            if event.key() == Qt.Key.Key_Escape:
                event.accept()
            return False
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_key(event)
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._look.theme.color("faint")), 1))
        painter.setBrush(QColor(self._look.theme.color("panel")))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)

    def _on_key(self, event: QKeyEvent) -> bool:
        key, last = event.key(), self._model.rowCount() - 1
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: ROWS - 1, Qt.Key.Key_PageUp: 1 - ROWS}
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in steps:
            row = self._list.currentIndex().row() + steps[Qt.Key(key)]
            once = key in (Qt.Key.Key_Down, Qt.Key.Key_Up)
            self._choose(row % (last + 1) if once and last >= 0 else min(max(row, 0), last))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and control:
            self._choose(0 if key == Qt.Key.Key_Home else last)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self._list.currentIndex())
        elif key in (Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab) or (key == Qt.Key.Key_K and control):
            self.close_palette()
        else:
            return False
        return True

    def _on_text_changed(self, text: str) -> None:
        found = self._index.search(text)
        entries = [self._entries[number] for number in found] if text.strip() else self._proposed()
        self._model.show_entries(entries)
        if entries:
            self._choose(0)
            self._hint.setText(tr("↑ ↓ choose · Enter does it · Esc closes"))
        else:
            self._hint.setText(tr("Nothing is called that. Fewer letters find more."))
        self._fit(len(entries))

    def _fit(self, count: int) -> None:
        """As high as the lines need, in whole lines."""
        room = self._window.height() - TOP - 20 - FRAME
        rows = max(1, min(count, ROWS, room // ROW_HEIGHT))
        self._list.setFixedHeight(rows * ROW_HEIGHT)
        width = min(WIDTH, self._window.width() - 40)
        self.setGeometry((self._window.width() - width) // 2, TOP, width, rows * ROW_HEIGHT + FRAME)

    def _proposed(self) -> list[Entry]:
        """Before anything is typed: what was used last, then what comes first."""
        by_title = {entry.title: entry for entry in self._entries}
        recent = [by_title[title] for title in self._used if title in by_title]
        others = [
            e for e in self._entries if e.enabled and e.kind in ("action", "setting") and e.title not in self._used
        ]
        return [*recent, *others][:LIMIT]

    def _choose(self, row: int) -> None:
        index = self._model.index(row)
        self._list.setCurrentIndex(index)
        self._list.scrollTo(index)
        set_spoken_description(self._field, str(index.data(Qt.ItemDataRole.AccessibleTextRole) or ""))

    def _take(self, index: QModelIndex) -> None:
        entry: Entry | None = index.data(ENTRY_ROLE)
        if entry is None:
            return
        if not entry.enabled:
            self._hint.setText(tr("“{title}” is not possible now.", title=entry.title))
            return
        self._used = [entry.title, *(title for title in self._used if title != entry.title)][:REMEMBERED]
        self.close_palette()
        entry.run()
