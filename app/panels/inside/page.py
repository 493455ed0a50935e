"""What the pages of the right column share: the box they are about, what is asked, and how that goes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.panels.inside.looking import LookingInside
from app.panels.inside.question import Question
from app.panels.plots.formats import count_text
from app.panels.widgets.fields import button
from app.panels.widgets.sentence import sentence
from graph_editor.words.spoken import set_spoken_name
from resources.text import tr
from runtime.messages.describing import DataProgress
from runtime.messages.inside import CallAt


class Page(QWidget):
    """`show_call` is called when another box is looked at, or another sample or model; `ask` when the page is seen."""

    def __init__(self, name: str, inside: LookingInside, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.inside = inside
        self.call: CallAt | None = None
        self.question = Question(inside.evaluations, self)
        self.trouble = sentence("", f"{name}_trouble")
        self.trouble.hide()
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(9)
        self.rows.addWidget(self.trouble)
        self._progress = Waiting(name, self.question)
        self.question.failed.connect(self._on_failed)

    def add_waiting(self, *starters: QWidget) -> None:
        """Put the line with progress and Cancel here; `starters` cannot be pressed meanwhile."""
        self._progress.starters = starters
        self.rows.addWidget(self._progress)

    def show_call(self, call: CallAt | None) -> None:
        """Be about another box; None: about none that the trained model has."""
        self.call = call

    def _on_failed(self, text: str) -> None:
        self.trouble.setText(text)
        self.trouble.setVisible(bool(text))


class Waiting(QWidget):
    """How far something is that takes long, with a way out. Hidden while nothing goes on.

    Who has pressed one of `starters` has the keyboard on Cancel meanwhile, and back on it when that is over: of a
    button that cannot be pressed any more, Qt would take it somewhere else in the window.
    """

    def __init__(self, name: str, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}_waiting")
        self._bar = QProgressBar()
        self._bar.setObjectName(f"{name}_progress")
        set_spoken_name(self._bar, tr("Progress"))
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(8)
        self._count = sentence("", f"{name}_count")
        self.starters: Sequence[QWidget] = ()
        self._from: QWidget | None = None
        self._cancel = cancel = button(tr("Cancel"), f"{name}_cancel")
        cancel.clicked.connect(question.cancel)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        rows.addWidget(self._bar)
        row = QHBoxLayout()
        rows.addLayout(row)
        row.setSpacing(8)
        row.addWidget(self._count, 1)
        row.addWidget(cancel)
        question.busy_changed.connect(self._on_busy)
        question.progressed.connect(self._on_progress)
        self.hide()

    def _on_busy(self, busy: bool) -> None:
        self._bar.setRange(0, 0)
        self._count.setText(tr("working it out…"))
        if busy:
            self.show()
            focus = self.window().focusWidget()
            self._from = next((starter for starter in self.starters if starter is focus), None)
            if self._from is not None:
                self._cancel.setFocus()
        for starter in self.starters:
            starter.setEnabled(not busy)
        if not busy:
            if self._from is not None and self.window().focusWidget() is self._cancel:
                self._from.setFocus()
            self.hide()

    def _on_progress(self, progress: DataProgress) -> None:
        done, total = progress.done, progress.total
        self._bar.setRange(0, 1000 if total else 0)
        if total:
            self._bar.setValue(round(1000 * done / total))
            self._count.setText(tr("{done} of {total}", done=count_text(done), total=count_text(total)))
