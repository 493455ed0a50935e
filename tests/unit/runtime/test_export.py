"""Exports hold exactly the model, or there is one sentence and no file."""

from __future__ import annotations

import json
import os
import shutil
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import pytest

from runtime.clients.engine import Engine
from runtime.launchers.local import LocalLauncher
from runtime.messages.connection import Failed
from runtime.messages.exporting import Export, Exported
from tests.unit.runtime.asking import SECONDS
from tests.unit.runtime.conftest import plain_keras

KINDS: dict[str, str] = {"keras": "m.keras", "json": "m.json", "weights": "m.weights.h5", "h5": "m.h5"}


def refusal(engine: Engine, request: Export) -> str:
    answer = engine.ask(request, SECONDS)
    assert isinstance(answer, Failed), answer
    return str(answer.error)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("trained", [True, False])
def test_every_kind_is_read_back(
    engine: Engine, truth: dict[str, Any], tmp_path: Path, kind: str, trained: bool
) -> None:
    path = tmp_path / KINDS[kind]
    path.write_text("an earlier file")
    run = str(truth["folder"] / "run") if trained else None
    answer = engine.ask(Export(0, truth["model"], kind, str(path), run), SECONDS)
    assert isinstance(answer, Exported), answer
    assert answer.path == str(path)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    said = " ".join(str(check) for check in answer.checks)
    assert ("architecture" in said) == (kind != "weights")
    assert ("bit for bit" in said) == (kind != "json")
    assert ("optimizer" in said) == (trained and kind in ("keras", "h5"))


