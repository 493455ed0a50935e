"""One open project and everything that is known about it. Panels read it, ask it, listen to it, on the GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal

from app.blocks.library import BlockLibrary
from app.custom_code.consent import ConsentStore
from app.custom_code.project_code import ProjectCode
from app.engine.active_runs import ActiveRuns
from app.engine.engine_link import AnswerCallback, EngineLink, EngineState
from app.engine.run_controller import RunController, RunOwner
from app.outside_files.gate import OutsideFiles
from app.outside_files.own_files import refusal
from app.project.data_watch import DataWatch
from app.project.inference import Inference
from app.project.project_questions import built_results, training_estimate
from app.project.project_runs import ProjectRuns
from app.system.places import data_dir, state_dir
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.changes.freezing import Freezing, Weights
from graph_editor.document.checking.built_model import Active, active
from graph_editor.document.checking.modes import left_out_sentence
from graph_editor.document.checking.validation import Problem
from graph_editor.document.custom_code import is_own_code
from graph_editor.document.document import ROOT, Changes, Document
from graph_editor.document.edits import Edit, EditError
from graph_editor.document.history import History
from resources.text import Text, tr
from runtime.estimates import Estimate
from runtime.protocol import Answer, CallResult, Column, DataProblem, Device, Devices, ListDevices, Request
from runtime.spec import DataSource

_MANY_CALLS = 1500  # more are checked when they have been painted
TrainingStarter = Callable[["Session"], RunController]


class TrainingRefusedError(Exception):
    """Training cannot start. `call` is the box to look at, `workspace` the place where it is mended."""

    def __init__(self, text: Text, call: str | None = None, workspace: str = "train") -> None:
        super().__init__(text.english())
        self.text = text
        self.call = call
        self.workspace = workspace


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence that appears in the window for a while without taking the keyboard."""

    text: str
    kind: Literal["info", "ok", "error"] = "info"
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """Weights of the whole model, in scalars. `frozen` + `trainable` + `state` = `parameters`."""

    parameters: int = 0
    trainable: int = 0
    frozen: int = 0
    state: int = 0


