"""lamella import, and what follows it: check, train, export, with the weights of the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.fresh_python import run_keras, run_python
from tests.support.verbs import lamella
from tests.unit.graph_editor.import_files.models import layer, model

TRAINED = """
import sys, keras, numpy as np
from keras import layers
keras.utils.set_random_seed(1)
x = keras.Input((8, 8, 1), name="image")
y = layers.Dense(16, activation="relu", name="hidden")(layers.Flatten(name="flat")(x))
model = keras.Model(x, layers.Dense(10, activation="softmax", name="digit")(y), name="little")
model.compile(keras.optimizers.Adam(0.002), "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(np.random.rand(64, 8, 8, 1), np.random.randint(0, 10, 64), verbose=0)
model.save(sys.argv[1])
"""
SAME = """
import sys, keras, numpy as np
one, other = (keras.saving.load_model(path) for path in sys.argv[1:3])
same = all(np.array_equal(a, b) for a, b in zip(one.get_weights(), other.get_weights(), strict=True))
print("SAME", same, [w.name for w in one.weights] == [w.name for w in other.weights])
"""


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("trained") / "little.keras"
    run_keras("-c", TRAINED, path)
    return path


def test_import_check_train_and_export_keep_the_weights(trained: Path) -> None:
    project = trained.with_name("p.lamella")
    done = lamella("import", trained, "-o", project, cold=True)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "Training starts from the weights of" in done.stderr and "not run" not in done.stderr
    content: dict[str, Any] = json.loads(project.read_text("utf-8"))
    assert content["training"]["initial_weights"] == "little.keras"  # beside the project, so they travel together
    assert content["training"]["optimizer"] == {"class_name": "Adam", "config": {"learning_rate": 0.002}}
    assert content["training"]["outputs"]["digit"]["loss"]["class_name"] == "SparseCategoricalCrossentropy"
    assert len(content["canvas"]["positions"]) == 4

    copy = trained.with_name("copy.keras")
    exported = lamella("export", project, "--to", "keras", "-o", copy)
    assert exported.returncode == 0, exported.stderr
    assert "All weights" not in exported.stderr
    assert "The weights of all 2 layers come from little.keras." in exported.stderr
    assert "fresh" not in exported.stderr
    assert "SAME True True" in run_keras("-c", SAME, trained, copy)

    content["data"] = {
        "sources": [{"kind": "hdf5", "path": "sample:digits.h5", "options": {}}],
        "bindings": {"image": ["image"], "digit": ["digit"]},
    }
    project.write_text(json.dumps(content), "utf-8")
    run = lamella("train", project, "--epochs", "1", "--json")
    assert run.returncode == 0, run.stderr
    notes = [json.loads(line)["text"] for line in run.stdout.splitlines() if '"CallbackNote"' in line]
    told = [note["template"] for note in notes]
    assert told[:2] == [
        "The weights of all {count} layers come from {file}.",
        "The optimizer continues from its state in {file}.",
    ]


def test_weights_can_be_written_beside(trained: Path) -> None:
    project, weights = trained.with_name("q.lamella"), trained.with_name("q.weights.h5")
    done = lamella("import", trained, "-o", project, "--weights", weights)
    assert done.returncode == 0, done.stderr
    assert json.loads(project.read_text("utf-8"))["training"]["initial_weights"] == "q.weights.h5"
    content = json.loads(project.read_text("utf-8"))
    del content["training"]["initial_weights"]
    project.write_text(json.dumps(content), "utf-8")
    copy = trained.with_name("q.keras")
    done = lamella("export", project, "--to", "keras", "--weights", weights, "-o", copy)
    assert done.returncode == 0, done.stderr
    assert "come from q.weights.h5" in done.stderr
    assert "SAME True True" in run_keras("-c", SAME, trained, copy)


def test_what_goes_wrong_is_one_sentence(tmp_path: Path, trained: Path) -> None:
    bad = tmp_path / "bad.keras"
    bad.write_bytes(b"PK" + b"\0" * 100)
    out = tmp_path / "out.lamella"
    for file in (bad, tmp_path / "gone.keras", tmp_path):
        done = lamella("import", file, "-o", out)
        assert done.returncode == 1, done.stderr
        assert file.name in done.stderr
        assert "Traceback" not in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert not out.exists()
    plain = tmp_path / "plain.json"
    plain.write_text(json.dumps(model(layer("dense", "Dense", "x", units=3))), "utf-8")
    none = lamella("import", plain, "-o", out, "--weights", tmp_path / "w.weights.h5")
    assert (none.returncode, "no weights" in none.stderr) == (1, True)
    fresh = lamella("import", plain, "-o", out)
    assert (fresh.returncode, "There are no weights in the file" in fresh.stderr) == (0, True)
    again = lamella("import", plain, "-o", out)
    assert (again.returncode, "--force" in again.stderr) == (2, True)
    assert lamella("import", plain, "-o", out, "--force").returncode == 0
    assert lamella("import", out, "-o", tmp_path / "x.lamella").returncode == 2


def test_what_will_not_run_is_named(tmp_path: Path) -> None:
    foreign = model(layer("odd", "Odd", "x", module="somewhere.else"), layer("dense", "Dense", "odd", units=3))
    compiled = {"optimizer": {"class_name": "Adam", "config": {"learning_rate": {"class_name": "CosineDecay"}}}}
    (tmp_path / "m.json").write_text(json.dumps({**foreign, "compile_config": compiled}), "utf-8")
    done = lamella("import", tmp_path / "m.json", "-o", tmp_path / "m.lamella")
    assert done.returncode == 0, done.stderr
    assert "These boxes are not run" in done.stderr
    assert "odd" in done.stderr and "The learning rate followed CosineDecay, which is left out." in done.stderr


def test_import_needs_neither_keras_nor_qt(tmp_path: Path) -> None:
    plain = tmp_path / "plain.json"
    plain.write_text(json.dumps(model(layer("dense", "Dense", "x", units=3))), "utf-8")
    program = (
        "import sys; from app.__main__ import main\n"
        f"assert main(['import', {str(plain)!r}, '-o', {str(tmp_path / 'o.lamella')!r}]) == 0\n"
        "print('LOADED', *{name.split('.')[0] for name in sys.modules})"
    )
    loaded = set(run_python("-c", program).split())
    assert "graph_editor" in loaded
    assert not loaded & {"keras", "tensorflow", "PySide6", "h5py"}
