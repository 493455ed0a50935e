"""Where a project begins: templates as pictures, an empty canvas, a file, or what was open of late."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.dialogs.frame import Frame
from app.dialogs.template_cards import CARD_SIZE, Card, Picture
from app.templates import TEMPLATES, Template
from app.theme import Theme
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from resources.text import tr

COLUMNS, SIDE_WIDTH, RECENT_SHOWN = 3, 210, 7


class NewProjectDialog(Frame):
    """After `exec`, `document` is a new project, or `path` the file to open; neither when it was closed.

    `ask_file` asks for a file; None goes back to the dialog.
    """

    def __init__(
        self,
        catalog: Catalog,
        theme: Theme,
        recent: Sequence[str],
        ask_file: Callable[[], Path | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("new_project_dialog", tr("Where would you like to begin?"), parent)
        self.document: Document | None = None
        self.path: Path | None = None
        self._ask_file = ask_file
        row = QHBoxLayout()
        row.setSpacing(24)
        grid = QGridLayout()
        grid.setSpacing(12)
        cards = [self._empty_card(catalog, theme), *(self._card(item, catalog, theme) for item in TEMPLATES)]
        for number, card in enumerate(cards):
            grid.addWidget(card, number // COLUMNS, number % COLUMNS)
            grid.setRowMinimumHeight(number // COLUMNS, CARD_SIZE.height())
        row.addLayout(grid)
        row.addLayout(self._side(recent))
        self.body.addLayout(row)
        self.add_close_button()
        cards[min(1, len(cards) - 1)].setFocus()

    def _side(self, recent: Sequence[str]) -> QVBoxLayout:
        side = QVBoxLayout()
        side.setSpacing(4)
        opens = QPushButton(tr("Open…"))
        opens.setObjectName("open_file")
        opens.setAccessibleName(tr("Open a project or a Keras model"))
        opens.setToolTip(tr("A project, or a model as .keras, .h5 or .json"))
        opens.setFixedWidth(SIDE_WIDTH)
        opens.clicked.connect(self._on_open)
        side.addWidget(opens)
        side.addSpacing(12)
        heading = QLabel(tr("Open recent"))
        heading.setProperty("role", "heading")
        side.addWidget(heading)
        shown = list(recent)[:RECENT_SHOWN]
        for text in shown:
            side.addWidget(self._recent(Path(text)))
        if not shown:
            nothing = QLabel(tr("Projects that you save or open are listed here."))
            nothing.setProperty("role", "small")
            nothing.setWordWrap(True)
            nothing.setFixedWidth(SIDE_WIDTH)
            side.addWidget(nothing)
        side.addStretch(1)
        return side

    def _recent(self, path: Path) -> QPushButton:
        button = QPushButton()
        button.setObjectName("recent_file")
        button.setProperty("role", "quiet")
        button.setAccessibleName(path.name)
        button.setAccessibleDescription(str(path))
        button.setToolTip(str(path))
        button.setFixedWidth(SIDE_WIDTH)
        name = QFontMetrics(button.font()).elidedText(path.name, Qt.TextElideMode.ElideMiddle, SIDE_WIDTH - 30)
        button.setText(name.replace("&", "&&"))
        button.setStyleSheet("text-align: left;")
        button.clicked.connect(partial(self._take_path, path))
        return button

    def _card(self, template: Template, catalog: Catalog, theme: Theme) -> QPushButton:
        picture = Picture(theme, template, catalog)
        card = Card(template.key, str(template.title), str(template.description), picture)
        card.clicked.connect(partial(self._take, template.open))
        return card

    def _empty_card(self, catalog: Catalog, theme: Theme) -> QPushButton:
        card = Card("empty", tr("Empty canvas"), tr("A blank canvas to draw on."), Picture(theme, None, catalog))
        card.clicked.connect(partial(self._take, partial(Document, catalog.keras_version)))
        return card

    def _take(self, make: Callable[[], Document], _checked: bool = False) -> None:
        self.document = make()
        self.accept()

    def _take_path(self, path: Path, _checked: bool = False) -> None:
        self.path = path
        self.accept()

    def _on_open(self) -> None:
        path = self._ask_file()
        if path is not None:
            self._take_path(path)
