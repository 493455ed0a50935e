"""Pictures whose files lie in columns of Parquet, Feather and folders of Hugging Face."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest
from PIL import Image

from runtime.spec import DataSource
from runtime.worker.data.opening import open_source
from runtime.worker.data.source import DataError, Source

PAIR = pa.struct([("bytes", pa.binary()), ("path", pa.string())])


def file_of(number: int, size: tuple[int, int] = (6, 5), colour: str = "RGB", kind: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Image.new(colour, size, (number * 10, 0, 255) if colour == "RGB" else number * 10).save(stream, kind)
    return stream.getvalue()


def stored(folder: Path, kind: str, files: list[Any], pairs: bool) -> Source:
    """A table of pictures and their numbers, in groups of four."""
    column = (
        pa.array([{"bytes": one, "path": "x.png"} for one in files], PAIR) if pairs else pa.array(files, pa.binary())
    )
    table = pa.table({"picture": column, "y": list(range(len(files)))})
    path = folder / f"a.{kind}"
    if kind == "parquet":
        pyarrow.parquet.write_table(table, path, row_group_size=4)
    elif kind == "feather":
        pyarrow.feather.write_feather(table, str(path), compression="uncompressed", chunksize=4)
    else:
        path.mkdir()
        (path / "dataset_info.json").write_text("{}")
        (path / "state.json").write_text(json.dumps({"_data_files": [{"filename": "data.arrow"}]}))
        with pa.OSFile(str(path / "data.arrow"), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
            for batch in table.to_batches(4):
                writer.write_batch(batch)
    return open_source(DataSource(kind, str(path)))


@pytest.mark.parametrize("pairs", [False, True])
@pytest.mark.parametrize("kind", ["parquet", "feather", "huggingface"])
def test_they_are_a_column_of_pictures(tmp_path: Path, kind: str, pairs: bool) -> None:
    with stored(tmp_path, kind, [file_of(n) for n in range(10)], pairs) as source:
        assert source.names() == ("picture", "y") and not source.left_out
        assert source.shape("picture") == (10, 5, 6, 3) and source.dtype("picture") == np.uint8
        column = source.column("picture")
        assert (column.kind, column.shape, column.minimum, column.maximum) == ("image", (5, 6, 3), 0, 255)
        read = source.read("picture", slice(3, 9))
        assert read[:, 0, 0, 0].tolist() == [30, 40, 50, 60, 70, 80] and (read[..., 2] == 255).all()
        assert source.take("picture", np.array([9, 0, 9, 5]))[:, 4, 5, 0].tolist() == [90, 0, 90, 50]
        assert source.read("y", slice(8, 10)).tolist() == [8, 9]
        thumbnail = source.thumbnail("picture", 7, 3)
        assert thumbnail is not None and thumbnail.shape == (3, 3, 3) and thumbnail[0, 0].tolist() == [70, 0, 255]
        assert source.unreadable() == []


def test_of_unequal_sizes_one_is_found(tmp_path: Path) -> None:
    files = [file_of(n, (70 + n, 90), "L", "JPEG") for n in range(6)]
    with stored(tmp_path, "parquet", files, True) as source:
        assert source.shape("picture") == (6, 64, 64, 1)
        assert np.abs(source.read("picture", slice(0, 6))[:, 3, 3, 0].astype(int) - np.arange(6) * 10).max() <= 2


def test_one_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    files: list[bytes | None] = [file_of(n) for n in range(6)]
    files[2], files[4], files[5] = file_of(2)[:40], None, b"no picture"
    with stored(tmp_path, "parquet", files, True) as source:
        assert [(bad.row, bad.name) for bad in source.unreadable()] == [(2, "row 3"), (4, "row 5"), (5, "row 6")]
        assert source.column("picture").sampled == 6
        for row, reason in (
            (2, "row 3 cannot be read"),
            (4, "its bytes are not in the table"),
            (5, "it is no picture"),
        ):
            with pytest.raises(DataError, match=reason):
                source.read("picture", slice(row, row + 1))
            with pytest.raises(DataError, match=f"row {row + 1}"):
                source.thumbnail("picture", row, 8)
        assert source.take("picture", np.array([3, 1])).shape == (2, 5, 6, 3)


def test_other_bytes_are_left_out_with_a_reason(tmp_path: Path) -> None:
    with stored(tmp_path, "parquet", [b"abc", None, b"\x00" * 50], True) as source:
        assert source.names() == ("y",)
        assert "no pictures" in str(source.left_out["picture"])
