"""What trained models are asked: the evaluator's process, which model is meant, and who waits for what."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeVar

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from app.custom_code.project_code import ProjectCode
from app.engine.active_runs import ActiveRuns
from app.engine.engine_link import EngineBackend, EngineLink, EngineState
from app.outside_files.finding import is_network
from app.project.evaluation.trained_runs import (
    Chosen,
    Which,
    agreed_of,
    has_weights,
    named_files,
    newest,
    usual_weights,
    weights_file,
)
from app.project.project_facts import ProjectFacts
from app.project.project_runs import ProjectRuns
from graph_editor.background.background import Background, Latest
from graph_editor.background.task import Task
from resources.text import Text, tr
from resources.training.settings.batch_size import SETTING as BATCH_SIZE
from resources.training.settings.device import SETTING as DEVICE
from runtime.messages.connection import Failed
from runtime.messages.describing import DataProgress
from runtime.messages.evaluating import ListSamples, Slice
from runtime.messages.protocol import Answer, EvaluatorRequest
from runtime.messages.trained import On, Trained
from runtime.spec import CodeFile, RunSpec, SpecError
from runtime.store import RunInfo, read_run
from runtime.tracking.run_index import RunIndex

IDLE_MS: Final = 5 * 60_000  # a process that nobody asks anything gives its memory back
_MOST_WHOLE: Final = 24  # runs of a long list that are kept with their models
Done = Callable[[Answer], None]
Refused = Callable[[Text], None]
BackendMaker = Callable[[EngineLink], EngineBackend]
T = TypeVar("T")
Notify = Callable[[str, Literal["info", "ok", "error"]], None]

_NO_CODE: Final = Text(
    "This model needs code of its own, which runs only if you allow it: “Run the project's code” in the menu Model."
)
_OTHER_CODE: Final = Text("This run was trained with other code of its own than the project has now.")
_NOT_READ: Final = Text("The data of this run lies outside the project's folder and was not read.")
_GONE: Final = Text("The weights of this run are gone.")


class RefusedError(Exception):
    """A model that nothing can be asked of."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.english())
        self.text = text


@dataclass(slots=True)
class _Asked:
    done: Done
    failed: Refused
    in_link: int = 0


