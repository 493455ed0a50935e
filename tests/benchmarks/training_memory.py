"""How much memory a training takes for its data, as a multiple of what the model takes of them.

Each kind of file is trained twice in a trainer of its own: with few samples, and with many. What the second needs more
at its peak is for the samples. The rule that decides when data are streamed
(`runtime/worker/training/memory_rule.py`) stands on these numbers.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from runtime.spec import Binding, DataSource, DataSpec, KerasObject, OutputTraining, RunSpec, TrainingSettings
from tests.benchmarks._report import machine

WIDTH = 1000  # numbers a sample
FEW, MANY = 200, 60_000  # samples; 240 MB as float32
CSV_MANY = 6_000
QUIET = {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}


def _values(samples: int, dtype: str) -> Any:
    return np.random.default_rng(0).integers(0, 2, (samples, WIDTH)).astype(dtype)


def _hdf5(dtype: str) -> Callable[[Path, int], DataSource]:
    def write(folder: Path, samples: int) -> DataSource:
        path = folder / f"{dtype}-{samples}.h5"
        with h5py.File(path, "w") as file:
            file["x"] = _values(samples, dtype)
            file["y"] = np.zeros(samples, "float32")
        return DataSource("hdf5", str(path))

    return write


def _npz(dtype: str) -> Callable[[Path, int], DataSource]:
    def write(folder: Path, samples: int) -> DataSource:
        path = folder / f"{dtype}-{samples}.npz"
        np.savez(path, x=_values(samples, dtype), y=np.zeros(samples, "float32"))
        return DataSource("npz", str(path))

    return write


def _csv(folder: Path, samples: int) -> DataSource:
    path = folder / f"{samples}.csv"
    names = ",".join(f"x{number}" for number in range(WIDTH))
    row = np.random.default_rng(0).random(WIDTH)
    line = ",".join(f"{value:.4f}" for value in row)
    path.write_text(f"{names},y\n" + f"{line},0\n" * samples, "utf-8")
    return DataSource("csv", str(path))


KINDS: dict[str, tuple[Callable[[Path, int], DataSource], int]] = {
    "HDF5, float32": (_hdf5("float32"), MANY),
    "HDF5, uint8": (_hdf5("uint8"), MANY),
    "HDF5, float64": (_hdf5("float64"), MANY),
    "NPZ, float32": (_npz("float32"), MANY),
    "NPZ, uint8": (_npz("uint8"), MANY),
    "NPZ, float64": (_npz("float64"), MANY),
    "CSV": (_csv, CSV_MANY),
}


def peak_bytes() -> int:
    """The most memory that this process had; `getrusage` would also count what its parent had before it."""
    words = next(line for line in Path("/proc/self/status").read_text("utf-8").splitlines() if line.startswith("VmHWM"))
    return int(words.split()[1]) * 1024


def trainer(folder: Path, source: DataSource, validation: float) -> None:
    """In a process of its own: trains, and prints the most memory that it had, and how the samples were read."""
    import keras

    from runtime.worker.process.control import Control
    from runtime.worker.training import train, training_data

    told: list[str] = []
    columns = ("x",) if source.kind != "csv" else tuple(f"x{number}" for number in range(WIDTH))
    x = keras.Input((WIDTH,), name="x")
    model = json.loads(keras.Model(x, keras.layers.Dense(1, name="y")(x)).to_json())
    settings = TrainingSettings(
        batch_size=32, epochs=2, validation_percent=validation, outputs=(OutputTraining("y", KerasObject("mse")),)
    )
    spec = RunSpec("memory", model, DataSpec((source,)), (Binding("x", columns), Binding("y", ("y",))), settings)
    seen = training_data.load

    def load(*arguments: Any, **named: Any) -> Any:
        data = seen(*arguments, **named)
        told.append("streamed" if data.streamed else "arrays")
        return data

    setattr(train, "load", load)  # noqa: B010 - only to see how the samples are read
    errors: list[str] = []
    train.train(spec, folder, Control(), lambda event: errors.append(str(getattr(event, "error", ""))))
    print(json.dumps({"peak": peak_bytes(), "read": told, "errors": [error for error in errors if error]}))


def measured(folder: Path, source: DataSource, validation: float) -> dict[str, Any]:
    run = Path(tempfile.mkdtemp(dir=folder))
    arguments = [str(run), source.kind, source.path, str(validation)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.training_memory", *arguments],
        env={**os.environ, **QUIET},
        capture_output=True,
        text=True,
        check=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def main() -> None:
    print(machine())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind, (write, many) in KINDS.items():
            sources = [write(folder, FEW), write(folder, many)]
            size = (many - FEW) * (WIDTH + 1) * 4
            for validation in (0.0, 20.0):
                few, lots = (measured(folder, source, validation) for source in sources)
                more = lots["peak"] - few["peak"]
                print(
                    f"{kind:14} validation {validation:2.0f} %: {more / 2**20:6.0f} MB more for {size / 2**20:.0f} MB, "
                    f"{more / size:.2f} times; {lots['read']} {lots['errors']}",
                    flush=True,
                )
            for source in sources:
                Path(source.path).unlink()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        trainer(Path(sys.argv[1]), DataSource(sys.argv[2], sys.argv[3]), float(sys.argv[4]))
    else:
        main()
