"""Every call with which projects, copies, runs and exports are written fails once.

`python -m tests.fuzz.faults [--keras]`

Afterwards the old or the new file is there, whole, nothing half-written lies about, and the error was told.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from app.panels.plots.run_curves import RunCurves
from app.project.project_questions import run_spec
from app.project.templates import TEMPLATES
from app.project.unsaved_copies import Copy, CopyWriter, read_copy
from graph_editor.document.files.file_format import FileError, dumps, save
from resources.atomic import write_atomically
from runtime.event_file import EVENTS_FILE, EventReader
from runtime.events import CheckpointSaved, Steps
from runtime.store import RunResult, RunStore, StoreError, read_run, write_result
from runtime.worker.training.event_log import EventWriter
from tests.support.faults import ERRORS, Fault, failing

OLD = b"the old file, whole"
EVENTS: Final = 6


@dataclass(frozen=True)
class Writer:
    """`write` writes below a folder; `is_sound` says whether what lies there is whole: the old, the new, or none."""

    name: str
    write: Callable[[Path], object]
    is_sound: Callable[[Path, bool], bool]  # folder, whether `write` returned
    errors: tuple[type[Exception], ...] = (OSError,)
    prepare: Callable[[Path], object] = lambda _folder: None
    syncs: bool = True  # a log is not synced with every line


@dataclass
class Tally:
    runs: int = 0
    points: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def one_file(name: str, write: Callable[[Path], object], new: bytes, *errors: type[Exception]) -> Writer:
    """A writer of one file that replaces an old one."""

    def is_sound(folder: Path, done: bool) -> bool:
        found = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        return found == {"file": new} or (not done and found == {"file": OLD})

    prepare: Callable[[Path], object] = lambda folder: (folder / "file").write_bytes(OLD)  # noqa: E731
    return Writer(name, write, is_sound, errors or (OSError,), prepare)


def writers() -> list[Writer]:
    document = TEMPLATES[0].open()
    content = dumps(document)
    spec = run_spec(document, Path.cwd(), "a run")
    unsaved = Copy("/p.lamella", "p", 1.0, 1, 0.0, content.decode())
    result = RunResult("completed", 3)
    new_run: Callable[[Path], object] = lambda folder: RunStore(folder / "p.runs").new_run(spec, content)  # noqa: E731
    return [
        one_file("project", lambda folder: save(document, folder / "file"), content, FileError),
        one_file("export", lambda folder: write_atomically(folder / "file", b"source" * 999), b"source" * 999),
        Writer("autosave", lambda folder: CopyWriter(folder).write(unsaved), _copies_are_whole),
        Writer("run", new_run, _runs_are_whole, (StoreError,)),
        Writer("events", _write_events, _events_are_whole, syncs=False),
        Writer("result", lambda folder: write_result(folder, result), _results_are_whole),
    ]


def _write_events(folder: Path) -> None:
    told: list[OSError] = []
    writer = EventWriter(folder, told.append)
    for step in range(EVENTS):
        writer.write(Steps(0, step, ("loss",), [[0.5]]))
    writer.close()
    if told:
        raise told[0]


def _events_are_whole(folder: Path, done: bool) -> bool:
    """All but the one that failed, none of them cut, and what reads them knows how many are missing in between."""
    curves = RunCurves("")
    events = EventReader(folder).read()
    curves.apply_all(events)
    numbers = [event.seq for event in events]
    between = (numbers[-1] if numbers else 0) - len(numbers)
    whole = all(isinstance(event, Steps) and event.first_step == event.seq - 1 for event in events)
    opened = (folder / EVENTS_FILE).exists()
    enough = len(numbers) == EVENTS if done else not opened or len(numbers) >= EVENTS - 1
    return whole and enough and curves.missing == between


def _copies_are_whole(folder: Path, done: bool) -> bool:
    found = [path for path in folder.rglob("*") if path.is_file()]
    return len(found) <= 1 and (len(found) == 1 or not done) and all(read_copy(path) is not None for path in found)


def _runs_are_whole(folder: Path, done: bool) -> bool:
    found = list((folder / "p.runs").iterdir()) if (folder / "p.runs").is_dir() else []
    return len(found) <= 1 and (bool(found) or not done) and all(read_run(path) is not None for path in found)


def _results_are_whole(folder: Path, done: bool) -> bool:
    names = [path.name for path in folder.iterdir()]
    return names == ["result.json"] or (not done and names == [])


def try_all(writer: Writer) -> Tally:
    """Let each call of the writer fail once with each error, and each write take only a half."""
    tally = Tally()
    counted = _attempt(writer, Fault(), tally)
    if not counted.calls:
        tally.wrong.append(f"{writer.name}: nothing was written")
    for at, point in enumerate(counted.calls, 1):
        for number in (*ERRORS, *([None] if point == "write" else [])):
            fault = _attempt(writer, Fault(at, number), tally)
            if not fault.happened:
                tally.wrong.append(f"{writer.name}: call {at} ({point}) was not reached")
            tally.points[point] += 1
    return tally


def _attempt(writer: Writer, fault: Fault, tally: Tally) -> Fault:
    tally.runs += 1
    where = f"{writer.name}: call {fault.at}, error {fault.number}"
    with _folder() as folder:
        writer.prepare(folder)
        done = False
        try:
            with failing(fault, folder):
                writer.write(folder)
            done = True
        except writer.errors as error:
            if not str(error):
                tally.wrong.append(f"{where}: an error without words")
        except Exception as error:  # the finding itself
            tally.wrong.append(f"{where}: {type(error).__name__}: {error}")
        if not writer.is_sound(folder, done):
            left = sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
            tally.wrong.append(f"{where} ({fault.calls[-1:]}): left {left}")
    return fault


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def keras_writers() -> list[Writer]:
    """What the worker exports. Keras is imported only here."""
    import keras

    from runtime.messages.exporting import Export
    from runtime.worker.engine.export import export
    from runtime.worker.process.control import WorkerError

    inputs = keras.Input((4,))
    model: Any = keras.saving.serialize_keras_object(keras.Model(inputs, keras.layers.Dense(3)(inputs)))

    def of(kind: Any) -> Writer:
        def is_sound(folder: Path, done: bool) -> bool:
            found = [path for path in folder.rglob("*") if path.is_file()]
            return [path.name for path in found] == ["file"] and (found[0].read_bytes() != OLD) >= done

        prepare: Callable[[Path], object] = lambda folder: (folder / "file").write_bytes(OLD)  # noqa: E731
        write: Callable[[Path], object] = lambda folder: export(Export(0, model, kind, str(folder / "file")))  # noqa: E731
        return Writer(f"keras {kind}", write, is_sound, (WorkerError,), prepare)

    return [*(of(kind) for kind in ("json", "keras", "weights", "h5")), *trainer_writers(model)]


def trainer_writers(config: Any) -> list[Writer]:
    """What a trainer keeps of its model: what it has trained, the best, and the last whole epoch."""
    import keras

    from runtime.store import BEST_FILE, MODEL_FILE, epoch_file
    from runtime.worker.process.control import WorkerError
    from runtime.worker.training.callback_run import CallbackRun
    from runtime.worker.training.callbacks import best_checkpoint
    from runtime.worker.training.epoch_checkpoint import EpochCheckpoint
    from runtime.worker.training.train import save_trained

    model: Any = keras.saving.deserialize_keras_object(copy.deepcopy(config))  # Keras takes it apart
    model.compile(loss="mse")

    def epoch(folder: Path) -> None:
        notes: list[Any] = []
        times = iter(range(0, 10**6, 1000))
        EpochCheckpoint(model, folder, notes.append, lambda: float(next(times))).epoch_ended(2)
        if notes:
            raise OSError(str(notes[0].text))

    def best(folder: Path) -> None:
        told: list[Any] = []
        callback = best_checkpoint.build({"monitor": "loss"}, CallbackRun(folder, told.append, False))
        callback.set_model(model)
        callback.on_epoch_end(0, {"loss": 0.5})
        if not any(isinstance(event, CheckpointSaved) for event in told):
            raise OSError(str(told[0].text))

    def kept(name: str, old: str, new: str, write: Callable[[Path], object], error: type[Exception]) -> Writer:
        def is_sound(folder: Path, done: bool) -> bool:
            files = {path.name: path for path in folder.iterdir()}
            if not set(files) <= {old, new} or not files:
                return False
            if new in files and zipfile.is_zipfile(files[new]):
                with zipfile.ZipFile(files[new]) as archive:
                    return archive.testzip() is None
            return not done and set(files) == {old} and files[old].read_bytes() == OLD

        return Writer(name, write, is_sound, (error,), lambda folder: (folder / old).write_bytes(OLD))

    first, second = (epoch_file(Path(), number).name for number in (1, 2))
    return [
        kept("trained model", MODEL_FILE, MODEL_FILE, lambda folder: save_trained(model, folder), WorkerError),
        kept("best model", BEST_FILE, BEST_FILE, best, OSError),
        kept("model of an epoch", first, second, epoch, OSError),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keras", action="store_true", help="also what the worker exports")
    chosen = writers() + (keras_writers() if parser.parse_args().keras else [])
    wrong = []
    for writer in chosen:
        tally = try_all(writer)
        wrong += tally.wrong
        points = ", ".join(f"{name} {count}" for name, count in sorted(tally.points.items()))
        print(f"{writer.name}: {tally.runs} runs; {points}; wrong: {len(tally.wrong)}")
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
