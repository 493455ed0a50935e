"""HDF5 files of one folder: opened when they are needed, and which of their datasets may be read.

HDF5 itself follows links and virtual datasets wherever they lead. Here each of them is looked at first: a file is
opened only if it lies in the folder (or below it), and a dataset is reached by hard links alone.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from resources.plain import shown_name
from resources.regular_files import require_regular
from resources.text import Text
from runtime.lazy import LazyModule
from runtime.worker.data.arrays.stored import Stored, native, run_rows
from runtime.worker.data.source import Array, DataError

if TYPE_CHECKING:
    import h5py
    import numpy as np
else:
    h5py = LazyModule("h5py")
    np = LazyModule("numpy")

_MOST_OPEN: Final = 64  # files
_DEEPEST: Final = 32  # groups in groups
_MOST_HOPS: Final = 8  # from one file to the next
_MOST_SOURCES: Final = 100_000  # of a virtual dataset
MOST_COLUMNS: Final = 50_000
SOFT_LINK: Final = Text("it is a link inside the file")
_EXTERNAL: Final = Text("its values lie in a file of raw numbers")
_TOO_DEEP: Final = Text("it lies too deep in the file")
_NO_NAME: Final = Text("its name is no text")
ERRORS: Final = (OSError, RuntimeError, KeyError, ValueError, TypeError)  # what h5py says of damaged files


class Hdf5Files:
    """The files of a folder. Few are open at a time, and threads may ask at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._lock = threading.RLock()
        self._open: OrderedDict[Path, tuple[Any, dict[str, Any]]] = OrderedDict()

    @contextmanager
    def file(self, path: Path) -> Iterator[Any]:
        """An open file; it stays open within the block. Raises DataError."""
        with self._lock:
            yield self._entry(path)[0]

    @contextmanager
    def dataset(self, path: Path, name: str) -> Iterator[Any]:
        """Raises DataError, and what h5py raises."""
        with self._lock:
            file, known = self._entry(path)
            if name not in known:
                known[name] = file[name]
            yield known[name]

    def close(self) -> None:
        with self._lock:
            for file, _ in self._open.values():
                file.close()
            self._open.clear()

    def inside(self, beside: Path, name: str) -> Path | None:
        """The file that `name` leads to from the file `beside`, if it lies in the folder."""
        try:
            path = (beside.parent / name).resolve()
            require_regular(path)
        except (OSError, ValueError):
            return None
        return path if path.is_relative_to(self.folder) else None

    def _entry(self, path: Path) -> tuple[Any, dict[str, Any]]:
        if path in self._open:
            self._open.move_to_end(path)
            return self._open[path]
        entry = self._open[path] = (opened(path), {})
        if len(self._open) > _MOST_OPEN:
            _, (oldest, _) = self._open.popitem(last=False)
            oldest.close()
        return entry


def opened(path: Path) -> Any:
    """Raises DataError."""
    try:
        require_regular(path)
        return h5py.File(path, "r", locking=False)
    except OSError as error:
        if not h5py.is_hdf5(path):
            text = Text("{file} is no HDF5 file, or its beginning is damaged.", {"file": path.name})
        else:
            text = Text("{file} is damaged or incomplete and cannot be opened.", {"file": path.name})
        raise DataError(text, str(error)) from error


@dataclass(frozen=True, slots=True)
class Found:
    """A dataset: the file that it lies in, and its name there."""

    path: Path
    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    chunk: int  # samples that are stored together
    chunk_bytes: int


class _Link(NamedTuple):
    """A link in the file `path` that leads to a place in another file."""

    path: Path
    file: bytes
    place: bytes
    name: str
    depth: int
    hops: int


