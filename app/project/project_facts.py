"""What the open project says of itself to those who ask trained models, at the moment of asking."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from app.engine.device_list import DeviceList
from app.outside_files.finding import written_name
from app.outside_files.gate import OutsideFiles
from app.project import project_questions as questions
from app.project.data_watch import DataWatch
from app.project.inference import Inference
from app.project.suggested import completed, suggestions
from graph_editor.document.document import Document
from resources.training.settings.device import SETTING as DEVICE
from runtime.spec import RunSpec


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """`document` is the project, `built` what is built of it."""

    document: Document
    built: Callable[[], Document]
    path: Callable[[], Path | None]
    name: Callable[[], str]
    inference: Inference
    data: DataWatch
    devices: DeviceList
    outside: OutsideFiles

    def spec(self) -> RunSpec:
        """What a run of the project would be. Raises SpecError."""
        built, path = self.built(), self.path()
        training = completed(built.training, suggestions(built, self.inference.results, self.data.taken))
        return questions.run_spec(built, path.parent if path is not None else None, self.name(), training)

    def device(self) -> str:
        """The device that the project trains on, or the CPU where this machine has no such."""
        chosen = str(DEVICE.written(self.document.training) or DEVICE.default)
        known = {device.id: device.available for device in self.devices.known}
        return chosen if known.get(chosen, True) else "cpu"

    def strange(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of a run's files that a person has to be asked about: the run may have come from elsewhere."""
        path = self.path()
        if path is None:
            return ()  # its runs were made here
        written = [written_name(name, path.parent) for name in names]
        return self.outside.strange(written, self.document, path)
