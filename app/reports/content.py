"""What a report tells of a run: a model card with what was trained on what, how, and how good it became."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from app.panels.run_parts.run_facts import STATUS_TEXTS, best_names, epochs_text, settings_of
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from graph_editor.document.files.file_format import FileError, load
from resources.plain import shown_name
from resources.text import Text, tr
from resources.training.metric_logs import LOSS, VALIDATION
from runtime.data_kinds import source_title
from runtime.evaluation.folder import Stored, evaluations_of, mistakes_of
from runtime.evaluation.kept_data import KeptData, read_kept
from runtime.event_file import read_milestones
from runtime.events import EpochEnded
from runtime.messages.evaluating import EvaluationFile
from runtime.messages.views import Curve, Curves, Label, Samples
from runtime.run_files import DamagedError
from runtime.store import PROJECT_FILE, RunInfo

Row = tuple[str, str]
_PACKAGES: Final = ("keras", "tensorflow", "jax", "torch", "numpy", "scikit-learn")
_CURVES: Final = 4  # metrics whose curves are drawn


@dataclass(frozen=True, slots=True)
class Told:
    """An evaluation as it is told. `mistakes` are the worst samples by output, `notes` say why there are none."""

    file: EvaluationFile
    mistakes: Mapping[str, Samples]
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """`evaluations` are those that are told, newest first. `document` is the graph, None where it cannot be read."""

    run: RunInfo
    title: str
    created: datetime
    facts: tuple[Row, ...]
    data: tuple[Row, ...]
    settings: tuple[Row, ...]
    results: tuple[Row, ...]
    environment: tuple[Row, ...]
    curves: tuple[tuple[str, Curves], ...]
    evaluations: tuple[Told, ...]
    document: Document | None
    loading: str
    damaged: tuple[str, ...] = ()  # what is left out, and why

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader has to know before the figures."""
        if self.evaluations:
            notes = [str(note) for one in self.evaluations for note in (*one.file.notes, *one.notes)]
            return (*notes, *self.damaged)
        none = tr("This run has not been evaluated: there are no figures of what it got right and wrong.")
        return (none, *self.damaged)


def report_of(run: RunInfo, catalog: Catalog) -> Report:
    """Reads the folder of the run, and the newest evaluation of each part of the data that is kept there."""
    found = list(evaluations_of(run.folder))
    stored = newest_of_parts(found)
    try:
        kept = read_kept(run.folder)
    except DamagedError:
        kept = None
    return Report(
        run=run,
        title=shown_name(run.name),
        created=datetime.now(),
        facts=tuple(_facts(run)),
        data=tuple(_data(run, kept)),
        settings=tuple(settings_of(run, catalog).items()),
        results=tuple(_results(run)),
        environment=tuple(_environment()),
        curves=tuple(_curves(run)),
        evaluations=stored,
        document=_document(run.folder / PROJECT_FILE),
        loading=_loading(run),
        damaged=tuple(
            tr("The evaluation {name} cannot be read. {reason}", name=one.folder.name, reason=one.error)
            for one in found
            if one.error is not None
        ),
    )


def newest_of_parts(stored: Sequence[Stored]) -> tuple[Told, ...]:
    """Of each part, and each file, the newest evaluation that can be read."""
    found: dict[tuple[str, str, str], Stored] = {}
    for one in stored:
        if one.file is not None:
            part = "other" if one.file.on.other is not None else one.file.on.part
            found.setdefault((part, one.file.data if part == "other" else "", one.file.weights), one)
    return tuple(_told(one) for one in found.values())


def _told(stored: Stored) -> Told:
    assert stored.file is not None
    try:
        return Told(stored.file, mistakes_of(stored.folder))
    except DamagedError as error:
        return Told(stored.file, {}, (error.text,))


def part_text(file: EvaluationFile) -> str:
    """Which samples, in words."""
    if file.on.other is not None:
        return tr("all samples of {file}", file=shown_name(file.data))
    return str(_PARTS[file.on.part])


