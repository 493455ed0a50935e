"""Ctrl+F: finds boxes by name, class, parameter, state or problem, lights them up and goes from one to the next."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QToolButton, QWidget

from graph_editor.document.canvas.notes import note_in
from graph_editor.document.checking.finding import find
from graph_editor.document.document import Document
from graph_editor.view.floating.overlay_style import overlay_sheet
from graph_editor.view.items.scene import GraphScene
from graph_editor.view.painting.look import Look
from graph_editor.view.painting.metrics import RADIUS, TEXT_ZOOM
from graph_editor.view.painting.theme import CanvasTheme
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.restyling import restyle
from graph_editor.words.spoken import set_spoken_description, set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.text import tr

_WIDTH, _EDGE = 400, 12
_AROUND = 5.0  # how far the ring stands off a box


class FindBar(QFrame):
    """At the upper right of ``view``; hidden until asked for."""

    found_changed = Signal()  # other boxes are lit up
    jumped = Signal(str)  # call id, or name of a note
    seen = Signal(str)  # the same, for the first one found while a text is typed
    closed = Signal()

    def __init__(self, document: Document, scene: GraphScene, look: Look[CanvasTheme], view: QWidget) -> None:
        super().__init__(view)
        self._document = document
        self._scene = scene
        self._look = look
        self._view = view
        self._found: list[str] = []
        self._at = -1
        self._sentences: Mapping[str, Sequence[str]] = {}
        self.setObjectName("findBar")
        self.setAccessibleName(tr("Find a box"))
        self._field = QLineEdit(self)
        self._field.setObjectName("findField")
        self._field.setAccessibleName(tr("Name, class, parameter, state, problem or note"))
        self._field.setPlaceholderText(tr("Name, class, units=10, frozen, note…"))
        self._field.textChanged.connect(self._on_text_changed)
        self._field.installEventFilter(self)
        self._count = PlainLabel(parent=self)
        self._count.setObjectName("findCount")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 6, 6, 6)
        layout.setSpacing(4)
        layout.addWidget(self._field, 1)
        layout.addWidget(self._count)
        self._button(layout, "findPrevious", "↑", tr("Previous (Shift+Enter)"), self.find_previous)
        self._button(layout, "findNext", "↓", tr("Next (Enter)"), self.find_next)
        self._button(layout, "findClose", "✕", tr("Close (Esc)"), self.close_bar)
        look.follow(self._on_theme)
        self.hide()
        view.installEventFilter(self)

    def _on_theme(self, theme: CanvasTheme) -> None:
        self.setStyleSheet(overlay_sheet(theme) + _sheet(theme))

    def set_sentences(self, sentences: Mapping[str, Sequence[str]]) -> None:
        """The problems of each box, by call id."""
        self._sentences = sentences
        self.look_again()

    def look_again(self) -> None:
        """The document is another: what was found may be gone, and more may be there."""
        if self.isVisible():
            here = self._found[self._at] if self._at >= 0 else ""
            self._found = find(self._document, self._field.text(), self._sentences)
            self._at = self._found.index(here) if here in self._found else -1
            self._show_count()

    def open_bar(self) -> None:
        self._place()
        self.show()
        self.raise_()
        self._field.selectAll()
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._on_text_changed(self._field.text())

    def close_bar(self) -> None:
        if self.isVisible():
            self.hide()
            self._found, self._at = [], -1
            self.found_changed.emit()
            self.closed.emit()

    def find_next(self) -> None:
        self._step(1)

    def find_previous(self) -> None:
        self._step(-1)

    def paint_found(self, painter: QPainter, zoom: float) -> None:
        """Rings round the boxes and notes that were found, in the scene's own units."""
        current = self._rects([self._found[self._at]] if self._at >= 0 else [])
        rects = [rect for rect in self._rects(self._found) if rect not in current]
        if not rects and not current:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, zoom >= TEXT_ZOOM)
        painter.setBrush(self._look.theme.color("warning", 0.12))
        painter.setPen(_pen(self._look.theme, 1.5, zoom))
        around = [rect.adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND) for rect in rects]
        if zoom < TEXT_ZOOM:
            painter.drawRects(around)
        else:
            for rect in around:
                painter.drawRoundedRect(rect, RADIUS + _AROUND, RADIUS + _AROUND)
        for rect in current:
            painter.setPen(_pen(self._look.theme, 3.0, zoom))
            around_it = rect.adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND)
            painter.drawRoundedRect(around_it, RADIUS + _AROUND, RADIUS + _AROUND)

    def _rects(self, names: Sequence[str]) -> list[QRectF]:
        """Return where the boxes and notes of these names are that show."""
        scene, notes = self._scene, self._scene.notes
        found = [scene.shown(name) if name in scene.boxes else notes.shown(note_in(name) or "") for name in names]
        return [item.rect() for item in dict.fromkeys(found) if item is not None]

    @property
    def found(self) -> tuple[str, ...]:
        return tuple(self._found)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._view:
            if event.type() == QEvent.Type.Resize and self.isVisible():
                self._place()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F3):
                event.accept()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_key(event)
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        key, shift = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key == Qt.Key.Key_Escape:
            self.close_bar()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F3):
            self._step(-1 if shift else 1)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._step(1 if key == Qt.Key.Key_Down else -1)
        else:
            return False
        return True

    def _step(self, by: int) -> None:
        if not self.isVisible():
            self.open_bar()
        elif self._found:
            self._at = (self._at + by) % len(self._found) if self._at >= 0 or by > 0 else len(self._found) - 1
            self._show_count()
            self.jumped.emit(self._found[self._at])

    def _on_text_changed(self, text: str) -> None:
        """Show how many there are, and the first of them."""
        self._found, self._at = find(self._document, text, self._sentences), -1
        self._show_count()
        if self._found:
            self._at = 0
            self._show_count()
            self.seen.emit(self._found[0])

    def _show_count(self) -> None:
        count, text = len(self._found), ""
        if self._field.text().strip():
            text = tr("{number} of {count}", number=self._at + 1, count=count) if count else tr("none")
        self._count.setText(text)
        set_spoken_description(self._field, text)
        restyle(self._field, nothing=bool(text) and not count)
        self.found_changed.emit()

    def _place(self) -> None:
        width = min(_WIDTH, self._view.width() - 2 * _EDGE)
        height = self.sizeHint().height()
        self.setGeometry(QRect(self._view.width() - width - _EDGE, _EDGE, width, height))

    def _button(self, layout: QHBoxLayout, name: str, text: str, meaning: str, action: Callable[[], object]) -> None:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setText(text)
        set_spoken_name(button, meaning)
        set_tooltip(button, meaning)
        button.clicked.connect(action)
        layout.addWidget(button)


