"""Two evaluations of the same samples: which one gets right what the other gets wrong."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.look.theme_source import ThemeSource
from app.panels.evaluate.drawing.figure_look import label_text, number_text
from app.panels.evaluate.shown.output_choice import OutputChoice
from app.panels.evaluate.shown.samples_page import Choice
from app.panels.evaluate.shown.slices_page import numbers_of
from app.panels.evaluate.shown.table import TableCard
from app.panels.evaluate.stored import Evaluation, evaluation_text, on_text, read_all, weights_text
from app.panels.plots.formats import count_text
from app.panels.widgets.banner import Banner
from app.panels.widgets.fields import button, hint
from app.project.evaluating import OneQuestion
from app.project.session import Session
from graph_editor.background.background import Background, Latest
from graph_editor.background.task import Task
from graph_editor.editors.parts.combo import Combo
from graph_editor.words.attaching import attached
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from resources.text import Text, tr
from runtime.messages.evaluating import CompareEvaluations, EvaluationsCompared
from runtime.messages.protocol import Answer
from runtime.messages.views import Label, Table
from runtime.store import RunInfo

_CERTAIN = 0.05
_COLUMNS = 3  # of the table: figure, this one, the other one
Found = tuple[tuple[RunInfo, Evaluation], ...]


class ComparePage(QScrollArea):
    """Offers the evaluations of all runs of the project on the same data.

    `opened` carries the evaluation whose samples are to be seen, the output, and which.
    """

    opened = Signal(object, str, object)  # Evaluation, output, Choice

    def __init__(
        self, session: Session, look: ThemeSource, background: Background, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("evaluate_compare")
        self.setAccessibleName(tr("Compare"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._session = session
        self._reading = Latest(background, self)
        self._evaluation: Evaluation | None = None
        self._others: dict[str, tuple[RunInfo, Evaluation]] = {}
        self._question = OneQuestion(session.evaluations)
        self.answer: EvaluationsCompared | None = None
        self._with = PlainLabel(tr("Compare with"))
        self.others = Combo()
        self.others.setObjectName("compare_with")
        set_spoken_name(self.others, tr("Compare with"))
        self.outputs = OutputChoice("compare_output")
        self.banner = Banner("compare_failure", narrow=True)
        self.state = hint("", "compare_state")
        self.verdict = PlainLabel()
        self.verdict.setObjectName("compare_verdict")
        self.verdict.setWordWrap(True)
        self._counts: dict[tuple[bool, bool], QPushButton] = {}
        self._card = QFrame()
        self.figures = TableCard(tr("Figures of both"), look)
        self._lay_out()
        self.others.chosen.connect(lambda _key: self._ask())
        self.outputs.chosen.connect(lambda _name: self._ask())

    def show_evaluation(self, evaluation: Evaluation) -> None:
        if evaluation != self._evaluation:
            self._evaluation, self.answer = evaluation, None
            self.outputs.show_outputs(evaluation.file.outputs)
            self._show_answer()
        if self.isVisible():
            self._read()

    def leave_project(self) -> None:
        """Another project is open: none of its runs are offered."""
        self._question.cancel()
        self._reading.cancel()
        self._evaluation = self.answer = None
        self._others = {}
        self.others.clear_all()
        self._show_answer()

    def _lay_out(self) -> None:
        inner = QWidget()
        inner.setObjectName("evaluate_inner")
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(14, 14, 14, 18)
        rows.setSpacing(12)
        head = attached(rows, QHBoxLayout())
        head.setSpacing(8)
        head.addWidget(self._with)
        head.addWidget(self.others, 1)
        head.addWidget(self.outputs)
        head.addStretch(1)
        rows.addWidget(self.banner)
        rows.addWidget(self.state)
        self._card.setProperty("role", "card")
        inside = QVBoxLayout(self._card)
        inside.setContentsMargins(14, 12, 14, 14)
        inside.setSpacing(10)
        inside.addWidget(self.verdict)
        grid = attached(inside, QGridLayout())
        grid.setSpacing(8)
        for place, key in enumerate(((True, True), (True, False), (False, True), (False, False))):
            count = button("", f"compare_{'right' if key[0] else 'wrong'}_{'right' if key[1] else 'wrong'}")
            count.clicked.connect(lambda _checked=False, key=key: self._on_count(key))
            grid.addWidget(count, 0, place)
            self._counts[key] = count
        grid.setColumnStretch(4, 1)
        rows.addWidget(self._card)
        rows.addWidget(self.figures)
        rows.addStretch(1)
        self.setWidget(inner)

    # which there are

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._read()

    def _read(self) -> None:
        runs = self._session.evaluations.runs
        self._reading.run(lambda: read_all(runs), self._on_read)

    def _on_read(self, task: Task[Found]) -> None:
        mine = self._evaluation
        if task.error is not None or mine is None:
            return
        found = [
            (run, entry)
            for run, entry in task.result()
            if entry.folder != mine.folder and entry.file.on == mine.file.on and entry.file.labelled
        ]
        before = self.others.currentData()
        self._others = {str(entry.folder): (run, entry) for run, entry in found}
        self.others.clear_all()
        for key, (run, entry) in self._others.items():
            self.others.add(f"{_title(run, entry)} · {evaluation_text(entry.file)}", key)
        for widget in (self._with, self.others, self.outputs):
            widget.setVisible(bool(found) and (widget is not self.outputs or self.outputs.count() > 1))
        if before in self._others:
            self.others.show_value(before, "")
        if not found:
            part = on_text(mine.file.on)
            self._say_state(
                tr(
                    "Nothing else was evaluated on these samples ({part}) yet: choose another run or other weights,"
                    " and evaluate.",
                    part=part,
                )
            )
            self.answer = None
            self._show_answer()
        elif self.answer is None or before not in self._others:
            self._ask()

    def _ask(self) -> None:
        mine = self._evaluation
        self._question.cancel()
        self.banner.hide()
        self.answer = None
        self._show_answer()
        other = self.others.currentData()
        if mine is None or other is None:
            return
        self._say_state(tr("Comparing…"))
        message = CompareEvaluations(0, str(mine.folder), str(other), self.outputs.name)
        self._question.ask(message, self._on_compared, self._on_failed)

    def _on_compared(self, answer: Answer) -> None:
        if isinstance(answer, EvaluationsCompared):
            self.answer = answer
            self._say_state("\n".join(str(note) for note in answer.notes))
            self._show_answer()

    def _on_failed(self, text: Text) -> None:
        self._say_state("")
        again = ("compare_again", tr("Try again"), self._ask)
        self.banner.say(str(text), "error", self._session.evaluations.detail, (again,))

    def _show_answer(self) -> None:
        answer = self.answer
        self._card.setVisible(answer is not None and answer.judged)
        self.figures.show_view(self._named(answer.metrics) if answer is not None else None)
        if answer is None:
            return
        self.verdict.setText(verdict(answer))
        counts = {
            (True, True): (tr("both right"), answer.both_right),
            (True, False): (tr("only this one right"), len(answer.only_first)),
            (False, True): (tr("only the other one right"), len(answer.only_second)),
            (False, False): (tr("both wrong"), answer.both_wrong),
        }
        for key, (text, count) in counts.items():
            label = f"{text}: {count_text(count)}"
            self._counts[key].setText(label)
            set_spoken_name(self._counts[key], label)
            self._counts[key].setEnabled(key[0] != key[1] and count > 0)

    def _named(self, view: Table) -> Table:
        """The table with the names that people know: of figures, and of both evaluations."""
        other = self._others.get(str(self.others.currentData()))
        if other is None or len(view.columns) < _COLUMNS:
            return view
        known = numbers_of(self.outputs.output)
        rows = tuple((label_text(known[row[0]].label) if row[0] in known else row[0], *row[1:]) for row in view.rows)
        titles = (Label(text=Text("figure")), Label(text=Text("this one")), Label(_title(*other)), *view.columns[3:])
        return Table(titles, rows, view.shares, view.more)

    def _say_state(self, text: str) -> None:
        self.state.setText(text)
        self.state.setVisible(bool(text))

    def _on_count(self, key: tuple[bool, bool]) -> None:
        if self.answer is None or self._evaluation is None:
            return
        rows = self.answer.only_first if key[0] else self.answer.only_second
        why = tr("only this one right") if key[0] else tr("only the other one right")
        self.opened.emit(self._evaluation, self.outputs.name, Choice("row", rows=rows, why=why))


def verdict(answer: EvaluationsCompared) -> str:
    """What McNemar's test says of both, in a sentence."""
    if answer.p is None:
        return tr("Both get the same samples right: nothing tells them apart.")
    p = number_text(answer.p)
    if answer.p >= _CERTAIN:
        return tr("The difference may be chance: McNemar's p is {p}.", p=p)
    if len(answer.only_first) > len(answer.only_second):
        return tr("This one is better, and hardly by chance: McNemar's p is {p}.", p=p)
    return tr("The other one is better, and hardly by chance: McNemar's p is {p}.", p=p)


def _title(run: RunInfo, entry: Evaluation) -> str:
    return f"{tr('run {number}', number=run.number)} · {weights_text(entry.file.weights)}"
