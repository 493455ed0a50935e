"""NumPy's files: each array of an `.npz` is a column, an `.npy` is one, and so is each `.npy` of a folder.

Pickled objects are left out, never read.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from resources.os_reasons import os_reason
from resources.plain import listed
from resources.python_code.in_scripts.own_parts import joined_names
from resources.python_code.parts import Constant, Loading
from resources.python_code.pieces import list_of, quoted
from resources.python_code.shared import AS_NUMBERS, OWN_PARTS, PLACES
from resources.regular_files import open_regular
from resources.text import Text
from runtime.data_kinds import DataKind, Recognised
from runtime.python_code import data_file
from runtime.spec import DataSource
from runtime.worker.data.arrays import own_parts
from runtime.worker.data.arrays.array_code import with_later
from runtime.worker.data.arrays.array_source import ArraySource, sorted_out
from runtime.worker.data.arrays.folders import folder_files, option_of, require_folder
from runtime.worker.data.arrays.npy_files import BEGINS, Archive, npy_array, unreadable
from runtime.worker.data.arrays.own_parts import JOINED, Parts, join_parts
from runtime.worker.data.arrays.stored import Stored
from runtime.worker.data.files import MOST_LISTED, require_file
from runtime.worker.data.source import DataError, Source

KIND = DataKind("npz", Text("NumPy file"), (".npz", ".npy"), folders=True, options=(own_parts.SETTING,))
_MOST_FILES: Final = 2_000
_SHOWN: Final = 6
_LOAD: Final = '''def load_data():
    """The columns that the model is trained on."""
    file = np.load(DATA_FILE, allow_pickle=False)
    if isinstance(file, np.ndarray):
        return {name: as_numbers(file) for name in COLUMNS}
    with file:
        return {name: as_numbers(file[name]) for name in COLUMNS}
'''
_LOAD_PARTS: Final = '''def load_data():
    """The columns with the parts of each one after the other, and which sample is in which part."""
    with np.load(DATA_FILE, allow_pickle=False) as file:
        joined = joined_names(file.files)
        first = next(iter(joined.values()))
        part = np.repeat(list(first), [len(file[piece]) for piece in first.values()])
        pieces = {name: list(joined[name].values()) if name in joined else [name] for name in COLUMNS}
        columns = {name: as_numbers(np.concatenate([file[piece] for piece in pieces[name]])) for name in COLUMNS}
    return columns | {"(part)": part}
'''
_LOAD_FOLDER: Final = '''def load_data():
    """The columns that the model is trained on: an array of each file."""
    paths = {name: pathlib.Path(DATA_FILE, name + ".npy") for name in COLUMNS}
    return {name: as_numbers(np.load(path, mmap_mode="r", allow_pickle=False)) for name, path in paths.items()}
'''
_LOAD_FOLDER_PARTS: Final = '''def load_data():
    """The columns with the parts of each one after the other, and which sample is in which part."""
    paths = {path.stem: path for path in pathlib.Path(DATA_FILE).glob("*.npy")}
    arrays = {name: np.load(path, mmap_mode="r", allow_pickle=False) for name, path in paths.items()}
    joined = joined_names(sorted(arrays))
    first = next(iter(joined.values()))
    part = np.repeat(list(first), [len(arrays[piece]) for piece in first.values()])
    columns = {}
    for name in COLUMNS:
        pieces = [arrays[piece] for piece in joined[name].values()] if name in joined else [arrays[name]]
        columns[name] = as_numbers(np.concatenate(pieces))
    return columns | {"(part)": part}
'''
_LATER: Final = '''def load_data():
    """The columns that the model is trained on, read later."""
    array = np.load(DATA_FILE, mmap_mode="r", allow_pickle=False)
    return {name: later_column([array]) for name in COLUMNS}
'''
_LATER_FOLDER: Final = '''def load_data():
    """The columns that the model is trained on, read later: an array of each file."""
    paths = {name: pathlib.Path(DATA_FILE, name + ".npy") for name in COLUMNS}
    return {name: later_column([np.load(path, mmap_mode="r", allow_pickle=False)]) for name, path in paths.items()}
'''
_LATER_FOLDER_PARTS: Final = '''def load_data():
    """The columns, read later, with the parts of each one after the other, and which sample is in which part."""
    paths = {path.stem: path for path in pathlib.Path(DATA_FILE).glob("*.npy")}
    arrays = {name: np.load(path, mmap_mode="r", allow_pickle=False) for name, path in paths.items()}
    joined = joined_names(sorted(arrays))
    first = next(iter(joined.values()))
    part = np.repeat(list(first), [len(arrays[piece]) for piece in first.values()])
    columns = {}
    for name in COLUMNS:
        pieces = [arrays[piece] for piece in joined[name].values()] if name in joined else [arrays[name]]
        columns[name] = later_column(pieces)
    return columns | {"(part)": part}
'''


def open_source(source: DataSource) -> Source:
    """Raises DataError."""
    joined = option_of(source, own_parts.SETTING) == JOINED
    path = Path(source.path)
    if path.is_dir():
        return _folder(path, joined)
    file = require_file(source.path)
    if not _is_archive(file):
        array = npy_array(file, file.name)
        arrays, left_out = ({}, {file.stem: array}) if isinstance(array, Text) else ({file.stem: array}, {})
        return _source(file.name, arrays, left_out, joined=False)
    archive = Archive(file)
    try:
        return _source(file.name, archive.arrays, archive.left_out, joined, archive)
    except BaseException:
        archive.close()
        raise


def _folder(path: Path, joined: bool) -> Source:
    """Raises DataError."""
    files = folder_files(require_folder(str(path)), (".npy",), None, _MOST_FILES)
    if not files:
        raise DataError(Text.of("{folder} holds no .npy files.", folder=path.name))
    found = {file.stem: npy_array(file, file.name) for file in files}
    arrays = {name: array for name, array in found.items() if isinstance(array, Stored)}
    left_out = {name: array for name, array in found.items() if isinstance(array, Text)}
    return _source(path.name, arrays, left_out, joined)


def _source(
    title: str, arrays: dict[str, Stored], left_out: dict[str, Text], joined: bool, archive: Archive | None = None
) -> Source:
    columns, reasons = sorted_out(arrays, left_out)
    parts: Parts = MappingProxyType({})
    if joined:
        columns, more, parts = join_parts(columns, title)
        reasons |= more
    return ArraySource(title, columns, reasons, parts, on_close=archive.close if archive is not None else None)


def _is_archive(file: Path) -> bool:
    """Raises DataError."""
    try:
        with open_regular(file) as stream:
            return stream.read(len(BEGINS)) != BEGINS
    except OSError as error:
        raise unreadable(file.name, os_reason(error)) from error


def recognise(path: Path) -> Recognised | None:
    """A folder of `.npy` files, or a file that begins as NumPy's do."""
    if path.is_dir():
        files = folder_files(path, (".npy",), None, _MOST_FILES, looked=MOST_LISTED)
        names = [file.stem for file in files]
        what = Text.of("{count} NumPy files: {names}", count=len(names), names=listed(names, _SHOWN))
        return Recognised(0.7, what, _proposed(names)) if names else None
    if not _is_archive(path):
        return Recognised(1.0, Text("a NumPy array"))
    if path.suffix.lower() != ".npz":
        return None
    archive = Archive(path)
    archive.close()
    names = list(archive.arrays)
    return Recognised(0.95, Text.of("NumPy arrays: {names}", names=listed(names, _SHOWN)), _proposed(names))


def _proposed(names: Sequence[str]) -> dict[str, str]:
    return {own_parts.SETTING.key: JOINED} if joined_names(names) else {}


def source_code(source: DataSource, columns: Sequence[str]) -> Loading:
    constants = (data_file(source), Constant("COLUMNS", list_of(map(quoted, columns))))
    joined = source.options.get(own_parts.SETTING.key) == JOINED
    if Path(source.path).suffix.lower() not in KIND.suffixes:
        if joined:
            return with_later((), constants, _LOAD_FOLDER_PARTS, _LATER_FOLDER_PARTS, has_parts=True)
        return with_later((), constants, _LOAD_FOLDER, _LATER_FOLDER)
    if joined:
        return Loading((), constants, (PLACES, AS_NUMBERS, OWN_PARTS, _LOAD_PARTS), has_parts=True)
    if Path(source.path).suffix.lower() == ".npy":
        return with_later((), constants, _LOAD, _LATER)
    return Loading((), constants, (PLACES, AS_NUMBERS, _LOAD))
