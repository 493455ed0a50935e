"""Run folders as trainers leave them, for tests that ask about trained models."""

from __future__ import annotations

from pathlib import Path

import msgspec

from app.project.training_start import run_spec
from graph_editor.document.files.file_format import dumps
from runtime.spec import CodeFile
from runtime.store import BEST_FILE, MODEL_FILE, RunResult, RunStore, epoch_file, write_result
from tests.gui.app.conftest import Rig


def add_run(
    rig: Rig, best: bool = True, last: bool = True, epochs: tuple[int, ...] = (), code: tuple[CodeFile, ...] = ()
) -> Path:
    """A run of the open project that has ended, with these weights, which hold nothing."""
    session = rig.session
    spec = msgspec.structs.replace(run_spec(session), custom_code=code)
    folder = RunStore(session.project_runs.folder).new_run(spec, dumps(session.document))
    if best:
        (folder / BEST_FILE).write_bytes(b"weights")
    if last:
        (folder / MODEL_FILE).write_bytes(b"weights")
    for epoch in epochs:
        epoch_file(folder, epoch).write_bytes(b"weights")
    write_result(folder, RunResult("completed" if last else "failed", 3, {"loss": 0.2}, {"loss": 0.2}, 75.0))
    return folder
