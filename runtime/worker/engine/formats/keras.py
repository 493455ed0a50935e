"""Keras' own file of a whole model."""

from pathlib import Path
from typing import Any, Final

from resources.text import Text
from runtime.model_formats import ModelFormat

FORMAT: Final = ModelFormat("keras", Text("Keras model (.keras)…"), ".keras", 10, optimizer=True)


def write(model: Any, path: Path, target: Path) -> list[Text]:
    import keras

    from runtime.worker.engine.read_back import compare

    model.save(path)
    return compare(model, keras.saving.load_model(path, safe_mode=True), target)
