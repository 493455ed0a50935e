"""Records of TensorFlow (`tf.train.Example`): their files, and their features as arrays.

Scripts hold this word by word (`resources/python_code/shared.py`).
"""

import dataclasses
import io
import itertools
import math
import os
import pathlib
import re
import typing

import numpy as np

from resources.python_code.in_scripts.own_parts import file_order, stem_and_part

# So many records, spread over all, tell what the features hold.
LOOKED_RECORDS = 256
RECORD_NAME = re.compile(r"\.tfrec|-[0-9]{5}-of-[0-9]{5}", re.IGNORECASE)
PICTURE_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*")


@dataclasses.dataclass
class Feature:
    """What a column holds.

    `form`: "picture" (as bytes of a file), "text", "bytes" (always as many), "numbers" (always as
    many, of this shape), or "list" (up to shape[0] of them). Else it says why it is no column.
    """

    form: str
    kind: str = ""
    dtype: str = "object"
    shape: tuple[int, ...] = ()


def record_files(path: str, most: float = float("inf")) -> dict[str, int]:
    """The files of records, those for training first, and which part each is (0, 1, 2).

    A folder is looked through, and the folders in it: of each of them `most` names. Without files
    for training there are no parts.
    """
    folder = pathlib.Path(path)
    if not folder.is_dir():
        return {path: 0}
    names = list(_record_names(folder, most))
    parts = {name: stem_and_part(name.rpartition(".")[0] or name) for name in names}
    known = {name: found[1] for name, found in parts.items() if found}
    parted = 0 in known.values() and len(set(known.values())) > 1
    numbers = {name: known.get(name, 0) if parted else 0 for name in names}
    ordered = sorted(names, key=lambda name: [numbers[name], *file_order(name, False)])
    return {str(folder / name): numbers[name] for name in ordered}


