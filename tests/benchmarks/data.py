"""How fast and in how much memory data is fed that does not fit into memory: HDF5 files, and folders of pictures.

The anchors run in the same rounds, in processes of their own: the same training with a plain, sequential, unshuffled
`PyDataset` that reads one batch after the other, the bare read of the file, and `image_dataset_from_directory`. Files
are read cold where the system can be asked to forget them. `LAMELLA_BENCH_GB` is the size of a file (8 is that of the
issue), `LAMELLA_BENCH_ONLY` one of the parts below, `LAMELLA_BENCH_PICTURES` how many pictures there are. Beside the
clock stands the processor time, which other processes disturb less.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from runtime.spec import Binding, DataSource, DataSpec, KerasObject, OutputTraining, RunSpec, TrainingSettings
from tests.benchmarks._report import machine, median
from tests.benchmarks.training_memory import QUIET, peak_bytes

GIGABYTES = float(os.environ.get("LAMELLA_BENCH_GB", "1"))
SIDE, BATCH = 32, 256
EPOCHS, ROUNDS = int(os.environ.get("LAMELLA_BENCH_EPOCHS", "3")), int(os.environ.get("LAMELLA_BENCH_ROUNDS", "2"))
SAMPLE_BYTES = SIDE * SIDE * 3 * 4
LAYOUTS: dict[str, Any] = {"contiguous": None, "chunk 1": 1, "chunk 64": 64, "chunk auto": "auto"}
CHOSEN = os.environ.get("LAMELLA_BENCH_LAYOUTS", ",".join(LAYOUTS)).split(",")
PICTURES = int(os.environ.get("LAMELLA_BENCH_PICTURES", "50000"))
PICTURE_SIDE, CLASSES, PICTURE_BATCH = 64, 10, 128
FLOOR_PLAIN, FLOOR_BARE, FLOOR_MEMORY, FLOOR_PICTURES = 0.9, 0.6, 1.0, 1.0


def write_hdf5(path: Path, chunk: Any, samples: int) -> None:
    shape = (samples, SIDE, SIDE, 3)
    chunks = (min(chunk, samples), *shape[1:]) if isinstance(chunk, int) else chunk == "auto" or None
    block = np.random.default_rng(0).random((4096, *shape[1:]), np.float32)
    with h5py.File(path, "w") as file:
        x = file.create_dataset("x", shape, "float32", chunks=chunks)
        file["y"] = (np.arange(samples) % 2).astype("float32")
        size = -(-len(block) // x.chunks[0]) * x.chunks[0] if chunks else len(block)
        for first in range(0, samples, size):
            last = min(first + size, samples)
            x[first:last] = np.resize(block, (last - first, *shape[1:]))


def forget(path: Path) -> None:
    """Has the system read the file from the disk again."""
    if hasattr(os, "posix_fadvise"):
        with path.open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def small_model(side: int, classes: int) -> Any:
    import keras

    x = keras.Input((side, side, 3), name="x")
    pooled = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(x, keras.layers.Dense(classes, name="y")(pooled))


class Clock:
    """Time of each epoch, and of the processor in it; `before_epoch` runs outside of the time."""

    def __init__(self, before_epoch: Callable[[], object]) -> None:
        self._before = before_epoch
        self._began = (0.0, 0.0)
        self._seconds: list[float] = []
        self._processor: list[float] = []

    def begin(self) -> None:
        self._before()
        self._began = (time.perf_counter(), time.process_time())

    def end(self) -> None:
        self._seconds.append(time.perf_counter() - self._began[0])
        self._processor.append(time.process_time() - self._began[1])

    def report(self, *, first: bool = False) -> None:
        """For the process that waits: all epochs but the `first`, which traces, and the most memory."""
        begin = 0 if first else 1
        seconds, processor = self._seconds[begin:], self._processor[begin:]
        print(
            json.dumps({"seconds": seconds, "processor": processor, "first": self._seconds[:1], "peak": peak_bytes()})
        )


# ------------------------------------------------------------------------------ in processes of their own


def bare(path: Path) -> None:
    forget(path)
    clock = Clock(lambda: None)
    clock.begin()
    with h5py.File(path, "r", locking=False) as file:
        x = file["x"]
        size = max(x.chunks[0], 682) if x.chunks else 682
        for first in range(0, len(x), size):
            x[first : first + size]
    clock.end()
    clock.report(first=True)


def plain(path: Path) -> None:
    import keras

    class Batches(keras.utils.PyDataset):  # type: ignore[misc,unused-ignore]
        def __init__(self) -> None:
            super().__init__()
            file = h5py.File(path, "r", locking=False)
            self._x, self._y = file["x"], file["y"]

        def __len__(self) -> int:
            return -(-len(self._x) // BATCH)

        def __getitem__(self, index: int) -> Any:
            rows = slice(index * BATCH, (index + 1) * BATCH)
            return self._x[rows], self._y[rows].reshape(-1, 1)

    fit(small_model(SIDE, 1), Batches(), "mse", lambda: forget(path))


def fit(model: Any, data: Any, loss: Any, before_epoch: Callable[[], object]) -> None:
    import keras

    clock = Clock(before_epoch)
    times = keras.callbacks.LambdaCallback(on_epoch_begin=lambda *_: clock.begin(), on_epoch_end=lambda *_: clock.end())
    model.compile("sgd", loss)
    model.fit(data, epochs=EPOCHS, verbose=0, shuffle=False, callbacks=[times])
    clock.report()


def keras_pictures(path: Path, cache: bool) -> None:
    import keras
    import tensorflow as tf

    size = (PICTURE_SIDE, PICTURE_SIDE)
    batch = None if cache else PICTURE_BATCH
    data = keras.utils.image_dataset_from_directory(path, image_size=size, batch_size=batch, verbose=False)
    if cache:  # behind it, samples have to be shuffled again: a cache of batches gives the same ones in each epoch
        data = data.cache().shuffle(PICTURES).batch(PICTURE_BATCH)
    data = data.prefetch(tf.data.AUTOTUNE)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    fit(small_model(PICTURE_SIDE, CLASSES), data, loss, lambda: None)


def lamella(kind: str, path: Path, way: str, folder: Path) -> None:
    """A whole run of the trainer: "stream"ed, with pictures kept once decoded, or "decode"d in each epoch."""
    from runtime.events import EpochEnded, EpochStarted, RunFailed
    from runtime.worker.process.control import Control
    from runtime.worker.training import train, training_data

    pictures = kind == "pictures"
    columns, options = ("image", "label") if pictures else ("x", "y"), {}
    if pictures:
        options = {"width": PICTURE_SIDE, "height": PICTURE_SIDE, "colour": "rgb"}
    model = small_model(PICTURE_SIDE, CLASSES) if pictures else small_model(SIDE, 1)
    logits = {"from_logits": True}
    loss = KerasObject("SparseCategoricalCrossentropy", logits) if pictures else KerasObject("mse")
    settings = TrainingSettings(
        optimizer=KerasObject("SGD"),
        batch_size=PICTURE_BATCH if pictures else BATCH,
        epochs=EPOCHS,
        validation_percent=0.0,
        outputs=(OutputTraining("y", loss),),
    )
    bindings = (Binding("x", columns[:1]), Binding("y", columns[1:]))
    data = DataSpec((DataSource(kind, str(path), options),))
    spec = RunSpec("data", json.loads(model.to_json()), data, bindings, settings)
    seen = training_data.load
    setattr(train, "load", lambda *words: seen(*words, budget=0))  # noqa: B010 - as if it did not fit
    if way == "decode":
        setattr(training_data, "Kept", lambda *_: None)  # noqa: B010 - as if there were no room for them
    clock = Clock(lambda: None if pictures else forget(path))

    def hear(event: object) -> None:
        if isinstance(event, EpochStarted):
            clock.begin()
        elif isinstance(event, EpochEnded):
            clock.end()
        elif isinstance(event, RunFailed):
            raise SystemExit(f"{event.error}\n{event.detail}")

    train.train(spec, folder, Control(), hear)
    clock.report()


# --------------------------------------------------------------------------------------------- in rounds


def run(*words: object) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.data", *map(str, words)]
    done = subprocess.run(command, env={**os.environ, **QUIET}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-3000:] + done.stdout[-1000:])
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def at_least(value: float, floor: float, unit: str) -> str:
    return f"{value:.2f} {unit}, floor {floor:g}: {'held' if value >= floor else 'MISSED'}"


def hdf5(folder: Path) -> None:
    samples = int(GIGABYTES * 2**30 / SAMPLE_BYTES)
    small = folder / "small.h5"
    write_hdf5(small, None, 4 * BATCH)
    model = run("lamella", "hdf5", small, "stream", tempfile.mkdtemp(dir=folder))["peak"]
    for name, chunk in ((name, LAYOUTS[name]) for name in CHOSEN):
        path = folder / "data.h5"
        write_hdf5(path, chunk, samples)
        found: dict[str, list[dict[str, Any]]] = {"lamella": [], "plain": [], "bare": []}
        for _ in range(ROUNDS):
            found["plain"].append(run("plain", path))
            found["lamella"].append(run("lamella", "hdf5", path, "stream", tempfile.mkdtemp(dir=folder)))
            found["bare"].append(run("bare", path))
        peaks = [answer["peak"] for answer in found["lamella"]]
        speeds, processor = (
            [path.stat().st_size / 2**20 / median([one for answer in answers for one in answer[key]])
             for answers in found.values()]
            for key in ("seconds", "processor")
        )  # fmt: skip
        words = "{:.0f} MB/s shuffled, {:.0f} by a plain PyDataset, {:.0f} bare read"
        print(f"HDF5 of {GIGABYTES:g} GB, {name}: {words.format(*speeds)}", flush=True)
        print(f"  {at_least(speeds[0] / speeds[1], FLOOR_PLAIN, 'of the plain PyDataset')}")
        print(f"  {at_least(speeds[0] / speeds[2], FLOOR_BARE, 'of the bare read')}")
        print(f"  for each second of the processor: {words.format(*processor)}")
        more = (max(peaks) - model) / 2**30
        print(f"  memory {more:.2f} GB above a tiny file's, at most 1: {'held' if more <= FLOOR_MEMORY else 'MISSED'}")
        path.unlink()


def write_pictures(folder: Path) -> None:
    from PIL import Image

    random = np.random.default_rng(0)
    patterns = random.integers(0, 255, (64, 8, 8, 3), np.uint8)
    for number in range(PICTURES):
        place = folder / f"class {number % CLASSES}"
        place.mkdir(exist_ok=True)
        side = PICTURE_SIDE
        Image.fromarray(patterns[number % len(patterns)]).resize((side, side)).save(place / f"{number:05}.jpg")


def pictures(folder: Path) -> None:
    path = folder / "pictures"
    path.mkdir()
    write_pictures(path)
    for name, way, cache in (
        ("decoded in each epoch", "decode", 0),
        ("kept from the first epoch on, against cache()", "stream", 1),
    ):
        found: dict[str, list[float]] = {}
        for _ in range(ROUNDS):
            anchor = run("keras_pictures", path, cache)
            ours = run("lamella", "pictures", path, way, tempfile.mkdtemp(dir=folder))
            for who, answer in (("ours", ours), ("anchor", anchor)):
                for key in ("seconds", "processor", "first"):
                    found.setdefault(f"{who} {key}", []).extend(answer[key])
        speeds = {key: PICTURES / median(values) for key, values in found.items()}
        print(f"{PICTURES:,} JPEGs of {PICTURE_SIDE}x{PICTURE_SIDE}, {name}", flush=True)
        for key, title in (
            ("seconds", "second"),
            ("processor", "second of the processor"),
            ("first", "second, first epoch"),
        ):
            one, other = speeds[f"ours {key}"], speeds[f"anchor {key}"]
            print(f"  {one:,.0f} a {title}, image_dataset_from_directory {other:,.0f}: {one / other:.2f}")
        ratio = speeds["ours seconds"] / speeds["anchor seconds"]
        print(f"  {at_least(ratio, FLOOR_PICTURES, 'of image_dataset_from_directory')}")


PARTS: dict[str, Callable[[Path], None]] = {"hdf5": hdf5, "pictures": pictures}


def main() -> None:
    print(machine())
    print(f"GlobalAveragePooling2D, Dense; batch {BATCH}; {ROUNDS} rounds of {EPOCHS} epochs without the first")
    only = os.environ.get("LAMELLA_BENCH_ONLY")
    for name, part in PARTS.items():
        if only in (None, name):
            with tempfile.TemporaryDirectory(dir=os.environ.get("LAMELLA_BENCH_FOLDER")) as folder:
                part(Path(folder))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        main()
    elif sys.argv[1] == "lamella":
        lamella(sys.argv[2], Path(sys.argv[3]), sys.argv[4], Path(sys.argv[5]))
    elif sys.argv[1] == "keras_pictures":
        keras_pictures(Path(sys.argv[2]), sys.argv[3] == "1")
    else:
        {"bare": bare, "plain": plain}[sys.argv[1]](Path(sys.argv[2]))