class Session(QObject):
    """`document` and `history` are the same objects for the session's whole life; opening replaces their content.

    Edit through `edit(label, edits)`; it shows a refused edit as a notice.
    """

    document_changed = Signal(object)  # Changes, after every edit, undo, redo and open
    document_replaced = Signal()  # another project was opened (follows document_changed)
    history_changed = Signal()
    title_changed = Signal()
    selection_changed = Signal(object)  # tuple[str, ...] of call ids
    graph_changed = Signal(str)  # graph id: the canvas shows another graph of the document
    reveal_requested = Signal(str)  # call id: show Build and bring this box into view
    graph_requested = Signal(str)  # graph id: show Build and what is in this nested model
    workspace_requested = Signal(str)  # the key of the one that is to be shown
    results_changed = Signal(object)  # dict[str, CallResult]: all current results by call id
    problems_changed = Signal(object)  # list[Problem]: structure, Keras, data
    data_changed = Signal()  # data_columns or data_error are new
    data_checked = Signal()  # data_findings are new
    code_changed = Signal()  # what the project's own code offers, or whether it may run, is new
    outside_question_requested = Signal()  # ask a person whether files outside of the project's folder may be read
    code_question_requested = Signal()  # ask a person whether the project's own code may run
    engine_state_changed = Signal(object)  # EngineState
    devices_changed = Signal(object)  # tuple[Device, ...]
    console_received = Signal(str)  # what the engine printed
    notice_raised = Signal(object)  # Notice
    run_started = Signal(object)  # RunController: one was started here
    run_shown = Signal(object)  # RunController | None: `run` is another one
    run_ended = Signal(object)  # RunController: that of the open project
    runs_moved = Signal()  # the project's runs lie elsewhere now

    def __init__(
        self,
        document: Document,
        catalog: Catalog,
        engine: EngineLink,
        start_run: TrainingStarter,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.document = document
        self.history = History(document, FOLLOW_UPS)
        self.catalog = catalog
        self.engine = engine
        self.path: Path | None = None
        self._given_name = ""
        self.runs = ActiveRuns(self)
        self._runs = ProjectRuns(lambda: self.runs.known, self)
        self.selection: tuple[str, ...] = ()
        self._last_folder: Path | None = None
        self.graph_id = ROOT  # what the canvas shows
        self.devices: tuple[Device, ...] = ()
        self.run: RunController | None = None  # the open project's latest run of this window, ended or not
        self.console_text = ""
        self._start_run = start_run
        self._inference = Inference(document, catalog, engine, self)
        self.outside = OutsideFiles(state_dir(), self)
        self._data = DataWatch(
            document, engine, self.outside, self._inference, lambda: self.project_folder, lambda: self.built, self
        )
        consent = ConsentStore(state_dir())
        self.code = ProjectCode(document, catalog, engine, consent, lambda: self.path, self.outside, self)
        self.blocks = BlockLibrary(data_dir() / "blocks", self)
        self.freezing = Freezing(document, Weights(document, catalog, self._counted), self._do_made, self.notify)
        self._problems: list[Problem] = []
        self._active: Active | None = None  # until the next change
        self._listen()

    def _listen(self) -> None:
        self.document.listen(self._on_document_changed)
        self.history.listen(self._on_history_changed)
        self.engine.state_changed.connect(self._on_engine_state)
        self.engine.console_received.connect(self._on_console)
        self._inference.results_changed.connect(self.results_changed)
        self._inference.problems_changed.connect(self._on_problems_changed)
        self._data.described.connect(self.data_changed)
        self._data.checked.connect(self.data_checked)
        self._data.problems_changed.connect(self._on_problems_changed)
        self._runs.moved.connect(self.runs_moved)
        self._runs.failed.connect(lambda text: self.notify(text, "error"))
        self.runs.ended.connect(self._on_run_ended)
        self.code.changed.connect(self._on_code_changed)
        self.outside.changed.connect(self._on_outside_changed)
        self.code.slow.connect(self._on_code_slow)

    # What is known

    @property
    def name(self) -> str:
        """The project's name, as the title shows it."""
        return self.path.stem if self.path else self._given_name or self.document.name

    @property
    def owner(self) -> RunOwner:
        """By what the open project's runs are known."""
        return RunOwner(self.name, self.path, "" if self.path else self.untitled_runs)

    @property
    def changed(self) -> bool:
        return not self.history.is_clean

    @property
    def results(self) -> Mapping[str, CallResult]:
        """What Keras said about each call, by call id; empty until the engine has answered."""
        return self._inference.results

    def weights_told(self, call: str) -> CallResult | None:
        """What Keras said about the weights of a call: nothing of one that is bypassed, though its output is known."""
        return None if call in self.active.handed_on else self.results.get(call)

    def _counted(self, call: str) -> int | None:
        result = self.weights_told(call)
        return result.parameters if result is not None and result.outputs else None

    @property
    def totals(self) -> Totals:
        values = built_results(self.results, self.document, self.catalog)  # nested models are counted at their boxes
        return Totals(
            sum(result.parameters for result in values),
            sum(result.trainable for result in values),
            sum(result.frozen for result in values),
            sum(result.state for result in values),
        )

    @property
    def estimate(self) -> Estimate:
        """What training will cost at the project's batch size."""
        return training_estimate(self.document, self.results, self.catalog)

    @property
    def active(self) -> Active:
        """What is built of the document, and which boxes are left out."""
        if self._active is None:
            self._active = active(self.document, self.catalog)
        return self._active

    @property
    def built(self) -> Document:
        """What is built of the document: what data, training and exports are about. Not to be edited."""
        return self.active.document

    @property
    def problems(self) -> list[Problem]:
        return self._problems

    @property
    def engine_state(self) -> EngineState:
        return self.engine.state

    @property
    def data_source(self) -> DataSource | None:
        """The project's data with its path made absolute; None when none is chosen."""
        return self._data.source

    @property
    def data_columns(self) -> tuple[Column, ...]:
        """The columns of the project's data as the engine described them; empty until then."""
        return self._data.columns

    @property
    def data_error(self) -> Text | None:
        """Why the data could not be described."""
        return self._data.error

    @property
    def data_findings(self) -> tuple[DataProblem, ...]:
        """Everything the last check of the data against the model said, notes too."""
        return self._data.findings

    @property
    def settled(self) -> bool:
        """Whether the engine has answered all that is asked of it after an edit."""
        described = self.data_source is None or bool(self.data_columns) or self.data_error is not None
        return self.engine_state.phase == "ready" and self._inference.current and described and bool(self.devices)

    @property
    def project_folder(self) -> Path | None:
        return self.path.parent if self.path else None

    @property
    def usual_folder(self) -> Path:
        """Where a file dialog starts: at the project, else where something was last opened or saved."""
        last = self._last_folder
        return self.project_folder or (last if last is not None and last.is_dir() else Path.home())

    def refuse_to_replace(self, target: Path) -> Text | None:
        """Why nothing else may be written to `target`: the project lives on that file."""
        return refusal(target, self.document, self.path)

    def visited(self, path: Path) -> None:
        """A person has chosen this file in a dialog."""
        self._last_folder = path.parent

    @property
    def runs_folder(self) -> Path:
        """Where this project's runs lie: beside its file, those of an unsaved one in the user's data folder."""
        return self._runs.folder

    @property
    def untitled_runs(self) -> str:
        """What to give to `replace` for the runs of this project without a file; empty when it has a file."""
        return self._runs.untitled_name

    # What can be done

    def edit(self, label: Text | str, edits: Sequence[Edit], merge_key: Hashable | None = None) -> bool:
        """Do `edits` as one undo step; a refused one raises a notice, changes nothing and returns False."""
        return self.attempt(lambda: self.history.do(label, edits, merge_key))

    def attempt(self, action: Callable[[], object]) -> bool:
        """Run `action`, which makes and does edits; an EditError becomes a notice and returns False."""
        try:
            action()
        except EditError as error:
            self.notify(str(error.text), "error")
            return False
        return True

    def _do_made(self, label: Text, make: Callable[[], Sequence[Edit]]) -> None:
        self.attempt(lambda: self.history.do(label, make()))

    def undo(self) -> None:
        self.history.undo()

    def redo(self) -> None:
        self.history.redo()

    def select(self, ids: Sequence[str]) -> None:
        """Make `ids` the selected boxes, for all views."""
        wanted = tuple(ids)
        if wanted != self.selection:
            self.selection = wanted
            self.selection_changed.emit(wanted)

    def note_graph(self, graph_id: str) -> None:
        """The canvas shows another graph now."""
        if graph_id != self.graph_id:
            self.graph_id = graph_id
            self.graph_changed.emit(graph_id)

    def reveal(self, call_id: str) -> None:
        """Select the box and bring it into view."""
        self.select((call_id,))
        self.reveal_requested.emit(call_id)

    def open_model(self, call_id: str) -> None:
        """Show what is in the nested model that the box is."""
        graph_id = self.document.operation_of(call_id).graph
        if graph_id is not None:
            self.graph_requested.emit(graph_id)

    def show_workspace(self, workspace: str) -> None:
        self.workspace_requested.emit(workspace)

    def notify(self, text: str, kind: Literal["info", "ok", "error"] = "info", detail: str = "") -> None:
        self.notice_raised.emit(Notice(text, kind, detail))

    def replace(self, document: Document, path: Path | None, name: str = "", untitled_runs: str = "") -> None:
        """Show another project. `path` None: it has no file yet, and is called `name`, or as its model is."""
        self.path = path
        self.outside.opened(document, path)
        self._runs.open(path, untitled_runs)
        self._given_name = name
        self.code.forget_unsaved()
        self.select(())
        self._inference.forget()
        self.document.replace_content(document)
        self.history.clear()
        if sum(len(graph.calls) for graph in document.graphs.values()) > _MANY_CALLS:
            self._inference.update_when_painted()
        else:
            self._inference.update_now()
        self._show_run(self.runs.of(self.owner))
        self.document_replaced.emit()
        self.title_changed.emit()

    def saved_as(self, path: Path) -> None:
        """The project was just written to `path`. Runs that it had before it had a file come along.

        Those of a project that is saved under another name stay with the one they were trained from, and so does one
        that is going on.
        """
        before, owner, runs = self.path, self.owner, self.runs_folder
        agreed, moved = self.code.agreed_files, self.path != path
        self.path = path
        self.outside.saved(self.document, path)
        if moved:
            self.code.moved(agreed)
        self._runs.saved(path)
        if before is None:
            self.runs.rename(owner, self.owner)
        elif moved:
            if runs.is_dir():
                self.notify(tr("The runs stay with {name}; they are found there.", name=before.name))
            self._show_run(self.runs.of(self.owner))
        self.history.mark_clean()
        self._data.refresh()
        self.title_changed.emit()

    def close(self) -> None:
        """The program ends: nothing is waited for any more, and what trains does so without this window."""
        self._runs.close()
        for run in self.runs.active:
            run.detach()

    def request(self, message: Request, callback: AnswerCallback) -> int:
        """Ask the engine; `callback` gets the answer or a Failed on the GUI thread. Returns an id for `cancel`."""
        return self.engine.request(message, callback)

    def cancel(self, request_id: int) -> None:
        self.engine.cancel(request_id)

    def inspect_data(self) -> None:
        """Look at the data file again; `data_changed` follows."""
        self._data.refresh()

    def ask_devices(self) -> None:
        """Ask for the devices; `devices_changed` follows."""
        self.request(ListDevices(0), self._on_devices)

    def start_training(self) -> RunController | None:
        """Start a run of the project as it is; None, with a notice and the place shown, if something is in the way."""
        if self.run is not None and self.run.active:
            self.show_workspace("train")
            return None
        try:
            run = self._start_run(self)
        except TrainingRefusedError as refusal:
            self._explain(refusal)
            return None
        self.follow(run)
        self._tell_about(run)
        return run

    def follow(self, run: RunController, started: bool = True) -> None:
        """Make `run` the open project's run. `started`: just now and here; else it was found going on."""
        self.runs.add(run, self.owner)
        run.trouble.connect(self._on_run_trouble)
        self._show_run(run)
        if started:
            self.run_started.emit(run)

    def _show_run(self, run: RunController | None) -> None:
        self.run = run
        self.runs.forget_ended(run)
        self.run_shown.emit(run)

    def _tell_about(self, run: RunController) -> None:
        """What a person should know of a run that was just started."""
        others = [other.owner.name for other in self.runs.others(run.owner) if not other.paused]
        if self.active.total:
            self.notify(left_out_sentence(self.active))
        if others:
            names = ", ".join(others)
            self.notify(
                tr("{names} trains at the same time: both take longer while they share the machine.", names=names)
            )

    def _on_run_trouble(self, text: str) -> None:
        self.notify(text, "error")

    def _on_run_ended(self, run: RunController) -> None:
        if run is self.run:
            self.run_ended.emit(run)
        elif run.ending is not None:
            text = f"{run.owner.name}: {run.ending.text}"
            self.notify(text, "ok" if run.ending.good else "error", run.ending.detail)
            self.runs.forget_ended(self.run)

    def _explain(self, refusal: TrainingRefusedError) -> None:
        self.notify(str(refusal.text), "error")
        if refusal.call is not None:
            self.reveal(refusal.call)
        else:
            self.show_workspace(refusal.workspace)

    def _on_document_changed(self, changes: Changes) -> None:
        self._active = None
        gone = changes.calls_removed & set(self.selection)
        if gone or changes.everything:
            # a box that went into a nested model, or came out of one, is no longer chosen: the view stays where it is
            self.select(tuple(call for call in self.selection if call not in gone and self.document.has_call(call)))
        self.document_changed.emit(changes)
        self.code.on_document_changed(changes)
        self._inference.on_document_changed(changes)
        self._data.on_document_changed(changes)
        if changes.name:
            self.title_changed.emit()

    def _on_history_changed(self) -> None:
        self.history_changed.emit()
        self.title_changed.emit()

    def _on_engine_state(self, state: EngineState) -> None:
        self.engine_state_changed.emit(state)
        if state.phase == "ready":
            self.code.refresh()
            self._inference.update_now()
            self._data.refresh()
            self.ask_devices()

    def _on_problems_changed(self) -> None:
        problems = [*self.outside.problems(), *self.code.problems, *self._inference.problems, *self._data.problems]
        if problems != self._problems:
            self._problems = problems
            self.problems_changed.emit(problems)

    def _on_outside_changed(self) -> None:
        """Read what may be read now."""
        self.code.refresh()
        self._data.refresh()
        self._on_problems_changed()

    def _on_code_changed(self) -> None:
        self._active = None
        QTimer.singleShot(0, self, self._look_at_own_code)  # not before all have heard of the change that led here
        self._on_problems_changed()
        self.code_changed.emit()

    def _look_at_own_code(self) -> None:
        operations = [item for graph in self.document.graphs.values() for item in graph.operations.values()]
        self.document.touch(item.id for item in operations if is_own_code(item))

    def _on_code_slow(self) -> None:
        self.notify(tr("The project's code is still running. Model > Stop the project's code ends it."))

    def _on_devices(self, answer: Answer) -> None:
        if isinstance(answer, Devices):
            self.devices = answer.devices
            self.devices_changed.emit(answer.devices)

    def _on_console(self, text: str) -> None:
        self.console_text = (self.console_text + text)[-200_000:]
        self.console_received.emit(text)


def blocking_sentence(problems: Sequence[Problem]) -> tuple[Text, str | None] | None:
    """The first error and its box, or None when nothing stands in the way."""
    first = next((problem for problem in problems if problem.severity == "error"), None)
    return (first.text, first.call) if first else None
