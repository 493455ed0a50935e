"""Writes models in Keras' own formats, and calls that done only when the file was read back and is the same."""

import errno
import zipfile
from pathlib import Path
from typing import Any, Final

from resources.atomic import replaceable, swap_in
from resources.regular_files import NotRegularFileError, open_regular, require_regular
from resources.temporaries import temporary_name
from resources.text import Text
from runtime.messages.exporting import Export, Exported
from runtime.model_configs import keras_json
from runtime.model_formats import ModelFormat, model_format_module
from runtime.store import BEST_FILE, MODEL_FILE, trained_model
from runtime.worker.custom.registry import remember_modules
from runtime.worker.keras_models.adapting_layers import unlearnt
from runtime.worker.keras_models.allow import check_config
from runtime.worker.keras_models.build import build_model
from runtime.worker.keras_models.error_places import place_of, whole_traces
from runtime.worker.keras_models.reasons import explain
from runtime.worker.keras_models.sharing import read_model
from runtime.worker.keras_models.weights import load_weights
from runtime.worker.process.control import WorkerError
from runtime.worker.process.failures import is_out_of_memory, system_error, writing_reason
from runtime.worker.process.leftovers import unfinished

_MAX_CONFIG: Final = 64 * 1024 * 1024  # bytes


def export(request: Export) -> Exported:
    """Raises WorkerError with one sentence that names the file; an earlier file at the path is untouched then."""
    try:
        module = model_format_module(request.kind)
    except ModuleNotFoundError as error:
        raise WorkerError(Text("A model cannot be written as {kind}.", {"kind": request.kind})) from error
    form: ModelFormat = module.FORMAT
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
        checkpoint, epoch = (
            (folder / BEST_FILE, None) if request.best else trained_model(folder) or (folder / MODEL_FILE, None)
        )
        model = load_model(checkpoint)
        if epoch is not None:
            text = Text("The run did not come to its end: these are the weights after epoch {epoch}.", {"epoch": epoch})
            notes = (text,)
    else:
        model = build_model(request.model)
        if request.initial_weights and form.weights and model.built:
            notes = load_weights(model, Path(request.initial_weights), request.initial_names).notes()
            if form.optimizer:
                notes = (*notes, Text("The file has no state of an optimizer, since the model was not trained here."))
        notes = (*notes, *(() if request.initial_weights else unadapted_notes(request.model, form)))
    temporary = target.with_name(temporary_name(path.name, form.suffix))
    try:
        with whole_traces(), unfinished(temporary):
            checks = module.write(model, temporary, path)
            swap_in(temporary, target, mode)
    except WorkerError:
        raise
    except Exception as error:
        raise _cannot_write(path, error) from error
    return Exported(request.id, str(path), (*notes, *checks))


def unadapted_notes(model: Any, form: ModelFormat) -> tuple[Text, ...]:
    """What a file with weights lacks, where layers were never trained here."""
    names = unlearnt(model) if form.weights else []
    if not names:
        return ()
    return (
        Text.of(
            "{layers} has learnt nothing of data yet: train the model first, or adapt it.", layers=", ".join(names)
        ),
    )


def load_model(path: Path) -> Any:
    """The model of a `.keras` file, with its optimizer. Raises WorkerError naming the file."""
    try:
        require_regular(path)
    except OSError as error:
        raise WorkerError(Text("There is no trained model: {path} is missing.", {"path": str(path)})) from error
    try:
        config = _config_of(path)
        check_config(config, path.name)
        remember_modules(config)
        return read_model(path)
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
        return keras_json.decode(archive.read("config.json"), object)


def _cannot_write(path: Path, error: BaseException) -> WorkerError:
    found = system_error(error)
    number = found.errno if isinstance(found, OSError) else found
    if number == errno.ENOSPC:
        text = Text.of("The disk is full: {path} was not written.", path=str(path))
    elif number == errno.ENOENT:
        text = Text.of("The folder of {path} does not exist.", path=str(path))
    elif number == errno.EISDIR:
        text = Text.of("{path} is a folder.", path=str(path))
    elif isinstance(found, NotRegularFileError):
        text = Text("{file} is no regular file.", {"file": str(path)})
    elif number is not None or is_out_of_memory(error):
        text = Text.of("{path} cannot be written: {reason}.", path=str(path), reason=writing_reason(error))
    else:
        reason = explain(error, place_of(error).layer or path.name)[0]
        text = Text.of("{path} cannot be written: {reason}", path=str(path), reason=reason)
    return WorkerError(text, f"{type(error).__name__}: {error}")
