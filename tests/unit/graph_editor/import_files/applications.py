"""Models of keras.applications as JSON: `python applications.py FOLDER [--weights] NAME...`, a file each.

Models are made one after the other, without trained weights, and forgotten at once. With `--weights` each is also saved
as `.keras` with fresh weights, beside the outputs that it gives for a fixed input (`NAME.npz`: x, y).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import numpy as np


def all_names() -> list[str]:
    """The functions of keras.applications that make models."""
    found = vars(keras.applications)
    return sorted(name for name, value in found.items() if name[0].isupper() and callable(value))


def make(name: str) -> Any:
    keras.utils.set_random_seed(1)
    return getattr(keras.applications, name)(weights=None)


def inputs_of(model: Any) -> Any:
    shape = [1, *(size or 96 for size in model.inputs[0].shape[1:])]
    return np.random.default_rng(0).uniform(0, 255, size=shape).astype("float32")


def main() -> None:
    folder, *names = sys.argv[1:]
    with_weights = "--weights" in names
    for name in [name for name in names if name != "--weights"] or all_names():
        model = make(name)
        (Path(folder) / f"{name}.json").write_text(model.to_json(), "utf-8")
        if with_weights:
            x = inputs_of(model)
            model.save(Path(folder) / f"{name}.keras")
            np.savez(Path(folder) / f"{name}.npz", x=x, y=np.asarray(model(x, training=False)))
        print(name, model.count_params(), flush=True)
        del model
        keras.backend.clear_session()


if __name__ == "__main__":
    main()