def test_a_trained_model_is_the_same_for_plain_keras(engine: Engine, truth: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "m.keras"
    run = truth["folder"] / "run"
    assert isinstance(engine.ask(Export(0, truth["model"], "keras", str(path), str(run)), SECONDS), Exported)
    sentence = refusal(engine, Export(0, truth["model"], "keras", str(path), str(run), best=True))
    assert "best.keras is missing" in sentence
    shutil.copyfile(run / "model.keras", tmp_path / "best.keras")  # a run folder with nothing else
    best = Export(0, truth["model"], "keras", str(path), str(tmp_path), best=True)
    assert isinstance(engine.ask(best, SECONDS), Exported)
    found = plain_keras(run / "model.keras", path)
    assert found == {"weights": 10, "same_weights": True, "same_optimizer": True, "iterations": 2}


def test_json_and_weights_can_be_read_by_anyone(engine: Engine, truth: dict[str, Any], tmp_path: Path) -> None:
    for kind in ("json", "weights"):
        engine.ask(Export(0, truth["model"], kind, str(tmp_path / KINDS[kind])), SECONDS)
    config = json.loads((tmp_path / "m.json").read_text("utf-8"))
    names = [layer["config"]["name"] for layer in config["config"]["layers"]]
    assert names == ["image", "conv", "norm", "flat", "drop", "digit", "even"]
    with h5py.File(tmp_path / "m.weights.h5") as file:
        assert "layers" in file


def test_a_folder_that_is_not_there_is_named(engine: Engine, truth: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "gone" / "m.keras"
    assert refusal(engine, Export(0, truth["model"], "keras", str(path))) == f"The folder of {path} does not exist."


def test_a_folder_at_the_place_of_the_file_is_named(engine: Engine, truth: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.mkdir()
    assert refusal(engine, Export(0, truth["model"], "json", str(path))) == f"{path} is a folder."
    assert [file.name for file in tmp_path.iterdir()] == ["m.json"]


@pytest.mark.skipif(os.name != "posix", reason="needs pipes")
def test_only_a_regular_file_is_replaced_and_a_link_stays_one(
    engine: Engine, truth: dict[str, Any], tmp_path: Path
) -> None:
    pipe, kept = tmp_path / "pipe", tmp_path / "kept.json"
    os.mkfifo(pipe)
    assert refusal(engine, Export(0, truth["model"], "json", str(pipe))) == f"{pipe} is no regular file."
    assert pipe.is_fifo()
    kept.write_text("kept")
    kept.chmod(0o400)
    assert "permission is denied" in refusal(engine, Export(0, truth["model"], "json", str(kept)))
    assert kept.read_text() == "kept"
    link = tmp_path / "link.json"
    link.symlink_to("aim.json")
    assert isinstance(engine.ask(Export(0, truth["model"], "json", str(link)), SECONDS), Exported)
    assert link.is_symlink()
    assert json.loads((tmp_path / "aim.json").read_text())


def test_a_run_without_a_model_is_named(engine: Engine, truth: dict[str, Any], tmp_path: Path) -> None:
    sentence = refusal(engine, Export(0, truth["model"], "keras", str(tmp_path / "m.keras"), str(tmp_path)))
    assert sentence == f"There is no trained model: {tmp_path / 'model.keras'} is missing."


def test_a_spoilt_model_is_named(engine: Engine, truth: dict[str, Any], tmp_path: Path) -> None:
    spoilt = tmp_path / "model.keras"
    for content in (b"no zip", (truth["folder"] / "run" / "model.keras").read_bytes()[:-200]):
        spoilt.write_bytes(content)
        sentence = refusal(engine, Export(0, {}, "keras", str(tmp_path / "m.keras"), str(tmp_path)))
        assert sentence.startswith(f"{spoilt} cannot be read as a Keras model.")
    assert [file.name for file in tmp_path.iterdir()] == ["model.keras"]


def test_code_in_a_run_is_refused(engine: Engine, truth: dict[str, Any], tmp_path: Path) -> None:
    evil = tmp_path / "model.keras"
    shutil.copy(truth["folder"] / "run" / "model.keras", evil)
    with zipfile.ZipFile(evil) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["config.json"] = parts["config.json"].replace(b'"Dropout"', b'"Lambda"')
    with zipfile.ZipFile(evil, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    sentence = refusal(engine, Export(0, {}, "keras", str(tmp_path / "m.keras"), str(tmp_path)))
    assert "can run code from the file" in sentence


def test_a_model_that_cannot_be_built_says_why(engine: Engine, truth: dict[str, Any], tmp_path: Path) -> None:
    model = json.loads(json.dumps(truth["model"]).replace('"kernel_size": [3, 3]', '"kernel_size": [30, 30]'))
    sentence = refusal(engine, Export(0, model, "json", str(tmp_path / "m.json")))
    assert sentence.startswith("The model cannot be built: ")
    assert "zero or negative" in sentence or "does not fit" in sentence
    assert list(tmp_path.iterdir()) == []


LIMITED = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
runpy.run_module("runtime.worker", run_name="__main__")
"""


@pytest.fixture
def engine_with_a_limit() -> Iterator[Engine]:
    engine = Engine(LocalLauncher(command=[sys.executable, "-P", "-c", LIMITED]))
    engine.start()
    yield engine
    engine.stop()


@pytest.mark.skipif(os.name != "posix", reason="needs a limit on file sizes")
def test_a_file_that_may_not_grow_is_named_and_leaves_the_earlier_one(
    engine_with_a_limit: Engine, truth: dict[str, Any], tmp_path: Path
) -> None:
    for kind, name in KINDS.items():
        path = tmp_path / name
        path.write_text("an earlier file")
        sentence = refusal(engine_with_a_limit, Export(0, truth["model"], kind, str(path)))
        limit = "the file would be larger than the disk or your limits allow"
        assert sentence == f"{path} cannot be written: {limit}."
        assert path.read_text() == "an earlier file"
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(KINDS.values())


def attentive(last: dict[str, Any]) -> dict[str, Any]:
    """Attention on an input of four steps, and one more layer."""

    def tensor(name: str) -> dict[str, Any]:
        config = {"shape": [], "dtype": "float32", "keras_history": [name, 0, 0]}
        return {"class_name": "__keras_tensor__", "config": config}

    source: dict[str, Any] = {
        "class_name": "InputLayer",
        "config": {"name": "x", "batch_shape": [None, 4, 8]},
        "inbound_nodes": [],
    }
    node = {"args": [[tensor("x"), tensor("x")]], "kwargs": {}}
    attention: dict[str, Any] = {"class_name": "Attention", "config": {"name": "look"}, "inbound_nodes": [node]}
    layers = [{"module": "keras.layers", **item, "name": item["config"]["name"]} for item in (source, attention)]
    layers.append({**last, "inbound_nodes": [{"args": [tensor("look")], "kwargs": {}}]})
    ends = {"input_layers": ["x", 0, 0], "output_layers": [last["name"], 0, 0]}
    config = {"name": "m", "trainable": True, "layers": layers, **ends}
    return {"module": "keras.src.models.functional", "class_name": "Functional", "config": config}


def test_what_h5_cannot_hold_is_named(engine: Engine, tmp_path: Path) -> None:
    dense = {"module": "keras.layers", "class_name": "Dense", "config": {"name": "d", "units": 2}, "name": "d"}
    path = tmp_path / "m.h5"
    sentence = refusal(engine, Export(0, attentive(dense), "h5", str(path)))
    said = "An .h5 file cannot hold look: Keras does not read Attention back from it. Export as .keras instead."
    assert sentence == said and not list(tmp_path.iterdir())
    good = engine.ask(Export(0, attentive(dense), "keras", str(tmp_path / "m.keras")), SECONDS)
    assert isinstance(good, Exported)
