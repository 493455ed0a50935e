"""The line at the bottom: the engine, the counts, the problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from app.engine.engine_link import EngineState
from app.engine.run_controller import RunController
from app.engine.wording import bytes_text, memory_sentence
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.project.project_questions import batch_size
from app.project.session import Session
from app.shell.window.other_runs import OtherRunsButton
from app.shell.window.status_dot import StatusDot
from graph_editor.document.checking.left_out import left_out_sentence
from graph_editor.document.checking.validation import Problem, is_blank
from graph_editor.document.document import Changes
from graph_editor.words.elided_label import ElidedLabel
from graph_editor.words.literal import on_button
from graph_editor.words.markup import MarkedLabel, Markup, beside, marked, strong
from graph_editor.words.restyling import restyle
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.text import Text, tr
from resources.training.sections import sources_of

HEIGHT = 30


class StatusBar(QFrame):
    problems_pressed = Signal()
    engine_pressed = Signal()  # the engine's output is wanted
    restart_pressed = Signal()

    def __init__(self, session: Session, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._look = look
        self.setObjectName("status_bar")
        self.setFixedHeight(HEIGHT)
        self._dot = StatusDot()
        self.engine_button = _button("engine_state", tr("Engine"))
        self.restart_button = _button("engine_restart", tr("Restart Keras"))
        self.restart_button.setText(tr("Restart"))
        self._counts = {key: MarkedLabel() for key in ("parameters", "trainable", "frozen")}
        self._memory = MarkedLabel()
        self._left_out = MarkedLabel()
        self._run = ElidedLabel()
        self._followed: RunController | None = None
        self.other_runs = OtherRunsButton(session)
        self.problems_button = _button("problems_button", tr("Problems"))
        self._arrange()
        self._connect()
        self._on_engine_state(session.engine.state)
        self._on_results(session.inference.results)
        self._show_left_out()
        self._on_problems(session.problems)
        self._on_run_shown(session.training.run)

    def _on_theme(self, _theme: Theme) -> None:
        self._on_engine_state(self._session.engine.state)
        self._on_results(self._session.inference.results)  # their colours stand in the text

    def _arrange(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 0, 10, 0)
        layout.setSpacing(2)
        layout.addWidget(self._dot)
        layout.addWidget(self.engine_button)
        layout.addWidget(self.restart_button)
        for key, label in self._counts.items():
            label.setObjectName(f"count_{key}")
            layout.addSpacing(14)
            layout.addWidget(label)
        self._left_out.setObjectName("count_left_out")
        layout.addSpacing(14)
        layout.addWidget(self._left_out)
        self._memory.setObjectName("memory_estimate")
        layout.addSpacing(14)
        layout.addWidget(self._memory)
        self._run.setObjectName("run_state")
        layout.addSpacing(14)
        layout.addWidget(self._run, 1)
        layout.addWidget(self.other_runs)
        layout.addWidget(self.problems_button)
        self.restart_button.hide()

    def _connect(self) -> None:
        self.engine_button.clicked.connect(self.engine_pressed)
        self.restart_button.clicked.connect(self.restart_pressed)
        self.problems_button.clicked.connect(self.problems_pressed)
        self._look.changed.connect(self._on_theme)
        self._session.engine.state_changed.connect(self._on_engine_state)
        self._session.inference.results_changed.connect(self._on_results)
        self._session.document_changed.connect(self._on_document_changed)
        self._session.problems_changed.connect(self._on_problems)
        self._session.data.described.connect(self._on_data_changed)
        self._session.training.shown.connect(self._on_run_shown)

    def _on_engine_state(self, state: EngineState) -> None:
        token = {"ready": "ok", "starting": "warning", "dead": "error", "off": "faint"}[state.phase]
        self._dot.set_color(self._look.theme.color(token))
        text = engine_sentence(state)
        self.engine_button.setText(on_button(text, 80))
        set_spoken_name(self.engine_button, text)
        set_tooltip(self.engine_button, state.text if state.phase == "dead" else tr("Show what Keras prints"))
        self.restart_button.setVisible(state.phase == "dead")

    def _on_results(self, _results: Mapping[str, object]) -> None:
        totals = self._session.inference.totals
        for key, text in _count_texts().items():
            label = self._counts[key]
            number = f"{getattr(totals, key):,}"
            label.setText(beside(text, self._strong(number)))
            set_spoken_name(label, f"{text} {number}")
            label.setVisible(bool(self._session.inference.results))
        set_tooltip(
            self._counts["parameters"],
            tr("{count} values are state that never learns, such as moving means.", count=f"{totals.state:,}"),
        )

        self._show_memory()

    def _show_left_out(self) -> None:
        model = self._session.built_model
        self._left_out.setVisible(model.total > 0)
        self._left_out.setText(marked(Text("{count} left out", {"count": self._strong(str(model.total))})))
        set_tooltip(self._left_out, left_out_sentence(model))
        set_spoken_name(self._left_out, left_out_sentence(model))

    def _on_document_changed(self, changes: Changes) -> None:
        if changes.structure:
            self._show_left_out()
            self._on_problems(self._session.problems)
        if changes.training:
            self._show_memory()
        if changes.data or changes.everything:
            self._on_problems(self._session.problems)

    def _show_memory(self) -> None:
        estimate, batch = self._session.inference.estimate, batch_size(self._session.document)
        memory = bytes_text(estimate.memory)
        self._memory.setVisible(bool(self._session.inference.results))
        self._memory.setText(
            marked(Text("≈ {memory} at batch {batch}", {"memory": self._strong(memory), "batch": batch}))
        )
        set_spoken_name(self._memory, tr("About {memory} of memory at batch size {batch}", memory=memory, batch=batch))
        set_tooltip(self._memory, memory_sentence(estimate))

    def _strong(self, number: str) -> Markup:
        return strong(number, self._look.theme.color("text"))

    def _on_problems(self, problems: list[Problem]) -> None:
        errors = any(problem.is_error for problem in problems) and not is_blank(problems)
        document = self._session.document
        text = state_sentence(problems, bool(sources_of(document.data)), bool(document.graph.calls))
        self.problems_button.setText(on_button(text))
        set_spoken_name(self.problems_button, text)
        first = next((problem for problem in problems if problem.is_error), problems[0] if problems else None)
        set_tooltip(self.problems_button, str(first.text) if first is not None else tr("Show the problems"))
        warned = bool(problems) and not is_blank(problems)
        restyle(self.problems_button, state="error" if errors else "warning" if warned else "")

    def _on_data_changed(self) -> None:
        self._on_problems(self._session.problems)

    def _on_run_shown(self, run: RunController | None) -> None:
        if self._followed is not None:
            self._followed.phase_changed.disconnect(self._on_phase_changed)
        self._followed = run
        if run is not None:
            run.phase_changed.connect(self._on_phase_changed)
        self._run.show_text("" if run is None else run_sentence(run.phase, run))

    def _on_phase_changed(self, phase: str) -> None:
        if self._followed is not None:
            self._run.show_text(run_sentence(phase, self._followed))


def engine_sentence(state: EngineState) -> str:
    """The engine's state in a few words."""
    if state.phase == "ready":
        return state.text
    if state.phase == "dead":
        return tr("Keras stopped.")
    return tr("Starting Keras…") if state.phase == "starting" else tr("Keras is not started")


