"""The architecture alone, as Keras writes it."""

from pathlib import Path
from typing import Any, Final

from resources.text import Text
from runtime.model_formats import ModelFormat

FORMAT: Final = ModelFormat("json", Text("Architecture (.json)…"), ".json", 20, weights=False)


def write(model: Any, path: Path, target: Path) -> list[Text]:
    import keras

    from runtime.worker.engine.read_back import compare_configs

    path.write_text(model.to_json(indent=2), "utf-8")
    return [compare_configs(model, keras.models.model_from_json(path.read_text("utf-8")), target)]
