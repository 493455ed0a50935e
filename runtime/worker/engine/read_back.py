"""Whether what was read back from a file is the model that was written, bit for bit."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras.src.saving import saving_lib

from resources.text import Text
from runtime.model_configs import keras_json
from runtime.worker.keras_models.describing import comparable, described
from runtime.worker.keras_models.vocabularies import learned_words
from runtime.worker.process.control import WorkerError


def compare(
    model: Any, read: Any, target: Path, with_optimizer: bool = True, without: Sequence[str] = ()
) -> list[Text]:
    checks = [
        compare_configs(model, read, target, without),
        compare_weights(model.weights, read.weights, target),
    ]
    if with_optimizer and optimizer_of(model) is not None:
        checks.append(compare_optimizers(optimizer_of(model), optimizer_of(read), target))
    return checks


def optimizer_of(model: Any) -> Any:
    """None for a model that was never compiled."""
    return getattr(model, "optimizer", None)


def compare_configs(model: Any, read: Any, path: Path, without: Sequence[str] = ()) -> Text:
    """`without`: keys at any depth that the file is not meant to hold."""
    if not keras_json.same(*(comparable(_left(described(item)["config"], without)) for item in (model, read))):
        raise _differs(path, Text("the architecture"))
    return Text("The architecture was read back and is the same.")


def _left(config: Any, without: Sequence[str]) -> Any:
    if isinstance(config, dict) and without:
        return {key: _left(value, without) for key, value in config.items() if key not in without}
    return [_left(value, without) for value in config] if isinstance(config, list | tuple) and without else config


def compare_weights(written: Sequence[Any], read: Sequence[Any], path: Path) -> Text:
    if not _same(written, read):
        raise _differs(path, Text("the weights"))
    count = sum(int(np.prod(variable.shape)) for variable in written)
    return Text("All {count} parameters were read back and are the same, bit for bit.", {"count": count})


def compare_vocabularies(written: Any, read: Any, path: Path) -> list[Text]:
    mine, theirs = learned_words(written), learned_words(read)
    if mine != theirs:
        raise _differs(path, Text("the vocabulary of a layer"))
    count = sum(len(words) for words, _ in mine)
    text = Text("All {count} words of vocabularies were read back and are the same.", {"count": count})
    return [text] if mine else []


def compare_optimizers(written: Any, read: Any, path: Path) -> Text:
    if read is None or not _same(written.variables, read.variables):
        raise _differs(path, Text("the state of the optimizer"))
    return Text("The state of the optimizer was read back and is the same.")


def _same(written: Sequence[Any], read: Sequence[Any]) -> bool:
    return len(written) == len(read) and all(
        _value(one).dtype == _value(other).dtype
        and _value(one).shape == _value(other).shape
        and _value(one).tobytes() == _value(other).tobytes()
        for one, other in zip(written, read, strict=True)
    )


def _value(variable: Any) -> "np.ndarray[Any, Any]":
    return np.asarray(keras.ops.convert_to_numpy(variable))


def _differs(path: Path, what: Text) -> WorkerError:
    text = Text("{path} was not written: {what} did not come back the same.", {"path": str(path), "what": what})
    return WorkerError(text)


def weights_in_memory(model: Any) -> bytes:
    """Return what `save_weights` writes, made in memory: HDF5 kills the process when the disk is full."""
    file = io.BytesIO()
    store = saving_lib.H5IOStore(file, mode="w")
    saving_lib._save_state(model, weights_store=store, assets_store=None, inner_path="", visited_saveables=set())
    store.close()
    return file.getvalue()