_PARTS: Final = {
    "training": Text("the training part"),
    "validation": Text("the validation part"),
    "test": Text("the test part"),
    "all": Text("all samples"),
}


def _facts(run: RunInfo) -> Iterator[Row]:
    yield tr("Run"), f"{run.number:04d} {shown_name(run.name)}"
    yield tr("Started"), f"{datetime.fromtimestamp(run.created):%Y-%m-%d %H:%M}"
    yield tr("State"), str(STATUS_TEXTS[run.status])
    yield tr("Epochs"), epochs_text(run)
    if run.result.seconds:
        yield tr("Duration"), f"{run.result.seconds:.1f} s"
    if run.result.parameters:
        yield tr("Parameters"), f"{run.result.parameters:,}"
    if run.result.device:
        yield tr("Device"), run.result.device


def _data(run: RunInfo, kept: KeptData | None) -> Iterator[Row]:
    yield tr("Sources"), " + ".join(shown_name(source_title(source)) for source in run.spec.data.sources)
    if kept is not None:
        yield tr("Samples for training"), f"{kept.parts.get('training', 0):,}"
        yield tr("for validation"), f"{kept.parts.get('validation', 0):,}"
        yield tr("for the test"), f"{kept.parts.get('test', 0):,}"
    for binding in run.spec.bindings:
        columns = ", ".join(map(shown_name, binding.columns[:8])) + (" …" if len(binding.columns) > 8 else "")
        yield shown_name(run.spec.title(binding.target)), columns
    for name, column in run.spec.data.columns.items():
        if column.steps:
            yield tr("Steps of {column}", column=shown_name(name)), " → ".join(step.step for step in column.steps)
    for layer in run.spec.data.augmentation:
        yield tr("Augmentation"), layer.layer


def _results(run: RunInfo) -> Iterator[Row]:
    for name in best_names(run.result.best):
        value = run.result.best[name]
        if value is not None:
            yield tr("best {metric}", metric=name), f"{value:.4g}"
    for name, value in run.result.metrics.items():
        if value is not None:
            yield name, f"{value:.4g}"


def _environment() -> Iterator[Row]:
    """Of the machine that writes the report."""
    yield tr("Written with"), f"Lamella {_version('lamella')}"
    yield "Python", platform.python_version()
    for package in _PACKAGES:
        if found := _version(package):
            yield package, found
    yield tr("System"), f"{platform.system()} {platform.machine()}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _curves(run: RunInfo) -> Iterator[tuple[str, Curves]]:
    """Each metric by epoch, training beside validation."""
    epochs = [event for event in read_milestones(run.folder) if isinstance(event, EpochEnded)]
    names = list(dict.fromkeys(name.removeprefix(VALIDATION) for event in epochs for name in event.logs))
    names.sort(key=lambda name: (name != LOSS, name.endswith(f"_{LOSS}")))
    for name in names[:_CURVES]:
        lines = []
        for key, text in ((name, Text("training")), (VALIDATION + name, Text("validation"))):
            points = [(float(event.epoch + 1), event.logs[key]) for event in epochs if key in event.logs]
            points = [(x, y) for x, y in points if y == y and abs(y) != float("inf")]
            if points:
                xs, ys = zip(*points, strict=True)
                lines.append(Curve(Label(text=text), xs, ys))
        if lines:
            yield name, Curves(Label(text=Text("Epoch")), Label(name=name), tuple(lines))


def _document(path: Path) -> Document | None:
    try:
        return load(path)
    except FileError:
        return None


def _loading(run: RunInfo) -> str:
    """Python that loads the model, for who has no Lamella."""
    lines = ["import keras", ""]
    if run.spec.custom_code:
        names = ", ".join(shown_name(Path(file.path).name) for file in run.spec.custom_code)
        lines.insert(0, "# " + tr("First run the code that the model needs: {files}", files=names))
    path = run.best_model or run.model
    lines += [f'model = keras.saving.load_model("{path.name if path else "model.keras"}")', "model.summary()"]
    return "\n".join(lines)
