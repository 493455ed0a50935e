"""Scripts of data that has parts of its own: the same samples train, validate and test as in Lamella."""

from __future__ import annotations

import ast
import json
import re
import types
import wave
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

import h5py
import numpy as np
import pyarrow as pa
import pytest
import scipy.io
from PIL import Image

from app.project.templates import template
from graph_editor.document.document import Document
from graph_editor.exporters.code import split
from graph_editor.exporters.code.names import FUNCTIONS
from resources.python_code import shared, shuffled
from runtime.data_kinds import data_kinds, kind_module
from runtime.known_sets import known_set
from runtime.project_spec import data_from_project
from runtime.splits import split_of
from runtime.worker.data.known.reading import Loaded
from runtime.worker.data.opening import open_data
from runtime.worker.data.source import Source
from runtime.worker.data.sources import known
from runtime.worker.data.split import PARTS, as_array, split_rows
from tests.support.records import example, write
from tests.unit.graph_editor.exporters.test_reading_data import _notebook, _script, load_data

RANDOM: Final = np.random.default_rng(0)
# Where samples are put into a part by a column, or by percents alone.
WITHOUT: Final = {"csv", "excel", "feather", "jsonl", "parquet", "python", "random", "sqlite"}
PARTED: Final = (("train", 12), ("val", 5), ("test", 4))


def arrays(parts: tuple[tuple[str, int], ...] = PARTED) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part, count in reversed(parts):
        found[f"x_{part}"], found[f"y_{part}"] = RANDOM.random((count, 3)), RANDOM.integers(0, 3, count)
    return found


def _npz(folder: Path, given: dict[str, Any]) -> tuple[str, dict[str, Any], list[str]]:
    np.savez(folder / "a.npz", **given)
    return "a.npz", {"parts": "joined"}, ["x", "y"]


def _npy(folder: Path, given: dict[str, Any]) -> tuple[str, dict[str, Any], list[str]]:
    (folder / "a").mkdir()
    for name, array in given.items():
        np.save(folder / "a" / f"{name}.npy", array)
    return "a", {"parts": "joined"}, ["x", "y"]


def _hdf5(folder: Path, given: dict[str, Any]) -> tuple[str, dict[str, Any], list[str]]:
    with h5py.File(folder / "a.h5", "w") as file:
        for name, array in given.items():
            file[name] = array
    return "a.h5", {"parts": "joined"}, ["x", "y"]


def _hdf5_files(folder: Path, given: dict[str, Any]) -> tuple[str, dict[str, Any], list[str]]:
    (folder / "a").mkdir()
    for part in sorted({name[2:] for name in given}):
        with h5py.File(folder / "a" / f"{part}.h5", "w") as file:
            file["x"], file["y"] = given[f"x_{part}"], given[f"y_{part}"]
    return "a", {"parts": "joined"}, ["x", "y"]


def _matlab(folder: Path, given: dict[str, Any]) -> tuple[str, dict[str, Any], list[str]]:
    scipy.io.savemat(folder / "a.mat", given)
    return "a.mat", {"parts": "joined"}, ["x", "y"]


def _files(folder: Path, given: dict[str, Any], name: str, write: Callable[[Path], None]) -> None:
    """Samples as files, in a folder for each part and in it for each class."""
    for part in sorted({key[2:] for key in given}):
        for row, label in enumerate(given[f"y_{part}"].tolist()):
            path = folder / "a" / part / "rgb"[label] / name.format(row)
            path.parent.mkdir(parents=True, exist_ok=True)
            write(path)


def _pictures(folder: Path, given: dict[str, Any]) -> tuple[str, dict[str, Any], list[str]]:
    _files(folder, given, "{}.png", lambda path: Image.new("RGB", (4, 4), len(path.name)).save(path))
    return "a", {"height": 4, "width": 4, "colour": "rgb", "depth": "8"}, ["image", "label"]


def _unreadable_pictures(folder: Path, given: dict[str, Any]) -> tuple[str, dict[str, Any], list[str]]:
    name, options, columns = _pictures(folder, given)
    for path in (folder / "a").glob("*/*/1.png"):
        path.write_bytes(b"nothing")
    return name, {**options, "skip_unreadable": True}, columns


def _sounds(folder: Path, given: dict[str, Any]) -> tuple[str, dict[str, Any], list[str]]:
    def write(path: Path) -> None:
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(b"\0" * 16)

    _files(folder, given, "{}.wav", write)
    return "a", {"rate": 8000, "seconds": 0.001}, ["audio", "label"]


