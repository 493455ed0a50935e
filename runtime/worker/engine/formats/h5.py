"""The file of a whole model that Keras wrote before `.keras`."""

import io
from pathlib import Path
from typing import Any, Final

from resources.text import Text
from runtime.model_formats import ModelFormat
from runtime.worker.process.control import WorkerError
from runtime.worker.process.failures import is_out_of_memory, system_error

FORMAT: Final = ModelFormat("h5", Text("Legacy model (.h5)…"), ".h5", 40, optimizer=True)


def write(model: Any, path: Path, target: Path) -> list[Text]:
    """Keras cannot read every compiled model back from an `.h5` file: such a one goes without its training state."""
    from runtime.worker.engine.legacy_reasons import refuse_shared, refused
    from runtime.worker.engine.read_back import optimizer_of
    from runtime.worker.keras_models.sharing import read_model

    refuse_shared(model)
    path.write_bytes(_in_memory(model, include_optimizer=True))
    try:
        return _compared(model, read_model(path), target)
    except Exception as error:
        if _of_machine(error) or (optimizer_of(model) is None and isinstance(error, WorkerError)):
            raise
        if optimizer_of(model) is None:
            raise refused(model, error) from error
    path.write_bytes(_in_memory(model, include_optimizer=False))
    try:
        read = read_model(path)
    except Exception as error:
        if _of_machine(error):
            raise
        raise refused(model, error) from error
    checks = _compared(model, read, target, with_optimizer=False)
    return [*checks, Text("The state of the optimizer is left out: Keras cannot read it back from this kind of file.")]


def _of_machine(error: Exception) -> bool:
    """Whether the disk or the memory is to blame, and not what Keras makes of the file."""
    return system_error(error) is not None or is_out_of_memory(error)


def _compared(model: Any, read: Any, target: Path, with_optimizer: bool = True) -> list[Text]:
    from runtime.worker.engine.read_back import compare
    from runtime.worker.keras_models.vocabularies import hand_over

    notes = hand_over(model, read)
    return [*compare(model, read, target, with_optimizer, without=("build_config",)), *notes]  # such files have none


def _in_memory(model: Any, include_optimizer: bool) -> bytes:
    """HDF5 kills the process when the disk is full, so its files are made in memory and written as bytes."""
    import h5py
    from keras.src.legacy.saving import legacy_h5_format

    memory = io.BytesIO()
    with h5py.File(memory, "w") as file:
        legacy_h5_format.save_model_to_hdf5(model, file, include_optimizer=include_optimizer)
    return memory.getvalue()
