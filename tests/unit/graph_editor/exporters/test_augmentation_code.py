"""Augmentation in scripts: what is refused, with the reason, and what is written for each layer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graph_editor.exporters.notebook import notebook
from graph_editor.exporters.python_source import python_source
from resources.python_code.pieces import SourceError
from resources.training.augmentations import AUGMENTATIONS
from runtime.python_code import RunCode
from tests.fuzz.source_rules import check_script
from tests.unit.graph_editor.exporters.test_own_parts import project
from tests.unit.graph_editor.exporters.test_prepared_columns import CATALOG, digits

HOSTILE = "'); __import__('os').system('x') #"


def script(*layers: Any, **data: Any) -> str:
    return python_source(digits(**{"augmentation": list(layers), **data}), CATALOG, RunCode())


@pytest.mark.parametrize("layer", [kind.layer for kind in AUGMENTATIONS if not kind.mixes])
def test_each_layer_is_written_as_keras_is_called(layer: str) -> None:
    kind = next(kind for kind in AUGMENTATIONS if kind.layer == layer)
    written = script({"layer": layer, "config": kind.start})
    check_script(written)
    assert f"keras.layers.{layer}(" in written and "samples = AugmentedSamples(" in written
    assert ("moves=True" in written) == kind.moves and ("augmented_one_by_one" in written) == kind.single


@pytest.mark.parametrize(
    ("layer", "sentence"),
    [
        ({"layer": "Dense"}, "Pictures cannot be augmented with the layer Dense"),
        ({"layer": "RandomFlip", "input": "nobody"}, "RandomFlip is for the input nobody, which the model does not"),
        ({"layer": "MixUp"}, "MixUp mixes the labels of two samples, which the number of a class cannot say"),
        ({"layer": "RandomFlip", "config": {"a b": 1}}, "a b"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason(layer: Any, sentence: str) -> None:
    with pytest.raises(SourceError, match=sentence):
        script(layer)


def test_an_input_that_takes_no_pictures_is_not_augmented() -> None:
    with pytest.raises(SourceError, match="no input of the model takes any"):
        script({"layer": "RandomFlip"}, columns={"image": {"kind": "number"}})


@pytest.mark.parametrize(
    ("path", "options", "more", "sentence"),
    [
        ("own.py", {}, {}, "Say in the option name"),
        ("my own.py", {"name": "a"}, {}, "A script cannot import my own.py"),
        ("json.py", {"name": "a"}, {}, "A script cannot import json.py"),
        ("own.py", {"name": "a b"}, {}, "."),
        ("own.py", {"name": "a"}, {"augmentation": [{"layer": "RandomFlip"}]}, "is fed as it is: augment it there"),
    ],
)
def test_own_code_that_a_script_cannot_call_is_refused(path: str, options: Any, more: Any, sentence: str) -> None:
    with pytest.raises(SourceError, match=sentence):
        script(**{"sources": [{"kind": "python", "path": path, "options": options}], **more})


def test_own_code_is_imported_from_beside_the_script() -> None:
    options = {"name": "batches", "validation": "Others", "samples": 40}
    written = script(sources=[{"kind": "python", "path": "code/own.py", "options": options}])
    check_script(written)
    assert "import own as own_samples" in written and "class ShuffledSamples" not in written
    assert "batches_of(own_samples.batches, 40)" in written and "validation_steps=" in written


def test_names_of_a_project_stay_values() -> None:
    windows = {"length": 3, "order_by": HOSTILE, "group_by": "a\nb"}
    written = script(
        {"layer": "RandomFlip", "config": {"mode": HOSTILE}, "follow": False},
        windows=windows,
        columns={HOSTILE: {"kind": "mask"}},
    )
    check_script(written)
    assert "spans_in_parts(spans, parts)" in written and "moves=True" not in written


@pytest.mark.parametrize("windows", ["x", {"length": 0}, {"length": 3, "stride": 0}, {"length": True}, {"horizon": 1}])
def test_windows_that_are_none_are_refused(windows: Any) -> None:
    with pytest.raises(SourceError, match="Windows have a length"):
        script(windows=windows)


def test_a_script_says_at_its_top_that_memory_may_not_hold_the_data(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for name in ("b.csv", "a/c.csv"):
        (tmp_path / name).write_text("x,y\n" + "1,2\n" * 200, "utf-8")
    document = project([{"kind": "csv", "path": "b.csv"}], ["x"])
    small, large = (
        python_source(document, CATALOG, RunCode(tmp_path, memory)).split("import", 1)[0] for memory in (10_000, 2_000)
    )
    assert "The data takes" not in small and small in python_source(document, CATALOG, RunCode())
    assert "# The data takes 0.0 GB in files" in large and "reads all of it at once" in " ".join(large.split())
    cell = json.loads(notebook(document, CATALOG, RunCode(tmp_path, 2_000)))["cells"][0]
    assert "reads all of it at once" in "".join(cell["source"])
    document.data = {**document.data, "sources": [{"kind": "text", "path": "a"}]}
    assert "The data takes" in python_source(document, CATALOG, RunCode(tmp_path, 2_000))
    document.data = {**document.data, "sources": [{"kind": "csv", "path": str(tmp_path / "b.csv")}]}
    assert "The data takes" not in python_source(document, CATALOG, RunCode(tmp_path, 2_000)), (
        "what lies elsewhere is not asked"
    )
