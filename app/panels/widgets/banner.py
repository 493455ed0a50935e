"""A strip with a sentence, a few buttons, and the long story below a fold."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.panels.widgets.fields import set_state
from app.panels.widgets.illustration import Illustration
from graph_editor.words.letting_go import let_go
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from resources.text import tr

Action = tuple[str, str, Callable[[], object]]  # name, text, what to do


class Banner(QFrame):
    """`say` shows it in a look ("ok", "error", "warning", "info"); actions are (name, text, what to do).

    `narrow` leaves the sentence the whole width, with the buttons below it.
    """

    def __init__(self, name: str, parent: QWidget | None = None, narrow: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("part", "banner")
        self.text = PlainLabel()
        self.text.setObjectName(f"{name}_text")
        self.text.setProperty("part", "banner_text")
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.fold = QToolButton()
        self.fold.setObjectName(f"{name}_details")
        self.fold.setText(tr("Details"))
        self.fold.setAccessibleName(tr("Details"))
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold.setArrowType(Qt.ArrowType.RightArrow)
        self.fold.setCheckable(True)
        self.detail = QPlainTextEdit()
        self.detail.setObjectName("training_log")
        self.detail.setAccessibleName(tr("Details"))
        self.detail.setProperty("role", "mono")
        self.detail.setReadOnly(True)
        self.detail.setMaximumHeight(200)
        self.detail.hide()
        self.illustration: Illustration | None = None
        self._buttons: list[QPushButton] = []
        self._actions: list[Callable[[], object]] = []
        self._row, self._rows = QHBoxLayout(), QVBoxLayout(self)
        self._row.setSpacing(8)
        rows = self._rows
        rows.setContentsMargins(14, 10, 10, 10)
        rows.setSpacing(8)
        rows.addLayout(self._row)
        self._row.addWidget(self.text, 1)
        self._row.addWidget(self.fold)
        self._narrow, self._button_row = narrow, self._row
        if narrow:
            self._button_row = QHBoxLayout()
            self._button_row.setSpacing(8)
            rows.addLayout(self._button_row)
            self._button_row.addStretch(1)
        rows.addWidget(self.detail)
        self.fold.toggled.connect(self._on_toggled)
        self.hide()

    def use_illustration(self, illustration: Illustration) -> None:
        """A drawing beside the sentence, while that tells of an error."""
        self.illustration = illustration
        self._row.insertWidget(0, illustration)
        illustration.hide()

    def add_below(self, widget: QWidget) -> None:
        """Something that belongs to the sentence. Who adds it shows and hides it."""
        self._rows.insertWidget(1, widget)

    def say(
        self,
        text: str,
        state: str = "info",
        detail: str = "",
        actions: tuple[Action, ...] = (),
    ) -> None:
        self.text.setText(text)
        set_spoken_name(self.text, text)
        self.detail.setPlainText(detail)
        self.fold.setVisible(bool(detail))
        self.fold.setChecked(False)
        self._show_actions(actions)
        if self.illustration is not None:
            self.illustration.setVisible(state == "error")
        set_state(self, state)
        self.show()

    def _show_actions(self, actions: tuple[Action, ...]) -> None:
        """In the buttons that are there: one of them may just have been clicked."""
        self._actions = [action for _name, _label, action in actions]
        while len(self._buttons) > len(actions):
            let_go(self._buttons.pop())
        for place, (name, label, _action) in enumerate(actions):
            if place == len(self._buttons):
                button = QPushButton()
                button.clicked.connect(lambda _checked=False, number=place: self._actions[number]())
                self._button_row.insertWidget(self._button_row.count() - self._narrow, button)
                self._buttons.append(button)
            self._buttons[place].setText(label)
            self._buttons[place].setObjectName(name)
            set_spoken_name(self._buttons[place], label)

    def _on_toggled(self, on: bool) -> None:
        self.fold.setArrowType(Qt.ArrowType.DownArrow if on else Qt.ArrowType.RightArrow)
        self.detail.setVisible(on)
