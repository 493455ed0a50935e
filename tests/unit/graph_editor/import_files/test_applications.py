"""Models that people use: read, and written again as the identical JSON; with their weights, the identical outputs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.checking.validation import problems
from graph_editor.document.files import file_format
from graph_editor.keras_format.files.opening import open_model
from graph_editor.keras_format.functional import model_json
from tests.support.fresh_python import answer_of, run_keras

HERE = Path(__file__).parent
# Some of many kinds; tests/benchmarks/roundtrip.py takes all.
NAMES = [
    "ConvNeXtTiny", "DenseNet121", "EfficientNetB0", "InceptionV3", "MobileNetV2", "MobileNetV3Small", "NASNetMobile",
    "ResNet50V2", "Xception",
]  # fmt: skip
SMALL = ["MobileNetV2", "MobileNetV3Small", "NASNetMobile"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("applications")
    run_keras(HERE / "applications.py", path, *[name for name in NAMES if name not in SMALL])
    run_keras(HERE / "applications.py", path, "--weights", *SMALL)
    return path


@pytest.mark.parametrize("name", NAMES)
def test_the_config_comes_out_as_it_went_in(folder: Path, name: str) -> None:
    path = folder / f"{name}.json"
    original = json.loads(path.read_text("utf-8"))
    catalog = Catalog.load()
    document = open_model(path, catalog).document
    assert model_json(document) == original
    assert document.positions.keys() == {call for graph in document.graphs.values() for call in graph.calls}
    assert model_json(file_format.loads(file_format.dumps(document))) == original
    assert [str(problem.text) for problem in problems(document, catalog)] == []


def test_outputs_are_the_same_bit_for_bit(folder: Path) -> None:
    assert answer_of(HERE / "exported.py", folder, *SMALL) == {name: [True, True, True] for name in SMALL}