def _record_names(folder: pathlib.Path, most: float, deeper: bool = True) -> typing.Iterator[str]:
    with os.scandir(folder) as scan:
        some = itertools.islice(scan, None if most == float("inf") else int(most))
        entries = sorted(some, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            below = _record_names(folder / entry.name, most, False) if deeper else ()
            yield from (f"{entry.name}/{name}" for name in below)
        elif RECORD_NAME.search(entry.name) and entry.is_file():
            yield entry.name


def compression_of(path: str) -> str:
    """As `tf.data.TFRecordDataset` takes it."""
    with pathlib.Path(path).open("rb") as file:
        return "GZIP" if file.read(2) == b"\x1f\x8b" else ""


def looked_records(count: int) -> list[int]:
    """Which of so many records are looked at."""
    last = max(0, count - 1)
    return sorted({place * last // (LOOKED_RECORDS - 1) for place in range(LOOKED_RECORDS)})


def features_of(
    examples: typing.Sequence[typing.Any], longest: int | None = None
) -> dict[str, Feature]:
    """By their names; lists of numbers get the length `longest`, or that of the longest one."""
    found: dict[str, list[typing.Any]] = {}
    for example in examples:
        for name, feature in example.features.feature.items():
            found.setdefault(name, []).append(feature)
    return {name: _feature(found[name], len(examples), longest) for name in sorted(found)}


def _feature(found: list[typing.Any], count: int, longest: int | None) -> Feature:
    kinds = {kind for each in found if (kind := each.WhichOneof("kind"))}
    if len(kinds) != 1:
        return Feature("different kinds" if kinds else "nothing")
    (kind,) = kinds
    values = [getattr(each, kind).value for each in found if each.WhichOneof("kind")]
    counts = {len(each) for each in values} | ({0} if len(values) < count else set())
    filled = counts - {0}
    if not filled:
        return Feature("nothing")
    if kind == "bytes_list":
        return (
            _of_bytes([each[0] for each in values if each])
            if filled == {1}
            else Feature("several texts")
        )
    dtype = "int64" if kind == "int64_list" else "float32"
    if filled == {1}:
        return Feature("numbers", kind, "float64" if 0 in counts and dtype == "int64" else dtype)
    if longest is None and len(counts) == 1:
        return Feature("numbers", kind, dtype, tuple(counts))
    return Feature("list", kind, dtype, (longest or max(filled),))


def _of_bytes(values: list[bytes]) -> Feature:
    if all(map(is_encoded_picture, values)):
        return Feature("picture", "bytes_list")
    if all(map(_is_text, values)):
        return Feature("text", "bytes_list")
    sizes = {len(value) for value in values}
    if len(sizes) == 1:
        return Feature("bytes", "bytes_list", "uint8", tuple(sizes))
    return Feature("bytes of different lengths")


def is_encoded_picture(value: bytes) -> bool:
    """Whether the bytes begin as a file of a picture does."""
    if value.startswith(PICTURE_STARTS):
        return True
    webp = value[:4] == b"RIFF" and value[8:12] == b"WEBP"
    return webp or (value[:2] == b"BM" and int.from_bytes(value[2:6], "little") == len(value))


def _is_text(value: bytes) -> bool:
    try:
        return "\0" not in value.decode()
    except UnicodeDecodeError:
        return False


def value_in(example: typing.Any, name: str, feature: Feature) -> typing.Any:
    """What a record holds of a column; of a picture its bytes. Raises ValueError."""
    features = example.features.feature
    kind = features[name].WhichOneof("kind") if name in features else None
    values = getattr(features[name], kind).value if kind else ()
    if kind and kind != feature.kind:
        raise ValueError("it is of another kind than in the first records")
    if feature.form == "list":
        row = np.zeros(feature.shape, feature.dtype)
        row[: len(values)] = values[: feature.shape[0]]
        return row
    if not values and feature.form == "text":
        return ""
    if not values and not feature.shape and feature.dtype.startswith("float"):
        return math.nan
    if not values:
        raise ValueError("it is missing")
    if feature.form in ("text", "picture", "bytes"):
        return _value_of_bytes(values, feature)
    if len(values) != math.prod(feature.shape):
        raise ValueError("it has another number of values than in the first records")
    if not feature.shape:
        return values[0]
    return np.fromiter(values, feature.dtype, len(values)).reshape(feature.shape)


def _value_of_bytes(values: typing.Sequence[bytes], feature: Feature) -> typing.Any:
    if len(values) > 1:
        raise ValueError("it has another number of values than in the first records")
    if feature.form == "picture":
        return values[0]
    if feature.form == "text":
        try:
            return values[0].decode()
        except UnicodeDecodeError:
            raise ValueError("it is no text") from None
    if len(values[0]) != feature.shape[0]:
        raise ValueError("it has another number of values than in the first records")
    return np.frombuffer(values[0], np.uint8)


def column_of(
    examples: typing.Sequence[typing.Any],
    name: str,
    feature: Feature,
    decode: typing.Callable[[bytes], typing.Any],
) -> typing.Any:
    """The values of a column; `decode` makes the pixels of a picture."""
    values = [value_in(example, name, feature) for example in examples]
    if feature.form == "picture":
        return np.stack([decode(value) for value in values])
    return np.array(values, feature.dtype).reshape(len(examples), *feature.shape)


def read_examples(
    files: dict[str, int], dataset: typing.Any, parse: typing.Callable[[bytes], typing.Any]
) -> tuple[list[typing.Any], typing.Any]:
    """The records of all files, and which part each is in."""
    found, parts = [], []
    for file, part in files.items():
        for record in dataset(file, compression_of(file)).as_numpy_iterator():
            found.append(parse(record))
            parts.append(part)
    return found, np.array(parts)


def picture_decoder(
    read_picture: typing.Any, *options: typing.Any
) -> typing.Callable[[bytes], typing.Any]:
    """What makes pixels of the bytes of a picture, with the options of `read_picture`."""

    def decode(content: bytes) -> typing.Any:
        if None in options:
            raise ValueError(
                "Say at the top of this script how large pictures become, and their colours."
            )
        return read_picture(io.BytesIO(content), *options)

    return decode
