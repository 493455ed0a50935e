"""Everything that is wrong, one sentence each; a click goes to the box."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListView, QPushButton, QVBoxLayout, QWidget

from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.problems.delegate import ProblemDelegate
from app.panels.problems.model import PROBLEM_ROLE, ProblemsModel
from app.project.session import Session
from graph_editor.document.changes import commands
from graph_editor.document.checking.validation import Problem, is_blank
from graph_editor.document.graph import TensorRef
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from resources.text import Text, tr


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
        self.fix_button = QPushButton(tr("Make the last box an output"))
        self.fix_button.setObjectName("fix_output_button")
        set_spoken_name(self.fix_button, self.fix_button.text())
        self.code_button = QPushButton(tr("Run the project's code…"))
        self.code_button.setObjectName("run_code_button")
        set_spoken_name(self.code_button, self.code_button.text())
        self._empty = PlainLabel(_nothing())
        self._empty.setObjectName("problems_empty")
        self._empty.setProperty("role", "dim")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._lay_out()
        self.view.clicked.connect(self._on_chosen)
        self.view.activated.connect(self._on_chosen)
        self.fix_button.clicked.connect(self._on_fix_clicked)
        self.code_button.clicked.connect(session.code.question_requested)
        session.code.changed.connect(self._on_code_changed)
        session.problems_changed.connect(self.show_problems)
        session.document_changed.connect(self._on_document_changed)
        self.show_problems(session.problems)

    def _on_theme(self, _theme: Theme) -> None:
        self.view.viewport().update()

    def _on_code_changed(self) -> None:
        self.show_problems(self._session.problems)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Errors first, otherwise in the order given."""
        blank = is_blank(problems)
        self._empty.setText(str(problems[0].text) if blank else _nothing())
        problems = [] if blank else problems
        self._problems = sorted(problems, key=lambda problem: problem.severity != "error")
        self._model.show_problems([(problem, self._box_name(problem)) for problem in self._problems])
        self.view.setVisible(bool(problems))
        self._empty.setVisible(not problems)
        wanted = any(problem.kind == "no_output" for problem in problems) and self._last_tensor() is not None
        self.fix_button.setVisible(wanted)
        self.code_button.setVisible(self._session.code.phase == "asking")

    def _make_view(self) -> QListView:
        view = QListView()
        view.setObjectName("problems_list")
        view.setAccessibleName(tr("Problems"))
        view.setModel(self._model)
        view.setItemDelegate(self._delegate)
        view.setMouseTracking(True)
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
        fixes.addWidget(self.fix_button)
        fixes.addWidget(self.code_button)
        fixes.addStretch(1)

    def _box_name(self, problem: Problem) -> str:
        """The box's name, unless the sentence begins with it anyway."""
        if problem.call is None or not self._session.document.has_call(problem.call):
            return ""
        name = self._session.document.operation_of(problem.call).name
        return "" if str(problem.text).startswith(name) else name

    def _last_tensor(self) -> TensorRef | None:
        """The first output of the last box that feeds nothing."""
        graph = self._session.document.graph
        ends = [call for call in graph.topological_order() if not graph.consumers(call)]
        ends = [call for call in ends if graph.operation_of(call).class_name != "InputLayer"]
        return TensorRef(ends[-1]) if ends else None

    def _on_document_changed(self, _changes: object) -> None:
        if self.fix_button.isVisibleTo(self) and self._last_tensor() is None:
            self.fix_button.hide()

    def _on_chosen(self, index: QModelIndex) -> None:
        problem = index.data(PROBLEM_ROLE)
        call = problem.call or (problem.edge.target if problem.edge else None)
        if call is not None and self._session.document.has_call(call):
            self._session.navigation.reveal(call)
        elif problem.kind.startswith("data"):
            self._session.navigation.show_workspace("data")
        self.problem_activated.emit(problem)

    def _on_fix_clicked(self) -> None:
        tensor = self._last_tensor()
        if tensor is None:
            return
        name = self._session.document.operation_of(tensor.call).name
        label = Text("Make {layer} an output", {"layer": name})
        self._session.edit(label, commands.set_output(self._session.document, tensor, True))


def _nothing() -> str:
    more = tr("What is wrong with the model or its data is listed here; Enter or a click leads to it.")
    return f"{tr('No problems')}\n{more}"
