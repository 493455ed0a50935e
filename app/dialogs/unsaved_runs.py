"""Runs of projects that were never saved, on the first card: to be opened again, or deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.look.icons import icon
from app.look.theme_source import ThemeSource
from app.panels.run_parts.run_facts import STATUS_TEXTS, started_text
from app.panels.widgets.questions import Confirm, confirm
from app.project.runs_home import UnsavedRuns, is_written, run_folders
from app.system.throwing_away import throw_away
from graph_editor.background.background import Background, Latest
from graph_editor.background.task import Task
from graph_editor.words.attaching import attached
from graph_editor.words.literal import on_button
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_description, set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.plain import shown_name
from resources.text import tr

_ROW_HEIGHT, _ROWS_SHOWN, _DELETE_WIDTH = 46, 3, 30


class UnsavedRunsList(QWidget):
    """Hidden until `read`, which is called in a thread, has found any. `chosen` carries the UnsavedRuns to open."""

    chosen = Signal(object)

    def __init__(
        self,
        read: Callable[[], Sequence[UnsavedRuns]],
        look: ThemeSource,
        background: Background,
        width: int,
        parent: QWidget | None = None,
        ask: Confirm = confirm,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("unsaved_runs")
        self._read = read
        self._look = look
        self._width = width
        self._ask = ask
        self._reading = Latest(background, self)
        heading = PlainLabel(tr("Runs of unsaved projects"))
        heading.setProperty("role", "heading")
        self._failure = PlainLabel()
        self._failure.setObjectName("unsaved_failure")
        self._failure.setProperty("role", "small")
        self._failure.setWordWrap(True)
        self._failure.hide()
        self._area = QScrollArea()
        self._area.setObjectName("unsaved_area")
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 12, 0, 0)
        rows.setSpacing(4)
        rows.addWidget(heading)
        rows.addWidget(self._area)
        rows.addWidget(self._failure)
        self.setFixedWidth(width)
        self.hide()
        self.reload()

    def reload(self) -> None:
        self._reading.run(self._read, self._on_read)

    def _on_read(self, task: Task[Sequence[UnsavedRuns]]) -> None:
        if task.error is not None:
            self._say(tr("The runs cannot be read: {reason}", reason=str(task.error)))
            self._area.hide()
            self.show()
            return
        projects = task.result()
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(2)
        for runs in projects:
            self._fill_row(attached(rows, QHBoxLayout()), runs, scrolls=len(projects) > _ROWS_SHOWN)
        rows.addStretch(1)
        self._area.setWidget(page)  # what it showed before goes with it
        page.setAutoFillBackground(False)
        self._area.viewport().setAutoFillBackground(False)
        self._area.setFixedHeight(
            min(len(projects), _ROWS_SHOWN) * (_ROW_HEIGHT + 2) + (len(projects) > _ROWS_SHOWN) * 16
        )
        self.setVisible(bool(projects))

    def _fill_row(self, row: QHBoxLayout, runs: UnsavedRuns, scrolls: bool) -> None:
        name, state = shown_name(runs.latest.name), state_text(runs)
        button = QPushButton()
        button.setObjectName("unsaved_run")
        button.setProperty("role", "quiet")
        set_spoken_name(button, tr("Open {name}", name=name))
        set_spoken_description(button, state)
        button.setStyleSheet(f"text-align: left; padding: 2px 11px; min-height: {_ROW_HEIGHT - 6}px;")
        room = self._width - _DELETE_WIDTH - (40 if scrolls else 24)
        metrics = QFontMetrics(button.font())
        lines = (
            metrics.elidedText(text, Qt.TextElideMode.ElideRight, room) for text in (" ".join(name.split()), state)
        )
        button.setText("\n".join(map(on_button, lines)))
        button.clicked.connect(partial(self._on_chosen, runs))
        delete = QPushButton()
        delete.setObjectName("unsaved_delete")
        delete.setProperty("role", "quiet")
        delete.setIcon(icon("trash", self._look.theme.color("text"), 14))
        delete.setIconSize(QSize(14, 14))
        delete.setFixedWidth(_DELETE_WIDTH)
        set_spoken_name(delete, tr("Delete the runs of {name}", name=name))
        set_tooltip(delete, tr("It is still training.") if runs.running else tr("Delete these runs"))
        delete.setEnabled(not runs.running)
        delete.clicked.connect(partial(self._on_delete, runs))
        row.setSpacing(2)
        row.addWidget(button, 1)
        row.addWidget(delete)

    def _on_chosen(self, runs: UnsavedRuns, _checked: bool = False) -> None:
        self.chosen.emit(runs)

    def _on_delete(self, runs: UnsavedRuns, _checked: bool = False) -> None:
        question = tr("Delete the runs of {name}?", name=runs.latest.name)
        more = tr("Their models, curves and logs, and the project as it was, go to the trash.")
        if not self._ask(self, question, more, tr("Delete")):
            return
        if any(is_written(run) for run in run_folders(runs.folder)):
            self._say(tr("It is still training."))
            return
        for_good = tr("They cannot be moved to the trash. Delete them for good?")
        sure = partial(self._ask, self, for_good, tr("This cannot be undone."), tr("Delete for good"))
        self._say(throw_away(runs.folder, sure))
        self.reload()

    def _say(self, text: str) -> None:
        self._failure.setText(text)
        self._failure.setVisible(bool(text))


def state_text(runs: UnsavedRuns) -> str:
    """When the last of the runs was started and how it stands, and how many there are."""
    state = tr("running") if runs.running else str(STATUS_TEXTS[runs.latest.status])
    words = [started_text(runs.latest.created), state] if runs.latest.created else [state]
    if runs.count > 1:
        words.append(tr("{count} runs", count=runs.count))
    return " · ".join(words)
