"""The Evaluate workspace: what is evaluated at the left; figures, samples, slices and comparisons beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.look.theme_source import ThemeSource
from app.panels.evaluate.setup.other_file import recognise
from app.panels.evaluate.setup.side import EvaluateSide
from app.panels.evaluate.shown.compare_page import ComparePage
from app.panels.evaluate.shown.figures_page import FiguresPage
from app.panels.evaluate.shown.samples_page import Choice, SamplesPage, cell_choice, slice_choice
from app.panels.evaluate.shown.slices_page import SlicesPage
from app.panels.evaluate.stored import Evaluation, RunContents, read_contents, weights_text
from app.panels.plots.formats import count_text
from app.panels.tryit.models import title_of
from app.panels.tryit.panel import TryPanel
from app.panels.widgets.banner import Banner
from app.panels.widgets.chips import Chips
from app.panels.widgets.fields import button, hint
from app.project.choosers import Chooser
from app.project.evaluating import OneQuestion, RefusedError
from app.project.evaluation.other_data import in_place
from app.project.evaluation.trained_runs import Chosen, which_of
from app.project.session import Session
from graph_editor.background.background import Background, Latest
from graph_editor.background.task import Task
from graph_editor.words.plain_label import PlainLabel
from resources.text import Text, tr
from runtime.messages.describing import DataProgress, DataRecognized
from runtime.messages.evaluating import Evaluate, Evaluated, Order, Predict, Predicted
from runtime.messages.protocol import Answer, EvaluatorRequest
from runtime.messages.trained import OneSample
from runtime.messages.views import SampleView
from runtime.spec import RunSpec


class EvaluatePanel(QWidget):
    """`shown` is the evaluation whose figures are seen; it is there at once where the run has one already."""

    def __init__(
        self,
        session: Session,
        look: ThemeSource,
        chooser: Chooser,
        background: Background,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("evaluate_panel")
        self._session, self._chooser = session, chooser
        self._reading = Latest(background, self)
        self._question = OneQuestion(session.evaluations)
        self._contents = RunContents()
        self._other: tuple[Path, DataRecognized] | None = None  # another file to evaluate on
        self._file_turn = 0
        self.shown: Evaluation | None = None
        self.side = EvaluateSide(session)
        self.tabs = Chips("evaluate_tabs", tr("What is shown"))
        self.facts = PlainLabel()
        self.facts.setObjectName("evaluate_facts")
        self.facts.setProperty("role", "dim")
        self.banner = Banner("evaluate_banner")
        self.figures = FiguresPage(look)
        self.samples = SamplesPage(session, look, chooser)
        self.slices = SlicesPage(session, look)
        self.compare = ComparePage(session, look, background)
        self._pages: dict[str, QWidget] = {}
        self._titles: list[tuple[str, str, str]] = []
        self._stack = QStackedWidget()
        self._bar, self._holder = QFrame(), _BannerHolder(self.banner)
        self._empty = _EmptyCard(lambda: session.navigation.show_workspace("train"), self.start)
        self._whole = QStackedWidget()
        self._lay_out()
        self.add_page("figures", tr("Figures"), self.figures)
        self.add_page("samples", tr("Samples"), self.samples, tr("Mistakes and near misses, one by one"))
        self.add_page("slices", tr("Slices"), self.slices, tr("The same figures for parts of the samples"))
        self.add_page("compare", tr("Compare"), self.compare, tr("This evaluation and another one of the same samples"))
        self.tryit = TryPanel(session, session.evaluations, look, chooser, background)
        tip = tr("One sample: drawn, typed, dropped or chosen")
        self.add_page("try", tr("Try it"), self.tryit, tip, needs_evaluation=False)
        self._connect()
        self.show_page("figures")
        self._on_runs()

    def add_page(self, key: str, title: str, page: QWidget, tip: str = "", needs_evaluation: bool = True) -> None:
        """One more tab. `needs_evaluation`: it says nothing before something was evaluated."""
        self._pages[key] = page
        page.setProperty("needs_evaluation", needs_evaluation)
        self._stack.addWidget(page)
        self._titles.append((key, title, tip))
        self.tabs.show_entries(self._titles)

    def show_page(self, key: str) -> None:
        """Show a tab; an unknown one changes nothing."""
        if key in self._pages:
            self.tabs.show_key(key)
            self._show_whole()

    def start(self) -> None:
        """Evaluate what is chosen."""
        evaluations = self._session.evaluations
        if self._question.busy:
            return
        try:
            trained = evaluations.trained(self.side.batch_size)
        except RefusedError as error:
            self._say(error.text)
            return
        chosen = evaluations.chosen
        self._begin(Evaluate(0, trained, self.side.on), lambda answer: self._on_evaluated(chosen, answer))

    def _lay_out(self) -> None:
        right = QWidget()
        rows = QVBoxLayout(right)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        bar = self._bar
        bar.setObjectName("evaluate_bar")
        head = QHBoxLayout(bar)
        head.setContentsMargins(14, 9, 14, 9)
        head.setSpacing(14)
        head.addWidget(self.tabs)
        head.addStretch(1)
        head.addWidget(self.facts)
        rows.addWidget(bar)
        rows.addWidget(self._holder)
        rows.addWidget(self._whole, 1)
        self._whole.addWidget(self._empty)
        self._whole.addWidget(self._stack)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.side)
        row.addWidget(right, 1)

    def _connect(self) -> None:
        evaluations = self._session.evaluations
        evaluations.runs_changed.connect(self._on_runs)
        evaluations.chosen_changed.connect(self._on_chosen)
        evaluations.progressed.connect(self._on_progress)
        evaluations.page_requested.connect(self.show_page)
        self._session.document_replaced.connect(self._forget)
        self.tabs.chosen.connect(lambda _key: self._show_whole())
        side = self.side
        side.evaluate_requested.connect(self.start)
        side.cancel_requested.connect(self.cancel)
        side.predict_requested.connect(self._on_predict)
        side.file_chosen.connect(self._on_file)
        side.stored_opened.connect(self.show_evaluation)
        self.figures.cell_opened.connect(self._on_cell)
        self.figures.rows_opened.connect(self._on_rows)
        self.slices.opened.connect(self._on_slice)
        self.samples.inside_wanted.connect(self._on_inside)
        self.samples.try_wanted.connect(self._on_try)
        self.compare.opened.connect(lambda _one, output, choice: self._open_samples(output, choice))

    # what there is

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._session.evaluations.reload()

    def _forget(self) -> None:
        self._reading.cancel()
        self._contents, self.shown, self._other = RunContents(), None, None
        self._file_turn += 1
        self._question.cancel()
        for page in (self.samples, self.slices, self.compare):
            page.leave_project()
        self.side.show_busy(False)
        self.side.show_other(None)
        self.side.show_contents(self._contents)
        self.banner.hide()
        self._on_runs()

    def _on_runs(self) -> None:
        self.side.show_chosen()
        self._read()

    def _on_chosen(self) -> None:
        self.side.show_chosen()
        self._show_other()
        if self.shown is not None and self._run_folder() != self.shown.folder.parent.parent:
            self.shown = None
        self._read()
        self._show_whole()

    def _run_folder(self) -> Path | None:
        chosen = self._session.evaluations.chosen
        return chosen.folder if chosen is not None else None

    def _read(self) -> None:
        """Read what lies in the folder of the chosen run."""
        chosen = self._session.evaluations.chosen
        if chosen is None or chosen.run is None:
            self._contents = RunContents()
            self.side.show_contents(self._contents)
            self._show_whole()
            return
        run = chosen.run
        self._reading.run(lambda: read_contents(run), self._on_read)

    def _on_read(self, task: Task[RunContents]) -> None:
        if task.error is not None:
            self._say(Text.of("The run cannot be read: {reason}", reason=str(task.error)))
            return
        self._contents = task.result()
        self.side.show_contents(self._contents)
        evaluations = self._contents.evaluations
        if self.shown is None and evaluations:
            self.show_evaluation(evaluations[0])
        self.side.stored.mark(self.shown)
        self._show_whole()

    def show_evaluation(self, evaluation: Evaluation) -> None:
        """Show the figures of an evaluation, and let the other tabs talk about it."""
        self.shown = evaluation
        self.banner.hide()
        self.figures.show_evaluation(evaluation)
        self.samples.show_evaluation(evaluation)
        self.slices.show_evaluation(evaluation, self._contents.columns)
        self.compare.show_evaluation(evaluation)
        self.side.stored.mark(evaluation)
        self._show_whole()

    def _show_whole(self) -> None:
        """The tab, or what to do before there is anything to see in it."""
        page = self._pages[self.tabs.key]
        self._stack.setCurrentWidget(page)
        is_empty = self.shown is None and bool(page.property("needs_evaluation"))
        self._whole.setCurrentWidget(self._empty if is_empty else self._stack)
        has_model = self._session.evaluations.chosen is not None
        self._empty.show_state(has_model, self._question.busy)
        self.side.setVisible(has_model)
        self._bar.setVisible(has_model)
        self.facts.setText(self._facts())

    def _facts(self) -> str:
        if self.shown is None:
            return ""
        file = self.shown.file
        texts = [weights_text(file.weights), tr("{count} samples", count=count_text(file.samples))]
        if file.seconds > 0 and file.samples:
            texts.append(tr("{time} ms a sample", time=f"{1000 * file.seconds / file.samples:.2g}"))
        return " · ".join(text for text in texts if text)

    # asking

    def cancel(self) -> None:
        """Nobody wants the answer any more; what was there stays."""
        self._question.cancel()
        self.side.show_busy(False)
        self._show_whole()

    def _begin(self, message: EvaluatorRequest, done: Callable[[Answer], None]) -> None:
        evaluations = self._session.evaluations
        self.banner.hide()
        starting = evaluations.state.phase != "ready"
        self.side.show_busy(True, tr("Loading Keras…") if starting else tr("Loading the model…"))
        self._question.ask(message, done, self._on_failed)
        self._show_whole()

    def _on_progress(self, number: int, progress: DataProgress) -> None:
        if number == self._question.number:
            self.side.show_progress(progress)

    def _on_evaluated(self, chosen: Chosen | None, answer: Answer) -> None:
        """`chosen` is what was evaluated: by now a person may have chosen another run, whose figures these are not."""
        self.side.show_busy(False)
        if chosen is not None and chosen.folder != self._run_folder():
            self._show_whole()
            text = tr("Evaluated: {model}. Choose it to see its figures.", model=title_of(chosen))
            self._session.notify(text, "ok")
        elif isinstance(answer, Evaluated):
            self.show_evaluation(Evaluation(Path(answer.folder), answer.evaluation))
            self.show_page("figures")
            self._read()

    def _on_failed(self, text: Text) -> None:
        self.side.show_busy(False)
        self._show_whole()
        self._say(text, self._session.evaluations.detail)

    def _say(self, text: Text, detail: str = "") -> None:
        self.banner.say(str(text), "error", detail)

    def _on_predict(self) -> None:
        evaluations = self._session.evaluations
        try:
            trained = evaluations.trained(self.side.batch_size)
        except RefusedError as error:
            self._say(error.text)
            return
        kinds = "CSV (*.csv);;Parquet (*.parquet);;NPZ (*.npz)"
        proposal = self._session.usual_folder / f"{self._session.name}-predictions.csv"
        path = self._chooser.file_to_save(self, tr("Predictions into a file"), kinds, proposal)
        if path is None:
            return
        path = path if path.suffix.lower() in (".csv", ".parquet", ".npz") else path.with_name(f"{path.name}.csv")
        refusal = self._session.refuse_to_replace(path)
        if refusal is not None:
            self._say(refusal)
            return
        if path.exists() and not self._chooser.confirm(
            self,
            tr("Replace {file}?", file=path.name),
            tr("It is there already; what is in it is lost."),
            tr("Replace it"),
        ):
            return
        self._session.visited(path)
        self._begin(Predict(0, trained, self.side.on, str(path)), self._on_predicted)

    def _on_predicted(self, answer: Answer) -> None:
        self.side.show_busy(False)
        self._show_whole()
        if isinstance(answer, Predicted):
            text = tr(
                "The predictions of {count} samples are in {file}.",
                count=count_text(answer.samples), file=Path(answer.path).name,
            )  # fmt: skip
            self._session.notify(text, "ok", "\n".join(str(note) for note in answer.notes))

    def _on_file(self, path: Path | None) -> None:
        if self._spec() is None:
            return
        path = path or self._chooser.file_to_open(
            self, tr("Evaluate on another file"), tr("All files (*)"), self._session.usual_folder
        )
        if path is None:
            return
        self._session.visited(path)
        self._file_turn += 1
        turn, file = self._file_turn, path

        def take(found: DataRecognized) -> None:
            if turn == self._file_turn:  # else another file was chosen since, or another project
                self._other = file, found
                self._show_other(choose=True)

        recognise(self._session, file, take, lambda why: self._say(why) if turn == self._file_turn else None)

    def _show_other(self, choose: bool = False) -> None:
        """Another file stands for the data of the run that is chosen now, and is read as that was."""
        spec = self._spec() if self._other is not None else None
        self.side.show_other(in_place(spec, *self._other) if self._other is not None and spec else None, choose)

    def _spec(self) -> RunSpec | None:
        chosen = self._session.evaluations.chosen
        if chosen is None:
            return None
        if chosen.run is not None:
            return chosen.run.spec
        try:
            return self._session.evaluations.trained_of_project().spec
        except RefusedError as error:
            self._say(error.text)
            return None

    # from one tab to another

    def _on_cell(self, output: str, truth: int, predicted: int) -> None:
        figures = (
            next((entry for entry in self.shown.file.outputs if entry.name == output), None) if self.shown else None
        )
        if figures is not None and (truth >= 0 or predicted >= 0):
            self._open_samples(output, cell_choice(figures, truth, predicted))

    def _on_rows(self, output: str, rows: tuple[int, ...]) -> None:
        self._open_samples(output, Choice("row", rows=rows, why=tr("chosen in a figure")))

    def _on_slice(self, output: str, where: object) -> None:
        figures = (
            next((entry for entry in self.shown.file.outputs if entry.name == output), None) if self.shown else None
        )
        order: Order = "confident_wrong" if figures is not None and figures.classes else "worst"
        if isinstance(where, tuple):
            self._open_samples(output, slice_choice(where, order))

    def _on_inside(self, sample: SampleView) -> None:
        if self.shown is not None:
            self._choose_shown(self.shown)
            self._session.navigation.inside_requested.emit(OneSample(self.shown.file.on, sample.row))

    def _on_try(self, sample: SampleView) -> None:
        if self.shown is not None:
            self._choose_shown(self.shown)
            self.tryit.show_row(self.shown.file.on, sample.row)
            self.show_page("try")
            self.tryit.setFocus()

    def _choose_shown(self, evaluation: Evaluation) -> None:
        """Other views are to talk about the weights that this evaluation is of, where they are still there."""
        evaluations = self._session.evaluations
        chosen = evaluations.chosen
        if chosen is None or chosen.run is None:
            return
        which = which_of(chosen.run, Path(evaluation.file.trained.weights).name)
        if which is not None and which != chosen.which:
            evaluations.choose(chosen.run, which)

    def _open_samples(self, output: str, choice: Choice) -> None:
        self.show_page("samples")
        self.samples.show_choice(choice, output)
        self.samples.list.setFocus()


class _BannerHolder(QWidget):
    """Takes room only while the banner says something."""

    def __init__(self, banner: Banner) -> None:
        super().__init__()
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.addWidget(banner)
        banner.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            says = event.type() == QEvent.Type.ShowToParent
            self._rows.setContentsMargins(14 * says, 12 * says, 14 * says, 0)
        return super().eventFilter(watched, event)


class _EmptyCard(QWidget):
    """What there is to do before anything was evaluated."""

    def __init__(self, go_to_train: Callable[[], object], evaluate: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("evaluate_empty")
        card = QFrame()
        card.setProperty("role", "card")
        card.setFixedWidth(460)
        self._title = PlainLabel()
        self._title.setProperty("part", "big")
        self._text = hint("", "evaluate_empty_text")
        self.train = button(tr("Go to Train"), "go_to_train", "primary")
        self.train.clicked.connect(lambda: go_to_train())
        self.evaluate = button(tr("Evaluate"), "evaluate_now", "primary")
        self.evaluate.clicked.connect(lambda: evaluate())
        rows = QVBoxLayout(card)
        rows.setContentsMargins(24, 20, 24, 20)
        rows.setSpacing(12)
        rows.addWidget(self._title)
        rows.addWidget(self._text)
        rows.addWidget(self.train, 0, Qt.AlignmentFlag.AlignLeft)
        rows.addWidget(self.evaluate, 0, Qt.AlignmentFlag.AlignLeft)
        outer, middle = QVBoxLayout(self), QHBoxLayout()
        outer.addStretch(1)
        outer.addLayout(middle)
        middle.addStretch(1)
        middle.addWidget(card)
        middle.addStretch(1)
        outer.addStretch(2)

    def show_state(self, has_model: bool, busy: bool) -> None:
        if not has_model:
            self._title.setText(tr("Nothing is trained yet"))
            self._text.setText(
                tr("Train the model first. Then see here what it gets right and wrong, on samples it has not seen.")
            )
        else:
            self._title.setText(tr("What has the model learnt?"))
            self._text.setText(
                tr(
                    "Evaluate shows how good the model is on samples that it was not trained with: figures by class,"
                    " which classes it confuses, and the samples it gets wrong."
                )
            )
        self.train.setVisible(not has_model)
        self.evaluate.setVisible(has_model and not busy)
