"""Starts what was bundled as somebody would who has no Python, and sees that it does the main job, or SetupError."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psutil

from dev import SetupError, say
from tests.e2e.display import Hands, missing_programs, virtual_display
from tests.support.sheets import excel, open_document

T = TypeVar("T")
PATIENCE_SECONDS = 180
STARTS = 5
EMPTY_CANVAS = (720, 700)
KERAS_BYTES = 250_000_000  # a worker that has imported Keras takes more memory than this
EXPORTS = {"keras": "keras", "json": "json", "weights": "weights.h5", "python": "py", "notebook": "ipynb", "svg": "svg"}
# Without these Windows starts no program; none of them says where a Python is.
KEPT = (
    "SYSTEMROOT",
    "SYSTEMDRIVE",
    "WINDIR",
    "TEMP",
    "TMP",
    "COMSPEC",
    "NUMBER_OF_PROCESSORS",
    "USERPROFILE",
    "LOCALAPPDATA",
)


@dataclass(frozen=True)
class Bundle:
    """A program to start, an empty folder to work in, and the display to show windows on ("" for the system's own)."""

    command: tuple[str, ...]
    folder: Path
    display: str = ""

    def environment(self) -> dict[str, str]:
        """Nothing of this program's own: no PATH on which a Python lies, no PYTHON*, a home that is empty."""
        (empty := self.folder / "path").mkdir(exist_ok=True)
        (home := self.folder / "home").mkdir(exist_ok=True)
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        kept |= {"PATH": str(empty), "HOME": str(home), "LAMELLA_HOME": str(home / "lamella"), "LANG": "C.UTF-8"}
        if sys.platform.startswith("linux"):
            kept |= {"DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb"} if self.display else {}
        return kept

    def start(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
        log = (self.folder / "output.txt").open("a", encoding="utf-8")
        with log:
            return subprocess.Popen(
                [*self.command, *arguments],
                cwd=self.folder,
                env=self.environment() | more,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
            )

    def run(self, *arguments: str, **more: str) -> str:
        """What it prints; `more` is added to its environment. SetupError if it fails, or shows a traceback."""
        done = subprocess.run(
            [*self.command, *arguments],
            cwd=self.folder,
            env=self.environment() | more,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=600,
            check=False,
        )
        if done.returncode or "Traceback" in done.stdout:
            end = "\n".join(done.stdout.splitlines()[-30:])
            raise SetupError(f"{end}\n\nThe bundle's `{' '.join(arguments)}` ended with {done.returncode}.")
        return done.stdout


def until(what: str, look: Callable[[], T | None], seconds: float = PATIENCE_SECONDS) -> T:
    """What `look` finds, as soon as it finds something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.1)
    raise SetupError(f"In {seconds:.0f} s this did not happen: {what}.")


def require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise SetupError(otherwise)


# ---------------------------------------------------------------------------------------------------- without a window


def prove_verbs(bundle: Bundle) -> None:
    say(f"   {bundle.run('--version').strip()}, without a Python on the path")
    bundle.run("new", "--template", "digits", "-o", "digits.lamella")
    set_in(bundle.folder / "digits.lamella", "training", "epochs", 2)
    began = time.monotonic()
    events = bundle.run("train", "digits.lamella", "--export", "digits.keras", "--json")
    losses = re.findall(r'"loss":\s*([0-9.]+)', events)
    require(len(losses) > 0, f"training told no loss:\n{events[-2000:]}")
    say(f"   train: 2 epochs in {time.monotonic() - began:.1f} s with the start of Keras, last loss {losses[-1]}")
    for kind, suffix in EXPORTS.items():
        target = bundle.folder / f"exported.{suffix}"
        bundle.run("export", "digits.lamella", "--to", kind, "--run", "1", "-o", target.name)
        require(target.stat().st_size > 100, f"{target.name} is empty")
    say(f"   export: {', '.join(EXPORTS)}")
    bundle.run("import", "digits.keras", "-o", "again.lamella")
    for workspace in ("build", "train"):
        picture = bundle.folder / f"{workspace}.png"
        bundle.run("screenshot", "digits.lamella", "--workspace", workspace, "-o", picture.name)
        require(picture.read_bytes().startswith(b"\x89PNG") and picture.stat().st_size > 20_000, f"{picture} is blank")
    say("   screenshot: build, train")


def set_in(project: Path, section: str, key: str, value: object) -> None:
    document = json.loads(project.read_text("utf-8"))
    document.setdefault(section, {})[key] = value
    project.write_text(json.dumps(document), "utf-8")


def prove_data(bundle: Bundle) -> None:
    """Each library that reads data is inside, and so are our samples; pictures that train are augmented."""
    made = {**_tables(bundle.folder), **_arrays(bundle.folder), **_folders(bundle.folder)}
    for name, column in made.items():
        told = bundle.run("data", "describe", name, "--json")
        require(f'"{column}"' in told, f"{name} has no column {column}:\n{told}")
    for template in ("leaves", "houses", "sentences"):
        bundle.run("new", "--template", template, "-o", f"{template}.lamella")
        if template == "leaves":
            layers = [{"layer": "RandomRotation", "config": {"factor": 0.1}}, {"layer": "RandomFlip", "config": {}}]
            set_in(bundle.folder / "leaves.lamella", "data", "augmentation", layers)
        bundle.run("train", f"{template}.lamella", "--epochs", "1")
    say(f"   data: {', '.join(made)}; leaves (augmented), houses and sentences train")


def _tables(folder: Path) -> dict[str, str]:
    """Files of three rows, each with one of its columns."""
    import pyarrow.feather
    import pyarrow.parquet

    columns = {"a": [1.5, 2.5, 4.5], "w": ["x", "y", "x"]}
    pyarrow.parquet.write_table(pyarrow.table(columns), folder / "a.parquet")
    pyarrow.feather.write_feather(pyarrow.table(columns), folder / "a.feather")
    sheets: dict[str, list[list[str | float]]] = {"one": [["a", "w"], [1.5, "x"], [2.5, "y"]]}
    excel(folder / "a.xlsx", sheets)
    open_document(folder / "a.ods", sheets)
    with closing(sqlite3.connect(folder / "a.db")) as database, database:
        database.execute("CREATE TABLE t (a, w)")
        database.executemany("INSERT INTO t VALUES (?, ?)", [(1.5, "x"), (2.5, "y")])
    (folder / "a.csv").write_text("a,w\n" + "1.5,x\n2.5,y\n" * 800_000, "utf-8")  # large: read by pyarrow
    (folder / "a.jsonl").write_text('{"a": 1.5, "w": "x"}\n{"a": 2.5, "w": "y"}\n', "utf-8")
    return dict.fromkeys(("a.parquet", "a.feather", "a.xlsx", "a.ods", "a.db", "a.csv", "a.jsonl"), "a")


def _arrays(folder: Path) -> dict[str, str]:
    import h5py
    import numpy as np
    import scipy.io

    values = np.array([[1.5], [2.5], [4.5]], np.float32)
    scipy.io.savemat(folder / "a.mat", {"a": values})
    np.savez(folder / "a.npz", a=values)
    np.save(folder / "a.npy", values)
    with h5py.File(folder / "a.h5", "w") as file:
        file["a"] = values
    return {"a.mat": "a", "a.npz": "a", "a.npy": "a", "a.h5": "a"}


def _folders(folder: Path) -> dict[str, str]:
    """A folder of pictures of all kinds, one of sounds, one of texts, each with two classes."""
    import wave

    from PIL import Image

    for suffix in ("png", "jpg", "gif", "bmp", "webp", "tiff"):
        for kind in ("x", "y"):
            (place := folder / "pictures" / kind).mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (8, 8), (200, 30, 90)).save(place / f"{suffix}.{suffix}")
    for kind in ("x", "y"):
        (folder / "sounds" / kind).mkdir(parents=True)
        with wave.open(str(folder / "sounds" / kind / "a.wav"), "wb") as sound:
            sound.setparams((1, 2, 8000, 0, "NONE", ""))
            sound.writeframes(b"\0\1" * 8000)
        (folder / "texts" / kind).mkdir(parents=True)
        (folder / "texts" / kind / "a.txt").write_text("a few words", "utf-8")
    return {"pictures": "image", "sounds": "sound", "texts": "text"}


def prove_code(bundle: Bundle) -> None:
    """A project's own code may import the standard library, NumPy and TensorFlow; the window has none of these."""
    (bundle.folder / "own.py").write_text(OWN_CODE, "utf-8")
    shutil.copyfile(bundle.folder / "digits.lamella", bundle.folder / "own.lamella")
    set_in(bundle.folder / "own.lamella", "custom_code", "files", ["own.py"])
    bundle.run("train", "own.lamella", "--epochs", "1", "--trust-code")
    say("   a project's own code, which imports parts of the standard library")


OWN_CODE = """
import asyncio.subprocess, colorsys, difflib, sqlite3, statistics, unittest.mock, wave, xml.dom.minidom
import keras, numpy, tensorflow as tf

@keras.saving.register_keras_serializable("own")
class Halved(keras.layers.Layer):
    def call(self, inputs):
        return tf.multiply(inputs, statistics.mean([0.25, 0.75]))
"""


def prove_death_of_a_trainer(bundle: Bundle) -> None:
    """A trainer that is killed is told of in a sentence and with status 1; the next one works."""
    training = bundle.start("train", "digits.lamella", "--epochs", "500", "--runs", "killed.runs")
    try:
        record = bundle.folder / "killed.runs"
        until("a trainer writes its events", lambda: [p for p in record.glob("*/events.jsonl") if p.stat().st_size])
        pid = json.loads(next(record.glob("*/process.json")).read_text("utf-8"))["pid"]
        psutil.Process(pid).kill()
        status = training.wait(PATIENCE_SECONDS)
    finally:
        training.kill()
    require(status == 1, f"training whose trainer was killed ended with {status}, not with 1")
    bundle.run("train", "digits.lamella", "--epochs", "1", "--runs", "killed.runs")
    say("   a trainer that is killed: status 1, and the next one trains")


# --------------------------------------------------------------------------------------------------------- the window


def prove_start(bundle: Bundle) -> float:
    """The median time from the start to the first painted window, in seconds. It says that nothing heavy was loaded."""
    times = []
    for _ in range(STARTS):
        probe = {"LAMELLA_STARTUP_PROBE": "1", "LAMELLA_STARTUP_T0": str(time.time())}
        line = bundle.run("digits.lamella", **probe)
        found = re.search(r"first paint ([0-9.]+) ms, heavy modules: (.*)", line)
        require(found is not None and found[2].strip() == "none", f"the window said at its start: {line}")
        times.append(float(found[1]) / 1000 if found else 0.0)
    say(f"   first paint after {times[0]:.2f} s, then a median of {statistics.median(times[1:]):.2f} s")
    return statistics.median(times[1:])


def workers(window: psutil.Process) -> list[psutil.Process]:
    """The workers of a window that have Keras in memory."""
    found = []
    for child in window.children(recursive=True):
        try:
            if any(part.endswith("worker") for part in child.cmdline()[1:]) and child.memory_info().rss > KERAS_BYTES:
                found.append(child)
        except psutil.Error:  # it has just ended
            continue
    return found


def prove_window(bundle: Bundle) -> None:
    """Its engine is killed and comes back; with a display of ours, a key then starts a training, which gets done."""
    process = bundle.start("digits.lamella")
    window = psutil.Process(process.pid)
    try:
        first = until("the window starts an engine", lambda: workers(window) or None)[0]
        first.kill()
        second = until("an engine comes back", lambda: [w for w in workers(window) if w.pid != first.pid] or None)[0]
        say(f"   its engine (process {first.pid}) was killed, and another came ({second.pid})")
        if bundle.display:
            train_by_key(bundle)
        require(process.poll() is None, f"the window ended with {process.returncode}")
        close(process)
    finally:
        for child in [*window.children(recursive=True), window] if process.poll() is None else []:
            child.kill()
    output = (bundle.folder / "output.txt").read_text("utf-8")
    require("Traceback" not in output, f"the window said:\n{output[-3000:]}")


def begun(bundle: Bundle) -> set[Path]:
    """The folders of runs in which somebody trains or has; before that a folder may have another name."""
    return {record.parent for record in (bundle.folder / "digits.runs").glob("[!.]*/process.json")}


def train_by_key(bundle: Bundle) -> None:
    hands = Hands(bundle.display)
    before = begun(bundle)
    hands.click(EMPTY_CANVAS)  # without a window manager, that is how a window gets the keys

    def press() -> Path | None:
        """A new run; the key is pressed again when the window did not take it, as its engine was not ready."""
        hands.key("F5")
        end = time.monotonic() + 20
        while time.monotonic() < end and begun(bundle) == before:
            time.sleep(0.2)
        return next(iter(begun(bundle) - before), None)

    run = until("F5 starts a run", press)
    result = until("this run ends", lambda: next(run.glob("result.json"), None), 600)
    status = json.loads(result.read_text("utf-8"))["status"]
    require(status == "completed", f"the run of the window ended as {status}")
    say("   F5 in the window: a run, which completed")


def close(process: subprocess.Popen[str]) -> None:
    if os.name != "posix":  # no signal there that closes a window
        process.kill()
        process.wait(PATIENCE_SECONDS)
        return
    process.send_signal(signal.SIGINT)
    status = process.wait(PATIENCE_SECONDS)
    require(status == 0, f"the window was closed and ended with {status}")


@contextmanager
def a_display() -> Iterator[str]:
    """A virtual one on Linux; elsewhere there is always one."""
    if not sys.platform.startswith("linux"):
        yield ""
        return
    if missing := missing_programs():
        raise SetupError(f"To see the window these are needed: {', '.join(missing)}.")
    with virtual_display() as display:
        yield display


def prove(command: Sequence[str], folder: Path) -> None:
    folder.mkdir(parents=True)
    with a_display() as display, nullcontext(Bundle(tuple(command), folder, display)) as bundle:
        prove_verbs(bundle)
        prove_data(bundle)
        prove_code(bundle)
        prove_death_of_a_trainer(bundle)
        prove_start(bundle)
        prove_window(bundle)
