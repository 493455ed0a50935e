"""What was frozen when an `.h5` file was written changes the order of its weights, and not to which layer they go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from graph_editor.catalog.catalog import Catalog
from graph_editor.keras_format.files.opening import open_model
from graph_editor.keras_format.functional import model_json
from runtime.clients.engine import Engine
from runtime.messages.exporting import Export, Exported
from tests.support.fresh_python import answer_of
from tests.unit.runtime.asking import SECONDS

TRUTH = "tests.unit.runtime.fidelity.legacy_order_truth"
NAMES = ("both_ways", "timed", "timed_model", "stack", "graph")


def thawed(config: Any) -> Any:
    if isinstance(config, dict):
        return {key: True if key == "trainable" else thawed(value) for key, value in config.items()}
    return [thawed(item) for item in config] if isinstance(config, list) else config


def test_weights_of_a_frozen_file_find_their_layers_in_a_model_that_is_not(engine: Engine, tmp_path: Path) -> None:
    answer_of("-m", TRUTH, tmp_path)
    for name in NAMES:
        file = tmp_path / f"{name}.h5"
        model = thawed(model_json(open_model(file, Catalog.load()).document))
        request = Export(0, model, "keras", str(tmp_path / f"{name}.keras"), None, str(file))
        answer = engine.ask(request, SECONDS)
        assert isinstance(answer, Exported), (name, answer)
    assert answer_of("-m", TRUTH, tmp_path, "read") == dict.fromkeys(NAMES, True)
