"""Folders of TensorFlow Datasets: what their JSON says of splits and columns, without that library."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from runtime.spec import DataSource
from runtime.worker.data.opening import open_source
from runtime.worker.data.recognising.recognise import recognise
from runtime.worker.data.source import DataError
from tests.support.records import example, picture, write
from tests.unit.graph_editor.exporters.test_reading_data import require_same

PICTURES = {"height": 6, "width": 5, "colour": "rgb", "depth": "8"}


def _tensor(dtype: str, *sizes: int, **more: str) -> dict[str, Any]:
    return {"tensor": {"shape": {"dimensions": [str(size) for size in sizes]}, "dtype": dtype, **more}}


FEATURES: dict[str, Any] = {
    "image": {"image": {"shape": {"dimensions": ["-1", "-1", "3"]}, "dtype": "uint8", "encodingFormat": "png"}},
    "label": {"classLabel": {"numClasses": "2"}},
    "text": {"text": {}},
    "grid": _tensor("uint8", 2, 2, encoding="none"),
    "ids": {"sequence": {"feature": _tensor("int32"), "length": "-1"}},
    "inner": {"featuresDict": {"features": {"x": _tensor("float64")}}},
    "packed": _tensor("float32", 4, encoding="zlib"),
    "boxes": {"sequence": {"feature": {"boundingBox": {}}, "length": "-1"}},
}


def row(number: int) -> bytes:
    return example(
        image=picture(number),
        label=number % 2,
        text=f"text number {number}",
        grid=[number, 1, 2, 3],
        ids=list(range(number % 5)),
        **{"inner/x": number / 4},
        packed=b"..",
        boxes=[0.5] * 4 * (number % 3),
    )


def make(folder: Path, **info: Any) -> Path:
    folder.mkdir(parents=True)
    splits = {"test": [3], "train": [4, 0, 56], "unsupervised": [1]}
    written = [{"name": name, "shardLengths": [str(count) for count in counts]} for name, counts in splits.items()]
    (folder / "dataset_info.json").write_text(
        json.dumps({"name": "things", "fileFormat": "tfrecord", "splits": written} | info)
    )
    (folder / "features.json").write_text(json.dumps({"featuresDict": {"features": FEATURES}}))
    (folder / "label.labels.txt").write_text("bad\ngood\n")
    first = 0
    for name, counts in (("train", splits["train"]), ("test", splits["test"])):
        for shard, count in enumerate(counts):
            path = folder / f"things-{name}.tfrecord-{shard:05d}-of-{len(counts):05d}"
            if count:
                write(path, map(row, range(first, first + count)))
            first += count
    return folder


def test_splits_are_parts_and_classes_have_names(tmp_path: Path) -> None:
    make(tmp_path / "things" / "1.0.0")
    newest = make(tmp_path / "things" / "1.10.0")
    for folder in (newest, newest.parent):
        first = recognise(folder)[0]
        assert first.kind.key == "tfds" and first.found.options == PICTURES
    source = DataSource("tfds", str(newest), PICTURES)
    with open_source(source) as found:
        assert found.parts() == {"training": (slice(0, 60),), "test": (slice(60, 63),)}
        assert {name: (found.shape(name)[1:], str(found.dtype(name))) for name in found.names()} == {
            "image": ((6, 5, 3), "uint8"),
            "label": ((), "int64"),
            "text": ((), "object"),
            "grid": ((2, 2), "uint8"),
            "ids": ((4,), "int32"),
            "inner/x": ((), "float64"),
        }
        assert found.categories("label") == ("bad", "good") and found.column("label").categories == ("bad", "good")
        assert found.read("ids", slice(4, 6)).tolist() == [[0, 1, 2, 3], [0, 0, 0, 0]]
        assert str(found.note).startswith("Left out: unsupervised. Reason: they are none of the splits train,")
        assert set(found.left_out) == {"packed", "boxes"}
        assert found.column("text").kind == "text" and found.read("text", slice(62, 63)).tolist() == ["text number 62"]
    require_same(source)


def test_what_cannot_be_read_says_how_to_convert_it(tmp_path: Path) -> None:
    folder = make(tmp_path / "a", fileFormat="array_record")
    assert recognise(folder)[0].kind.key == "tfds"
    with pytest.raises(DataError, match=r"as array_record, which is not read: .*file_format=.tfrecord"):
        open_source(DataSource("tfds", str(folder)))
    folder = make(tmp_path / "b")
    (folder / "things-test.tfrecord-00000-of-00001").unlink()
    with pytest.raises(DataError, match=r"b: files of it are missing: things-test.tfrecord-00000-of-00001"):
        open_source(DataSource("tfds", str(folder)))
    (folder / "features.json").write_text('{"featuresDict": 3}')
    with pytest.raises(DataError, match=r"its dataset_info.json or features.json is damaged"):
        open_source(DataSource("tfds", str(folder)))
    (folder / "features.json").unlink()
    with pytest.raises(DataError, match=r"b is no folder of TensorFlow Datasets: it has no features.json"):
        open_source(DataSource("tfds", str(folder)))


def test_files_outside_the_folder_are_not_read(tmp_path: Path) -> None:
    splits = [{"name": "train", "shardLengths": ["1"], "filepathTemplate": "../../secret-{SPLIT}"}]
    folder = make(tmp_path / "a" / "b", splits=splits)
    write(tmp_path / "secret-train", [row(1)])
    with pytest.raises(DataError, match="files of it are missing: secret-train"):
        open_source(DataSource("tfds", str(folder)))