class Evaluations(QObject):
    """On the GUI thread. The evaluator starts with the first question and ends after minutes without one.

    `chosen` is what Evaluate, Try it and Look inside talk about; None while there is no trained model.
    `may_read` asks a person about files of a run that came from elsewhere.
    """

    started = Signal(int)  # the number of a question
    progressed = Signal(int, object)  # number, DataProgress
    ended = Signal(int)  # answered, refused or cancelled
    chosen_changed = Signal()
    runs_changed = Signal()
    state_changed = Signal(object)  # EngineState of the evaluator
    page_requested = Signal(str)  # a tab of Evaluate that a person wants to see

    def __init__(
        self,
        project: ProjectFacts,
        runs: ActiveRuns,
        project_runs: ProjectRuns,
        code: ProjectCode,
        notify: Notify,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.runs: tuple[RunInfo, ...] = ()  # all of the project, oldest first, as last read; see `whole`
        self.chosen: Chosen | None = None
        self.detail = ""  # of the last failure: what Keras printed
        self.state = EngineState("off")
        self.may_read: Callable[[tuple[str, ...]], bool] = lambda _names: False
        self._project, self._active, self._project_runs = project, runs, project_runs
        self._code, self._notify = code, notify
        self._make: BackendMaker | None = None
        self._link: EngineLink | None = None
        self._numbers = itertools.count(1)
        self._asked: dict[int, _Asked] = {}
        self._readable: set[str] = set()
        self._device = ""
        self._gpu = ""  # that the process has computed on
        self._told_of_both = False
        self._by_person = False
        self._is_read = False  # whether anybody wants to know the runs
        self._wanted: Path | None = None  # the folder of a run to choose as soon as it is read
        self._when_read: list[Callable[[], None]] = []
        self._background = Background(self)
        self._reading = Latest(self._background, self, in_turn=True)
        self._index: RunIndex | None = None
        self._whole: dict[Path, tuple[RunInfo, RunInfo]] = {}  # what the list has of a run, and all of it
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE_MS)
        self._idle.timeout.connect(self.end)
        runs.changed.connect(self._on_runs_active)
        runs.ended.connect(self._read_again)
        project_runs.moved.connect(self._read_again)

    def use(self, make: BackendMaker) -> None:
        """`make` makes the evaluator's process when it is first wanted; it is not started yet."""
        self._make = make

    # Which model

    @property
    def device(self) -> str:
        """Where models are computed: what was chosen here, else the project's device."""
        device = self._device or self._project.device()
        return "gpu:0" if device == "all" else device

    def choose_device(self, device: str) -> None:
        if device != self._device:
            self._device = device
            self.chosen_changed.emit()

    def reload(self) -> None:
        """Read the project's runs; `runs_changed` follows, and `chosen_changed` when another one is meant.

        From then on they are read anew by themselves when a run ends, and for another project.
        """
        self._is_read = True
        folder = self._project_runs.folder
        if self._index is None or self._index.folder != folder:
            self._index = RunIndex(folder)
        index = self._index
        self._reading.run(lambda: tuple(run.info for run in index.read()), self._on_read)

    def whole(self, run: RunInfo) -> RunInfo:
        """The run with its model, which the list of very many runs leaves out; it is read when first asked for."""
        if run.spec.model:
            return run
        known = self._whole.get(run.folder)
        if known is None or known[0] != run:
            read = read_run(run.folder)
            known = self._whole[run.folder] = run, run if read is None or read.status == "damaged" else read
            while len(self._whole) > _MOST_WHOLE:
                del self._whole[next(iter(self._whole))]
        return known[1]

    @property
    def is_read(self) -> bool:
        """Whether anybody has wanted to know the project's runs: before that nothing is chosen."""
        return self._is_read

    def when_read(self, then: Callable[[], None]) -> None:
        """Call `then` once the project's runs are read anew, or cannot be read; never for another project's."""
        self._when_read.append(then)
        self.reload()

    def choose(self, run: RunInfo | None, which: Which | None = None) -> None:
        """Talk about this run, or about the open project's imported model (None)."""
        self._by_person = True
        self._set_chosen(Chosen(run, which or (usual_weights(run) if run is not None else "last")))

    def choose_folder(self, folder: Path) -> None:
        """Talk about the run in `folder`, as soon as it is read."""
        self._wanted = folder
        self.reload()

    def trained_of(self, run: RunInfo, which: Which, batch_size: int | None = None) -> Trained:
        """The message's part that names a run's model. Raises RefusedError."""
        file = weights_file(run, which)
        if file is None:
            raise RefusedError(_GONE)
        agreed = self._agreed(self.whole(run).spec)
        size = batch_size or run.spec.training[BATCH_SIZE]
        return Trained(str(run.folder), str(file), None, agreed, self.device, size)

    def trained_of_project(self, batch_size: int | None = None) -> Trained:
        """The same of the open project with the weights that it starts from. Raises RefusedError."""
        try:
            spec = self._project.spec()
        except SpecError as error:
            raise RefusedError(error.text) from error
        if spec.initial_weights is None:
            raise RefusedError(Text("The project has no trained weights yet: train it first."))
        agreed = self._agreed(spec)
        size = batch_size or spec.training[BATCH_SIZE]
        return Trained("", spec.initial_weights, spec, agreed, self.device, size)

    def trained(self, batch_size: int | None = None) -> Trained:
        """What is chosen. Raises RefusedError."""
        if self.chosen is None:
            raise RefusedError(Text("There is no trained model yet: train one first."))
        if self.chosen.run is None:
            return self.trained_of_project(batch_size)
        return self.trained_of(self.chosen.run, self.chosen.which, batch_size)

    def _agreed(self, spec: RunSpec) -> tuple[CodeFile, ...]:
        """The own code that the model needs. Asks a person when nobody has agreed to the project's code yet."""
        agreed = agreed_of(spec.custom_code, self._code.agreed_files)
        if agreed is not None:
            return agreed
        if self._code.agreed_files:
            raise RefusedError(_OTHER_CODE)
        self._code.question_requested.emit()
        agreed = agreed_of(spec.custom_code, self._code.agreed_files)
        if agreed is None:
            raise RefusedError(_NO_CODE)
        return agreed

    def _read_again(self, _run: object = None) -> None:
        if self._is_read:
            self.reload()

    def _on_read(self, task: Task[tuple[RunInfo, ...]]) -> None:
        if task.error is None:  # else Runs says what is wrong with the folder
            self.runs = task.result()
            self.runs_changed.emit()
            self._set_chosen(self._now_chosen())
        waiting, self._when_read = self._when_read, []
        for then in waiting:
            then()

    def _now_chosen(self) -> Chosen | None:
        """What was wanted or chosen, as it is now; else the newest run that has weights."""
        by_folder = {run.folder: run for run in self.runs if has_weights(run)}
        if self._wanted in by_folder:
            run, self._wanted, self._by_person = by_folder[self._wanted], None, True
            return Chosen(run, usual_weights(run))
        before = self.chosen
        if before is not None and self._by_person:
            if before.run is None:
                return before
            run = by_folder.get(before.run.folder, before.run)
            if before.folder in by_folder and weights_file(run, before.which) is not None:
                return Chosen(run, before.which)
        self._by_person = False
        run_or_none = newest(self.runs)
        if run_or_none is not None:
            return Chosen(run_or_none, usual_weights(run_or_none))
        return Chosen(None, "last") if self.has_imported_weights else None

    @property
    def has_imported_weights(self) -> bool:
        """Whether the open project has weights that it starts from, and so can be asked without a run."""
        try:
            return self._project.spec().initial_weights is not None
        except SpecError:
            return False

    def _set_chosen(self, chosen: Chosen | None) -> None:
        if chosen is not None and chosen.run is not None:
            chosen = Chosen(self.whole(chosen.run), chosen.which)
        if chosen != self.chosen:
            self.chosen = chosen
            self.chosen_changed.emit()

    # Asking

    @property
    def busy(self) -> bool:
        return bool(self._asked)

    def ask(self, message: EvaluatorRequest, done: Done, failed: Refused, on: On | None = None) -> int:
        """Ask the evaluator, which starts if it is not there yet; one of both is called once, unless it is cancelled.

        They may be called before this returns. `message.id` is of no account. `on`: what an evaluation that the message
        is about says it was made on. Returns the number of the question.
        """
        number = next(self._numbers)
        refusal = self._refusal(message, on)
        if refusal is not None:
            failed(refusal)
            return number
        message = self._with_code(message)
        link = self._running()
        self._look_at_gpu(message)
        self._idle.stop()
        asked = self._asked[number] = _Asked(done, failed)
        self.started.emit(number)
        asked.in_link = link.request(message, lambda answer: self._on_answer(number, answer))
        return number

    def waits_for(self, number: int) -> bool:
        """Whether this question is neither answered nor cancelled, by whomever."""
        return number in self._asked

    def cancel(self, number: int) -> None:
        """Nobody waits for this answer any more."""
        asked = self._asked.pop(number, None)
        if asked is not None:
            if self._link is not None:
                self._link.cancel(asked.in_link)
            self._over(number)

    def cancel_all(self) -> None:
        for number in list(self._asked):
            self.cancel(number)

    def end(self) -> None:
        """End the process, and with it what it holds in memory. The next question starts another one."""
        link, self._link = self._link, None
        self._idle.stop()
        self._gpu, self._told_of_both = "", False
        if link is None:
            return
        self.cancel_all()
        link.state_changed.disconnect(self._on_state)
        self._background.run(self, link.stop, lambda _task: link.setParent(None))
        self._on_state(EngineState("off"))

    def close(self) -> None:
        """The program ends. Waits for the process to be gone."""
        self._idle.stop()
        self._asked.clear()
        link, self._link = self._link, None
        if link is not None:
            link.stop()
        self._background.close()

    def project_replaced(self) -> None:
        """Another project is open: nothing that was asked of the last one is of use."""
        self.cancel_all()
        self.runs, self._by_person, self._wanted = (), False, None
        self._when_read.clear()
        self._whole.clear()
        self._readable.clear()
        self.runs_changed.emit()
        self._set_chosen(None)
        self._read_again()

    def _running(self) -> EngineLink:
        if self._link is None:
            assert self._make is not None, "compose gives the evaluator"
            self._link = EngineLink(self)
            self._link.state_changed.connect(self._on_state)
            self._link.progressed.connect(self._on_progress)
            self._link.use(self._make(self._link))
        self._link.start()
        return self._link

    def _on_state(self, state: EngineState) -> None:
        self.state = state
        if state.phase in ("starting", "dead") and state.text:
            self._gpu = ""
        self.state_changed.emit(state)

    def _on_progress(self, progress: DataProgress) -> None:
        for number, asked in self._asked.items():
            if asked.in_link == progress.id:
                self.progressed.emit(number, progress)
                return

    def _on_answer(self, number: int, answer: Answer) -> None:
        asked = self._asked.pop(number, None)
        if asked is None:
            return
        self._over(number)
        if isinstance(answer, Failed):
            self.detail = answer.detail
            asked.failed(answer.error)
        else:
            asked.done(answer)

    def _over(self, number: int) -> None:
        if not self._asked and self._link is not None:
            self._idle.start()
        self.ended.emit(number)

    # What may be read, and where it is computed

    def _refusal(self, message: EvaluatorRequest, on: On | None = None) -> Text | None:
        """None, or why the data that the message is about is not read."""
        names = tuple(name for spec in self._specs(message) for name in named_files(spec))
        sample = getattr(message, "sample", None)
        on = on if on is not None or sample is None else sample.on
        if on is not None and on.other is not None:  # a person chose it, or a file from elsewhere says so
            names += tuple(source.path for source in on.other.sources if is_network(source.path))
        strange = tuple(name for name in self._project.strange(names) if name not in self._readable)
        if not strange:
            return None
        if not self.may_read(strange):
            return _NOT_READ
        self._readable.update(strange)
        return None

    def _with_code(self, message: EvaluatorRequest) -> EvaluatorRequest:
        """A question about an evaluation, with the own code that a person has agreed to."""
        if not isinstance(message, ListSamples | Slice) or message.agreed:
            return message
        files = [file for spec in self._specs(message) for file in spec.custom_code]
        return msgspec.structs.replace(message, agreed=agreed_of(files, self._code.agreed_files) or ())

    def _specs(self, message: EvaluatorRequest) -> list[RunSpec]:
        """What the runs are that a message is about, as far as they are known here."""
        folders = [trained.folder for trained in trained_in(message)]
        for name in ("folder", "first", "second"):
            place = getattr(message, name, None)
            if isinstance(place, str) and place:
                folders.append(str(Path(place).parent.parent))  # of the run that has this evaluation
        specs = [self.whole(run).spec for run in self.runs if str(run.folder) in folders]
        return specs + [trained.spec for trained in trained_in(message) if trained.spec is not None]

    def _look_at_gpu(self, message: EvaluatorRequest) -> None:
        for trained in trained_in(message):
            if trained.device != "cpu":
                self._gpu = trained.device
        self._tell_of_both()

    def _on_runs_active(self) -> None:
        """A trainer on the same GPU gets all of it, unless somebody waits for an answer."""
        if self._gpu and self._is_trained_on(self._gpu) and not self._asked:
            self.end()
        else:
            self._tell_of_both()

    def _tell_of_both(self) -> None:
        if self._gpu and not self._told_of_both and self._is_trained_on(self._gpu):
            self._told_of_both = True
            name = self._gpu.upper().replace(":", " ")
            self._notify(
                tr("Training and evaluating use {device} at the same time and share its memory.", device=name), "info"
            )

    def _is_trained_on(self, device: str) -> bool:
        return any(run.spec.training[DEVICE] in (device, "all") for run in self._active.active)


