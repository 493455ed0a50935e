"""Writes models in Keras' own formats, and calls that done only when the file was read back and is the same."""

import errno
import io
import json
import os
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import h5py
import keras
import msgspec
import numpy as np
from keras.src.legacy.saving import legacy_h5_format
from keras.src.saving import saving_lib

from resources.atomic import replaceable, swap_in
from resources.regular_files import open_regular, require_regular
from resources.temporaries import temporary_name
from resources.text import Text
from runtime.protocol import Export, Exported, ExportKind
from runtime.store import BEST_FILE, MODEL_FILE, trained_model
from runtime.worker.engine.legacy_reasons import refused
from runtime.worker.keras_models.allow import check_config
from runtime.worker.keras_models.build import build_model
from runtime.worker.keras_models.reasons import explain
from runtime.worker.keras_models.weights import load_weights
from runtime.worker.process.control import WorkerError
from runtime.worker.process.leftovers import unfinished

_SUFFIXES: Final[dict[ExportKind, str]] = {"keras": ".keras", "json": ".json", "weights": ".weights.h5", "h5": ".h5"}
_FULL: Final = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))
_FORBIDDEN: Final = (errno.EACCES, errno.EPERM, errno.EROFS)
_MAX_CONFIG: Final = 64 * 1024 * 1024  # bytes


def export(request: Export) -> Exported:
    """Raises WorkerError with one sentence that names the file; an earlier file at the path is untouched then."""
    path = Path(request.path)
    if not path.parent.is_dir():
        raise WorkerError(Text("The folder of {path} does not exist.", {"path": str(path)}))
    try:
        target, mode = replaceable(path)
    except OSError as error:
        raise _cannot_write(path, error) from error
    notes: tuple[Text, ...] = ()
    if request.run_folder:
        folder = Path(request.run_folder)
        kept, epoch = (
            (folder / BEST_FILE, None) if request.best else trained_model(folder) or (folder / MODEL_FILE, None)
        )
        model = load_model(kept)
        if epoch is not None:
            text = Text("The run did not come to its end: these are the weights after epoch {epoch}.", {"epoch": epoch})
            notes = (text,)
    else:
        model = build_model(request.model)
        if request.initial_weights and request.kind != "json":
            notes = load_weights(model, Path(request.initial_weights)).notes()
            if request.kind in ("keras", "h5"):
                notes = (*notes, Text("The file has no state of an optimizer, since the model was not trained here."))
    temporary = target.with_name(temporary_name(path.name, _SUFFIXES[request.kind]))
    try:
        with unfinished(temporary):
            checks = _write_and_read(model, request.kind, temporary, path)
            swap_in(temporary, target, mode)
    except WorkerError:
        raise
    except Exception as error:
        raise _cannot_write(path, error) from error
    return Exported(request.id, str(path), (*notes, *checks))


def load_model(path: Path) -> Any:
    """The model of a `.keras` file, with its optimizer. Raises WorkerError naming the file."""
    try:
        require_regular(path)
    except OSError as error:
        raise WorkerError(Text("There is no trained model: {path} is missing.", {"path": str(path)})) from error
    try:
        check_config(_config_of(path), path.name)
        return keras.saving.load_model(path, safe_mode=True)
    except WorkerError:
        raise
    except Exception as error:
        reason, detail = explain(error, path.name)
        text = Text("{path} cannot be read as a Keras model. {reason}", {"path": str(path), "reason": reason})
        raise WorkerError(text, detail) from error


def _config_of(path: Path) -> Any:
    with open_regular(path) as stream, zipfile.ZipFile(stream) as archive:
        if archive.getinfo("config.json").file_size > _MAX_CONFIG:
            raise ValueError("config.json is too large")
        return msgspec.json.decode(archive.read("config.json"))


def _write_and_read(model: Any, kind: ExportKind, path: Path, target: Path) -> list[Text]:
    """Writes to `path` and says what was compared; `target` stands in messages. Raises WorkerError on a difference."""
    if kind == "json":
        path.write_text(model.to_json(indent=2), "utf-8")
        return [_compare_configs(model, keras.models.model_from_json(path.read_text("utf-8")), target)]
    if kind == "weights":
        path.write_bytes(weights_in_memory(model))
        read = keras.saving.deserialize_keras_object(_config(model), safe_mode=True)
        read.load_weights(path)
        return [_compare_weights(model.weights, read.weights, target)]
    if kind == "h5":
        return _write_legacy(model, path, target)
    model.save(path)
    return _compare(model, keras.saving.load_model(path, safe_mode=True), target)


