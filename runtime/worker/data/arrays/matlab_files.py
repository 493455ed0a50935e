"""Variables of MATLAB's files: version 7.3, which is HDF5 with its axes turned, and the versions before it."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from resources.plain import shown_name
from resources.python_code.in_scripts.matlab import is_vector, rows_of_text, sample_axis
from resources.regular_files import open_regular
from resources.text import Text
from runtime.lazy import LazyModule
from runtime.worker.data.arrays.hdf5_files import ERRORS, Found, Hdf5Files, Listing, unreachable
from runtime.worker.data.arrays.stored import Held, Stored, native, run_rows
from runtime.worker.data.source import Array, DataError
from runtime.worker.process.memory import free_memory, size_text

if TYPE_CHECKING:
    import h5py
    import numpy as np
    from scipy import io as scipy_io
else:
    h5py = LazyModule("h5py")
    np = LazyModule("numpy")
    scipy_io = LazyModule("scipy.io")

Shape = tuple[int, ...]
NUMBERS: Final = (
    "double",
    "single",
    "logical",
    *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)),
)
_SHARE_OF_MEMORY: Final = 0.5
_LARGEST: Final = 2**40  # bytes of one variable
_OWN: Final = ("#refs#", "#subsystem#")  # what MATLAB keeps beside the variables
_REASONS: Final = {
    "cell": Text("it is a cell array of other things than texts"),
    "struct": Text("it is a struct: store each of its fields as a variable of its own"),
    "sparse": Text("it is sparse: store full(…) of it"),
}
_OTHER: Final = Text("it holds objects, which are not read")
_ONE_TEXT: Final = Text("it is one text, not one a sample")
_EMPTY: Final = Text("it is empty")


class Variable:
    """A variable with MATLAB's own shape. `stored(axis)` reads it with the samples along this axis of it."""

    def __init__(self, shape: Shape, stored: Callable[[int], Stored]) -> None:
        self.shape, self.stored = shape, stored


def reason_for(kind: str, shape: Shape) -> Text | None:
    """Why a variable of this class of MATLAB is no column; None where it may be one."""
    if any(size < 1 for size in shape) or not shape:
        return _EMPTY
    if kind == "char":
        return _ONE_TEXT if len(shape) > 2 or shape[0] == 1 else None
    return None if kind in NUMBERS else _REASONS.get(kind, _OTHER)


# Version 7.3


def variables_of_hdf5(files: Hdf5Files, path: Path) -> tuple[dict[str, Variable], dict[str, Text]]:
    """The variables, and what is none of numbers or texts, with the reasons. Raises DataError."""
    listing = Listing(files, path)
    variables: dict[str, Variable] = {}
    left_out = {name: reason for name, reason in listing.left_out.items() if not name.startswith(_OWN)}
    for name, found in listing.found.items():
        if name.startswith(_OWN):
            continue
        kind, empty = _class_of(files, found)
        shape = found.shape[::-1]
        if kind == "cell" and not empty and is_vector(shape) and _is_text(files, found):
            variables[name] = Variable((max(shape), 1), partial(_Cells, files, found))
        elif reason := _EMPTY if empty else reason_for(kind, shape):
            left_out[name] = reason
        elif kind == "char":
            variables[name] = Variable((shape[0], 1), partial(_Characters, files, found))
        else:
            variables[name] = Variable(shape, partial(_Turned, files, found, kind == "logical"))
    return variables, left_out


def _class_of(files: Hdf5Files, found: Found) -> tuple[str, bool]:
    """The class that MATLAB wrote, and whether the variable is empty. Raises DataError."""
    with files.dataset(found.path, found.name) as dataset:
        try:
            written = dataset.attrs.get("MATLAB_class", b"")
            empty = bool(dataset.attrs.get("MATLAB_empty", 0))
        except ERRORS as error:
            raise _damaged(found, error) from error
    kind = written.decode("ascii", "replace") if isinstance(written, bytes) else str(written)
    return kind or ("double" if found.dtype.kind in "biuf" else "unknown"), empty


