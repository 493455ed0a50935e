"""Where a project begins: templates as pictures, an empty canvas, a file, or what was open of late."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.dialogs.frame import Frame
from app.dialogs.template_cards import Card, CardGrid, Picture
from app.dialogs.unsaved_runs import UnsavedRunsList
from app.look.theme_source import ThemeSource
from app.project.runs_home import UnsavedRuns
from app.project.templates import TEMPLATES, Template
from graph_editor.background.background import Background
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from graph_editor.words.attaching import attached
from graph_editor.words.literal import on_button
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_description, set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.plain import shown_name
from resources.text import LANGUAGES, Text, language, tr

SIDE_WIDTH, RECENT_SHOWN = 210, 7


class NewProjectDialog(Frame):
    """After `exec`, `document` is a new project, `path` the file to open, or `runs` those of a project without a file.

    None of them when it was closed. `ask_file` asks for a file; None goes back to the dialog. `unsaved` reads in a
    thread which projects have runs and no file.
    """

    def __init__(
        self,
        catalog: Catalog,
        look: ThemeSource,
        background: Background,
        recent: Sequence[str],
        ask_file: Callable[[], Path | None],
        parent: QWidget | None = None,
        welcome: bool = False,
        unsaved: Callable[[], Sequence[UnsavedRuns]] | None = None,
    ) -> None:
        title = tr("Welcome to Lamella") if welcome else tr("Where would you like to begin?")
        super().__init__("new_project_dialog", title, parent)
        self.document: Document | None = None
        self.path: Path | None = None
        self.runs: UnsavedRuns | None = None
        self.language = ""  # another one was chosen: the card is to be shown again in that
        self._ask_file = ask_file
        if welcome:
            self._fill_languages(_fill_welcome(attached(self.body, QVBoxLayout())))
        row = QHBoxLayout()
        row.setSpacing(16)
        cards = [self._empty_card(catalog, look), *(self._card(item, catalog, look) for item in TEMPLATES)]
        self.body.addLayout(row)
        row.addWidget(CardGrid(cards))
        runs = UnsavedRunsList(unsaved, look, background, SIDE_WIDTH) if unsaved is not None else None
        self._fill_side(attached(row, QVBoxLayout()), recent, runs)
        self.add_close_button()
        cards[min(1, len(cards) - 1)].setFocus()

    def _fill_languages(self, row: QHBoxLayout) -> None:
        """Each in its own words, for those who do not read the one that is spoken."""
        row.setSpacing(4)
        for code, title in LANGUAGES.items():
            choice = QPushButton(title)
            choice.setObjectName(f"language_{code}")
            set_spoken_name(choice, title)
            choice.setProperty("role", "quiet")
            choice.setCheckable(True)
            choice.setChecked(code == language())
            choice.clicked.connect(partial(self._take_language, code))
            row.addWidget(choice)

    def _take_language(self, code: str, _checked: bool = False) -> None:
        if code == language():
            self.findChildren(QPushButton, f"language_{code}")[0].setChecked(True)
            return
        self.language = code
        self.reject()

    def _fill_side(self, side: QVBoxLayout, recent: Sequence[str], unsaved: UnsavedRunsList | None) -> None:
        side.setSpacing(4)
        opens = QPushButton(tr("Open…"))
        opens.setObjectName("open_file")
        opens.setAccessibleName(tr("Open a project or a Keras model"))
        set_tooltip(opens, tr("A project, or a model as .keras, .h5 or .json"))
        opens.setFixedWidth(SIDE_WIDTH)
        opens.clicked.connect(self._on_open)
        side.addWidget(opens)
        side.addSpacing(12)
        heading = PlainLabel(tr("Open recent"))
        heading.setProperty("role", "heading")
        side.addWidget(heading)
        paths = list(recent)[:RECENT_SHOWN]
        for text in paths:
            side.addWidget(self._recent(Path(text)))
        if not paths:
            nothing = PlainLabel(tr("Projects that you save or open are listed here."))
            nothing.setProperty("role", "small")
            nothing.setWordWrap(True)
            nothing.setFixedWidth(SIDE_WIDTH)
            side.addWidget(nothing)
        if unsaved is not None:
            unsaved.chosen.connect(self._take_runs)
            side.addWidget(unsaved)
        side.addStretch(1)

    def _recent(self, path: Path) -> QPushButton:
        button = QPushButton()
        button.setObjectName("recent_file")
        button.setProperty("role", "quiet")
        set_spoken_name(button, path.name)
        set_spoken_description(button, str(path))
        set_tooltip(button, str(path))
        button.setFixedWidth(SIDE_WIDTH)
        name = QFontMetrics(button.font()).elidedText(
            shown_name(path.name), Qt.TextElideMode.ElideMiddle, SIDE_WIDTH - 30
        )
        button.setText(on_button(name))
        button.setStyleSheet("text-align: left;")
        button.clicked.connect(partial(self.take_path, path))
        return button

    def _card(self, template: Template, catalog: Catalog, look: ThemeSource) -> Card:
        picture = Picture(look, template, catalog)
        card = Card(template.key, str(template.title), str(template.description), picture)
        card.clicked.connect(partial(self._take, template.open))
        return card

    def _empty_card(self, catalog: Catalog, look: ThemeSource) -> Card:
        card = Card("empty", tr("Empty canvas"), tr("A blank canvas to draw on."), Picture(look, None, catalog))
        card.clicked.connect(partial(self._take, partial(Document, catalog.keras_version)))
        return card

    def _take(self, make: Callable[[], Document], _checked: bool = False) -> None:
        self.document = make()
        self.accept()

    def _take_runs(self, runs: UnsavedRuns) -> None:
        self.runs = runs
        self.accept()

    def take_path(self, path: Path, _checked: bool = False) -> None:
        self.path = path
        self.accept()

    def _on_open(self) -> None:
        path = self._ask_file()
        if path is not None:
            self.take_path(path)


def _fill_welcome(rows: QVBoxLayout) -> QHBoxLayout:
    """Return what one does here, in three steps; shown at the first start, and again from the Help menu.

    Gives the place of the languages.
    """
    rows.setSpacing(10)
    intro = PlainLabel(tr("Three steps from an idea to a trained model. Take a template to see them all at once:"))
    intro.setObjectName("welcome_intro")
    line = QHBoxLayout()
    rows.addLayout(line)
    line.addWidget(intro, 1)
    languages = attached(line, QHBoxLayout())
    steps = QHBoxLayout()
    steps.setSpacing(12)
    rows.addLayout(steps)
    for number, (title, text) in enumerate(_STEPS, 1):
        steps.addWidget(_step(number, str(title), str(text)), 1)
    return languages


def _step(number: int, title: str, text: str) -> QFrame:
    card = QFrame()
    card.setObjectName("welcome_step")
    card.setProperty("role", "card")
    badge = PlainLabel(str(number))
    badge.setObjectName("welcome_number")
    badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
    badge.setFixedSize(24, 24)
    head, words = PlainLabel(title), PlainLabel(text)
    head.setProperty("role", "strong")
    words.setProperty("role", "small")
    words.setWordWrap(True)
    column = QVBoxLayout()
    column.setSpacing(2)
    row = QHBoxLayout(card)
    row.setContentsMargins(12, 10, 12, 10)
    row.setSpacing(12)
    row.addWidget(badge, 0, Qt.AlignmentFlag.AlignTop)
    row.addLayout(column, 1)
    column.addWidget(head)
    column.addWidget(words)
    return card


_STEPS: Final = (
    (Text("Build"), Text("Drag layers on to the canvas and wire them. Tab finds any layer by its name.")),
    (Text("Data"), Text("Drop a file or folder on the window. Lamella shows what is in it, and what fits the model.")),
    (Text("Train"), Text("Press F5 and watch the curves. Take the model away as .keras, Python or JSON.")),
)
