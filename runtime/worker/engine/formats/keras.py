"""Keras' own file of a whole model."""

from pathlib import Path
from typing import Any, Final

from resources.text import Text
from runtime.model_formats import ModelFormat

FORMAT: Final = ModelFormat("keras", Text("Keras model (.keras)…"), ".keras", 10, optimizer=True, unbuilt=True)


def write(model: Any, path: Path, target: Path) -> list[Text]:
    import keras

    from resources.shared_layers import is_shared
    from runtime.worker.engine.read_back import compare, compare_vocabularies
    from runtime.worker.keras_models.describing import described, save_model
    from runtime.worker.keras_models.sharing import read_model
    from runtime.worker.keras_models.vocabularies import require_vocabularies

    require_vocabularies(model)
    save_model(model, path)
    read = read_model(path)
    checks = [*compare(model, read, target), *compare_vocabularies(model, read, target)]
    if is_shared(described(model)):
        try:
            keras.saving.load_model(path, safe_mode=True)
        except (ValueError, TypeError, IndexError, KeyError, RuntimeError):
            checks.append(
                Text("Keras itself cannot read this file, as it copies a layer that stands in several places.")
            )
    return checks
