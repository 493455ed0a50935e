"""One entry of a list that is put in order: a head with buttons, and what unfolds below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QToolButton, QWidget

from app.panels.widgets.fields import column, elastic
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.text import tr

UP: Final = -1
DOWN: Final = 1


class MovableRow(QFrame):
    """Alt with an arrow key moves it, Delete takes it away, dragging puts it elsewhere.

    `above` holds what shows always, `rows` what unfolds; controls are called after `name` and the place.
    """

    edited = Signal(int, str, object)  # the place, a setting and its value; without a setting it was unfolded
    moved = Signal(int, int)  # from where, UP or DOWN
    dropped = Signal(int, int)  # from where, the height on the screen
    removed = Signal(int)

    def __init__(self, name: str, place: int, title: str, help_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place, self._name = place, name
        self._pressed: QPoint | None = None  # where the mouse went down
        self.setObjectName(f"{name}_{place}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        set_spoken_name(self, tr("Step {number}: {step}", number=place + 1, step=title))
        self.fold = self._button("fold", tr("Settings of {step}", step=title), lambda: None)
        self.fold.setCheckable(True)
        self.fold.setArrowType(Qt.ArrowType.RightArrow)
        self.fold.toggled.connect(self._on_fold)
        self._title = PlainLabel(f"{place + 1}  {title}")
        self._title.setProperty("role", "strong")
        if help_text:
            set_tooltip(self._title, help_text)
        self.up = self._button("up", tr("Move up"), lambda: self.moved.emit(self.place, UP))
        self.up.setArrowType(Qt.ArrowType.UpArrow)
        self.down = self._button("down", tr("Move down"), lambda: self.moved.emit(self.place, DOWN))
        self.down.setArrowType(Qt.ArrowType.DownArrow)
        self.remove = self._button("remove", tr("Remove"), lambda: self.removed.emit(self.place))
        self.remove.setText("✕")
        self._above = QWidget()
        self.above = column(self._above, (20, 0, 0, 0), 2)
        self.body = QWidget()
        self.rows = column(self.body, (20, 2, 0, 4))
        self.body.setVisible(False)
        head = QHBoxLayout()
        head.setSpacing(3)
        rows = column(self, spacing=2)
        rows.addLayout(head)
        head.addWidget(self.fold)
        head.addWidget(elastic(self._title), 1)
        for made in (self.up, self.down, self.remove):
            head.addWidget(made)
        rows.addWidget(self._above)
        rows.addWidget(self.body)

    def show_place(self, count: int) -> None:
        """`count` is how many there are."""
        self.up.setEnabled(self.place > 0)
        self.down.setEnabled(self.place < count - 1)

    def _button(self, what: str, words: str, action: Callable[[], None]) -> QToolButton:
        made = QToolButton()
        made.setObjectName(f"{self._name}_{what}_{self.place}")
        set_spoken_name(made, words)
        set_tooltip(made, words)
        made.setFixedSize(18, 20)
        made.clicked.connect(action)
        return made

    def _on_fold(self, open_: bool) -> None:
        self.fold.setArrowType(Qt.ArrowType.DownArrow if open_ else Qt.ArrowType.RightArrow)
        self.body.setVisible(open_)
        self.edited.emit(self.place, "", None)  # to be shown what there is to edit now

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        moves: Mapping[int, int] = {int(Qt.Key.Key_Up): UP, int(Qt.Key.Key_Down): DOWN}
        if alt and event.key() in moves:
            self.moved.emit(self.place, moves[event.key()])
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(self.place)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.globalPosition().toPoint() if event.button() == Qt.MouseButton.LeftButton else None
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is not None:
            height = event.globalPosition().toPoint().y()
            if abs(height - pressed.y()) >= QApplication.startDragDistance():
                self.dropped.emit(self.place, height)
        super().mouseReleaseEvent(event)
