"""Runs exported scripts of data that memory holds, and of the same data where it does not; prints what differs.

One has arrays, the other (`-batches` in its name) reads batch by batch: both have to give the same model the same
samples in the same order (nothing is shuffled), to train, to validate and to test with. Those without a partner are
run as they are.
"""

import contextlib
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np


def main(folder: Path) -> None:
    os.chdir(folder)
    keras.config.disable_interactive_logging()
    said: dict[str, Any] = {}
    for path in sorted(folder.glob("*-batches.py")):
        small, large = _given(path.with_name(path.name.replace("-batches", ""))), _given(path)
        said[path.stem] = _difference(small, large)
    for path in sorted(folder.glob("*-trains.py")):
        said[path.stem] = _trained(path)
    sys.stdout.write(json.dumps(said))


def _program(path: Path) -> dict[str, Any]:
    program: dict[str, Any] = {"__name__": "script", "__file__": str(path)}
    exec(compile(path.read_text("utf-8"), path.name, "exec"), program)
    return program


def _given(path: Path) -> dict[str, list[Any]]:
    """The batches that a script hands to `fit` and `evaluate`, flat."""
    program, seen = _program(path), dict[str, list[Any]]()
    program["build_model"] = lambda: _Spy(seen)
    with contextlib.redirect_stdout(io.StringIO()):
        program["main"]()
    return seen


class _Spy:
    def __init__(self, seen: dict[str, list[Any]]) -> None:
        self._seen = seen

    def __getattr__(self, name: str) -> Any:
        return lambda *given, **how: None

    def fit(self, x: Any, y: Any = None, *, validation_data: Any = None, **how: Any) -> None:
        if isinstance(x, keras.utils.PyDataset):
            assert how["shuffle"] is False and "batch_size" not in how
        self._seen["training"] = _batches(x, y)
        self._seen["validation"] = _of_part(validation_data)

    def evaluate(self, x: Any, y: Any = None) -> float:
        self._seen["test"] = _batches(x, y)
        return 0.0


def _of_part(part: Any) -> list[Any]:
    if part is None or isinstance(part, keras.utils.PyDataset):
        return _batches(part, None)
    return _batches(*part)


def _batches(x: Any, y: Any) -> list[Any]:
    if x is None:
        return []
    if not isinstance(x, keras.utils.PyDataset):
        return [np.asarray(array) for array in keras.tree.flatten((x, y))]
    made = [keras.tree.flatten(x[number]) for number in range(len(x))]
    assert max(len(batch[0]) for batch in made) <= x.batch_size
    return [np.concatenate(arrays) for arrays in zip(*made, strict=True)]


def _difference(small: dict[str, list[Any]], large: dict[str, list[Any]]) -> dict[str, Any]:
    """How many samples each part has; what is not the same is said instead."""
    assert small.keys() == large.keys()
    sizes = {}
    for part, arrays in small.items():
        assert len(arrays) == len(large[part]), part
        for one, other in zip(arrays, large[part], strict=True):
            assert one.dtype == other.dtype, (part, one.dtype, other.dtype)
            np.testing.assert_allclose(one, other, 1e-4, 1e-5, err_msg=part)  # a mean of blocks is rounded otherwise
        sizes[part] = len(arrays[0]) if arrays else 0
    return sizes


def _trained(path: Path) -> list[str]:
    """A script with all that it does, and the names of what it has logged."""
    program, models = _program(path), []
    build = program["build_model"]

    def kept() -> Any:
        models.append(build())
        return models[0]

    program["build_model"] = kept
    with contextlib.redirect_stdout(io.StringIO()):
        program["main"]()
    return sorted(models[0].history.history)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
