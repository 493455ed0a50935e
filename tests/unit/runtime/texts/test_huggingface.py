"""Folders that Hugging Face's `datasets` has saved, as it writes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from runtime.spec import DataSource
from runtime.worker.data.opening import open_source
from runtime.worker.data.recognising.recognise import recognise
from runtime.worker.data.source import DataError
from tests.unit.graph_editor.exporters.test_reading_data import require_same

TEXTS = [f"This is review {number} of the film" for number in range(70)]


def save(folder: Path, rows: range, **state: Any) -> Path:
    folder.mkdir(parents=True)
    table = pa.table({"text": [TEXTS[row] for row in rows], "label": pa.array([row % 2 for row in rows], pa.int64())})
    for number, half in enumerate((table[: len(rows) // 2], table[len(rows) // 2 :])):
        path = str(folder / f"data-0000{number}-of-00002.arrow")
        with pa.OSFile(path, "wb") as file, pa.ipc.new_stream(file, table.schema) as writer:
            writer.write_table(half, max_chunksize=10)
    names = [{"filename": f"data-0000{number}-of-00002.arrow"} for number in range(2)]
    (folder / "state.json").write_text(json.dumps({"_data_files": names, "_indices_files": None} | state))
    label = {"names": ["bad", "good"], "_type": "ClassLabel"}
    features = {"text": {"dtype": "string", "_type": "Value"}, "label": label}
    (folder / "dataset_info.json").write_text(json.dumps({"features": features}))
    return folder


def splits(folder: Path) -> DataSource:
    save(folder / "train", range(50))
    save(folder / "test", range(50, 70))
    save(folder / "unsupervised", range(4))
    (folder / "dataset_dict.json").write_text(json.dumps({"splits": ["test", "train", "unsupervised"]}))
    return DataSource("huggingface", str(folder))


def test_splits_are_parts(tmp_path: Path) -> None:
    source = splits(tmp_path / "reviews")
    assert recognise(Path(source.path))[0].kind.key == "huggingface"
    with open_source(source) as opened:
        assert opened.names() == ("text", "label")
        assert opened.parts() == {"training": (slice(0, 50),), "test": (slice(50, 70),)}
        assert opened.read("text", slice(0, 70)).tolist() == TEXTS
        assert opened.column("text").kind == "text" and opened.categories("label") == ("bad", "good")
        assert opened.read("label", slice(48, 52)).tolist() == [0, 1, 0, 1]
    require_same(source)


def test_one_table(tmp_path: Path) -> None:
    source = DataSource("huggingface", str(save(tmp_path / "one", range(20))))
    assert recognise(Path(source.path))[0].kind.key == "huggingface"
    with open_source(source) as opened:
        assert opened.shape("label") == (20,) and not opened.parts()
    require_same(source)


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    shuffled = save(tmp_path / "shuffled", range(9), _indices_files=[{"filename": "indices.arrow"}])
    with pytest.raises(DataError, match=r"call flatten_indices\(\)"):
        open_source(DataSource("huggingface", str(shuffled)))
    with pytest.raises(DataError, match="is no folder that Hugging Face"):
        open_source(DataSource("huggingface", str(tmp_path)))
    cut = save(tmp_path / "cut", range(9))
    file = cut / "data-00001-of-00002.arrow"
    file.write_bytes(file.read_bytes()[:-300])
    with pytest.raises(DataError, match="missing, damaged or incomplete"):
        open_source(DataSource("huggingface", str(cut)))
    file.unlink()
    with pytest.raises(DataError, match="missing, damaged or incomplete"):
        open_source(DataSource("huggingface", str(cut)))