def _write_legacy(model: Any, path: Path, target: Path) -> list[Text]:
    """Keras cannot read every compiled model back from an `.h5` file: such a one goes without its training state."""
    path.write_bytes(_legacy_in_memory(model, include_optimizer=True))
    try:
        return _compare(model, keras.saving.load_model(path, safe_mode=True), target)
    except Exception as error:
        if _error_number(error) is not None or (_optimizer(model) is None and isinstance(error, WorkerError)):
            raise
        if _optimizer(model) is None:
            raise refused(model, error) from error
    path.write_bytes(_legacy_in_memory(model, include_optimizer=False))
    try:
        read = keras.saving.load_model(path, safe_mode=True)
    except Exception as error:
        if _error_number(error) is not None:
            raise
        raise refused(model, error) from error
    checks = _compare(model, read, target, with_optimizer=False)
    return [*checks, Text("The state of the optimizer is left out: Keras cannot read it back from this kind of file.")]


# HDF5 kills the process when the disk is full, so its files are made in memory and written as bytes.


def weights_in_memory(model: Any) -> bytes:
    """What `save_weights` writes."""
    file = io.BytesIO()
    store = saving_lib.H5IOStore(file, mode="w")
    saving_lib._save_state(model, weights_store=store, assets_store=None, inner_path="", visited_saveables=set())
    store.close()
    return file.getvalue()


def _legacy_in_memory(model: Any, include_optimizer: bool) -> bytes:
    memory = io.BytesIO()
    with h5py.File(memory, "w") as file:
        legacy_h5_format.save_model_to_hdf5(model, file, include_optimizer=include_optimizer)
    return memory.getvalue()


def _compare(model: Any, read: Any, target: Path, with_optimizer: bool = True) -> list[Text]:
    checks = [_compare_configs(model, read, target), _compare_weights(model.weights, read.weights, target)]
    if with_optimizer and _optimizer(model) is not None:
        checks.append(_compare_optimizers(_optimizer(model), _optimizer(read), target))
    return checks


def _optimizer(model: Any) -> Any:
    """None for a model that was never compiled."""
    return getattr(model, "optimizer", None)


def _compare_configs(model: Any, read: Any, path: Path) -> Text:
    if _json(_config(model)["config"]) != _json(_config(read)["config"]):
        raise _differs(path, Text("the architecture"))
    return Text("The architecture was read back and is the same.")


def _compare_weights(written: Sequence[Any], read: Sequence[Any], path: Path) -> Text:
    if not _same(written, read):
        raise _differs(path, Text("the weights"))
    count = sum(int(np.prod(variable.shape)) for variable in written)
    return Text("All {count} parameters were read back and are the same, bit for bit.", {"count": count})


def _compare_optimizers(written: Any, read: Any, path: Path) -> Text:
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


def _config(model: Any) -> Any:
    return keras.saving.serialize_keras_object(model)


def _json(config: Any) -> Any:
    """Without the difference between lists and tuples, which no file knows."""
    return json.loads(json.dumps(config))


def _differs(path: Path, what: Text) -> WorkerError:
    text = Text("{path} was not written: {what} did not come back the same.", {"path": str(path), "what": what})
    return WorkerError(text)


def _cannot_write(path: Path, error: BaseException) -> WorkerError:
    number = _error_number(error)
    if number in _FULL:
        text = Text.of("The disk is full: {path} was not written.", path=str(path))
    elif number in _FORBIDDEN:
        text = Text.of("{path} cannot be written: permission is denied.", path=str(path))
    elif number == errno.ENOENT:
        text = Text.of("The folder of {path} does not exist.", path=str(path))
    elif number == errno.EISDIR:
        text = Text.of("{path} is a folder.", path=str(path))
    elif number == errno.EEXIST:
        text = Text("{file} is no regular file.", {"file": str(path)})
    else:
        reason = f"{os.strerror(number)}." if number is not None else explain(error, path.name)[0]
        text = Text.of("{path} cannot be written: {reason}", path=str(path), reason=reason)
    return WorkerError(text, f"{type(error).__name__}: {error}")


def _error_number(error: BaseException | None) -> int | None:
    """The operating system's error behind an exception; HDF5 tells it only in words."""
    while error is not None:
        if isinstance(error, OSError) and error.errno is not None:
            return error.errno
        if found := re.search(r"errno = (\d+)", str(error)):
            return int(found[1])
        error = error.__cause__ or error.__context__
    return None
