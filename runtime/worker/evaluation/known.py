"""What its run, or who asks, says of a trained model. Free of Keras: the model itself is loaded by `loaded.py`."""

from __future__ import annotations

from pathlib import Path

from resources.text import Text
from runtime.data_kinds import is_made_by_code
from runtime.evaluation.kept_data import KeptData, read_kept
from runtime.messages.trained import Trained
from runtime.run_files import DamagedError
from runtime.spec import DataSpec, RunSpec
from runtime.store import read_run
from runtime.worker.data.source import Source
from runtime.worker.process.control import WorkerError


class Known:
    """`kept` is what its training kept of the data; None for an older run, and for a model without one."""

    def __init__(self, trained: Trained) -> None:
        """Raises WorkerError for a run that cannot be read."""
        self.trained = trained
        self.spec = spec_of(trained)
        self.kept = _kept(trained)
        self.worked_out: KeptData | None = None  # the same, of a model that has none, told from its data as it is now
        self.taught: tuple[Source, Source] | None = None  # the last data that is not the run's, and it behind the steps

    @property
    def data(self) -> KeptData | None:
        """What is known of the data by now."""
        return self.kept or self.worked_out

    def title(self, name: str) -> str:
        """What people call an input or an output."""
        return self.spec.title(name)

    def columns_of(self, target: str) -> tuple[str, ...]:
        """The columns that feed an input, or are the truth of an output; () where none are bound to it."""
        binding = self.spec.binding(target)
        return () if binding is None else binding.columns

    @property
    def prepared_as(self) -> DataSpec:
        """How other data is prepared for the model: nothing is done to what code makes."""
        return DataSpec(self.spec.data.sources) if self.made_by_code else self.spec.data

    @property
    def made_by_code(self) -> bool:
        """Whether the data was made by code as the model trained."""
        return any(is_made_by_code(source.kind) for source in self.spec.data.sources)


def spec_of(trained: Trained) -> RunSpec:
    """Raises WorkerError."""
    if trained.spec is not None:
        return trained.spec
    run = read_run(Path(trained.folder))
    if run is None:
        raise WorkerError(Text("{folder} is no run.", {"folder": trained.folder}))
    if run.status == "damaged":
        assert run.result.error is not None
        raise WorkerError(run.result.error)
    if not run.spec.model:
        raise WorkerError(Text("The run {name} has no model.", {"name": run.name}))
    return run.spec


def _kept(trained: Trained) -> KeptData | None:
    if not trained.folder:
        return None
    try:
        return read_kept(Path(trained.folder))
    except DamagedError as error:
        raise WorkerError(error.text) from error
