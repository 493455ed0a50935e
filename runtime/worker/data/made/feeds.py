"""What a project's own code gives to train with: a PyDataset, a `tf.data.Dataset`, or a function that yields batches.

Each is drawn from as Keras would, and handed to `fit` as it is. Nothing here runs code that has not been run before:
the module was loaded because somebody agreed to it.
"""

from __future__ import annotations

import inspect
import math
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from resources.plain import listed, shown_name
from resources.text import Text
from runtime.worker.custom.package import PACKAGE
from runtime.worker.data.source import DataError

FIRST_SECONDS: Final = 30.0  # for the first batch
_COUNT_SECONDS: Final = 120.0  # for going through a function once
_USUAL: Final = (
    "training",
    "train",
    "train_data",
    "training_data",
    "train_ds",
    "data",
    "dataset",
    "make_data",
    "generator",
)
_LONGEST: Final = 300  # characters of what went wrong


@dataclass(frozen=True, slots=True)
class Feed:
    """`dataset` is what `fit` takes. `steps` batches are an epoch; `endless`: `fit` has to be told so."""

    dataset: Any
    steps: int
    endless: bool


class Made:
    """Something of a module that gives batches; `name` is what it is called there."""

    def __init__(self, module: ModuleType, name: str, file: str) -> None:
        """Raises DataError."""
        self.name, self.file = name, file
        value = getattr(module, name)
        self._make: Callable[[], Any] = value if _is_made_by_call(value) else lambda: value
        self._fresh = _is_made_by_call(value)

    def first_batch(self) -> Any:
        """Raises DataError, also when there is none after FIRST_SECONDS."""
        return self._within(FIRST_SECONDS, lambda: self._first(self._made()))

    def feed(self, samples: int | None, batch: int) -> Feed:
        """`samples`: so many are an epoch, None: as many as there are. `batch` is the size of the first batch.

        Raises DataError.
        """
        made = self._within(FIRST_SECONDS, self._made)
        steps = None if samples is None else max(1, math.ceil(samples / max(1, batch)))
        if _is_py_dataset(made):
            return self._of_py_dataset(made, steps)
        if _is_tf_dataset(made):
            known = _cardinality(made)
            if steps is not None:
                endless = steps != known
                return Feed(made.repeat() if endless else made, steps, endless)
            return Feed(made, self._counted(lambda: iter(made)) if known is None else known, endless=False)
        if not self._fresh:
            text = Text.of(
                "{file}: {name} can be gone through once alone: write a function that yields batches.",
                file=self.file,
                name=self.name,
            )
            raise DataError(text)
        return Feed(self._again_and_again(), steps or self._counted(self._new_batches), endless=True)

    def _of_py_dataset(self, made: Any, steps: int | None) -> Feed:
        """Raises DataError."""
        known = made.num_batches
        if known is None and steps is None:
            raise self._endless()
        if known is None or steps is None or steps == known:
            return Feed(made, steps or known, endless=known is None)
        from runtime.worker.data.made.in_turns import in_turns

        return Feed(in_turns(made, steps), steps, endless=False)

    def _made(self) -> Any:
        made = self._make()
        if _is_py_dataset(made) or _is_tf_dataset(made) or hasattr(made, "__next__") or hasattr(made, "__iter__"):
            return made
        raise DataError(
            Text.of(
                "{file}: {name} gives {kind}, but no PyDataset, tf.data.Dataset or generator of batches.",
                file=self.file,
                name=self.name,
                kind=type(made).__name__,
            )
        )

    def _first(self, made: Any) -> Any:
        if _is_py_dataset(made):
            return made[0]
        for batch in made:
            return _as_numpy(batch) if _is_tf_dataset(made) else batch
        raise DataError(Text.of("{file}: {name} gives no batch.", file=self.file, name=self.name))

    def _new_batches(self) -> Iterator[Any]:
        return iter(self._made())

    def _again_and_again(self) -> Iterator[Any]:
        while True:
            batches = self._new_batches()
            first = next(batches, None)
            if first is None:
                raise DataError(Text.of("{file}: {name} gives no batch.", file=self.file, name=self.name))
            yield first
            yield from batches

    def _counted(self, batches: Callable[[], Iterator[Any]]) -> int:
        """The batches until the end. Raises DataError where there is none in sight."""
        until = time.monotonic() + _COUNT_SECONDS
        count = 0
        try:
            for count, _ in enumerate(batches(), 1):  # noqa: B007 - the last number is wanted
                if time.monotonic() > until:
                    raise self._endless()
        except DataError:
            raise
        except Exception as error:
            raise self._failed(error) from error
        return count

    def _endless(self) -> DataError:
        text = Text.of(
            "{file}: {name} does not say where it ends: say in the option samples how many are an epoch.",
            file=self.file,
            name=self.name,
        )
        return DataError(text)

    def _within(self, seconds: float, work: Callable[[], Any]) -> Any:
        """Return what `work` gives, on a thread of its own: one that hangs cannot be ended, but left alone."""
        done: list[Any] = []
        failed: list[BaseException] = []

        def run() -> None:
            try:
                done.append(work())
            except BaseException as error:  # of somebody else's code, all is told
                failed.append(error)

        thread = threading.Thread(target=run, name="made-by-code", daemon=True)
        thread.start()
        thread.join(seconds)
        if failed:
            raise self._failed(failed[0]) from failed[0]
        if not done:
            text = Text.of(
                "{file}: {name} has given no batch after {seconds} s.",
                file=self.file,
                name=self.name,
                seconds=f"{seconds:g}",
            )
            raise DataError(text)
        return done[0]

    def _failed(self, error: BaseException) -> DataError:
        if isinstance(error, DataError):
            return error
        lines = [
            frame.lineno
            for frame in traceback.extract_tb(error.__traceback__)
            if Path(frame.filename).name == self.file
        ]
        message = shown_name(" ".join(str(error).split()), _LONGEST)
        text = Text.of(
            "{file}, line {line}: {reason}",
            file=self.file,
            line=(lines[-1] or 0) if lines else 0,
            reason=f"{type(error).__name__}: {message}" if message else type(error).__name__,
        )
        return DataError(text, "".join(traceback.format_exception(error)))