def _texts(folder: Path, given: dict[str, Any]) -> tuple[str, dict[str, Any], list[str]]:
    def write(path: Path) -> None:
        path.write_text(f"a text called {path}")

    _files(folder, given, "{}.txt", write)
    return "a", {}, ["text", "label"]


def _saved(folder: Path, given: dict[str, Any]) -> tuple[str, dict[str, Any], list[str]]:
    names = {"train": "train", "val": "validation", "test": "test"}
    splits = [names[part] for part in sorted({key[2:] for key in given})]
    for part in sorted({key[2:] for key in given}):
        below = folder / "a" / names[part]
        below.mkdir(parents=True)
        table = pa.table({"x": given[f"x_{part}"][:, 0], "y": given[f"y_{part}"]})
        with pa.OSFile(str(below / "data-0.arrow"), "wb") as stream, pa.ipc.new_stream(stream, table.schema) as writer:
            writer.write_table(table)
        (below / "state.json").write_text('{"_data_files": [{"filename": "data-0.arrow"}]}')
        (below / "dataset_info.json").write_text("{}")
    (folder / "a" / "dataset_dict.json").write_text(f'{{"splits": {splits}}}'.replace("'", '"'))
    return "a", {}, ["x", "y"]


def _records(folder: Path, given: dict[str, Any]) -> tuple[str, dict[str, Any], list[str]]:
    for part in sorted({key[2:] for key in given}):
        rows = zip(given[f"x_{part}"].tolist(), given[f"y_{part}"].tolist(), strict=True)
        write(folder / "a" / f"{part}.tfrecord-00000-of-00001", [example(x=x, y=y) for x, y in rows])
    return "a", {}, ["x", "y"]


def _tfds(folder: Path, given: dict[str, Any]) -> tuple[str, dict[str, Any], list[str]]:
    _records(folder, given)
    parts = sorted({key[2:] for key in given})
    splits = [{"name": part, "shardLengths": [str(len(given[f"y_{part}"]))]} for part in parts]
    template = "{SPLIT}.{FILEFORMAT}-{SHARD_X_OF_Y}"
    info = {"name": "a", "splits": [split | {"filepathTemplate": template} for split in splits]}
    features = {"x": {"tensor": {"shape": {"dimensions": ["3"]}, "dtype": "float32"}}, "y": {"classLabel": {}}}
    (folder / "a" / "dataset_info.json").write_text(json.dumps(info))
    (folder / "a" / "features.json").write_text(json.dumps({"featuresDict": {"features": features}}))
    return "a", {}, ["x", "y"]


KINDS: Final = [
    ("npz", _npz),
    ("npz", _npy),
    ("hdf5", _hdf5),
    ("hdf5", _hdf5_files),
    ("matlab", _matlab),
    ("pictures", _pictures),
    ("pictures", _unreadable_pictures),
    ("sound", _sounds),
    ("text", _texts),
    ("huggingface", _saved),
    ("tfrecord", _records),
    ("tfds", _tfds),
]


def project(sources: list[dict[str, Any]], columns: list[str], **way: Any) -> Document:
    entry = template("plain-stack")
    assert entry is not None
    document = entry.open()
    document.data = {"sources": sources, "bindings": dict.fromkeys(document.data["bindings"], columns), **way}
    return document


def require_same_parts(document: Document, columns: list[str], folder: Path) -> list[int]:
    """How many samples are in each part."""
    with open_data(data_from_project(document.data, folder)) as source:
        expected = _parted(source, document, columns)
    return _require(expected, document, folder)


class _Parted(NamedTuple):
    parts: dict[str, list[int]]
    values: dict[str, Any]


def _parted(source: Source, document: Document, columns: list[str]) -> _Parted:
    samples = source.shape(columns[0])[0]
    parts = split_rows(source, split_of(document.data), samples, columns)
    rows: dict[str, list[int]] = {part: as_array(parts.rows(part)).tolist() for part in PARTS}
    return _Parted(rows, {name: source.read(name, slice(0, samples)) for name in columns})


