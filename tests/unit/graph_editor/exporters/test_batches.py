"""Scripts of data that memory may not hold: what can be read batch by batch is, and gives the same samples."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.project.templates import template
from graph_editor.document.document import Document
from graph_editor.document.edits import SetParameters
from graph_editor.exporters.notebook import notebook
from graph_editor.exporters.python_source import python_source
from resources.python_code.in_scripts.later import LaterColumn, order_in_blocks
from resources.python_code.in_scripts.later_arrays import later_column
from runtime.python_code import RunCode
from runtime.worker.data.feed.order import epoch_order
from tests.fuzz.source_rules import check_notebook, check_script
from tests.support.fresh_python import answer_of
from tests.unit.graph_editor.exporters import test_own_parts as own
from tests.unit.graph_editor.exporters.test_prepared_columns import CATALOG

WAY: dict[str, Any] = {"shuffle": False, "split": "random", "validation_percent": 25.0, "test_percent": 10.0}
KINDS = {
    "npy-folder": ("npz", own._npy), "hdf5": ("hdf5", own._hdf5), "hdf5-files": ("hdf5", own._hdf5_files),
    "pictures": ("pictures", own._pictures), "sound": ("sound", own._sounds),
}  # fmt: skip
SHAPES = {"pictures": (2, 3, 3), "sound": (8,)}
OF_LABELS = {"npy-folder": [{"step": "integer_lookup"}]}
STEPS: dict[str, list[dict[str, Any]]] = {
    "npy-folder": [{"step": "scale", "scale": 0.5}],
    "hdf5": [{"step": "clip", "low": 0.1, "high": 0.6}, {"step": "normalize"}],
    "hdf5-files": [{"step": "to_range"}],
    "sound": [{"step": "clip", "low": -1, "high": 1}, {"step": "normalize", "each": False}],
    "pictures": [
        {"step": "resize", "height": 2, "width": 3},
        {"step": "scale", "scale": 1 / 255},
        {"step": "normalize"},
    ],
}


def written(document: Document, folder: Path, memory: int) -> str:
    check_notebook(notebook(document, CATALOG, RunCode(folder, memory)))
    text = python_source(document, CATALOG, RunCode(folder, memory))
    check_script(text)
    return text


def project(name: str, folder: Path, **way: Any) -> Document:
    """A dense model on the first column, of samples of two."""
    kind, write = KINDS[name]
    path, options, columns = write(folder, own.arrays())
    entry = template("plain-stack")
    assert entry is not None
    document = entry.open()
    document.data = {
        "sources": [{"kind": kind, "path": path, "options": options}],
        "bindings": {"image": [columns[0]], "digit": [columns[1]]},
        "columns": {columns[0]: {"steps": STEPS.get(name, [])}, columns[1]: {"steps": OF_LABELS.get(name, [])}},
        **(WAY | way),
    }
    image = document.graph.operation_named("image")
    assert image is not None
    SetParameters(image.id, {"batch_shape": [None, *SHAPES.get(name, (3,))]}).apply(document)
    document.training = {**document.training, "batch_size": 5, "epochs": 2}
    return document


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Of scripts in one process with Keras."""
    scripts = tmp_path_factory.mktemp("batches")
    for name in KINDS:
        folder = scripts / name
        folder.mkdir()
        document = project(name, folder)
        for ending, memory in (("", 2**40), ("-batches", 1)):
            text = written(document, folder, memory)
            text = text.replace('beside("', f'beside("{name}/')
            (scripts / f"{name}{ending}.py").write_text(text, "utf-8")
        if name in ("hdf5-files", "pictures"):
            layers = [{"layer": "RandomFlip"}] if name == "pictures" else []
            document.data = {**document.data, "shuffle": True, "augmentation": layers}
            text = written(document, folder, 1).replace('beside("', f'beside("{name}/')
            (scripts / f"{name}-trains.py").write_text(text, "utf-8")
    return dict(answer_of("-W", "ignore", "-m", "tests.unit.graph_editor.exporters.batches_check", scripts))


@pytest.mark.parametrize("name", KINDS)
def test_batches_are_the_samples_of_arrays(answers: dict[str, Any], name: str) -> None:
    assert answers[f"{name}-batches"] == {"training": 12, "validation": 5, "test": 4}


@pytest.mark.parametrize("name", ["hdf5-files", "pictures"])
def test_such_a_script_trains_in_keras(answers: dict[str, Any], name: str) -> None:
    assert {"loss", "val_loss"} <= set(answers[f"{name}-trains"])


def test_what_memory_holds_stays_simple_arrays(tmp_path: Path) -> None:
    for name in KINDS:
        (tmp_path / name).mkdir()
        text = written(project(name, tmp_path / name), tmp_path / name, 2**40)
        assert "Batched" not in text and "Later" not in text and "The data takes" not in text


def test_the_script_says_how_it_reads_and_in_which_order(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    document = project("hdf5-files", tmp_path)
    text = " ".join(written(document, tmp_path, 1).replace("\n# ", " ").split())
    assert "reads it batch by batch while it trains. It shuffles in blocks" in text and "order" in text
    assert 'data["x"] = data["x"][:]' in text and "learn_in_blocks" not in text, "what learns of all is read at once"
    document = project("pictures", tmp_path / "pictures")
    text = " ".join(written(document, tmp_path / "pictures", 1).replace("\n# ", " ").split())
    assert "reads it batch by batch while it trains." in text and "It shuffles in blocks" not in text
    assert "learn_in_blocks(keras.layers.Normalization(), learns_1" in text and "][:]" not in text


@pytest.mark.parametrize(
    "way",
    [{"windows": {"length": 2}}, {"columns": {"x": {"steps": [{"step": "drop_missing"}]}}}],
    ids=["windows", "samples that are left out"],
)
def test_what_needs_all_samples_reads_all_and_says_so(tmp_path: Path, way: dict[str, Any]) -> None:
    document = project("hdf5", tmp_path)
    document.data = {**document.data, **way}
    text = written(document, tmp_path, 1)
    assert "Batched" not in text and "all of it at once" in " ".join(text.replace("\n# ", " ").split())


def test_a_column_is_read_as_an_array_would_give_it() -> None:
    pieces = [np.arange(30).reshape(10, 3), np.arange(60.0).reshape(20, 3)]
    whole, column = np.concatenate(pieces), later_column(pieces)
    assert isinstance(column, LaterColumn) and len(column) == 30
    for rows in (slice(None), slice(8, 12), slice(29, 2, -5), np.array([29, 3, 9, 10, 3]), np.array([], int)):
        np.testing.assert_array_equal(column[rows], whole[rows])
        assert column[rows].dtype == whole.dtype
    assert later_column([np.array(["a", "b"])]).words == ["a", "b"]


def test_the_order_mixes_blocks_and_follows_from_the_seed() -> None:
    rows = np.arange(100, 1100)
    one, again, other = (order_in_blocks(rows, 8, seed) for seed in ((7, 0, 0), (7, 0, 0), (7, 1, 0)))
    assert (one == again).all() and (one != other).any() and sorted(one) == sorted(other) == rows.tolist()
    assert len(set((one[:128] - 100) // 8)) == 16 and (np.diff(one[:128]) != 1).sum() > 100
    np.testing.assert_array_equal(order_in_blocks(rows, 1, (7, 2, 0)), rows[epoch_order(1000, 7, 2)])