def loaded_module(path: Path) -> ModuleType:
    """The module of a file, as it was run after somebody agreed to it. Raises DataError."""
    module = sys.modules.get(f"{PACKAGE}.{path.stem}")
    if module is None or Path(str(module.__file__)).resolve() != path.resolve():
        raise DataError(
            Text.of(
                "{file} is code, which runs only after you have looked at it and agreed to it: it has not been run.",
                file=path.name,
            )
        )
    return module


def made_by(module: ModuleType, name: str | None, file: str) -> Made:
    """Return what is called `name`, or what looks like it. Raises DataError."""
    candidates = [
        key for key, value in vars(module).items() if not key.startswith("_") and _gives_batches(module, value)
    ]
    if name is not None:
        if not hasattr(module, name):
            raise DataError(
                Text.of(
                    "{file} has no {name}. It has: {names}.", file=file, name=shown_name(name), names=listed(candidates)
                )
            )
        return Made(module, name, file)
    usual = [key for key in _USUAL if key in candidates]
    if usual or len(candidates) == 1:
        return Made(module, (usual or candidates)[0], file)
    if not candidates:
        text = Text.of("{file} has no PyDataset, tf.data.Dataset or function that yields batches.", file=file)
        raise DataError(text)
    raise DataError(
        Text.of(
            "{file} has several: say in the option name which one is meant ({names}).",
            file=file,
            names=listed(candidates),
        )
    )


def _gives_batches(module: ModuleType, value: Any) -> bool:
    if _is_py_dataset(value) or _is_tf_dataset(value):
        return True
    if getattr(value, "__module__", None) != module.__name__:
        return False
    return inspect.isfunction(value) or (inspect.isclass(value) and _is_py_dataset_class(value))


def _is_made_by_call(value: Any) -> bool:
    return inspect.isfunction(value) or inspect.isclass(value)


def _is_py_dataset(value: Any) -> bool:
    return _is_py_dataset_class(type(value))


def _is_py_dataset_class(kind: type) -> bool:
    import keras

    return issubclass(kind, keras.utils.PyDataset)


def _is_tf_dataset(value: Any) -> bool:
    tensorflow = sys.modules.get("tensorflow")  # without it nothing can be one
    return tensorflow is not None and isinstance(value, tensorflow.data.Dataset)


def _cardinality(dataset: Any) -> int | None:
    """The number of batches; None where it is not known. Raises nothing for those without an end: they are unknown."""
    count = int(dataset.cardinality())
    return count if count >= 0 else None


def _as_numpy(batch: Any) -> Any:
    import keras

    return keras.tree.map_structure(lambda tensor: tensor.numpy(), batch)
