"""The weights beside a `model.json` of TensorFlow.js: one array after the other, in files that the manifest names."""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from resources.os_reasons import os_reason
from resources.regular_files import open_regular, read_regular, shown_path
from resources.text import Text
from runtime.worker.keras_models.weights_file import refused
from runtime.worker.process.control import WorkerError

Json = Any
Array = NDArray[Any]

SUFFIX: Final = ".json"
_MANIFEST: Final = "weightsManifest"
_MAX_JSON: Final = 64 * 1024 * 1024
_MAX_ARRAYS: Final = 200_000
_DTYPES: Final = {"float32": "<f4", "float16": "<f2", "int32": "<i4", "uint8": "|u1", "uint16": "<u2", "bool": "|b1"}


def arrays_of(path: Path) -> dict[str, Array]:
    """The arrays by their names ("dense/kernel"). Raises WorkerError with the file, the place and the reason."""
    try:
        manifest = _manifest(path)
        return dict(pair for group in manifest for pair in _of_group(group, path))
    except FileNotFoundError as error:
        raise WorkerError(Text("The weights are gone: {file} is missing.", {"file": str(error.filename)})) from error
    except OSError as error:
        raise WorkerError(
            Text.of("{file} could not be read: {reason}.", file=shown_path(path), reason=os_reason(error))
        ) from error


def _manifest(path: Path) -> list[Json]:
    try:
        parsed = msgspec.json.decode(read_regular(path, _MAX_JSON))
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise refused(path, "", Text("it is not JSON ({reason}).", {"reason": str(error)[:200]})) from error
    manifest = parsed.get(_MANIFEST) if isinstance(parsed, Mapping) else None
    if not isinstance(manifest, list) or not manifest:
        raise refused(path, _MANIFEST, Text("the file has none in the form that Keras writes."))
    return manifest


def _of_group(group: Json, path: Path) -> Iterator[tuple[str, Array]]:
    entries, names = (group.get(key) if isinstance(group, Mapping) else None for key in ("weights", "paths"))
    if not isinstance(entries, list) or not isinstance(names, list) or len(entries) > _MAX_ARRAYS:
        raise refused(path, _MANIFEST, Text("it holds no numbers."))
    specs = [_spec(entry, path) for entry in entries]
    size = sum(math.prod(shape) * stored.itemsize for _, shape, stored, _ in specs)
    content = _content(names, size, path)
    at = 0
    for name, shape, stored, change in specs:
        count = math.prod(shape)
        array = np.frombuffer(content, stored, count, at).reshape(shape)
        at += count * stored.itemsize
        yield name, _restored(array, change)


_Spec = tuple[str, tuple[int, ...], np.dtype[Any], Mapping[str, Json]]


def _spec(entry: Json, path: Path) -> _Spec:
    """Name, shape, dtype in the file, and how it was made smaller."""
    match entry:
        case {"name": str(name), "shape": [*shape], "dtype": str(dtype)} if all(
            isinstance(size, int) and 0 <= size < 2**31 for size in shape
        ):
            change = entry.get("quantization") or {}
            stored = change.get("dtype", dtype) if isinstance(change, Mapping) else ""
            if stored in _DTYPES:
                return name, tuple(shape), np.dtype(_DTYPES[stored]), change
    raise refused(path, _MANIFEST, Text("it is stored in a way that Keras does not use."))


def _content(names: list[Json], size: int, path: Path) -> bytes:
    parts: list[bytes] = []
    left = size
    for name in names:
        if not isinstance(name, str) or PurePosixPath(name).name != name or set(name) & set("\\:\0"):
            raise refused(path, _MANIFEST, Text("its numbers lie in another file; such files are not read."))
        with open_regular(path.with_name(name)) as stream:
            while left and (part := stream.read(min(left, 1 << 20))):
                parts.append(part)
                left -= len(part)
            if stream.read(1):
                raise refused(path, name, Text("it holds more numbers than the model has."))
    if left:
        raise refused(path, _MANIFEST, Text("its end is missing."))
    return b"".join(parts)


def _restored(array: Array, change: Mapping[str, Json]) -> Array:
    if not change or array.dtype.kind == "f":
        return array.astype("float32") if array.dtype == np.float16 else array
    scale, least = change.get("scale", 1.0), change.get("min", 0.0)
    return (array.astype("float32") * np.float32(scale) + np.float32(least)).astype("float32")
