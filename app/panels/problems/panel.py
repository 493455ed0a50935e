"""Everything that is wrong or odd, one sentence each; a click goes to the box, one on a link mends it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.problems.delegate import ProblemDelegate
from app.panels.problems.model import ProblemsModel
from app.panels.problems.view import MendButton, ProblemsView
from app.project.session import Session
from graph_editor.document.checking.validation import Problem, is_blank
from graph_editor.words.literal import on_button
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.text import tr


class ProblemsPanel(QWidget):
    """Works at any height from one row on. `problem_activated` carries the Problem after its box was shown."""

    problem_activated = Signal(object)

    def __init__(self, session: Session, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problems")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._problems: list[Problem] = []
        self._model = ProblemsModel(self)
        self._delegate = ProblemDelegate(look, self)
        look.changed.connect(self._on_theme)
        self.view = self._make_view()
        self.mend_button = MendButton()  # the links of the rows, for the keyboard
        self.mend_button.setObjectName("mend_button")
        self.code_button = QPushButton(tr("Run the project's code…"))
        self.code_button.setObjectName("run_code_button")
        set_spoken_name(self.code_button, self.code_button.text())
        self._empty = PlainLabel(_nothing())
        self._empty.setObjectName("problems_empty")
        self._empty.setProperty("role", "dim")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._lay_out()
        self.view.chosen.connect(self._on_chosen)
        self.view.mend_chosen.connect(self._on_mend_chosen)
        self.view.selectionModel().currentChanged.connect(self._on_current_changed)
        self.view.activated.connect(self._on_chosen)
        self.mend_button.clicked.connect(self._on_mend_clicked)
        self.code_button.clicked.connect(session.code.question_requested)
        session.code.changed.connect(self._on_code_changed)
        session.problems_changed.connect(self.show_problems)
        self.show_problems(session.problems)

    def _on_theme(self, _theme: Theme) -> None:
        self.view.viewport().update()

    def _on_code_changed(self) -> None:
        self.show_problems(self._session.problems)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Problems, then remarks, both in the order given; the current one stays the current one."""
        current = self._model.problem(self.view.currentIndex().row())
        blank = is_blank(problems)
        self._empty.setText(str(problems[0].text) if blank else _nothing())
        problems = [] if blank else problems
        self._problems = sorted(problems, key=lambda problem: not problem.is_error)
        self._model.show_problems([(problem, self._box_name(problem)) for problem in self._problems])
        row = self._model.row_of(current) if current is not None else None
        if row is not None:
            self.view.setCurrentIndex(self._model.index(row))
        self.view.setVisible(bool(problems))
        self._empty.setVisible(not problems)
        self._show_mend()
        self.code_button.setVisible(self._session.code.phase == "asking")

    def _make_view(self) -> ProblemsView:
        view = ProblemsView(self._delegate.link_area)
        view.setObjectName("problems_list")
        view.setAccessibleName(tr("Problems"))
        view.setModel(self._model)
        view.setItemDelegate(self._delegate)
        view.setUniformItemSizes(True)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return view

    def _lay_out(self) -> None:
        fixes = QHBoxLayout()
        fixes.setContentsMargins(12, 0, 12, 6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 4)
        layout.setSpacing(4)
        layout.addWidget(self.view, 1)
        layout.addWidget(self._empty, 1)
        layout.addLayout(fixes)
        fixes.addWidget(self.mend_button)
        fixes.addWidget(self.code_button)
        fixes.addStretch(1)

    def _box_name(self, problem: Problem) -> str:
        """The box's name, unless the sentence begins with it anyway."""
        if problem.call is None or not self._session.document.has_call(problem.call):
            return ""
        name = self._session.document.operation_of(problem.call).shown_name
        return "" if str(problem.text).startswith(name) else name

    def _show_mend(self) -> None:
        problem = self._to_mend()
        self.mend_button.setVisible(problem is not None)
        if problem is not None and problem.mend is not None:
            text = str(problem.mend.text)
            self.mend_button.setText(on_button(text))
            set_tooltip(self.mend_button, str(problem.text))
            set_spoken_name(self.mend_button, f"{text} ({problem.text})")

    def _to_mend(self) -> Problem | None:
        """The current row, and while there is none the first that something is proposed for."""
        current = self._model.problem(self.view.currentIndex().row())
        proposed = [problem for problem in self._problems if problem.mend is not None]
        if current is not None:
            return current if current.mend is not None else None
        return proposed[0] if proposed else None

    def _on_current_changed(self, _current: QModelIndex, _before: QModelIndex) -> None:
        self._show_mend()

    def _on_mend_chosen(self, index: QModelIndex) -> None:
        problem = self._model.problem(index.row())
        if problem is not None:
            self._session.mend(problem)

    def _on_chosen(self, index: QModelIndex) -> None:
        problem = self._model.problem(index.row())
        if problem is None:
            return
        call = problem.call or (problem.edge.target if problem.edge else None)
        if call is not None and self._session.document.has_call(call):
            self._session.navigation.reveal(call)
        elif problem.is_of_data:
            self._session.navigation.show_workspace("data")
        elif problem.area == "training":
            self._session.navigation.show_workspace("train")
        self.problem_activated.emit(problem)

    def _on_mend_clicked(self) -> None:
        problem = self._to_mend()
        if problem is not None:
            self._session.mend(problem)


def _nothing() -> str:
    more = tr("What is wrong with the model or its data is listed here; Enter or a click leads to it.")
    return f"{tr('No problems')}\n{more}"
