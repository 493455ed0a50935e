"""Files with weights, opened only after every link, dataset and size in them has been looked at. Never pickle."""

import math
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

import h5py
import msgspec

from resources.os_reasons import os_reason
from resources.regular_files import NotRegularFileError, open_regular, shown_path
from resources.text import Text
from resources.zip_window import EntryCutOffError, open_stored
from runtime.model_configs import keras_json
from runtime.worker.process.control import WorkerError

Json = Any

WEIGHTS: Final = "model.weights.h5"
_CONFIG: Final = "config.json"
_MAX_CONFIG: Final = 64 * 1024 * 1024  # bytes
_MAX_VOCABULARY: Final = 32 * 1024 * 1024
_MAX_OBJECTS: Final = 200_000
_MAX_RATIO: Final = 100  # weights hardly pack at all
_SMALL: Final = 16 * 1024 * 1024
_DATA: Final = "fiubV"  # numbers; V is what HDF5 makes of bfloat16 and float8


@contextmanager
def open_weights(path: Path) -> Iterator[tuple[Any, Json]]:
    """The checked `h5py.File` of a `.keras`, `.weights.h5` or `.h5` file, and the config of a `.keras` or None.

    Raises WorkerError with the file, the place and the reason.
    """
    try:
        with open_regular(path) as stream:
            packed = zipfile.is_zipfile(stream)
        if packed:
            with (
                open_regular(path) as stream,
                zipfile.ZipFile(stream) as archive,
                _entry(archive, path) as content,
                h5py.File(content, "r") as file,
            ):
                _check(file, path)
                yield file, _config(archive, path)
        else:
            with h5py.File(path, "r") as file:
                _check(file, path)
                yield file, None
    except FileNotFoundError as error:
        raise WorkerError(Text("The weights are gone: {file} is missing.", {"file": str(path)})) from error
    except NotRegularFileError as error:
        raise WorkerError(
            Text.of("{file} could not be read: {reason}.", file=shown_path(path), reason=os_reason(error))
        ) from error
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, KeyError, RuntimeError, NotImplementedError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise refused(path, "", Text("it is damaged or of another kind ({reason}).", {"reason": first})) from error


def read_vocabulary(path: Path, group: str) -> str | None:
    """The text of the vocabulary that a `.keras` file keeps for the layer of a group of weights, None if it has none.

    Raises WorkerError.
    """
    name = f"assets/{group}/vocabulary.txt"
    try:
        with open_regular(path) as stream:
            if not zipfile.is_zipfile(stream):
                return None
        with open_regular(path) as stream, zipfile.ZipFile(stream) as archive:
            if name not in archive.namelist():
                return None
            info = archive.getinfo(name)
            if info.file_size > _MAX_VOCABULARY:
                megabytes = _MAX_VOCABULARY // 2**20
                raise refused(path, name, Text("it is larger than {megabytes} MB.", {"megabytes": megabytes}))
            with archive.open(info) as entry:
                return entry.read(_MAX_VOCABULARY).decode()
    except UnicodeDecodeError as error:
        raise refused(path, name, Text("byte {number} is not UTF-8 text.", {"number": error.start})) from error
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise refused(path, name, Text("it is damaged.")) from error


def refused(path: Path, place: str, reason: Text) -> WorkerError:
    if place:
        return WorkerError(
            Text.of(
                "The weights of {file} were not read. In {place}: {reason}", file=str(path), place=place, reason=reason
            )
        )
    return WorkerError(Text.of("The weights of {file} were not read: {reason}", file=str(path), reason=reason))


@contextmanager
def _entry(archive: zipfile.ZipFile, path: Path) -> Iterator[IO[bytes]]:
    """The weights inside of a `.keras` file: read in place where they are stored as they are, as Keras does."""
    try:
        info = archive.getinfo(WEIGHTS)
    except KeyError as error:
        raise refused(path, WEIGHTS, Text("the file has none in the form that Keras writes.")) from error
    if info.compress_type == zipfile.ZIP_STORED and not info.flag_bits & 1:
        with open_regular(path) as file:
            try:
                content = open_stored(file, archive, info)
            except EntryCutOffError as error:
                raise refused(path, WEIGHTS, Text("its end is missing.")) from error
            yield content
        return
    if info.file_size > _SMALL and info.file_size > _MAX_RATIO * max(1, info.compress_size):
        raise refused(path, WEIGHTS, Text("it would grow beyond measure when unpacked; no weights do."))
    with tempfile.TemporaryFile() as unpacked, archive.open(info) as entry:
        left = info.file_size
        while left and (part := entry.read(min(left, 1 << 20))):
            unpacked.write(part)
            left -= len(part)
        unpacked.seek(0)
        yield unpacked


def _config(archive: zipfile.ZipFile, path: Path) -> Json:
    with archive.open(_CONFIG) as entry:
        content = entry.read(_MAX_CONFIG + 1)
    try:
        return keras_json.decode(content, object) if len(content) <= _MAX_CONFIG else None
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise refused(path, _CONFIG, Text("it is not JSON ({reason}).", {"reason": str(error)[:200]})) from error


def _check(file: Any, path: Path) -> None:
    """Only hard links, only numbers, nothing that lies in another file; each object once, or groups go in circles."""
    waiting = [("", file)]
    addresses: set[Any] = set()
    while waiting:
        place, group = waiting.pop()
        for name in group:
            at = f"{place}/{name}" if place else name
            if group.id.links.get_info(name.encode()).type != h5py.h5l.TYPE_HARD:
                raise refused(path, at, Text("it is a link to another place; such files are not read."))
            item = group[name]
            address = h5py.h5o.get_info(item.id).addr
            if address in addresses:
                raise refused(path, at, Text("the same object is there twice."))
            addresses.add(address)
            if len(addresses) > _MAX_OBJECTS:
                raise refused(path, at, Text("there are more objects than a model has."))
            if isinstance(item, h5py.Group):
                waiting.append((at, item))
            else:
                _check_dataset(item, path, at)


def _check_dataset(item: Any, path: Path, place: str) -> None:
    if not isinstance(item, h5py.Dataset):
        raise refused(path, place, Text("it is neither a group nor numbers."))
    if item.external or item.is_virtual:
        raise refused(path, place, Text("its numbers lie in another file; such files are not read."))
    if item.shape is None or item.dtype.kind not in _DATA or item.dtype.hasobject:
        raise refused(path, place, Text("it holds no numbers."))
    chunk = math.prod(item.chunks) * item.dtype.itemsize if item.chunks else 0
    if chunk > max(_SMALL, item.nbytes) or (item.dtype.kind == "V" and (item.dtype.names or item.dtype.itemsize > 2)):
        raise refused(path, place, Text("it is stored in a way that Keras does not use."))
