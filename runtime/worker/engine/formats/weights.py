"""The weights alone."""

from pathlib import Path
from typing import Any, Final

from resources.text import Text
from runtime.model_formats import ModelFormat

FORMAT: Final = ModelFormat("weights", Text("Weights (.weights.h5)…"), ".weights.h5", 30)


def write(model: Any, path: Path, target: Path) -> list[Text]:
    import keras

    from runtime.worker.engine.read_back import compare_weights, config_of, weights_in_memory

    path.write_bytes(weights_in_memory(model))
    read = keras.saving.deserialize_keras_object(config_of(model), safe_mode=True)
    read.load_weights(path)
    return [compare_weights(model.weights, read.weights, target)]