class _OfHdf5(Stored):
    """Values that h5py reads."""

    def __init__(self, files: Hdf5Files, found: Found) -> None:
        self._files, self._found = files, found

    def _read(self, index: Any) -> Array:
        found = self._found
        with self._files.dataset(found.path, found.name) as dataset:
            try:
                values: Array = dataset[index]
            except ERRORS as error:
                raise _damaged(found, error) from error
        return native(values)


class _Turned(_OfHdf5):
    """Numbers: MATLAB's first axis is the last one of HDF5, and so on."""

    def __init__(self, files: Hdf5Files, found: Found, boolean: bool, axis: int) -> None:
        super().__init__(files, found)
        shape = found.shape[::-1]
        self._vector = is_vector(shape)
        self._axis = found.shape.index(max(found.shape)) if self._vector else len(shape) - 1 - axis
        rest = () if self._vector else shape[:axis] + shape[axis + 1 :]
        self.shape = (found.shape[self._axis], *rest)
        self.dtype = np.dtype(bool) if boolean else found.dtype.newbyteorder("=")

    @property
    def run_rows(self) -> int:
        if self._axis == 0:
            return run_rows(self.shape, self.dtype.itemsize, min(self._found.chunk, self.shape[0]))
        return self.shape[0] if self._found.chunk_bytes else max(4096, run_rows(self.shape, self.dtype.itemsize))

    def read(self, rows: slice) -> Array:
        axis = self._axis
        values = np.moveaxis(self._read((*[slice(None)] * axis, rows)), axis, 0)
        turned = values.reshape(-1) if self._vector else values.transpose(0, *range(values.ndim - 1, 0, -1))
        return np.ascontiguousarray(turned.astype(self.dtype, copy=False))


class _Characters(_OfHdf5):
    """A text a row."""

    def __init__(self, files: Hdf5Files, found: Found, _axis: int = 0) -> None:
        super().__init__(files, found)
        self.shape, self.dtype = (found.shape[-1],), np.dtype(object)

    def read(self, rows: slice) -> Array:
        return np.array(rows_of_text(self._read((slice(None), rows)).T), object)


class _Cells(_OfHdf5):
    """A cell array of texts."""

    def __init__(self, files: Hdf5Files, found: Found, _axis: int = 0) -> None:
        super().__init__(files, found)
        self.shape, self.dtype = (max(found.shape),), np.dtype(object)

    def read(self, rows: slice) -> Array:
        references = self._read(()).reshape(-1)[rows]
        with self._files.file(self._found.path) as file:
            texts = [_text_of(self._files, self._found, file, reference) for reference in references]
        values: Array = np.empty(len(texts), object)
        values[:] = texts
        return values


def _is_text(files: Hdf5Files, found: Found) -> bool:
    """Whether the first cell holds a text."""
    try:
        return bool(len(_Cells(files, found).read(slice(0, 1))))
    except DataError:
        return False


def _text_of(files: Hdf5Files, found: Found, file: Any, reference: Any) -> str:
    """Raises DataError."""
    try:
        item = file[reference]
        if item.attrs.get("MATLAB_empty", 0):
            return ""
        is_text = isinstance(item, h5py.Dataset) and item.dtype.kind == "u" and item.dtype.itemsize <= 2
        if not is_text or unreachable(files, found.path, item.id) is not None or item.size > 2**20:
            raise DataError(_no_texts(found.name.strip("/"), found.path.name))
        return "".join(rows_of_text(np.atleast_2d(item[()].T)))
    except ERRORS as error:
        raise _damaged(found, error) from error


def _damaged(found: Found, error: Exception) -> DataError:
    text = Text.of(
        "{file} is damaged: its column {column} cannot be read.", file=found.path.name, column=found.name.strip("/")
    )
    return DataError(text, str(error))


# The versions before 7.3