class Hdf5Array(Stored):
    def __init__(self, files: Hdf5Files, found: Found, column: str) -> None:
        self._files, self._found, self._column = files, found, column
        self.shape, self._raw = found.shape, found.dtype
        self._texts = h5py.check_string_dtype(found.dtype) is not None
        self.dtype = np.dtype(object) if self._texts else found.dtype.newbyteorder("=")

    @property
    def is_words(self) -> bool:
        return self._texts

    @property
    def run_rows(self) -> int:
        return run_rows(self.shape, self._raw.itemsize, min(self._found.chunk, max(1, self.shape[0])))

    def read(self, rows: slice) -> Array:
        with self._dataset() as dataset:
            if self._texts:
                return np.array(dataset.asstr(errors="replace")[rows], dtype=object)
            values: Array = dataset[rows]
        return native(values)

    def read_into(self, rows: slice, out: Array) -> None:
        if self._texts or not out.flags.c_contiguous or out.dtype != self._raw or not len(out):
            super().read_into(rows, out)
            return
        with self._dataset() as dataset:
            dataset.read_direct(out, source_sel=np.s_[rows])

    @contextmanager
    def _dataset(self) -> Iterator[Any]:
        """Raises DataError for what cannot be read of it."""
        found = self._found
        try:
            with self._files.dataset(found.path, found.name) as dataset:
                yield dataset
        except ERRORS as error:
            text = Text.of(
                "{file} is damaged: its column {column} cannot be read.", file=found.path.name, column=self._column
            )
            raise DataError(text, str(error)) from error


class Listing:
    """What of a file may be read as columns, and what not."""

    def __init__(self, files: Hdf5Files, path: Path) -> None:
        """Raises DataError."""
        self._files = files
        self.found: dict[str, Found] = {}
        self.left_out: dict[str, Text] = {}
        self._addresses: set[object] = set()
        self._title = path.name
        self._links: deque[_Link] = deque()
        try:
            with files.file(path) as file:
                self._addresses.add((path, h5py.h5o.get_info(file.id).addr))
                self._walk(path, file.id, "", 0, 0)
            while self._links:  # after what lies in the file itself, which may stand at the other end of one
                self._follow(self._links.popleft())
        except ERRORS as error:
            raise DataError(Text("{file} is damaged and cannot be listed.", {"file": path.name}), str(error)) from error

    def _walk(self, path: Path, group: Any, prefix: str, depth: int, hops: int) -> None:
        for key in group:
            name = prefix + key.decode("utf-8", "backslashreplace")
            if _text(key) is None:
                self.left_out[name] = _NO_NAME
                continue
            kind = group.links.get_info(key).type
            if kind == h5py.h5l.TYPE_EXTERNAL:
                file, place = group.links.get_val(key)
                self._links.append(_Link(path, file, place, name, depth, hops))
            elif kind != h5py.h5l.TYPE_HARD:
                self.left_out[name] = SOFT_LINK
            else:
                self._object(path, h5py.h5o.open(group, key), name, depth, hops)

    def _object(self, path: Path, item: Any, name: str, depth: int, hops: int) -> None:
        address = (path, h5py.h5o.get_info(item).addr)
        if address in self._addresses:  # a second name of the same thing, perhaps of a group around it
            return
        self._addresses.add(address)
        if isinstance(item, h5py.h5g.GroupID):
            if depth >= _DEEPEST:
                self.left_out[name] = _TOO_DEEP
            else:
                self._walk(path, item, name + "/", depth + 1, hops)
        elif isinstance(item, h5py.h5d.DatasetID):
            self._dataset(path, item, name)

    def _dataset(self, path: Path, item: Any, name: str) -> None:
        reason = unreachable(self._files, path, item)
        if reason is not None:
            self.left_out[name] = reason
            return
        if len(self.found) == MOST_COLUMNS:
            raise DataError(
                Text("{file} has more than {count} datasets.", {"file": self._title, "count": MOST_COLUMNS})
            )
        properties = item.get_create_plist()
        chunk = properties.get_chunk() if properties.get_layout() == h5py.h5d.CHUNKED else ()
        dtype = item.dtype
        size = dtype.itemsize
        for length in chunk:
            size *= length
        written = _text(h5py.h5i.get_name(item)) or name
        self.found[name] = Found(path, written, _shape(item), dtype, chunk[0] if chunk else 1, size)

    def _follow(self, link: _Link) -> None:
        """An external link: its file is opened only if it lies in the folder."""
        written, place = _text(link.file), _text(link.place)
        other = self._files.inside(link.path, written) if written and place and link.hops < _MOST_HOPS else None
        if other is None or place is None:
            self.left_out[link.name] = outside(written or "", self._files.folder)
            return
        try:
            with self._files.file(other) as file:
                item = by_hard_links(file.id, place)
                if item is None:
                    self.left_out[link.name] = Text.of("it leads to nothing in {file}", file=other.name)
                else:
                    self._object(other, item, link.name, link.depth, link.hops + 1)
        except DataError as error:
            self.left_out[link.name] = Text.of("it leads to a file that cannot be read: {reason}", reason=error.text)