def _pen(theme: CanvasTheme, pixels: float, zoom: float) -> QPen:
    return QPen(theme.color("warning"), pixels / min(zoom, 1.0))


def _sheet(theme: CanvasTheme) -> str:
    c = {token: color.name() for token, color in theme.colors.items()}
    families = ", ".join(f'"{family}"' for family in theme.ui_families)
    return f"""
#findBar {{ background: {c["panel"]}; border: 1px solid {c["faint"]}; border-radius: 8px; }}
#findField {{
    background: {c["background"]}; color: {c["text"]}; border: 1px solid {c["line"]}; border-radius: 5px;
    padding: 4px 8px; font-family: {families}; font-size: 13px;
    selection-background-color: {c["selection"]}; selection-color: {c["text"]};
}}
#findField:focus {{ border-color: {c["accent"]}; }}
#findField[nothing="true"] {{ border-color: {c["error"]}; }}
#findCount {{ background: transparent; color: {c["dim"]}; font-family: {families}; font-size: 12px; padding: 0 4px; }}
#findBar QToolButton {{
    background: transparent; border: 1px solid transparent; border-radius: 4px; padding: 3px 7px;
    color: {c["dim"]}; font-family: {families}; font-size: 13px;
}}
#findBar QToolButton:hover {{ background: {c["raised"]}; color: {c["text"]}; }}
#findBar QToolButton:focus {{ border-color: {c["accent"]}; }}
"""
