"""Arrays of the known sets, as `keras.datasets` gives them, from files whose checksums were compared. Free of Keras."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import pickle
import tarfile
import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from resources.os_reasons import os_reason
from resources.regular_files import read_regular
from resources.text import Text
from runtime.known_sets import Form, KnownFile, KnownSet
from runtime.lazy import LazyModule
from runtime.worker.data.source import Array, DataError

if TYPE_CHECKING:
    import numpy as np
    from numpy.lib import format as npy_format
else:
    np = LazyModule("numpy")
    npy_format = LazyModule("numpy.lib.format")

_INDEX_FROM: Final = 3  # Keras' own numbers for padding, start and unknown words come before the words
_OWN_WORDS: Final = {1: "[START]", 2: "[OOV]"}
_ARRAYS: Final = frozenset(
    {
        ("numpy", "ndarray"),
        ("numpy", "dtype"),
        ("numpy.core.multiarray", "_reconstruct"),
        ("numpy._core.multiarray", "_reconstruct"),
    }
)


class Options(NamedTuple):
    """`num_words`: rarer words count as unknown; `maxlen`: so many words of a text; `labels`: of CIFAR-100."""

    num_words: int | None = None
    maxlen: int = 200
    labels: str = "fine"


class Loaded(NamedTuple):
    """Samples for training and test. `words` are those of numbers, for sets of texts."""

    x_train: Array
    y_train: Array
    x_test: Array
    y_test: Array
    words: dict[int, str] | None = None


def load(one: KnownSet, options: Options) -> Loaded:
    """Raises DataError."""
    missing = [file for file in one.files if not file.path.is_file()]
    if missing:
        raise DataError(
            Text.of(
                "{title} is not on this computer yet: get it in Data, or with lamella data get {name}.",
                title=one.title,
                name=one.name,
            )
        )
    contents = [_checked(one, file) for file in one.files]
    try:
        return _READERS[one.form](contents, options)
    except MemoryError:
        raise
    except Exception as error:  # the checksum is right: it is the reading that does not know the file
        text = Text.of("{title} cannot be read: {reason}", title=one.title, reason=str(error))
        raise DataError(text) from error


def _checked(one: KnownSet, file: KnownFile) -> bytes:
    """What lies in a file, if it is the one that Keras knows. Raises DataError."""
    try:
        content = read_regular(file.path, file.most)
    except OSError as error:
        text = Text.of("{file} could not be read: {reason}.", file=str(file.path), reason=os_reason(error))
        raise DataError(text) from error
    if hashlib.new(file.algorithm, content, usedforsecurity=False).hexdigest() != file.hash:
        raise DataError(
            Text.of(
                "{file} is not the file of {title} that Keras knows: its checksum is another one. Get it again.",
                file=str(file.path),
                title=one.title,
            )
        )
    return content


def _npz(contents: list[bytes], _options: Options) -> Loaded:
    with np.load(io.BytesIO(contents[0]), allow_pickle=False) as file:
        return Loaded(file["x_train"], file["y_train"], file["x_test"], file["y_test"])


def _fashion(contents: list[bytes], _options: Options) -> Loaded:
    y_train, x_train, y_test, x_test = map(gzip.decompress, contents)

    def labels(data: bytes) -> Array:
        return np.frombuffer(data, np.uint8, offset=8)

    def pictures(data: bytes) -> Array:
        return np.frombuffer(data, np.uint8, offset=16).reshape(-1, 28, 28)

    return Loaded(pictures(x_train), labels(y_train), pictures(x_test), labels(y_test))


def _cifar10(contents: list[bytes], _options: Options) -> Loaded:
    batches = _members(contents[0], [*(f"data_batch_{number}" for number in range(1, 6)), "test_batch"])
    found = [_batch(batch, b"labels") for batch in batches]
    x, y = (np.concatenate([entry[place] for entry in found[:5]]) for place in (0, 1))
    return Loaded(x, y, *found[5])


def _cifar100(contents: list[bytes], options: Options) -> Loaded:
    key = f"{options.labels}_labels".encode()
    train, test = (_batch(batch, key) for batch in _members(contents[0], ["train", "test"]))
    return Loaded(*train, *test)


def _members(archive: bytes, names: list[str]) -> list[bytes]:
    """Files of an archive by their names without folders."""
    found: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as files:
        for member in files:
            stream = files.extractfile(member) if member.isfile() else None
            if stream is not None:
                found[member.name.rpartition("/")[2]] = stream.read()
    return [found[name] for name in names]


def _batch(data: bytes, key: bytes) -> tuple[Array, Array]:
    """Pictures with colours last, and labels of the shape (samples, 1), as Keras gives them."""
    batch = _Arrays(io.BytesIO(data), encoding="bytes").load()
    pictures = batch[b"data"].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return np.ascontiguousarray(pictures), np.array(batch[key], np.uint8 if key == b"labels" else np.int64).reshape(
        -1, 1
    )


class _Arrays(pickle.Unpickler):
    """Makes arrays of NumPy, and nothing else: some sets have no other form."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ARRAYS:
            raise pickle.UnpicklingError(f"{module}.{name} is no array")
        return super().find_class(module, name)