def variables_of_old(path: Path) -> tuple[dict[str, Variable], dict[str, Text]]:
    """The same of a file of version 4 or 5. Raises DataError."""
    try:
        with open_regular(path) as stream:
            found = scipy_io.whosmat(stream, appendmat=False)
    except MemoryError:
        raise
    except Exception as error:  # of damaged files SciPy says it with errors of every kind
        raise _no_file_of_matlab(path, error) from error
    variables: dict[str, Variable] = {}
    left_out: dict[str, Text] = {}
    for name, shape, kind in found:
        sizes = tuple(int(size) for size in shape)
        known = kind if kind != "cell" or not is_vector(sizes) else "texts"
        reason = _EMPTY if known == "texts" and min(sizes) < 1 else None
        reason = reason or (None if known == "texts" else reason_for(known, sizes))
        if reason is None and math.prod(sizes) * 8 > _LARGEST:
            reason = Text("its shape cannot be")
        if reason is not None:
            left_out[name] = reason
        else:
            seen = {"texts": (max(sizes), 1), "char": (sizes[0], 1)}.get(known, sizes)
            variables[name] = Variable(seen, partial(_Old, path, name, sizes, known))
    return variables, left_out


class _Old(Stored):
    """A variable that is read at once, when something is asked of it: it may be compressed."""

    def __init__(self, path: Path, name: str, shape: Shape, kind: str, axis: int) -> None:
        self._path, self._name, self._kind, self._axis, self._written = path, name, kind, axis, shape
        self._held: Held | None = None
        vector = is_vector(shape)
        if kind in ("char", "texts"):
            self.shape, self.dtype = (shape[0] if kind == "char" else max(shape),), np.dtype(object)
        else:
            self.shape = (max(shape),) if vector else (shape[axis], *shape[:axis], *shape[axis + 1 :])
            self.dtype = np.dtype({"double": "f8", "single": "f4", "logical": "?"}.get(kind, kind))

    def read(self, rows: slice) -> Array:
        return self._values().read(rows)

    def take(self, rows: Array) -> Array:
        return self._values().take(rows)

    def _values(self) -> Held:
        if self._held is None:
            self._held = Held(self._load())
            self.in_memory = True
        return self._held

    def _load(self) -> Array:
        """Raises DataError."""
        needed, free = math.prod(self._written) * 8, free_memory()
        if needed > free * _SHARE_OF_MEMORY:
            text = Text.of(
                "{column} of {file} takes {size}, but only {free} of memory are free: store it with -v7.3.",
                column=self._name,
                file=self._path.name,
                size=size_text(needed),
                free=size_text(free),
            )
            raise DataError(text)
        try:
            with open_regular(self._path) as stream:
                loaded = scipy_io.loadmat(stream, appendmat=False, variable_names=[self._name])
            values = np.asarray(loaded[self._name])
            if values.dtype.kind == "c":
                text = Text.of("{column} of {file} holds complex numbers.", column=self._name, file=self._path.name)
                raise DataError(text)
            if values.shape != self._written and self._kind in NUMBERS:
                raise ValueError(f"its shape is {values.shape}")
            return self._turned(values)
        except (DataError, MemoryError):
            raise
        except Exception as error:  # of damaged files SciPy says it with errors of every kind
            raise _no_file_of_matlab(self._path, error) from error

    def _turned(self, values: Array) -> Array:
        if self._kind in ("char", "texts"):
            return self._texts(values)
        turned = values.reshape(-1) if is_vector(values.shape) else np.moveaxis(values, self._axis, 0)
        return np.ascontiguousarray(turned.astype(self.dtype, copy=False))

    def _texts(self, values: Array) -> Array:
        texts: Array = np.empty(self.shape, object)
        for place, text in enumerate(values.reshape(-1)):
            piece = np.asarray(text)
            if piece.dtype.kind != "U" or piece.size > 1:
                raise DataError(
                    Text.of(
                        "{column} of {file} holds other things than texts.", column=self._name, file=self._path.name
                    )
                )
            texts[place] = str(piece.reshape(-1)[0]).rstrip() if piece.size else ""
        return texts


def _no_texts(column: str, file: str) -> Text:
    return Text.of("{column} of {file} holds other things than texts.", column=column, file=file)


def _no_file_of_matlab(path: Path, error: Exception) -> DataError:
    reason = shown_name(str(error) or type(error).__name__)
    return DataError(Text.of("{file} is no readable file of MATLAB: {reason}", file=path.name, reason=reason))


def axis_of(shape: Shape, samples: str | None, count: int) -> int:
    """The axis of a variable that is the sample; texts and vectors have one alone."""
    return 0 if is_vector(shape) else sample_axis(shape, samples, count)
