"""The architecture alone, as Keras writes it."""

from pathlib import Path
from typing import Any, Final

from resources.text import Text
from runtime.model_formats import ModelFormat

FORMAT: Final = ModelFormat("json", Text("Architecture (.json)…"), ".json", 20, weights=False, unbuilt=True)


def write(model: Any, path: Path, target: Path) -> list[Text]:
    import json

    import keras

    from resources.shared_layers import is_shared
    from runtime.worker.engine.read_back import compare_configs
    from runtime.worker.keras_models.describing import described, readable_by_keras
    from runtime.worker.keras_models.sharing import made_from
    from runtime.worker.keras_models.vocabularies import hand_over

    config = readable_by_keras(described(model))
    text = json.dumps(config, indent=2)
    path.write_text(text, "utf-8")
    read = made_from(json.loads(path.read_text("utf-8")))
    notes = hand_over(model, read)
    checks = [compare_configs(model, read, target), *notes]
    if is_shared(config):
        try:
            keras.models.model_from_json(text)
            checks.append(Text("model_from_json of Keras makes copies of a layer that stands in several places."))
        except (ValueError, TypeError, IndexError, KeyError, RuntimeError):
            checks.append(
                Text("Keras itself cannot read this file, as it copies a layer that stands in several places.")
            )
    return checks
