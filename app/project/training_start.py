"""From the open project to a trainer at work."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from app.engine.run_controller import RunController, TrainerBackend, TrainerReports
from app.project import project_questions as questions
from app.project.device_choice import chosen_device, device_title, known_device
from app.project.session import Session
from app.project.suggested import completed, suggestions
from app.project.training import TrainingRefusedError
from graph_editor.document.changes.commands import set_training
from graph_editor.document.checking.validation import hindrances
from graph_editor.document.ends import output_names
from graph_editor.document.files.file_format import dumps
from graph_editor.document.nesting import input_names
from resources.os_reasons import os_reason
from resources.private_files import narrow_all, private_folder
from resources.text import Text
from resources.training.sections import bindings_of
from runtime.spec import RunSpec, SpecError
from runtime.store import RunResult, RunStore, StoreError, write_result

BackendMaker = Callable[[RunSpec, Path, TrainerReports], TrainerBackend]


class RunStarter:
    """Call it with a session. `make_backend` makes the trainer's process, which is not started yet."""

    def __init__(self, make_backend: BackendMaker) -> None:
        self._make_backend = make_backend

    def __call__(self, session: Session) -> RunController:
        """Raises TrainingRefusedError with the first thing that is in the way.

        Outputs without a loss get the suggested one, as a step that can be undone.
        """
        _refuse_problems(session)
        _refuse_device(session)
        before = session.built.training
        training = completed(before, suggestions(session.built, session.inference.results, session.data.taken))
        spec = run_spec(session, training)  # what refuses the run comes before anything is changed
        if training != before:
            session.edit(Text("Use the suggested loss"), set_training(session.document, training))
        folder = _new_folder(session, spec)
        run = RunController(spec, folder, session)
        try:
            run.start(self._make_backend(spec, folder, run.reports))
        except OSError as error:
            text = Text("The trainer could not be started: {reason}", {"reason": os_reason(error)})
            run.setParent(None)
            with contextlib.suppress(OSError):  # a disk that takes no result takes no run either
                write_result(folder, RunResult("failed", error=text))
            raise TrainingRefusedError(text) from error
        return run


def run_spec(session: Session, training: Mapping[str, Any] | None = None) -> RunSpec:
    """The run that the session's project describes, with `training` as its settings. Raises TrainingRefusedError."""
    try:
        spec = questions.run_spec(session.built, session.project_folder, session.name, training)
        return msgspec.structs.replace(
            spec, custom_code=session.code.agreed_files, data_stamps=session.data.stamps_of(spec.data)
        )
    except SpecError as error:
        raise TrainingRefusedError(error.text, None, _place(session)) from error


def _refuse_device(session: Session) -> None:
    """Only once the devices are known: before, the trainer itself says it."""
    device_id = chosen_device(session)
    device = known_device(session, device_id)
    if device is None and session.devices.known:
        name = device_title(None, device_id)
        raise TrainingRefusedError(Text("This machine has no {device}. Choose another device.", {"device": name}))
    if device is not None and not device.available:
        reason = device.reason or Text("It is not available.")
        raise TrainingRefusedError(
            Text("{device} cannot be used. {reason}", {"device": device.title, "reason": reason})
        )


def _refuse_problems(session: Session) -> None:
    for problem in hindrances(session.document, session.problems, session.catalog):
        if problem.is_of_data:
            raise TrainingRefusedError(problem.text, None, "data")
        raise TrainingRefusedError(problem.text, problem.call, "build")


def _place(session: Session) -> str:
    """Return where to mend a project that is no run yet: Data until everything is bound, then Train."""
    bindings = bindings_of(session.built.data)
    graph = session.built.graph
    bound = all(name in bindings for name in (*input_names(graph), *output_names(graph)))
    return "train" if bound and session.data.source is not None else "data"


def _new_folder(session: Session, spec: RunSpec) -> Path:
    """A project without a file has its runs among the person's own data, which is nobody else's."""
    try:
        if session.path is None:
            _keep_private(session.project_runs.folder)
        folder = RunStore(session.project_runs.folder).new_run(spec, dumps(session.document))
        if session.path is None:
            narrow_all(folder)
        return folder
    except StoreError as error:
        raise TrainingRefusedError(error.text) from error


def _keep_private(folder: Path) -> None:
    with contextlib.suppress(OSError):  # the store says it in full, with the folder and the reason
        private_folder(folder)
