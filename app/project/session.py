"""One open project and everything that is known about it. Panels read it, ask it, listen to it, on the GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal

from app.blocks.library import BlockLibrary
from app.custom_code.consent import ConsentStore
from app.custom_code.project_code import ProjectCode
from app.engine.active_runs import ActiveRuns
from app.engine.device_list import DeviceList
from app.engine.engine_link import EngineLink, EngineState
from app.engine.run_controller import RunController, RunOwner
from app.outside_files.gate import OutsideFiles
from app.outside_files.own_files import refusal
from app.project.data_sources.fetching_known import KnownSetFetch
from app.project.data_sources.offers import DataOffers
from app.project.data_watch import DataWatch
from app.project.evaluating import Evaluations
from app.project.inference import Inference
from app.project.names_told import NamesTold
from app.project.navigation import Navigation
from app.project.project_facts import ProjectFacts
from app.project.project_runs import ProjectRuns
from app.project.rule_watch import RuleWatch
from app.project.training import ProjectTraining
from app.system.places import data_dir, state_dir
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.changes.freezing import Freezing, Weights
from graph_editor.document.changes.modes import Modes
from graph_editor.document.checking.built_model import BuiltModel, built_model
from graph_editor.document.checking.left_out import left_out_sentence
from graph_editor.document.checking.validation import Problem
from graph_editor.document.custom_code import is_own_code
from graph_editor.document.document import Changes, Document
from graph_editor.document.edits import Edit, EditError
from graph_editor.document.history import History
from resources.text import Text, tr

_MANY_CALLS = 1500  # more are checked when they have been painted
TrainingStarter = Callable[["Session"], RunController]


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence that appears in the window for a while without taking the keyboard."""

    text: str
    kind: Literal["info", "ok", "error"] = "info"
    detail: str = ""


