"""Lists of samples: the mistakes a model is most certain of, what it only just got right, the worst."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.look.theme_source import ThemeSource
from app.panels.evaluate.shown.conditions import condition_text
from app.panels.evaluate.shown.marked_sample import MarkedSample
from app.panels.evaluate.shown.output_choice import OutputChoice
from app.panels.evaluate.shown.sample_list import SampleList
from app.panels.evaluate.stored import Evaluation
from app.panels.plots.formats import count_text
from app.panels.widgets.banner import Banner
from app.panels.widgets.chips import Chips
from app.panels.widgets.fields import button
from app.project.choosers import Chooser
from app.project.evaluating import OneQuestion
from app.project.saving import ask_where
from app.project.session import Session
from graph_editor.words.attaching import attached
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from resources.plain import shown_name
from resources.text import Text, tr
from runtime.messages.evaluating import Condition, ListSamples, Order, SamplesListed
from runtime.messages.protocol import Answer
from runtime.messages.views import OutputFigures, OutputKind

_PAGE, _SIZE = 60, 96
_WITH_CLASSES: tuple[OutputKind, ...] = ("binary", "classes", "labels")


@dataclass(frozen=True, slots=True)
class Choice:
    """Which samples are listed, and in which order. `why` says where they come from, "" for all."""

    order: Order = "confident_wrong"
    truth: int | None = None
    predicted: int | None = None
    where: tuple[Condition, ...] = ()
    rows: tuple[int, ...] = ()
    why: str = ""

    @property
    def wrong(self) -> bool | None:
        """All of a cell or of chosen rows; else those that the order is about."""
        if self.truth is not None or self.predicted is not None or self.rows:
            return None
        return {"confident_wrong": True, "unsure_right": False}.get(self.order)


class SamplesPage(QWidget):
    """Asks the evaluator, which reads the data for it: the first list of a while takes a few seconds."""

    inside_wanted = Signal(object)  # SampleView: look inside the model with it
    try_wanted = Signal(object)  # SampleView: try it, and change it

    def __init__(self, session: Session, look: ThemeSource, chooser: Chooser, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("evaluate_samples_page")
        self._session, self._chooser = session, chooser
        self._evaluation: Evaluation | None = None
        self.choice = Choice()
        self._question, self._writing = OneQuestion(session.evaluations), OneQuestion(session.evaluations)
        self._is_stale = False
        self.outputs = OutputChoice("samples_output")
        self.orders = Chips("samples_order", tr("Which samples, in which order"))
        self.why = button("", "samples_filter", "", tr("List all samples again"))
        self.why.setProperty("part", "small")
        self.count = PlainLabel()
        self.count.setObjectName("samples_count")
        self.count.setProperty("role", "dim")
        self.export = button(
            tr("Save the list…"), "samples_export", "", tr("Write all samples of this list into a CSV file")
        )
        self.list = SampleList(look)
        self.marked = MarkedSample()
        self.banner = Banner("samples_failure", narrow=True)
        self._lay_out()
        self.outputs.chosen.connect(lambda _name: self._on_output())
        self.orders.chosen.connect(self._on_order)
        self.why.clicked.connect(lambda: self.show_choice(Choice(self.choice.order)))
        self.export.clicked.connect(self._on_export)
        self.list.more_wanted.connect(self._on_more_wanted)
        self.list.marked_changed.connect(lambda: self.marked.show_sample(self.list.marked))
        self.list.menu_wanted.connect(self.marked.open_menu)
        for view in (self.list, self.marked):
            view.inside_wanted.connect(lambda: self.inside_wanted.emit(self.list.marked))
            view.try_wanted.connect(lambda: self.try_wanted.emit(self.list.marked))

    def show_evaluation(self, evaluation: Evaluation) -> None:
        """The samples of another evaluation; they are asked for when the page is seen."""
        if evaluation == self._evaluation:
            return
        self._evaluation = evaluation
        self.outputs.show_outputs(evaluation.file.outputs)
        self._on_output()

    def leave_project(self) -> None:
        """Another project is open. The same evaluation is listed anew should it be shown again."""
        self._question.cancel()
        self._writing.cancel()
        self._evaluation = None
        self.list.clear("")

    def show_choice(self, choice: Choice, output: str = "") -> None:
        """List these samples, of `output` where one is named."""
        if output and output != self.outputs.name:
            self.outputs.choose(output)
            self._show_orders()
        self.choice = choice
        self._show_controls()
        self._ask_anew()

    def _on_output(self) -> None:
        self.choice = Choice(_order(self._show_orders()))
        self._show_controls()
        self._ask_anew()

    def _show_orders(self) -> str:
        """Offer those that fit the output; the first one."""
        orders = self._orders()
        self.orders.show_entries(orders)
        return orders[0][0]

    def _orders(self) -> tuple[tuple[str, str, str], ...]:
        in_order = ("row", tr("all, as in the data"), "")
        output = self.outputs.output
        if self._evaluation is None or output is None or not self._evaluation.file.labelled:
            return (in_order,)
        if output.kind in _WITH_CLASSES:
            return (
                ("confident_wrong", tr("wrong, most certain first"), tr("Mistakes that the model is most certain of")),
                ("unsure_right", tr("right, least certain first"), tr("What it only just got right")),
                in_order,
            )
        return ("worst", tr("worst first"), ""), ("best", tr("best first"), ""), in_order

    def _show_controls(self) -> None:
        choice = self.choice
        self.orders.show_key(choice.order)
        self.why.setText(f"{choice.why}  ✕")
        set_spoken_name(self.why, tr("{filter}: list all samples again", filter=choice.why))
        self.why.setVisible(bool(choice.why))

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(14, 12, 14, 14)
        rows.setSpacing(10)
        head = attached(rows, QHBoxLayout())
        head.setSpacing(10)
        head.addWidget(self.outputs)
        head.addWidget(self.orders, 1, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.why)
        head.addWidget(self.count)
        head.addWidget(self.export)
        rows.addWidget(self.banner)
        rows.addWidget(self.list, 1)
        rows.addWidget(self.marked)

    # asking

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self._ask_anew()

    def _ask_anew(self) -> None:
        self._question.cancel()
        self.banner.hide()
        self.count.setText("")
        self.export.setEnabled(False)
        self._is_stale = not self.isVisible()
        if self._evaluation is None or self.outputs.output is None:
            self.list.clear(tr("This evaluation has no outputs."))
        elif self._is_stale:
            self.list.clear("")
        else:
            self.list.clear(tr("Reading the samples…"))
            self._ask(0)

    def _message(self, first: int, path: str = "") -> ListSamples:
        assert self._evaluation is not None
        choice = self.choice
        return ListSamples(
            0, str(self._evaluation.folder), self.outputs.name, choice.order, choice.truth, choice.predicted,
            choice.wrong, choice.where, choice.rows, first, _PAGE, _SIZE, (), path,
        )  # fmt: skip

    def _ask(self, first: int) -> None:
        assert self._evaluation is not None
        on = self._evaluation.file.on
        self._question.ask(self._message(first), lambda answer: self._on_listed(first, answer), self._on_failed, on)

    def _on_more_wanted(self, first: int) -> None:
        if not self._question.busy:
            self._ask(first)

    def _on_listed(self, first: int, answer: Answer) -> None:
        if not isinstance(answer, SamplesListed):
            return
        samples = answer.samples
        self.list.empty_text = self._nothing_text()
        self.list.show_samples(samples, first)
        self.count.setText(
            tr("1 sample") if samples.total == 1 else tr("{count} samples", count=count_text(samples.total))
        )
        self.export.setEnabled(samples.total > 0)
        if answer.notes:
            self.banner.say("\n".join(str(note) for note in answer.notes), "warning")

    def _nothing_text(self) -> str:
        if self.choice.order == "confident_wrong" and not self.choice.why:
            return tr("Not one mistake in these samples.")
        return tr("There are no such samples.")

    def _on_failed(self, text: Text) -> None:
        self.list.clear("")
        self.banner.say(str(text), "error", self._session.evaluations.detail, (_again(self._ask_anew),))

    # what people do

    def _on_order(self, key: str) -> None:
        self.show_choice(replace(self.choice, order=_order(key)))

    def _on_export(self) -> None:
        if self.outputs.output is None or self._writing.busy:
            return
        name = f"{self._session.name}-{self.choice.order.replace('_', '-')}.csv"
        path = ask_where(
            self._chooser, self, tr("Save the list"), "CSV (*.csv)", self._session.usual_folder / name, ".csv",
            self._session.refuse_to_replace,
        )  # fmt: skip
        if path is None:
            return
        self._session.visited(path)
        message = self._message(0, str(path))
        assert self._evaluation is not None
        on = self._evaluation.file.on
        self._writing.ask(message, lambda _answer: self._on_written(path), self._on_not_written, on)

    def _on_written(self, path: Path) -> None:
        self._session.notify(tr("The list is in {file}.", file=path.name), "ok")

    def _on_not_written(self, text: Text) -> None:
        self._session.notify(str(text), "error", self._session.evaluations.detail)


def cell_choice(output: OutputFigures, truth: int, predicted: int) -> Choice:
    """The samples of one cell of a matrix; -1 stands for the classes that are not told singly."""

    def name(place: int) -> str:
        return shown_name(output.classes[place]) if 0 <= place < len(output.classes) else tr("another class")

    why = tr("{truth} taken for {predicted}", truth=name(truth), predicted=name(predicted))
    if truth == predicted:
        why = tr("{name}: right", name=name(truth))
    return Choice("confident_wrong", truth if truth >= 0 else None, predicted if predicted >= 0 else None, why=why)


def slice_choice(where: tuple[Condition, ...], order: Order) -> Choice:
    return Choice(order, where=where, why=", ".join(condition_text(condition) for condition in where))


def _order(key: str) -> Order:
    known: dict[str, Order] = {
        "confident_wrong": "confident_wrong", "unsure_right": "unsure_right", "worst": "worst", "best": "best",
    }  # fmt: skip
    return known.get(key, "row")


def _again(action: Callable[[], object]) -> tuple[str, str, Callable[[], object]]:
    return ("samples_again", tr("Try again"), action)