def _imdb(contents: list[bytes], options: Options) -> Loaded:
    arrays = _ragged(contents[0])
    parts = []
    generator = np.random.RandomState(113)  # the order that Keras gives
    for part in ("train", "test"):
        order = np.arange(len(arrays[f"x_{part}"]))
        generator.shuffle(order)
        parts += [arrays[f"x_{part}"][order], arrays[f"y_{part}"][order]]
    x_train, y_train, x_test, y_test = parts
    return _texts(x_train, y_train, x_test, y_test, contents[1], options)


def _reuters(contents: list[bytes], options: Options) -> Loaded:
    arrays = _ragged(contents[0])
    order = np.arange(len(arrays["x"]))
    np.random.RandomState(113).shuffle(order)
    x, y = arrays["x"][order], arrays["y"][order]
    count = int(len(x) * (1 - 0.2))
    return _texts(x[:count], y[:count], x[count:], y[count:], contents[1], options)


def _housing(contents: list[bytes], _options: Options) -> Loaded:
    with np.load(io.BytesIO(contents[0]), allow_pickle=False) as file:
        x, y = file["x"], file["y"]
    order = np.arange(len(x))
    np.random.RandomState(113).shuffle(order)
    x, y, count = x[order], y[order], int(len(x) * (1 - 0.2))
    return Loaded(x[:count], y[:count], x[count:], y[count:])


def _ragged(data: bytes) -> dict[str, Array]:
    """Arrays of an archive, those of lists of numbers with them."""
    arrays: dict[str, Array] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            stream = io.BytesIO(archive.read(name))
            try:
                array = npy_format.read_array(stream, allow_pickle=False)
            except ValueError:  # of objects
                stream.seek(0)
                npy_format.read_magic(stream)
                npy_format.read_array_header_1_0(stream)
                array = _Arrays(stream).load()
            arrays[name.removesuffix(".npy")] = array
    return arrays


def _texts(x_train: Array, y_train: Array, x_test: Array, y_test: Array, index: bytes, options: Options) -> Loaded:
    words = {place + _INDEX_FROM: word for word, place in json.loads(index).items()} | _OWN_WORDS
    most = options.num_words or max(max(text, default=0) for x in (x_train, x_test) for text in x) + _INDEX_FROM
    x_train, x_test = (_padded(x, most, options.maxlen) for x in (x_train, x_test))
    return Loaded(x_train, np.asarray(y_train, np.int64), x_test, np.asarray(y_test, np.int64), words)


def _padded(texts: Array, most: int, maxlen: int) -> Array:
    """The last `maxlen` words of each text, with zeros before shorter ones, as `keras.utils.pad_sequences` does.

    Of words from number `most` on Keras makes the one for unknown words.
    """
    padded = np.zeros((len(texts), maxlen), np.int32)
    for row, text in enumerate(texts):
        numbers = np.concatenate(([1], np.asarray(text, np.int64) + _INDEX_FROM))[-maxlen:]
        padded[row, maxlen - len(numbers) :] = np.where(numbers < most, numbers, 2)
    return padded


_READERS: Final[dict[Form, Callable[[list[bytes], Options], Loaded]]] = {
    "npz": _npz,
    "fashion": _fashion,
    "cifar10": _cifar10,
    "cifar100": _cifar100,
    "imdb": _imdb,
    "reuters": _reuters,
    "housing": _housing,
}