def _require(expected: _Parted, document: Document, folder: Path, **given: Any) -> list[int]:
    for text in (_script(document), _notebook(document)):
        data = load_data(text, folder, **given)
        for name, values in expected.values.items():
            np.testing.assert_array_equal(data[name], values, name)
        scope = _after_splitting(text, data)
        assert [rows.tolist() for rows in scope["parts"]] == list(expected.parts.values())
        for part in ("validation", "test"):
            assert (scope.get(part) is None) == (not expected.parts[part]), part
    return [len(rows) for rows in expected.parts.values()]


def _after_splitting(text: str, data: dict[str, Any]) -> dict[str, Any]:
    """What the lines of a script make of the loaded data."""
    tree = ast.parse(text)
    body = next(
        (node.body for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "main"), tree.body
    )
    lines = [node for node in body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in _OF_SPLIT]
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in split.NAMES]
    imports = ast.parse("import typing\nimport numpy as np").body
    keras = types.SimpleNamespace(tree=types.SimpleNamespace(map_structure=lambda take, samples: take(samples[0])))
    scope: dict[str, Any] = {"data": data, "x": np.arange(len(data["(part)"])), "y": None, "keras": keras}
    exec(compile(ast.Module([*imports, *functions, *lines], []), "script.py", "exec"), scope)
    return scope


_OF_SPLIT: Final = ("parts", "left", "of_the_rest", "validation", "test")
SPLITS: Final = (
    {"validation_percent": 0.0},
    {"validation_percent": 25.0, "test_percent": 25.0},
    {"validation_percent": 25.0, "split": "random", "split_seed": 3},
    {"validation_percent": 25.0, "test_percent": 10.0, "split": "stratified", "split_column": "y"},
    {"validation_percent": 25.0, "split": "group", "split_column": "y"},
    {"validation_percent": 25.0, "test_percent": 20.0, "split": "time", "split_column": "y"},
)


def test_each_kind_has_parts_or_none() -> None:
    assert {kind.key for kind in data_kinds()} == {kind for kind, _ in KINDS} | WITHOUT | {"known"}


@pytest.mark.parametrize(("kind", "write"), KINDS)
@pytest.mark.parametrize("parts", [PARTED, PARTED[:1] + PARTED[2:]], ids=["three", "two"])
def test_the_parts_of_the_data_are_kept(tmp_path: Path, kind: str, write: Any, parts: Any) -> None:
    path, options, columns = write(tmp_path, arrays(parts))
    for way in ({"validation_percent": 0.0}, {"validation_percent": 25.0, "test_percent": 50.0, "split": "random"}):
        document = project([{"kind": kind, "path": path, "options": options}], columns, **way)
        sizes = require_same_parts(document, columns, tmp_path)
        assert 1 < sizes[2] <= 4 and bool(sizes[1]) == bool(len(parts) == 3 or way["validation_percent"])


@pytest.mark.parametrize("way", SPLITS, ids=range(len(SPLITS)))
@pytest.mark.parametrize("parts", [PARTED, PARTED[:2], PARTED[:1] + PARTED[2:]], ids=["three", "validation", "test"])
def test_what_is_not_in_a_part_is_split_as_ever(tmp_path: Path, way: dict[str, Any], parts: Any) -> None:
    path, options, columns = _npz(tmp_path, arrays(parts))
    document = project([{"kind": "npz", "path": path, "options": options}], columns, **way)
    require_same_parts(document, columns, tmp_path)


def test_all_samples_are_split_where_the_parts_of_the_data_are_not_wanted(tmp_path: Path) -> None:
    path, options, columns = _npz(tmp_path, arrays())
    way = {"own_parts": False, "validation_percent": 25.0, "test_percent": 25.0, "split": "random"}
    document = project([{"kind": "npz", "path": path, "options": options}], columns, **way)
    sizes = require_same_parts(document, columns, tmp_path)
    assert sizes == [10, 5, 6]


@pytest.mark.parametrize(("kind", "write"), KINDS[5:])
def test_folders_without_parts_are_split_as_ever(tmp_path: Path, kind: str, write: Any) -> None:
    path, options, columns = write(tmp_path, arrays(PARTED[:1]))
    way = {"validation_percent": 30.0, "test_percent": 20.0, "split": "random"}
    document = project([{"kind": kind, "path": path, "options": options}], columns, **way)
    assert all(require_same_parts(document, columns, tmp_path))


