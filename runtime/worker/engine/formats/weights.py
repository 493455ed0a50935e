"""The weights alone."""

from pathlib import Path
from typing import Any, Final

from resources.text import Text
from runtime.model_formats import ModelFormat

FORMAT: Final = ModelFormat("weights", Text("Weights (.weights.h5)…"), ".weights.h5", 30)


def write(model: Any, path: Path, target: Path) -> list[Text]:
    from runtime.worker.engine.read_back import compare_weights, weights_in_memory
    from runtime.worker.keras_models.describing import described
    from runtime.worker.keras_models.sharing import made_from
    from runtime.worker.keras_models.vocabularies import hand_over

    path.write_bytes(weights_in_memory(model))
    read = made_from(described(model))
    read.load_weights(path)
    notes = hand_over(model, read)
    return [compare_weights(model.weights, read.weights, target), *notes]
