"""What evaluations kept, read back: predictions beside truth, without a model."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from resources.os_reasons import os_reason
from resources.text import Text
from runtime.evaluation.folder import EVALUATIONS, PREDICTIONS_FILE, RESULT_FILE, predictions_of, read_evaluation
from runtime.messages.evaluating import EvaluationFile
from runtime.messages.trained import Trained
from runtime.messages.views import OutputFigures
from runtime.spec import CodeFile, RunSpec
from runtime.worker.evaluation.measuring.results import Array, Results
from runtime.worker.evaluation.measuring.scales import scale_of
from runtime.worker.process.control import WorkerError

_KEPT: Final = 4  # outputs at once


@dataclass(frozen=True, slots=True)
class KeptOutput:
    """One output of an evaluation. `rows` are the numbers of the samples in the source."""

    folder: Path
    file: EvaluationFile
    output: OutputFigures
    predictions: Array
    truth: Array | None
    rows: Array

    @property
    def run(self) -> Path | None:
        """The folder of its run, wherever that was moved to; None for a model without one."""
        if self.folder.parent.name == EVALUATIONS:
            return self.folder.parent.parent
        return Path(self.file.trained.folder) if self.file.trained.folder else None

    def trained(self, agreed: tuple[CodeFile, ...] = ()) -> Trained:
        """The model that was evaluated: of a run what its own files say, whatever the evaluation says of it."""
        trained, run = self.file.trained, self.run
        if self.folder.parent.name == EVALUATIONS:
            trained = msgspec.structs.replace(trained, spec=None)
        if run is not None and str(run) != trained.folder:
            trained = msgspec.structs.replace(trained, folder=str(run), weights=str(run / Path(trained.weights).name))
        return msgspec.structs.replace(trained, agreed=agreed)

    def results(self, spec: RunSpec) -> Results:
        """`spec` is that of the model: its loss says what the predictions are."""
        name = self.output.name
        return Results(
            name, self.output.title, self.output.kind, self.predictions, self.truth, self.rows, self.output.classes,
            scale_of(spec, name),
        )  # fmt: skip


class KeptEvaluations:
    """The last few that were asked about, in memory. They never change once they are there."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Path, int, str], KeptOutput] = OrderedDict()

    def output(self, folder: Path, name: str) -> KeptOutput:
        """Raises WorkerError for an evaluation that cannot be read, or has no such output."""
        key = (folder, _time(folder / RESULT_FILE), name)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = _read(folder, name)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return found


def _time(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0  # reading it says what is wrong


def _read(folder: Path, name: str) -> KeptOutput:
    stored = read_evaluation(folder)
    if stored.file is None:
        reason = stored.error or ""
        raise WorkerError(Text.of("The evaluation {name} cannot be read. {reason}", name=folder.name, reason=reason))
    names = [output.name for output in stored.file.outputs]
    if name not in names:
        raise WorkerError(Text.of("The evaluation {name} has no output {output}.", name=folder.name, output=name))
    place = names.index(name)
    try:
        kept = predictions_of(folder, place, stored.file.samples)
    except (OSError, ValueError) as error:
        why = os_reason(error) if isinstance(error, OSError) else Text("it is damaged")
        raise WorkerError(Text.of("{file} cannot be read: {reason}.", file=PREDICTIONS_FILE, reason=why)) from error
    output = stored.file.outputs[place]
    return KeptOutput(folder, stored.file, output, kept.predictions, kept.truth, kept.rows)
