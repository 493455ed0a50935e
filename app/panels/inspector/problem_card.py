"""What is wrong with the selected box, in one sentence, with Keras' own words behind a button."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from graph_editor.document.checking.validation import Problem
from graph_editor.words.literal import on_button
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.restyling import repolish, restyle
from graph_editor.words.spoken import set_spoken_name
from resources.text import tr

_MOST = 3


class ProblemCard(QFrame):
    """Hidden while there is no problem. The button does what is proposed for the first that a click can mend."""

    mend_requested = Signal(object)  # Problem

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problem_card")
        self._sentence = _wrapped("problem_sentence")
        self._detail = _wrapped("problem_detail")
        self._detail.hide()
        self._mendable: Problem | None = None
        self.mend = QPushButton()
        self.mend.setObjectName("problem_mend")
        self.mend.setProperty("role", "link")
        self._more = QPushButton(tr("Details"))
        self._more.setObjectName("problem_details_button")
        self._more.setAccessibleName(tr("Details of the problem"))
        self._more.setProperty("role", "link")
        self._more.setCheckable(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(11, 9, 11, 9)
        layout.setSpacing(5)
        layout.addWidget(self._sentence)
        layout.addWidget(self.mend, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._detail)
        layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self.mend.clicked.connect(self._on_mend)
        self._more.toggled.connect(self._on_toggled)
        self.hide()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """The problems of one box; the worst colours the card."""
        self.setVisible(bool(problems))
        sentences = "\n".join(str(problem.text) for problem in problems[:_MOST])
        detail = "\n\n".join(problem.detail for problem in problems if problem.detail)
        severity = "error" if any(problem.is_error for problem in problems) else "warning"
        if sentences != self._sentence.text():
            self._more.setChecked(False)
        self._sentence.setText(sentences)
        self._detail.setText(detail)
        self._more.setVisible(bool(detail))
        self._mendable = next((problem for problem in problems if problem.mend is not None), None)
        self.mend.setVisible(self._mendable is not None)
        if self._mendable is not None and self._mendable.mend is not None:
            words = str(self._mendable.mend.text)
            self.mend.setText(on_button(words))
            set_spoken_name(self.mend, words)
        if self.property("severity") != severity:
            restyle(self, severity=severity)
            repolish(self._sentence)

    def _on_mend(self) -> None:
        if self._mendable is not None:
            self.mend_requested.emit(self._mendable)

    def _on_toggled(self, unfolded: bool) -> None:
        self._detail.setVisible(unfolded)
        self._more.setText(tr("Hide details") if unfolded else tr("Details"))


def _wrapped(name: str) -> QLabel:
    label = PlainLabel()
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
