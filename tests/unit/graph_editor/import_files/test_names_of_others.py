"""Models of files whose names Keras cannot take, or cannot train: their bits stay, and one verb makes other names."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from tests.support.verbs import lamella

WEIGHTS = {"Conv/Dense": {"kernel:0": (2, 3), "bias:0": (3,)}, "은닉 층": {"kernel:0": (3, 1), "bias:0": (1,)}}


@pytest.fixture
def values(tmp_path: Path) -> list[Any]:
    """What the weights of m.h5 are, a file as tf.keras wrote it; beside it lies data for it."""
    dense = {"units": 3, "activation": "linear", "use_bias": True, "dtype": "float32"}
    first = {"class_name": "Dense", "config": {**dense, "name": "Conv/Dense", "batch_input_shape": [None, 2]}}
    second = {"class_name": "Dense", "config": {**dense, "name": "은닉 층", "units": 1}}
    config = {"class_name": "Sequential", "config": {"name": "내 모델", "layers": [first, second]}}
    random, written = np.random.default_rng(1), []
    with h5py.File(tmp_path / "m.h5", "w") as file:
        file.attrs.update({"model_config": json.dumps(config), "keras_version": "2.13.1", "backend": "tensorflow"})
        weights = file.create_group("model_weights")
        weights.attrs["layer_names"] = [name.encode() for name in WEIGHTS]
        for layer, shapes in WEIGHTS.items():
            group = weights.create_group(layer)
            group.attrs["weight_names"] = [f"{layer}/{name}".encode() for name in shapes]
            for name, shape in shapes.items():
                written.append(random.random(shape).astype("float32"))
                group[f"{layer}/{name}"] = written[-1]
    rows = [f"{random.random()},{random.random()},{random.random()}" for _ in range(16)]
    (tmp_path / "d.csv").write_text("\n".join(["a,b,y", *rows]))
    return written


def test_after_the_mend_it_trains_from_its_weights(tmp_path: Path, values: list[Any]) -> None:
    project = tmp_path / "p.lamella"
    done = lamella("import", tmp_path / "m.h5", "-o", project)
    assert done.returncode == 0 and "Keras cannot train with 4 of the names" in done.stderr, done.stderr
    content = json.loads(project.read_text("utf-8"))
    content["data"] = {
        "sources": [{"kind": "csv", "path": "d.csv", "options": {}}],
        "bindings": {"Conv/Dense_input": ["a", "b"], "은닉 층": ["y"]},
    }
    loss = {"class_name": "MeanSquaredError", "config": {"name": "내 손실"}}
    content["training"] |= {
        "optimizer": {"class_name": "SGD", "config": {"learning_rate": 0.0, "name": "최적화"}},
        "outputs": {"은닉 층": {"loss": loss}},
        "epochs": 1,
    }
    project.write_text(json.dumps(content), "utf-8")
    done = lamella("mend", project, "--only", "name", "--only", "no_name")
    assert done.returncode == 0, done.stderr
    mended = json.loads(project.read_text("utf-8"))
    titles = {each["config"]["name"]: each.get("title") for each in mended["graph"]["operations"].values()}
    assert titles == {
        "Conv_Dense_input": "Conv/Dense_input", "Conv_Dense": "Conv/Dense", "eunnik_cheung": "은닉 층",
    }  # fmt: skip
    assert (mended["graph"]["name"], mended["graph"]["title"]) == ("nae_model", "내 모델")
    assert mended["data"]["bindings"] == {"Conv_Dense_input": ["a", "b"], "eunnik_cheung": ["y"]}
    assert list(mended["training"]["outputs"]) == ["eunnik_cheung"]
    done = lamella("train", project, "--export", tmp_path / "out.keras")
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / "out.keras") as archive:
        weights = io.BytesIO(archive.read("model.weights.h5"))
    with h5py.File(weights) as file:
        stored = [file[f"layers/{layer}/vars/{place}"][()] for layer in ("dense", "dense_1") for place in (0, 1)]
    assert all(np.array_equal(a, b) for a, b in zip(stored, values, strict=True))  # learned nothing, lost nothing
