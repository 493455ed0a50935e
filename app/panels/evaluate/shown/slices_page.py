"""The leading figures for parts of the samples: the worst first, proposed or of one's own conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.look.theme_source import ThemeSource
from app.panels.evaluate.drawing.figure_look import label_text
from app.panels.evaluate.shown.conditions import ConditionLine, conditions_text
from app.panels.evaluate.shown.output_choice import OutputChoice
from app.panels.evaluate.shown.table import TableCard
from app.panels.evaluate.stored import Evaluation
from app.panels.widgets.banner import Banner
from app.panels.widgets.fields import button, hint
from app.project.evaluating import OneQuestion
from app.project.session import Session
from graph_editor.words.attaching import attached
from graph_editor.words.plain_label import PlainLabel
from resources.text import Text, tr
from runtime.messages.evaluating import Condition, Slice, Sliced, SliceRow
from runtime.messages.protocol import Answer
from runtime.messages.views import Cell, Label, Number, Numbers, OutputFigures, Table

Where = tuple[Condition, ...]


class SlicesPage(QScrollArea):
    """`opened` carries the output and the conditions of a slice whose samples are to be seen."""

    opened = Signal(str, object)  # output, Where

    def __init__(self, session: Session, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("evaluate_slices")
        self.setAccessibleName(tr("Slices"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._session = session
        self._evaluation: Evaluation | None = None
        self._columns: tuple[str, ...] = ()
        self._own: list[Where] = []
        self._building: Where = ()
        self._question = OneQuestion(session.evaluations)
        self._is_stale = False
        self.answer: Sliced | None = None
        self.outputs = OutputChoice("slices_output")
        self.line = ConditionLine()
        self.built = PlainLabel()
        self.built.setObjectName("slice_built")
        self.work_out = button(tr("Work it out"), "slice_work_out", "primary")
        self.forget = button(tr("Clear"), "slice_clear")
        self.banner = Banner("slices_failure", narrow=True)
        self.state = hint("", "slices_state")
        self.card = TableCard(tr("Slices"), look)
        self._lay_out()
        self.outputs.chosen.connect(lambda _name: self._ask())
        self.card.opened.connect(self._on_opened)
        self.line.added.connect(self._on_added)
        self.work_out.clicked.connect(self._on_work_out)
        self.forget.clicked.connect(self._on_forget)
        self._show_building()

    def show_evaluation(self, evaluation: Evaluation, columns: Sequence[str]) -> None:
        """The slices of another evaluation, worked out when the page is seen; `columns` are those of its data."""
        self._columns = tuple(columns)
        self.line.show_columns(self._columns or self._known_columns())
        if evaluation == self._evaluation:
            return
        self._evaluation, self.answer = evaluation, None
        self._own, self._building = [], ()
        self._show_building()
        self.outputs.show_outputs(evaluation.file.outputs)
        self._ask()

    def leave_project(self) -> None:
        """Another project is open. The same evaluation is worked out anew should it be shown again."""
        self._question.cancel()
        self._evaluation = self.answer = None

    def _lay_out(self) -> None:
        inner = QWidget()
        inner.setObjectName("evaluate_inner")
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(14, 14, 14, 18)
        rows.setSpacing(12)
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(14, 11, 14, 13)
        inside.setSpacing(9)
        title = PlainLabel(tr("A slice of your own"))
        title.setProperty("role", "strong")
        inside.addWidget(title)
        inside.addWidget(hint(tr("The same figures for the samples for which all these conditions hold.")))
        line = attached(inside, QHBoxLayout())
        line.addWidget(self.line)
        line.addStretch(1)
        below = attached(inside, QHBoxLayout())
        below.setSpacing(8)
        below.addWidget(self.built)
        below.addWidget(self.work_out)
        below.addWidget(self.forget)
        below.addStretch(1)
        rows.addWidget(self.outputs, 0, Qt.AlignmentFlag.AlignLeft)
        rows.addWidget(card)
        rows.addWidget(self.banner)
        rows.addWidget(self.state)
        rows.addWidget(self.card)
        rows.addStretch(1)
        self.setWidget(inner)

    # asking

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self._ask()

    def _ask(self) -> None:
        self._question.cancel()
        self.banner.hide()
        self.card.show_view(None)
        self._is_stale = not self.isVisible()
        if self._is_stale or self._evaluation is None:
            return
        if not self._evaluation.file.labelled:
            self.state.setText(tr("These samples have no truth: there is nothing to compare."))
            return
        self.state.setText(tr("Working out the slices…"))
        message = Slice(0, str(self._evaluation.folder), self.outputs.name)
        self._question.ask(message, self._on_proposed, self._on_failed, self._evaluation.file.on)

    def _on_proposed(self, answer: Answer) -> None:
        if not isinstance(answer, Sliced) or self._evaluation is None:
            return
        self.answer = answer
        if not self._own:
            self._show_answer()
            return
        message = Slice(0, str(self._evaluation.folder), self.outputs.name, tuple(self._own))
        self._question.ask(message, self._on_own, self._on_failed, self._evaluation.file.on)

    def _on_own(self, answer: Answer) -> None:
        """Slices of one's own stand above the proposed ones."""
        if isinstance(answer, Sliced) and self.answer is not None:
            own = {row.where for row in answer.rows}
            rest = tuple(row for row in self.answer.rows if row.where not in own)
            self.answer = Sliced(
                0, answer.columns, answer.by, answer.whole, (*answer.rows, *rest), (*answer.notes, *self.answer.notes)
            )
            self._show_answer()

    def _on_failed(self, text: Text) -> None:
        self.state.setText("")
        again = ("slices_again", tr("Try again"), self._ask)
        self.banner.say(str(text), "error", self._session.evaluations.detail, (again,))

    def _show_answer(self) -> None:
        assert self.answer is not None
        self.line.show_columns(self._columns or self._known_columns())
        notes = [str(note) for note in self.answer.notes]
        by = self._known.get(self.answer.by)
        figure = label_text(by.label) if by is not None else self.answer.by
        if not self.answer.rows:
            no_columns = tr("The data has no column of numbers or words that it could be cut by.")
            suggests_none = tr("No column suggests slices. Write a condition above.")
            notes = [suggests_none, *notes] if self._columns or self._known_columns() else [no_columns]
        else:
            notes.insert(0, tr("The worst by {figure} first. Enter opens the samples of a slice.", figure=figure))
        self.state.setText("\n".join(notes))
        samples = self._evaluation.file.samples if self._evaluation is not None else 0
        self.card.show_view(table_of(self.answer, samples, self._known))

    @property
    def _known(self) -> dict[str, Number]:
        return numbers_of(self.outputs.output)

    def _known_columns(self) -> tuple[str, ...]:
        rows: tuple[SliceRow, ...] = self.answer.rows if self.answer is not None else ()
        return tuple(dict.fromkeys(condition.column for row in rows for condition in row.where))

    # what people do

    def _on_added(self, condition: Condition) -> None:
        self._building = (*self._building, condition)
        self._show_building()

    def _show_building(self) -> None:
        self.built.setText(conditions_text(self._building))
        for widget in (self.built, self.work_out, self.forget):
            widget.setVisible(bool(self._building))

    def _on_work_out(self) -> None:
        if self._building not in self._own:
            self._own.append(self._building)
        self._on_forget()
        self._ask()

    def _on_forget(self) -> None:
        self._building = ()
        self._show_building()

    def _on_opened(self, row: int) -> None:
        if self.answer is not None and row > 0:  # the first row is the whole
            self.opened.emit(self.outputs.name, self.answer.rows[row - 1].where)


def table_of(answer: Sliced, samples: int, known: Mapping[str, Number]) -> Table:
    """All `samples` first, then the slices. `known` are the figures of the output by their keys."""
    named = [known.get(key) for key in answer.columns]
    figures = [
        number.label if number is not None else Label(key) for key, number in zip(answer.columns, named, strict=True)
    ]
    columns = (Label(text=Text("slice")), Label(text=Text("samples")), *figures)
    rows: list[tuple[Cell, ...]] = [(tr("all"), samples, *answer.whole)]
    rows += [(conditions_text(row.where), row.samples, *row.values) for row in answer.rows]
    shares = tuple(place + 2 for place, number in enumerate(named) if number is not None and number.share)
    return Table(columns, tuple(rows), shares)


def numbers_of(output: OutputFigures | None) -> dict[str, Number]:
    """The figures that stand by themselves, by their keys."""
    views = [figure.view for figure in output.figures] if output is not None else []
    return {number.key: number for view in views if isinstance(view, Numbers) for number in view.numbers}