def state_sentence(problems: Sequence[Problem], has_data: bool, has_boxes: bool = True) -> str:
    """The state of the project in a few words: a model without problems is not ready for training without data."""
    if is_blank(problems) or not (problems or has_boxes):  # before it was looked at for the first time, too
        return tr("An empty model")
    if not problems and not has_data:
        return tr("Ready to build; choose data to train")
    errors = sum(problem.is_error for problem in problems)
    return counts_sentence(errors, len(problems) - errors)


def counts_sentence(errors: int, remarks: int) -> str:
    """How many problems and remarks there are."""
    problems = tr("1 problem") if errors == 1 else tr("{count} problems", count=errors)
    if not remarks:
        return problems if errors else tr("No problems")
    said = tr("1 remark") if remarks == 1 else tr("{count} remarks", count=remarks)
    return f"{problems}, {said}" if errors else said


def run_sentence(phase: str, run: RunController) -> str:
    """Return what the current run does, or how it ended."""
    if phase == "ended" and run.ending is not None:
        return str(run.ending.text)
    words = {
        "starting": tr("Starting the trainer…"),
        "running": tr("Training"),
        "paused": tr("Training is paused"),
        "stopping": tr("Stopping after this batch…"),
    }
    return words.get(phase, "")


def _count_texts() -> dict[str, str]:
    return {"parameters": tr("Parameters"), "trainable": tr("trainable"), "frozen": tr("frozen")}


def _button(name: str, title: str) -> QPushButton:
    button = QPushButton()
    button.setObjectName(name)
    set_spoken_name(button, title)
    return button
