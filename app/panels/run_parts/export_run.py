"""Taking a run's model away: asks for a file, lets the engine write and check it, says how it went."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.panels.run_parts.run_facts import best_monitor
from app.project.choosers import Chooser
from app.project.export_formats import ExportFormat, export_format, export_formats
from app.project.saving import ask_where
from app.project.session import Session
from resources.text import tr
from runtime.messages.connection import Failed
from runtime.messages.exporting import Export, Exported
from runtime.messages.protocol import Answer
from runtime.spec import RunSpec


def run_formats() -> list[ExportFormat]:
    """Return what the model of a run can be written as."""
    return [entry for entry in export_formats() if entry.needs == "engine"]


class RunExporter:
    """`export` returns at once; notices of the session tell the end."""

    def __init__(self, session: Session, chooser: Chooser, parent: QWidget) -> None:
        self._session = session
        self._chooser = chooser
        self._parent = parent

    def export(self, kind: str, spec: RunSpec, folder: Path, best: bool = False) -> None:
        """With the weights of the last epoch, or those of the epoch that was `best`."""
        form = export_format(kind)
        suffix = form.suffix
        home = self._session.usual_folder
        proposal = home / f"{spec.name}-{folder.name.split('-')[0]}{'-best' if best else ''}{suffix}"
        kinds, refuse = f"{suffix} (*{suffix})", self._session.refuse_to_replace
        path = ask_where(self._chooser, self._parent, tr("Export the model"), kinds, proposal, suffix, refuse)
        if path is None:
            return
        self._session.visited(path)
        self._session.notify(tr("Writing {file}…", file=path.name))
        message = Export(0, spec.model, kind, str(path), str(folder), best=best)
        self._session.engine.request(message, self._answered(_written(form, spec, path, best)))

    def _answered(self, text: str) -> Callable[[Answer], None]:
        def tell(answer: Answer) -> None:
            if isinstance(answer, Exported):
                self._session.notify(text, "ok", "\n".join(str(check) for check in answer.checks))
            elif isinstance(answer, Failed):
                self._session.notify(str(answer.error), "error", answer.detail)

        return tell


def _written(form: ExportFormat, spec: RunSpec, path: Path, best: bool) -> str:
    if not form.weights:
        return tr("{file} is written and was read back.", file=path.name)
    if best:
        monitor = best_monitor(spec)
        return tr(
            "{file} is written with the weights of the best {monitor} and was read back.",
            file=path.name, monitor=monitor,
        )  # fmt: skip
    return tr("{file} is written with the weights of the last epoch and was read back.", file=path.name)