class Session(QObject):
    """`document` and `history` are the same objects for the session's whole life; opening replaces their content.

    Edit through `edit(label, edits)`; it shows a refused edit as a notice. What a session is made of tells of itself.
    """

    document_changed = Signal(object)  # Changes, after every edit, undo, redo and open
    document_replaced = Signal()  # another project was opened (follows document_changed)
    history_changed = Signal()
    title_changed = Signal()
    problems_changed = Signal(object)  # list[Problem]: structure, Keras, rules, data; remarks among them
    notice_raised = Signal(object)  # Notice

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
        self._last_folder: Path | None = None
        self.devices = DeviceList(engine, self)
        self.navigation = Navigation(document, self)
        self.inference = Inference(document, catalog, engine, self)
        self.outside = OutsideFiles(state_dir(), self)
        self.data = DataWatch(
            document,
            engine,
            self.outside,
            self.inference,
            lambda: self.project_folder,
            lambda: self.built,
            catalog,
            self,
        )
        self.offers = DataOffers(engine, self)
        self.known_sets = KnownSetFetch(engine, self)
        self.rules = RuleWatch(self.inference, self.data, lambda: self.built, catalog, self)
        consent = ConsentStore(state_dir())
        self.code = ProjectCode(document, catalog, engine, consent, lambda: self.path, self.outside, self)
        self.blocks = BlockLibrary(data_dir() / "blocks", self)
        self.freezing = Freezing(
            document, Weights(document, catalog, self.inference.counted), self._do_made, self.notify
        )
        self._names_told = NamesTold(document, self.notify)
        self.modes = Modes(document, catalog, self._do_made)
        self.runs = ActiveRuns(self)
        self.project_runs = ProjectRuns(lambda: self.runs.known, self)
        self.training = ProjectTraining(
            self.runs,
            self.navigation,
            lambda: start_run(self),
            lambda: self.owner,
            self._left_out,
            self.notify,
            self,
        )
        self.evaluations = Evaluations(self._facts(), self.runs, self.project_runs, self.code, self.notify, self)
        self._problems: list[Problem] = []
        self._built_model: BuiltModel | None = None  # until the next change
        self._listen()

    def _listen(self) -> None:
        self.document.listen(self._on_document_changed)
        self.history.listen(self._on_history_changed)
        self.engine.state_changed.connect(self._on_engine_state)
        self.inference.problems_changed.connect(self._on_problems_changed)
        self.data.problems_changed.connect(self._on_problems_changed)
        self.training.ended.connect(self.data.on_run_ended)
        self.rules.problems_changed.connect(self._on_problems_changed)
        self.project_runs.failed.connect(lambda text: self.notify(text, "error"))
        self.code.changed.connect(self._on_code_changed)
        self.outside.changed.connect(self._on_outside_changed)
        self.code.slow.connect(self._on_code_slow)

    # What is known

    @property
    def name(self) -> str:
        """The project's name, as the title shows it."""
        return self.path.stem if self.path else self._given_name or self.document.shown_name.replace("/", "_")

    @property
    def owner(self) -> RunOwner:
        """By what the open project's runs are known."""
        return RunOwner(self.name, self.path, "" if self.path else self.project_runs.untitled_name)

    @property
    def changed(self) -> bool:
        return not self.history.is_clean

    @property
    def built_model(self) -> BuiltModel:
        """What is built of the document, and which boxes are left out."""
        if self._built_model is None:
            self._built_model = built_model(self.document, self.catalog)
        return self._built_model

    @property
    def built(self) -> Document:
        """What is built of the document: what data, training and exports are about. Not to be edited."""
        return self.built_model.document

    @property
    def problems(self) -> list[Problem]:
        return self._problems

    @property
    def settled(self) -> bool:
        """Whether the engine has answered all that is asked of it after an edit."""
        data = self.data
        described = data.source is None or bool(data.columns) or data.error is not None
        return self.engine.state.phase == "ready" and self.inference.current and described and bool(self.devices.known)

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

    def mend(self, problem: Problem) -> bool:
        """Do what is proposed for a problem, as one step. False when it is no problem any more, or was refused."""
        if problem.mend is None or problem not in self._problems:
            return False
        return self.edit(problem.mend.text, problem.mend.edits)

    def _facts(self) -> ProjectFacts:
        return ProjectFacts(
            self.document,
            lambda: self.built,
            lambda: self.path,
            lambda: self.name,
            self.inference,
            self.data,
            self.devices,
            self.outside,
        )

    def _left_out(self) -> str:
        return left_out_sentence(self.built_model) if self.built_model.total else ""

    def _do_made(self, label: Text, make: Callable[[], Sequence[Edit]]) -> None:
        self.attempt(lambda: self.history.do(label, make()))

    def notify(self, text: str, kind: Literal["info", "ok", "error"] = "info", detail: str = "") -> None:
        self.notice_raised.emit(Notice(text, kind, detail))

    def replace(self, document: Document, path: Path | None, name: str = "", untitled_runs: str = "") -> None:
        """Show another project. `path` None: it has no file yet, and is called `name`, or as its model is."""
        self.path = path
        self.outside.opened(document, path)
        self.project_runs.open(path, untitled_runs)
        self._given_name = name
        self.code.forget_unsaved()
        self.navigation.select(())
        self.inference.forget()
        self.document.replace_content(document)
        self.history.clear()
        if sum(len(graph.calls) for graph in document.graphs.values()) > _MANY_CALLS:
            self.inference.update_when_painted()
        else:
            self.inference.update_now()
        self.training.show_own()
        self.evaluations.project_replaced()
        self.document_replaced.emit()
        self.title_changed.emit()

    def saved_as(self, path: Path) -> None:
        """The project was just written to `path`. Runs that it had before it had a file come along.

        Those of a project that is saved under another name stay with the one they were trained from, and so does one
        that is going on.
        """
        before, owner, runs = self.path, self.owner, self.project_runs.folder
        agreed, is_new_place = self.code.agreed_files, self.path != path
        self.path = path
        self.outside.saved(self.document, path)
        if is_new_place:
            self.code.moved(agreed)
        self.project_runs.saved(path)
        if before is None:
            self.runs.rename(owner, self.owner)
        elif is_new_place:
            if runs.is_dir():
                self.notify(tr("The runs stay with {name}; they are found there.", name=before.name))
            self.training.show_own()
        self.history.mark_clean()
        self.data.refresh()
        self.title_changed.emit()

    def close(self) -> None:
        """The program ends: nothing is waited for any more, and what trains does so without this window."""
        self.project_runs.close()
        self.evaluations.close()
        for run in self.runs.active:
            run.detach()

    def _on_document_changed(self, changes: Changes) -> None:
        self._built_model = None
        self.navigation.on_document_changed(changes)
        self.document_changed.emit(changes)
        self.code.on_document_changed(changes)
        self.inference.on_document_changed(changes)
        self.data.on_document_changed(changes)
        self.rules.on_document_changed(changes)
        self._names_told.on_document_changed(changes, self.history.travelling)
        if changes.name:
            self.title_changed.emit()

    def _on_history_changed(self) -> None:
        self.history_changed.emit()
        self.title_changed.emit()

    def _on_engine_state(self, state: EngineState) -> None:
        if state.phase == "ready":
            self.code.refresh()
            self.inference.update_now()
            self.data.refresh()
            self.devices.ask()
        elif state.phase == "starting" and state.text:
            self.notify(tr("{reason} It is started again.", reason=state.text), "error", state.detail)

    def _on_problems_changed(self) -> None:
        sources = (self.code, self.inference, self.rules, self.data)
        problems = [*self.outside.problems(), *(problem for source in sources for problem in source.problems)]
        if problems != self._problems:
            self._problems = problems
            self.problems_changed.emit(problems)

    def _on_outside_changed(self) -> None:
        """Read what may be read now."""
        self.code.refresh()
        self.data.refresh()
        self._on_problems_changed()

    def _on_code_changed(self) -> None:
        self._built_model = None
        if self.code.phase != "loading" and self.data.made_by_code:
            self.data.refresh()
        QTimer.singleShot(0, self, self._look_at_own_code)  # not before all have heard of the change that led here
        self._on_problems_changed()

    def _look_at_own_code(self) -> None:
        operations = [item for graph in self.document.graphs.values() for item in graph.operations.values()]
        self.document.touch(item.id for item in operations if is_own_code(item))

    def _on_code_slow(self) -> None:
        self.notify(tr("The project's code is still running. Model > Stop the project's code ends it."))


def blocking_sentence(problems: Sequence[Problem]) -> tuple[Text, str | None] | None:
    """The first error and its box, or None when nothing stands in the way."""
    first = next((problem for problem in problems if problem.is_error), None)
    return (first.text, first.call) if first else None