class OneQuestion:
    """The one question that a part of the window waits for: a newer one takes its place."""

    def __init__(self, evaluations: Evaluations) -> None:
        self._evaluations = evaluations
        self._count = 0
        self._open = False
        self.number = 0  # that of the question, by which `progressed` tells how far it is

    @property
    def busy(self) -> bool:
        """Whether an answer is awaited; none is once all questions were cancelled, for another project say."""
        return self._open and (not self.number or self._evaluations.waits_for(self.number))

    def ask(self, message: EvaluatorRequest, done: Done, failed: Refused, on: On | None = None) -> None:
        """As `Evaluations.ask`."""
        self.cancel()
        self._count += 1
        self._open, self.number, count = True, 0, self._count
        number = self._evaluations.ask(message, self._ended(count, done), self._ended(count, failed), on)
        if self._open and count == self._count:
            self.number = number

    def cancel(self) -> None:
        """Nobody waits for the answer any more."""
        if self._open:
            self._open = False
            self._evaluations.cancel(self.number)

    def _ended(self, count: int, then: Callable[[T], None]) -> Callable[[T], None]:
        def end(answer: T) -> None:
            if count == self._count:
                self._open, self.number = False, 0
            then(answer)

        return end


def trained_in(message: EvaluatorRequest) -> tuple[Trained, ...]:
    """The models that a message names."""
    one = getattr(message, "trained", None)
    return (one,) if isinstance(one, Trained) else tuple(getattr(message, "models", ()))