def unreachable(files: Hdf5Files, path: Path, dataset: Any, hops: int = 0) -> Text | None:
    """Why the values of a dataset are not read; None if they all lie in the folder and can be unpacked here."""
    properties = dataset.get_create_plist()
    if properties.get_external_count():
        return _EXTERNAL
    for number in range(properties.get_nfilters()):
        code, _, _, title = properties.get_filter(number)
        if not h5py.h5z.filter_avail(code):
            shown = shown_name(_text(title) or str(code))
            return Text.of("it is packed with a filter that is not installed ({name})", name=shown)
    if properties.get_layout() != h5py.h5d.VIRTUAL:
        return None
    count = properties.get_virtual_count()
    if hops >= _MOST_HOPS or count > _MOST_SOURCES:
        return _TOO_DEEP
    sources = {(properties.get_virtual_filename(n), properties.get_virtual_dsetname(n)) for n in range(count)}
    for name, place in sources:
        if reason := _unreachable_source(files, path, name, place, hops):
            return reason
    return None


def _unreachable_source(files: Hdf5Files, path: Path, name: str, place: str, hops: int) -> Text | None:
    """`name` and `place` are those of a file and a dataset that a virtual dataset takes values from."""
    if "%" in name or "%" in place:  # HDF5 fills in numbers, as far as there are files
        return Text("it is put together from files whose names are not all written in it")
    other = path if name == "." else files.inside(path, name)
    if other is None:
        return outside(name, files.folder)
    try:
        with files.file(other) as file:
            item = by_hard_links(file.id, place)
            if not isinstance(item, h5py.h5d.DatasetID):
                return Text.of("it leads to nothing in {file}", file=other.name)
            return unreachable(files, other, item, hops + 1)
    except DataError as error:
        return Text.of("it leads to a file that cannot be read: {reason}", reason=error.text)


def outside(name: str, folder: Path) -> Text:
    """What is said of values in a file that is not read."""
    return Text.of(
        "it leads to {file}, which is not there or lies outside the folder {folder}",
        file=shown_name(name),
        folder=shown_name(folder.name),
    )


def by_hard_links(root: Any, place: str) -> Any:
    """The object at a path of a file, unless a link of another kind is on the way: None then, and where nothing is."""
    item = root
    for piece in filter(None, place.split("/")):
        key = piece.encode()
        if not isinstance(item, h5py.h5g.GroupID | h5py.h5f.FileID) or not item.links.exists(key):
            return None
        if item.links.get_info(key).type != h5py.h5l.TYPE_HARD:
            return None
        item = h5py.h5o.open(item, key)
    return h5py.h5o.open(item, b".") if isinstance(item, h5py.h5f.FileID) else item


def _shape(dataset: Any) -> tuple[int, ...]:
    shape: tuple[int, ...] = dataset.shape
    return () if dataset.get_space().get_simple_extent_type() == h5py.h5s.NULL else shape


def _text(name: bytes | str | None) -> str | None:
    if isinstance(name, str):
        return name if name.isprintable() or name.encode("utf-8", "ignore").decode() == name else None
    try:
        return None if name is None else name.decode("utf-8")
    except UnicodeDecodeError:
        return None
