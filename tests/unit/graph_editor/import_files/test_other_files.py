"""Models of TensorFlow.js, and files of other programs, which are called what they are."""

from __future__ import annotations

import json
import pickle
import zipfile
from pathlib import Path
from typing import Any

import pytest

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.files.file_format import FileError
from graph_editor.keras_format.files.names import is_model_file
from graph_editor.keras_format.files.opening import OpenedModel, open_model
from tests.unit.graph_editor.import_files.models import Json, old_input, old_layer, old_model


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


def refusal(path: Path, catalog: Catalog) -> str:
    with pytest.raises(FileError) as told:
        open_model(path, catalog)
    return told.value.text.english()


DENSE = {"class_name": "Dense", "config": {"name": "d", "batch_input_shape": [None, 4], "units": 3}}
STACK = {"class_name": "Sequential", "config": {"name": "s", "layers": [DENSE]}}
CONVERTED = {"keras_version": "tfjs-layers 1.0.0", "model_config": {**STACK, "keras_version": "2.3"}}


def javascript(folder: Path, catalog: Catalog, **content: Json) -> OpenedModel:
    path = folder / "model.json"
    path.write_text(json.dumps(content), "utf-8")
    return open_model(path, catalog)


@pytest.mark.parametrize(
    "topology", [CONVERTED, {**STACK, "keras_version": "tfjs-layers 4.1.0"}, json.dumps(CONVERTED)]
)
def test_a_model_of_tensorflow_js_is_opened(tmp_path: Path, catalog: Catalog, topology: Json) -> None:
    found = javascript(tmp_path, catalog, modelTopology=topology, weightsManifest=[])
    assert [item.class_name for item in found.document.graph.operations.values()] == ["InputLayer", "Dense"]
    assert (found.weights, found.notes) == (False, ())


def test_its_weights_are_those_beside_it(tmp_path: Path, catalog: Catalog) -> None:
    manifest: Any = [{"paths": ["group1-shard1of1.bin"], "weights": []}]
    found = javascript(tmp_path, catalog, modelTopology=CONVERTED, weightsManifest=manifest)
    assert not found.weights
    assert ["group1-shard1of1.bin" in note.english() for note in found.notes] == [True]
    (tmp_path / "group1-shard1of1.bin").write_bytes(b"")
    assert javascript(tmp_path, catalog, modelTopology=CONVERTED, weightsManifest=manifest).weights
    for name in ("../x.bin", "/etc/passwd", "a/b.bin", "..", "c:x", 5):
        manifest[0]["paths"] = [name]
        with pytest.raises(FileError, match="not beside it"):
            javascript(tmp_path, catalog, modelTopology=CONVERTED, weightsManifest=manifest)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"format": "graph-model", "modelTopology": {"node": []}}, "graph model of TensorFlow.js"),
        ({"modelTopology": {"node": [], "library": {}}}, "graph model of TensorFlow.js"),
        ({"weightsManifest": []}, "weights and no model"),
        ({"modelTopology": {"model_config": {"class_name": "MyModel", "config": {}}}}, "MyModel is a model with code"),
        ({"modelTopology": {"model_config": [1]}}, "no Keras model"),
    ],
)
def test_what_of_tensorflow_js_is_no_layers_is_named(
    tmp_path: Path, catalog: Catalog, content: Json, words: str
) -> None:
    path = tmp_path / "model.json"
    path.write_text(json.dumps(content), "utf-8")
    assert words in refusal(path, catalog)


@pytest.mark.parametrize("registered", ["MyModel", "package>MyModel"])
def test_subclassed_models_name_their_class(tmp_path: Path, catalog: Catalog, registered: str) -> None:
    path = tmp_path / "own.json"
    for module in (None, "somebody.models"):
        path.write_text(json.dumps({"module": module, "class_name": registered, "config": {"a": 1}}), "utf-8")
        assert "MyModel is a model with code of its own" in refusal(path, catalog)


def test_a_model_inside_with_code_of_its_own_is_a_box_with_its_class(tmp_path: Path, catalog: Catalog) -> None:
    layers = [old_input("a", 4), old_layer("mine", "MyBlock", [["a", 0, 0, {}]], width=3)]
    path = tmp_path / "inside.json"
    path.write_text(json.dumps(old_model(layers, [["a", 0, 0]], [["mine", 0, 0]])), "utf-8")
    found = open_model(path, catalog)
    assert ["MyBlock" in note.english() for note in found.notes] == [True]
    box = found.document.graph.operation_named("mine")
    assert box is not None
    assert box.config["width"] == 3


CONTENTS = {
    "m.tflite": (b"\x1c\0\0\0TFL3" + b"\0" * 80, "TensorFlow Lite"),
    "m.h5": (b"\x1c\0\0\0TFL3" + b"\0" * 80, "TensorFlow Lite"),
    "m.onnx": (b"\x08\x07\x12\x07pytorch\x1a\x05" + b"\0" * 80, "ONNX"),
    "n.onnx": (b"anything", "ONNX"),
    "renamed.json": (b"\x08\x07\x12\x07tf2onnx", "ONNX"),
    "m.pt": (pickle.dumps([1, 2]), "pickle"),
    "renamed.keras": (pickle.dumps({"a": 1}), "pickle"),
    "saved_model.pb": (b"\x08\x01\x12", "SavedModel"),
    "model.ckpt": (b"\0", "checkpoint"),
    "variables.index": (b"\0", "checkpoint"),
    "w.npy": (b"\x93NUMPY\x01\0", "arrays and no model"),
    "w.safetensors": (b"\x10\0\0\0\0\0\0\0{}", "other libraries"),
    "w.gguf": (b"GGUF", "other libraries"),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_files_of_others_are_called_what_they_are(tmp_path: Path, catalog: Catalog, name: str) -> None:
    content, words = CONTENTS[name]
    path = tmp_path / name
    path.write_bytes(content)
    sentence = refusal(path, catalog)
    assert words in sentence
    assert name in sentence
    assert is_model_file(path)  # and not taken for a project, of which there is less to say


@pytest.mark.parametrize(
    ("entry", "words"),
    [("archive/data.pkl", "pickle"), ("m/saved_model.pb", "SavedModel"), ("a.npy", "arrays"), ("x", "config.json")],
)
def test_archives_of_others(tmp_path: Path, catalog: Catalog, entry: str, words: str) -> None:
    path = tmp_path / "m.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, "x")
    assert words in refusal(path, catalog)


def test_the_folder_of_a_saved_model(tmp_path: Path, catalog: Catalog) -> None:
    folder = tmp_path / "exported"
    folder.mkdir()
    assert not is_model_file(folder)
    (folder / "saved_model.pb").write_bytes(b"\x08")
    assert is_model_file(folder)
    assert "SavedModel" in refusal(folder, catalog)


def test_a_project_is_no_model_of_others() -> None:
    assert not is_model_file(Path("p.lamella"))