def test_the_parts_of_a_known_set(tmp_path: Path) -> None:
    one, given = known_set("mnist"), arrays(PARTED[:1] + PARTED[2:])
    assert one is not None
    loaded = Loaded(given["x_train"], given["y_train"], given["x_test"], given["y_test"])
    mnist = types.SimpleNamespace(load_data=lambda: (loaded[0:2], loaded[2:4]))
    keras = types.SimpleNamespace(datasets=types.SimpleNamespace(mnist=mnist))
    document = project([{"kind": "known", "path": "", "options": {}}], ["x", "y"], validation_percent=25.0)
    expected = _parted(known._source(one, loaded), document, ["x", "y"])
    assert _require(expected, document, tmp_path, keras=keras) == [9, 3, 4]


def test_of_several_sources_the_first_with_parts_counts(tmp_path: Path) -> None:
    path, options, _ = _npz(tmp_path, arrays())
    (tmp_path / "table.csv").write_text("\n".join(["w", *map(str, range(21))]))
    for bound in (["w", "arrays/x", "arrays/y"], ["w"]):
        document = project(
            [
                {"kind": "csv", "path": "table.csv"},
                {"name": "arrays", "kind": "npz", "path": path, "options": options},
            ],
            bound,
            validation_percent=20.0,
        )
        assert require_same_parts(document, bound, tmp_path) == [12, 5, 4]


@pytest.mark.parametrize("order", [1, -1], ids=["in order", "turned"])
@pytest.mark.parametrize("parted_first", [True, False])
def test_parts_of_sources_that_are_joined_by_a_key(tmp_path: Path, order: int, parted_first: bool) -> None:
    """Samples of another order have no parts; some have no match and are left out."""
    given = arrays()
    for part, first in (("train", 0), ("val", 12), ("test", 17)):
        given[f"k_{part}"] = np.arange(first, first + len(given[f"y_{part}"]))
    path, options, _ = _npz(tmp_path, given)
    rows = [row for row in range(30) if row % 4][::order]
    (tmp_path / "table.csv").write_text("\n".join(["id,w", *(f"{row},{row * 2}" for row in rows)]))
    table, parted = {"kind": "csv", "path": "table.csv"}, {"kind": "npz", "path": path, "options": options}
    join = {"by": "key", "missing": "leave_out"}
    sources: list[dict[str, Any]] = [table, {**parted, "name": "a", "join": {**join, "column": "k", "to": "id"}}]
    bound = ["a/x", "w"]
    if parted_first:
        sources = [parted, {**table, "name": "a", "join": {**join, "column": "id", "to": "k"}}]
        bound = ["x", "a/w"]
    document = project(sources, bound, validation_percent=0.0)
    sizes = require_same_parts(document, bound, tmp_path)
    assert sizes == ([15, 0, 0] if order == -1 and not parted_first else [9, 3, 3])
    require_same_parts(
        project(sources, ["w" if "w" in bound else "x"], validation_percent=0.0),
        ["w" if "w" in bound else "x"],
        tmp_path,
    )


def test_a_callback_watches_the_validation_that_turns_out(tmp_path: Path) -> None:
    path, options, columns = _npz(tmp_path, arrays())
    document = project([{"kind": "npz", "path": path, "options": options}], columns, validation_percent=0.0)
    document.training = {**document.training, "callbacks": {"early_stopping": {}}}
    text = _script(document)
    assert 'monitor="val_loss" if validation else "loss",' in text
    assert "validation_data=validation" in text and "print_test(model, test)" in text


def test_no_two_parts_of_a_script_call_something_the_same() -> None:
    """The later of two functions of one name would be taken for both."""
    of_kinds = {
        text
        for kind in data_kinds()
        for name, text in vars(kind_module(kind.key)).items()
        if name.isupper() and isinstance(text, str) and text not in shared._ALL
    }
    defined = [name for text in (*shared._ALL, *of_kinds) for name in re.findall(_DEFINED, text, re.MULTILINE)]
    counts = Counter([*split.NAMES, shuffled.CLASS, *FUNCTIONS, *set(defined) - {"load_data"}])
    assert len(defined) > 100 and [name for name, count in counts.items() if count > 1] == []
    assert [name for name, count in Counter(defined).items() if count > 1 and name not in _OF_ONE_KIND] == []


_DEFINED: Final = r"^(?:def|class) (\w+)"
# A script has one of them, or, of several sources, each with the name of its source behind it.
_OF_ONE_KIND: Final = {"load_data", "known_set", "word_index"}
