"""Taking a run's model away: asks for a file, lets the engine write and check it, says how it went."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.choosers import Chooser
from app.session import Session
from resources.text import Text, tr
from runtime.protocol import Answer, Export, Exported, ExportKind, Failed
from runtime.spec import RunSpec

KINDS: tuple[tuple[ExportKind, Text, str], ...] = (
    ("keras", Text("Keras model (.keras)…"), ".keras"),
    ("json", Text("Architecture (.json)…"), ".json"),
    ("weights", Text("Weights (.weights.h5)…"), ".weights.h5"),
    ("h5", Text("Legacy model (.h5)…"), ".h5"),
)


class RunExporter:
    """`export` returns at once; notices of the session tell the end."""

    def __init__(self, session: Session, chooser: Chooser, parent: QWidget) -> None:
        self._session = session
        self._chooser = chooser
        self._parent = parent

    def export(self, kind: ExportKind, spec: RunSpec, folder: Path) -> None:
        suffix = next(ending for name, _, ending in KINDS if name == kind)
        home = self._session.project_folder or Path.home()
        proposal = home / f"{spec.name}-{folder.name.split('-')[0]}{suffix}"
        path = self._chooser.file_to_save(self._parent, tr("Export the model"), f"{suffix} (*{suffix})", proposal)
        if path is None:
            return
        if not path.name.endswith(suffix):
            path = path.with_name(path.name + suffix)
        self._session.notify(tr("Writing {file}…", file=path.name))
        message = Export(0, spec.model, kind, str(path), str(folder))
        self._session.request(message, self._answered(path))

    def _answered(self, path: Path) -> Callable[[Answer], None]:
        def tell(answer: Answer) -> None:
            if isinstance(answer, Exported):
                text = tr("{file} is written and was read back.", file=path.name)
                self._session.notify(text, "ok", "\n".join(str(check) for check in answer.checks))
            elif isinstance(answer, Failed):
                self._session.notify(str(answer.error), "error", answer.detail)

        return tell
