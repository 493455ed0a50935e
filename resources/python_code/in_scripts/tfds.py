"""Folders of TensorFlow Datasets: their splits and features, as the files beside the records say.

Scripts hold this word by word (`resources/python_code/shared.py`).
"""

import itertools
import json
import os
import pathlib
import typing

from resources.python_code.in_scripts.examples import Feature
from resources.python_code.in_scripts.own_parts import file_order

TFDS_NAMES = ("dataset_info.json", "features.json")
TFDS_DEEPEST = 3  # the folder of a set, of one of its configurations, and of a version
TFDS_PARTS = {"train": 0, "validation": 1, "valid": 1, "val": 1, "test": 2}
Reader = typing.Callable[[pathlib.Path], str]
TFDS_FILES = "{DATASET}-{SPLIT}.{FILEFORMAT}-{SHARD_X_OF_Y}"


def tfds_folder(folder: str, most: int | None = None) -> str | None:
    """The folder of a version: this one, or the newest one in it or one further below.

    At each depth `most` names are looked at.
    """
    looked = [pathlib.Path(folder)]
    for _depth in range(TFDS_DEEPEST):
        versions = [one for one in looked if all((one / name).is_file() for name in TFDS_NAMES)]
        if versions:
            return str(max(versions, key=lambda path: file_order(path.name, False)))
        below = itertools.islice(itertools.chain.from_iterable(map(_below, looked)), most)
        looked = [one for one in below if one.is_dir()]
    return None


def _below(folder: pathlib.Path) -> typing.Iterator[pathlib.Path]:
    try:
        with os.scandir(folder) as scan:
            for entry in scan:
                yield pathlib.Path(entry.path)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return


def tfds_files(folder: str, read: Reader) -> tuple[dict[str, int], list[str], str]:
    """The files of records with their parts, the splits that are in none, and the format.

    Raises KeyError, TypeError, ValueError for what TensorFlow Datasets has not written.
    """
    info = json.loads(read(pathlib.Path(folder, "dataset_info.json")))
    form = info.get("fileFormat", "tfrecord")
    name = info.get("name") or info["moduleName"].rpartition(".")[2]
    found: dict[str, int] = {}
    others = []
    for split in sorted(info["splits"], key=lambda split: TFDS_PARTS.get(split["name"], 3)):
        part = TFDS_PARTS.get(split["name"])
        if part is None:
            others.append(split["name"])
            continue
        count = len(split["shardLengths"])
        for shard, length in enumerate(split["shardLengths"]):
            of = f"{shard:05d}-of-{count:05d}"
            file = split.get("filepathTemplate", TFDS_FILES)
            written = {"DATASET": name, "SPLIT": split["name"], "FILEFORMAT": form}
            written |= {
                "SHARD_X_OF_Y": of,
                "SHARD_INDEX": f"{shard:05d}",
                "NUM_SHARDS": f"{count:05d}",
            }
            for key, value in written.items():
                file = file.replace("{" + key + "}", value)
            if int(length):
                found[str(pathlib.Path(folder, pathlib.PurePath(file).name))] = part
    return found, others, form


def tfds_features(folder: str, read: Reader) -> tuple[dict[str, Feature], dict[str, list[str]]]:
    """What the columns hold, and the names of classes. Raises as `tfds_files` does."""
    written = json.loads(read(pathlib.Path(folder, "features.json")))
    features = dict(_tfds_features("", written))
    names = {}
    for column in features:
        file = pathlib.Path(folder, column.replace("/", "-") + ".labels.txt")
        if file.is_file():
            names[column] = read(file).split("\n")
            if names[column][-1] == "":
                names[column].pop()
    return features, names


def _tfds_features(
    name: str, written: dict[str, typing.Any]
) -> typing.Iterator[tuple[str, Feature]]:
    if "featuresDict" in written:
        for key, inner in written["featuresDict"]["features"].items():
            yield from _tfds_features(f"{name}/{key}" if name else key, inner)
    elif "sequence" in written:
        length = int(written["sequence"].get("length", -1))
        for key, inner in _tfds_features(name, written["sequence"]["feature"]):
            yield key, _tfds_sequence(inner, length)
    else:
        yield name, _tfds_feature(written)


def _tfds_feature(written: dict[str, typing.Any]) -> Feature:
    if "image" in written:
        deep = written["image"].get("dtype", "uint8") not in ("uint8", "uint16")
        return Feature("encoded") if deep else Feature("picture", "bytes_list")
    if "classLabel" in written:
        return Feature("numbers", "int64_list", "int64")
    if "text" in written:
        return Feature("text", "bytes_list")
    if "boundingBox" in written:
        return Feature("numbers", "float_list", "float32", (4,))
    tensor = written.get("tensor") or written.get("audio")
    if tensor is None:
        return Feature("unknown")
    if tensor.get("encoding", "none") not in ("none", "ENCODING_UNSPECIFIED"):
        return Feature("encoded")
    sizes = [int(size) for size in tensor.get("shape", {}).get("dimensions", ())]
    dtype = tensor.get("dtype", "int64" if "audio" in written else "float32")
    return _tfds_tensor(dtype, sizes)


def _tfds_tensor(dtype: str, sizes: list[int]) -> Feature:
    if dtype in ("string", "object"):
        return Feature("several texts") if sizes else Feature("text", "bytes_list")
    is_float = dtype in ("float16", "float32", "float64", "bfloat16")
    if not is_float and not dtype.startswith(("int", "uint", "bool")):
        return Feature("unknown")
    kind = "float_list" if is_float else "int64_list"
    dtype = dtype.replace("bfloat16", "float32").replace("bool_", "bool")
    if -1 not in sizes:
        return Feature("numbers", kind, dtype, tuple(sizes))
    return Feature("list", kind, dtype) if len(sizes) == 1 else Feature("not flat")


def _tfds_sequence(inner: Feature, length: int) -> Feature:
    """Of so many; -1 of different numbers."""
    if inner.form not in ("numbers", "text", "picture"):
        return Feature("not flat") if inner.form == "list" else inner
    if inner.form != "numbers":
        return Feature("several texts" if inner.form == "text" else "unknown")
    if length >= 0:
        return Feature("numbers", inner.kind, inner.dtype, (length, *inner.shape))
    return Feature("not flat") if inner.shape else Feature("list", inner.kind, inner.dtype)


def merged_feature(found: Feature | None, planned: Feature) -> Feature:
    """How long lists are, only the records tell."""
    if planned.form != "list":
        return planned
    if found is None or found.form not in ("list", "numbers"):
        return Feature("nothing")
    return Feature("list", found.kind, planned.dtype, found.shape or (1,))
