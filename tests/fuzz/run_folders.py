"""Run folders after an accident or an attack: a bad one is damaged, and hides no other.

    python -m tests.fuzz.run_folders --folders 50000 --seed 1

Each folder is that of a real run with one to three things done to its files. It stands between two sound runs; all
three are listed, and what can be read is put into the words, numbers and curves that window and command line show.
Prints what became of the folders, and every finding with its number, which ``--only`` repeats alone.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from app.cli.verbs.runs import as_json
from app.panels.plots.formats import duration_text
from app.panels.plots.run_curves import RunCurves
from app.panels.run_parts import restoring, run_facts
from app.panels.run_parts.progress import ProgressMeter
from graph_editor.catalog.catalog import Catalog
from resources.regular_files import read_regular
from resources.text import Text
from runtime.event_file import EVENTS_FILE, EventReader
from runtime.events import (
    CallbackNote,
    EpochEnded,
    EpochStarted,
    LearningRateChanged,
    Paused,
    Resumed,
    RunEnded,
    RunStarted,
    Steps,
)
from runtime.messages.control import CONTROL_FILE, STOP_FILE, ControlReader
from runtime.run_process import PROCESS_FILE, write_process
from runtime.spec import Binding, DataSource, DataSpec, KerasObject, OutputTraining, RunSpec, TrainingSettings
from runtime.store import MODEL_FILE, RESULT_FILE, RUN_FILE, RunInfo, RunResult, RunStore, epoch_file, write_result
from runtime.worker.training.event_log import EventWriter
from tests.fuzz.counting import main

SLOWEST: Final = 5.0  # seconds for one list
JSON_FILES: Final = (RUN_FILE, PROCESS_FILE, RESULT_FILE)
FILES: Final = (*JSON_FILES, EVENTS_FILE, CONTROL_FILE, MODEL_FILE, "epoch-0002.keras", STOP_FILE)
HOSTILE: Final[tuple[Any, ...]] = (
    None, True, -1, 0, 1, 2**31, 2**63, 2**64, 10**40, -(10**40), 1e300, -1e300, float("nan"), float("inf"), 0.5,
    "", "a", "\ud800", "\udfff x", "\x00", "\x1b[2J", "{a.__class__}", "{0:>9999999999}", "{", "}{", "<img src=x>",
    "x" * 100_000, [], {}, [[]], {"": None}, [None] * 1000,
)  # fmt: skip


def real_run(store: RunStore) -> Path:
    """A run of three epochs as a trainer leaves it, without its result."""
    output = OutputTraining("digit", KerasObject("SparseCategoricalCrossentropy"), (KerasObject("accuracy"),))
    layers = [{"class_name": "Dense", "config": {"units": 10, "name": f"dense_{i}"}} for i in range(3)]
    model = {"module": "keras", "class_name": "Functional", "config": {"name": "m", "layers": layers}}
    settings = TrainingSettings(
        KerasObject("Adam", {"learning_rate": 0.001}), seed=7, outputs=(output,), callbacks={"best_checkpoint": {}}
    )
    bound = (Binding("image", ("image",)), Binding("digit", ("digit",)))
    folder = store.new_run(
        RunSpec("Digits", model, DataSpec((DataSource("hdf5", "/data/digits.h5"),)), bound, settings), b"{}"
    )
    write_process(folder)
    writer = EventWriter(folder, lambda error: None)
    writer.write(RunStarted("cpu", 4, 3, 128, 32, 100, 90))
    for epoch in range(3):
        writer.write(EpochStarted(epoch))
        writer.write(Steps(epoch, 4 * epoch, ("loss", "accuracy"), [[1.0 / (step + 1), 0.5] for step in range(4)]))
        logs = {"loss": 0.5, "accuracy": 0.5, "val_loss": 0.6, "val_accuracy": 0.4}
        writer.write(EpochEnded(epoch, logs, 0.001, 1.5))
    for event in (Paused(), Resumed(), LearningRateChanged(12, 0.01, "manual"), CallbackNote(Text("{a}", {"a": 1}))):
        writer.write(event)
    writer.write(RunEnded("completed", 3, 4.5, "model.keras", {"val_loss": 0.6}))
    writer.close()
    (folder / CONTROL_FILE).write_bytes(b'\n{"type":"Pause"}\n\n{"type":"SetLearningRate","value":0.1}\n')
    epoch_file(folder, 2).write_bytes(b"PK")
    return folder


class Fuzzer:
    """Works in a folder of its own, which `close` takes away."""

    def __init__(self, seed: int) -> None:
        self._seed, self._catalog = seed, Catalog.load()
        self._home = Path(tempfile.mkdtemp(prefix="lamella-fuzz-"))
        self._store = RunStore(self._home / "p.runs")
        self._folders = [real_run(self._store) for _ in range(3)]
        self._result = self._result_file()
        self._pristine = {path.name: path.read_bytes() for path in self._folders[1].iterdir()}
        self.counts: Counter[str] = Counter()
        self.findings: list[str] = []

    def close(self) -> None:
        shutil.rmtree(self._home, ignore_errors=True)

    def run(self, number: int) -> None:
        """Folder ``number`` of this seed, the same at each call."""
        chance = random.Random(f"{self._seed} {number}")
        folder = self._folders[1]
        self._restore(folder, with_result=chance.random() < 0.5)
        harms = [chance.choice(HARMS) for _ in range(chance.randint(1, 3))]
        try:
            for harm in harms:
                if folder.is_symlink() or not folder.is_dir():
                    break  # what is done to the run must not be done elsewhere
                harm(folder, chance)
        except (OSError, ValueError, LookupError, RecursionError):
            self.counts["a second harm had nothing to work on"] += 1
        self.counts["folders"] += 1
        try:
            self._check(folder)
        except Exception as error:
            names = ", ".join(harm.__name__ for harm in harms)
            self.findings.append(f"folder {number} ({names}): {type(error).__name__}: {str(error)[:300]}")

    def _result_file(self) -> bytes:
        write_result(self._folders[1], RunResult("completed", 3, {"loss": 0.5}, {"val_loss": 0.6}, 4.5, None, "cpu", 9))
        content = (self._folders[1] / RESULT_FILE).read_bytes()
        (self._folders[1] / RESULT_FILE).unlink()
        return content

    def _restore(self, folder: Path, with_result: bool) -> None:
        if folder.is_symlink() or not folder.is_dir():
            folder.unlink()
        else:
            shutil.rmtree(folder)
        folder.mkdir()
        for name, content in self._pristine.items():
            (folder / name).write_bytes(content)
        if with_result:
            (folder / RESULT_FILE).write_bytes(self._result)

    def _check(self, folder: Path) -> None:
        start = time.monotonic()
        found = {run.folder: run for run in self._store.all_runs()}
        took = time.monotonic() - start
        assert took < SLOWEST, f"the list took {took:.1f} s"
        for other in (self._folders[0], self._folders[2]):
            assert other in found and found[other].status == "completed", f"a sound run is {found.get(other)}"
        run = found.get(folder)
        if run is None:
            assert not (folder / RUN_FILE).exists(), "it is not listed"
            self.counts["no run any more"] += 1
            return
        self.counts[run.status] += 1
        if run.status == "damaged":
            assert run.result.error is not None and str(run.result.error), "it has no reason"
            assert (run.model, run.best_model, run.paused) == (None, None, False)
            assert run not in self._store.runs()
        else:
            self._show(run, found[self._folders[0]])
        json.dumps(as_json(run), allow_nan=False).encode()
        self._control(folder)

    def _show(self, run: RunInfo, other: RunInfo) -> None:
        """All words, numbers and curves that are made of a run."""
        words = [run.name, run_facts.started_text(run.created), run_facts.epochs_text(run), run_facts.best_text(run)]
        words += [duration_text(run.result.seconds), str(run_facts.STATUS_TEXTS[run.status]), str(run.result.error)]
        words += [*run_facts.settings_of(run, self._catalog).values(), *run_facts.results_of(run).values()]
        words += [word for _, values in run_facts.differences([run, other], self._catalog) for word in values]
        "".join(words).encode()
        json.dumps(restoring.training_section(run.spec.training))
        curves = RunCurves("run", run_facts.optimizer_rate(run.spec.training.optimizer, self._catalog))
        meter = ProgressMeter()
        for events in EventReader(run.folder).chunks():
            for event in events:
                curves.apply(event)
                meter.apply(event)
                if isinstance(event, CallbackNote):
                    str(event.text).encode()

    @staticmethod
    def _control(folder: Path) -> None:
        reader = ControlReader(folder)
        try:
            reader.stop_requested()
            reader.read()
        except OSError:
            return  # which the trainer passes over


# ------------------------------------------------------------------------------------------------------------- harms


def _content(path: Path) -> bytes:
    return read_regular(path, 1 << 20)  # an earlier harm may have left a pipe there


def flipped_bytes(folder: Path, chance: random.Random) -> None:
    path = folder / chance.choice(FILES)
    content = bytearray(_content(path))
    for _ in range(chance.randint(1, 8)):
        place = chance.randint(0, len(content))
        match chance.randint(0, 2):
            case 0:
                content[place : place + 1] = bytes([chance.randint(0, 255)])
            case 1:
                content[place:place] = chance.randbytes(chance.randint(1, 6))
            case _:
                del content[place : place + chance.randint(1, 20)]
    path.write_bytes(content)


def cut_short(folder: Path, chance: random.Random) -> None:
    path = folder / chance.choice(FILES)
    content = _content(path)
    path.write_bytes(content[: chance.randint(0, len(content))])


def hostile_value(folder: Path, chance: random.Random) -> None:
    path = folder / chance.choice(JSON_FILES)
    path.write_text(json.dumps(_with_hostile(json.loads(_content(path)), chance)), "utf-8")


def hostile_event(folder: Path, chance: random.Random) -> None:
    path = folder / chance.choice((EVENTS_FILE, CONTROL_FILE))
    lines = _content(path).split(b"\n")
    place = chance.choice([i for i, line in enumerate(lines) if line.startswith(b"{")])
    lines[place] = json.dumps(_with_hostile(json.loads(lines[place]), chance)).encode()
    chance.choice((lambda: None, lambda: chance.shuffle(lines), lambda: lines.extend(lines)))()
    path.write_bytes(b"\n".join(lines))


def deep_value(folder: Path, chance: random.Random) -> None:
    path = folder / chance.choice((*JSON_FILES, EVENTS_FILE, CONTROL_FILE))
    depth = chance.choice((50, 100, 500, 5000, 100_000))
    opening, closing = chance.choice(((b"[", b"]"), (b'{"a":', b"}")))
    nest = opening * depth + b"1" + closing * depth
    content = _content(path)
    path.write_bytes(content.replace(b'"name"', b'"deep":' + nest + b',"name"', 1) if chance.random() < 0.7 else nest)


def no_file(folder: Path, chance: random.Random) -> None:
    (folder / chance.choice(FILES)).unlink()


def other_kind(folder: Path, chance: random.Random) -> None:
    """A folder, a pipe, a link, a device or a hole in the place of a file."""
    path = folder / chance.choice(FILES)
    path.unlink(missing_ok=True)
    match chance.randint(0, 5):
        case 0:
            path.mkdir()
        case 1 if os.name == "posix":
            os.mkfifo(path)
        case 2 if os.name == "posix":
            path.symlink_to(chance.choice(("/dev/zero", "/dev/null", "/dev/full", "/nowhere", str(path))))
        case 3:
            path.touch(0)
        case 4:
            with path.open("wb") as file:
                file.truncate(chance.choice((1 << 20, 20 << 30)))  # a hole
        case _:
            path.write_bytes(chance.randbytes(chance.randint(0, 300)))


def other_folder(folder: Path, chance: random.Random) -> None:
    """A file, a pipe or a link in the place of the run."""
    shutil.rmtree(folder)
    match chance.randint(0, 3):
        case 0:
            folder.write_bytes(b"x")
        case 1 if os.name == "posix":
            os.mkfifo(folder)
        case 2 if os.name == "posix":
            folder.symlink_to(chance.choice((str(folder), "/nowhere", str(folder.parent))))
        case _:
            folder.mkdir()


def _with_hostile(value: Any, chance: random.Random) -> Any:
    """The value with one of its parts, or a key, replaced."""
    places = list(_places(value))
    if not places or chance.random() < 0.05:
        return chance.choice(HOSTILE)
    holder, key = chance.choice(places)
    if isinstance(holder, dict) and chance.random() < 0.1:
        holder[chance.choice([item for item in HOSTILE if isinstance(item, str)])] = holder.pop(key)
    else:
        holder[key] = chance.choice(HOSTILE)
    return value


def _places(value: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        item = waiting.pop()
        keys = list(item) if isinstance(item, dict) else range(len(item)) if isinstance(item, list) else ()
        for key in keys:
            found.append((item, key))
            waiting.append(item[key])
    return found


HARMS: Final[tuple[Callable[[Path, random.Random], None], ...]] = (
    flipped_bytes, cut_short, hostile_value, hostile_value, hostile_value, hostile_event, hostile_event, deep_value,
    no_file, other_kind, other_folder,
)  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(Fuzzer, "folders", __doc__))
