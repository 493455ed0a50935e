"""Records of TensorFlow: what is in them, any of them by its number, and damage that is named."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from resources.python_code.in_scripts.examples import looked_records
from runtime.spec import DataSource
from runtime.worker.data.opening import open_source
from runtime.worker.data.recognising.recognise import recognise
from runtime.worker.data.records.checksums import masked_checksums
from runtime.worker.data.records.example_message import example_class
from runtime.worker.data.source import DataError
from tests.support.records import example, framed, picture, write
from tests.unit.graph_editor.exporters.test_reading_data import require_same, scripts

PICTURES = {"height": 6, "width": 5, "colour": "rgb", "depth": "8"}


def row(number: int) -> bytes:
    return example(
        image=picture(number),
        label=number % 3,
        size=[number / 2, 0.5],
        words=list(range(number % 4)),
        name="cat" if number % 2 else "dog",
        raw=bytes([number, 0, 255]),
    )


def opened(path: Path, **options: Any) -> Any:
    return open_source(DataSource("tfrecord", str(path), options))


def test_checksums_are_those_of_the_format() -> None:
    assert masked_checksums([b"", b"abc"]).tolist() == [_masked(0), _masked(0x364B3FB7)]
    rng = np.random.default_rng(0)
    pieces = [rng.bytes(size) for size in (0, 1, 2, 3, 127, 128, 129, 255, 256, 257, 1000, 5001)]
    assert masked_checksums(pieces).tolist() == [_masked(_slow(piece)) for piece in pieces]
    assert masked_checksums(pieces[3:4] * 5).tolist() == [_masked(_slow(pieces[3]))] * 5


def _slow(data: bytes) -> int:
    """CRC-32C, a bit at a time."""
    register = 0xFFFFFFFF
    for byte in data:
        register ^= byte
        for _ in range(8):
            register = register >> 1 ^ (0x82F63B78 if register & 1 else 0)
    return register ^ 0xFFFFFFFF


def _masked(checksum: int) -> int:
    return ((checksum >> 15 | checksum << 17) + 0xA282EAD8) % 2**32


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_features_are_columns(tmp_path: Path, packed: bool) -> None:
    path = write(tmp_path / "a.tfrecord", map(row, range(60)), packed)
    first = recognise(path)[0]
    assert first.kind.key == "tfrecord" and "image, label, name, raw, size, words" in str(first.found.what)
    assert first.found.options == PICTURES
    with opened(path, **first.found.options) as source:
        assert {name: source.shape(name) for name in source.names()} == {
            "image": (60, 6, 5, 3),
            "label": (60,),
            "name": (60,),
            "raw": (60, 3),
            "size": (60, 2),
            "words": (60, 3),
        }
        kinds = {column.name: column.kind for column in source.columns()}
        assert list(kinds.values()) == ["image", "category", "category", "number", "number", "sequence"]
        assert source.categories("name") == ("cat", "dog")
        assert source.take("label", np.array([59, 0, 59])).tolist() == [2, 0, 2]
        assert source.read("image", slice(7, 9))[:, 1, 1, 0].tolist() == [7, 8]
        assert source.read("words", slice(2, 4)).tolist() == [[0, 1, 0], [0, 1, 2]]
        assert source.read("raw", slice(9, 10)).tolist() == [[9, 0, 255]]
        assert "words holds lists of different lengths" in str(source.note)
        assert source.thumbnail("image", 3, 4) is not None and not source.in_memory()
    require_same(DataSource("tfrecord", str(path), PICTURES))


def test_a_folder_of_files_has_parts(tmp_path: Path) -> None:
    for number, (name, rows) in enumerate({"train": range(6), "test": range(6, 9)}.items()):
        write(tmp_path / "d" / f"{name}-00000-of-00002.tfrecord", map(row, rows[:2]))
        write(tmp_path / "d" / f"{name}-00001-of-00002.tfrecord", map(row, rows[2:]), packed=number == 0)
    (tmp_path / "d" / "notes.txt").write_text("no record")
    assert recognise(tmp_path / "d")[0].kind.key == "tfrecord"
    source = DataSource("tfrecord", str(tmp_path / "d"), {**PICTURES, "length": 2})
    with open_source(source) as found:
        assert found.parts() == {"training": (slice(0, 6),), "test": (slice(6, 9),)}
        assert found.read("raw", slice(0, 9))[:, 0].tolist() == list(range(9))
        assert found.shape("words") == (9, 2) and str(found.place(8)) == "index 0 of test-00001-of-00002.tfrecord"
    require_same(source)


def test_values_that_are_missing(tmp_path: Path) -> None:
    rows = [example(a=1, b=0.5, c="x", e=[1, 2]), example(b=None, c=None, d=3, e=None), example(a=2, b=1.5, c="y")]
    path = write(tmp_path / "a.tfrecord", rows)
    with opened(path) as source:
        np.testing.assert_array_equal(source.read("a", slice(0, 3)), [1, np.nan, 2])
        assert np.isnan(source.read("b", slice(1, 2))).all() and source.categories("c") == ("x", "y")
        assert source.read("e", slice(0, 3)).tolist() == [[1, 2], [0, 0], [0, 0]]
    require_same(DataSource("tfrecord", str(path)))


def test_damage_is_named(tmp_path: Path) -> None:
    records = [example(a=number) for number in range(20)]
    whole, each = framed(records), len(framed(records[:1]))
    path = tmp_path / "a.tfrecord"

    path.write_bytes(whole[:-3])
    with pytest.raises(DataError, match=r"a.tfrecord: record 19 cannot be read: the file ends in the middle of it"):
        opened(path)
    with opened(path, skip_damaged=True) as source:
        assert source.read("a", slice(0, 19)).tolist() == list(range(19)) and "record 19 and all" in str(source.note)

    broken = bytearray(whole)
    broken[5 * each + 14] ^= 1  # a byte of the sixth record
    path.write_bytes(broken)
    with pytest.raises(DataError, match=r"a.tfrecord: record 5 cannot be read: its bytes are not what its checksum"):
        opened(path)
    with opened(path, skip_damaged=True) as source:
        assert source.read("a", slice(4, 6)).tolist() == [4, 6] and "1 damaged records, the first" in str(source.note)
        assert str(source.place(5)) == "index 6 of a.tfrecord"

    broken = bytearray(whole)
    broken[7 * each] ^= 1  # a length
    path.write_bytes(broken)
    with pytest.raises(DataError, match=r"record 7 cannot be read: its length is not what its checksum says"):
        opened(path)
    with opened(path, skip_damaged=True) as source:
        assert source.shape("a") == (7,)


def test_damage_far_inside_is_told_when_it_is_read(tmp_path: Path) -> None:
    records = [example(a=number, b=[0.5] * 8) for number in range(2000)]
    whole, each = bytearray(framed(records)), len(framed(records[1000:1001]))
    spoilt = len(framed(records[:1001])) + each // 2
    whole[spoilt] ^= 1
    path = tmp_path / "a.tfrecord"
    path.write_bytes(whole)
    with opened(path) as source:
        assert source.read("b", slice(0, 1001)).shape == (1001, 8)
        with pytest.raises(DataError, match=r"record 1001 cannot be read"):
            source.take("b", np.array([3, 1001]))


def test_what_a_record_lacks_is_named(tmp_path: Path) -> None:
    """Of records that were not among those that were looked at."""
    rows = [example(a=[1, 2], t="x")] * 600
    first, second, third = sorted({*range(600)} - {*looked_records(600)})[100:103]
    rows[first] = example(a=[1, 2, 3], t=b"\xff")
    rows[second] = example(a=[1.0, 2.0])
    rows[third] = b"\xff\xff"
    with opened(write(tmp_path / "a.tfrecord", rows)) as source:
        for place, reason in ((first, "a: it has another number of values"), (second, "a: it is of another kind")):
            with pytest.raises(DataError, match=rf"a.tfrecord: record {place} cannot be read: {reason}"):
                source.take("a", np.array([place]))
        with pytest.raises(DataError, match=rf"record {third} cannot be read: it is no tf.train.Example"):
            source.take("a", np.array([third]))


def test_what_cannot_be_data_says_why(tmp_path: Path) -> None:
    path = tmp_path / "a.tfrecord"
    path.write_bytes(b"")
    with pytest.raises(DataError, match=r"a.tfrecord is empty"):
        opened(path)
    path.write_bytes(b"no record at all, but text")
    with pytest.raises(DataError, match=r"a.tfrecord is no file of records"):
        opened(path)
    path.write_bytes(zlib.compress(framed([row(0)])))
    with pytest.raises(DataError, match=r"is compressed with ZLIB: write it with GZIP, or without"):
        opened(path)
    write(path, [row(0)] * 30, packed=True)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match=r"a.tfrecord cannot be unpacked: it is damaged or cut off"):
        opened(path)
    write(path, [struct.pack("<Bd", 9, 1.0)])  # an event of TensorBoard
    with pytest.raises(DataError, match=r"a.tfrecord holds records, but no tf.train.Example with features"):
        opened(path)
    (tmp_path / "d").mkdir()
    with pytest.raises(DataError, match=r"d holds no files of records"):
        opened(tmp_path / "d")


def test_columns_that_are_none_are_told(tmp_path: Path) -> None:
    sequence = example_class().FromString(example(a=1, b=["x", "y"], c=b"\xff\0"))
    sequence.feature_lists = b"\x0a\x00"
    with opened(write(tmp_path / "a.tfrecord", [sequence.SerializeToString(), example(a=1, c=b"\0")])) as source:
        assert source.names() == ("a",) and set(source.left_out) == {"b", "c", "feature_lists"}
        with pytest.raises(DataError, match=r"c of a.tfrecord cannot be used: its bytes are neither text nor a pic"):
            source.require("c")


def test_a_file_that_changes_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tfrecord", [row(0)] * 2)
    with opened(path, **PICTURES) as source:
        assert not source.is_stale()
        write(path, [row(1)] * 3)
        assert source.is_stale()
        with pytest.raises(DataError, match=r"a.tfrecord has changed since it was opened"):
            source.read("label", slice(0, 1))


def test_a_damaged_picture_is_named(tmp_path: Path) -> None:
    rows = [row(number) for number in range(4)]
    rows[2] = example(image=picture(1)[:45], label=1)
    with (
        opened(write(tmp_path / "a.tfrecord", rows), **PICTURES) as source,
        pytest.raises(DataError, match="record 2 cannot be read: image: it"),
    ):
        source.read("image", slice(0, 4))


def test_scripts_leave_no_damage_out(tmp_path: Path) -> None:
    from resources.python_code.pieces import SourceError

    with pytest.raises(SourceError, match=r"cannot skip damaged records"):
        scripts(DataSource("tfrecord", "a.tfrecord", {"skip_damaged": True}), ("a",))


def test_tensorflow_writes_and_reads_the_same(tmp_path: Path) -> None:
    import tensorflow as tf

    path = str(tmp_path / "a.tfrecord")
    with tf.io.TFRecordWriter(path) as file:
        for number in range(3):
            features = {
                "a": tf.train.Feature(int64_list=tf.train.Int64List(value=[number])),
                "b": tf.train.Feature(bytes_list=tf.train.BytesList(value=[b"x" * number * 200])),
            }
            file.write(tf.train.Example(features=tf.train.Features(feature=features)).SerializeToString())
    with opened(Path(path)) as source:
        assert source.read("a", slice(0, 3)).tolist() == [0, 1, 2]
    ours = write(tmp_path / "b.tfrecord", [row(number) for number in range(3)])
    assert len(list(tf.data.TFRecordDataset(str(ours)))) == 3
