"""HDF5 files: every dataset of numbers or words, anywhere in the tree, is a column named by its path.

A folder of such files, or a pattern of their names, is read as one: the same columns, file after file. Nothing outside
the folder is ever read: a link or a virtual dataset that leads out of it is left out, and that is said.
The desktop asks this module for `KIND`, and must not have h5py for that: it is imported where a file is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from resources.plain import listed
from resources.python_code.in_scripts.own_parts import joined_names, stem_and_part
from resources.python_code.parts import Constant, Loading
from resources.python_code.pieces import list_of, literal, quoted
from resources.text import Text
from resources.training.setting import Setting
from runtime.data_kinds import DataKind, Recognised
from runtime.python_code import data_file
from runtime.spec import DataSource
from runtime.worker.data.arrays import own_parts
from runtime.worker.data.arrays.array_code import with_later
from runtime.worker.data.arrays.array_source import ArraySource, sorted_out
from runtime.worker.data.arrays.folders import folder_files, option_of, require_folder
from runtime.worker.data.arrays.hdf5_files import ERRORS, Hdf5Array, Hdf5Files, Listing, by_hard_links, opened
from runtime.worker.data.arrays.own_parts import JOINED, PARTS, Parts, join_parts
from runtime.worker.data.arrays.stored import Joined, Stored
from runtime.worker.data.files import MOST_LISTED, require_file
from runtime.worker.data.source import DataError, Source

_SUFFIXES: Final = (".h5", ".hdf5", ".hdf", ".he5")
_FILES: Final = Setting(
    key="files",
    title=Text("Files"),
    help=Text("A pattern of names, as part-*.h5: their columns are put one after the other. Empty: this file alone."),
    kind="text",
    default=None,
    order=20,
    section="option",
    none=Text("none"),
    pattern=r"[^/\\]+",
    form_of_text=Text("a pattern of file names without folders, as part-*.h5"),
)
KIND = DataKind("hdf5", Text("HDF5 file"), _SUFFIXES, folders=True, options=(own_parts.SETTING, _FILES))
_MOST_FILES: Final = 10_000
_SHOWN: Final = 4
_LOOKED_AT: Final = 200  # names, when a file is recognised
_OF_A_MODEL: Final = ("model_config", "layer_names", "keras_version")  # attributes of weights: no data
_LOAD: Final = '''def load_data():
    """The columns that the model is trained on."""
    with h5py.File(DATA_FILE, "r") as file:
        return {name: as_numbers(file[name][:]) for name in COLUMNS}
'''
_LOAD_PARTS: Final = '''def load_data():
    """The columns with the parts of each one after the other, and which sample is in which part."""
    with h5py.File(DATA_FILE, "r") as file:
        names = []
        file.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
        joined = joined_names(names)
        first = next(iter(joined.values()))
        part = np.repeat(list(first), [len(file[piece]) for piece in first.values()])
        pieces = {name: list(joined[name].values()) if name in joined else [name] for name in COLUMNS}
        columns = {name: as_numbers(np.concatenate([file[piece][:] for piece in pieces[name]])) for name in COLUMNS}
    return columns | {"(part)": part}
'''
_LOAD_FILES: Final = '''def load_data():
    """The columns that the model is trained on, from all files one after the other."""
    folder = pathlib.Path(DATA_FILE)
    paths = (folder if folder.is_dir() else folder.parent).glob(FILES)
    columns = {name: [] for name in COLUMNS}
    for path in sorted(paths, key=lambda path: file_order(path.name, False)):
        with h5py.File(path, "r") as file:
            for name in COLUMNS:
                columns[name].append(file[name][:])
    return {name: as_numbers(np.concatenate(pieces)) for name, pieces in columns.items()}
'''
_LOAD_FILES_PARTS: Final = '''def load_data():
    """The columns from all files one after the other, and which sample is in which part."""
    folder = pathlib.Path(DATA_FILE)
    paths = (folder if folder.is_dir() else folder.parent).glob(FILES)
    columns = {name: [] for name in (*COLUMNS, "(part)")}
    for path in sorted(paths, key=lambda path: file_order(path.name, True)):
        with h5py.File(path, "r") as file:
            for name in COLUMNS:
                columns[name].append(file[name][:])
            first = file.visititems(lambda _, item: item if getattr(item, "shape", ()) else None)
            columns["(part)"].append(np.full(len(first), stem_and_part(path.stem)[1]))
    return {name: as_numbers(np.concatenate(pieces)) for name, pieces in columns.items()}
'''
_LATER: Final = '''def load_data():
    """The columns that the model is trained on, read later: the file stays open, with room for its chunks."""
    file = h5py.File(DATA_FILE, "r", rdcc_nbytes=2**27)
    return {name: later_column([file[name]]) for name in COLUMNS}
'''
_LATER_PARTS: Final = '''def load_data():
    """The columns, read later, with the parts of each one after the other, and which sample is in which part."""
    file = h5py.File(DATA_FILE, "r", rdcc_nbytes=2**27)  # stays open, with room for its chunks
    names = []
    file.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
    joined = joined_names(names)
    first = next(iter(joined.values()))
    part = np.repeat(list(first), [len(file[piece]) for piece in first.values()])
    pieces = {name: list(joined[name].values()) if name in joined else [name] for name in COLUMNS}
    columns = {name: later_column([file[piece] for piece in pieces[name]]) for name in COLUMNS}
    return columns | {"(part)": part}
'''
_LATER_FILES: Final = '''def load_data():
    """The columns from all files one after the other, read later: the files stay open."""
    folder = pathlib.Path(DATA_FILE)
    paths = (folder if folder.is_dir() else folder.parent).glob(FILES)
    files = [h5py.File(path, "r") for path in sorted(paths, key=lambda path: file_order(path.name, False))]
    return {name: later_column([file[name] for file in files]) for name in COLUMNS}
'''
_LATER_FILES_PARTS: Final = '''def load_data():
    """The columns from all files, read later, and which sample is in which part: the files stay open."""
    folder = pathlib.Path(DATA_FILE)
    paths = (folder if folder.is_dir() else folder.parent).glob(FILES)
    paths = sorted(paths, key=lambda path: file_order(path.name, True))
    files = [h5py.File(path, "r") for path in paths]
    counts = [len(file.visititems(lambda _, item: item if getattr(item, "shape", ()) else None)) for file in files]
    part = np.repeat([stem_and_part(path.stem)[1] for path in paths], counts)
    return {name: later_column([file[name] for file in files]) for name in COLUMNS} | {"(part)": part}
'''


def open_source(source: DataSource) -> Source:
    """Raises DataError."""
    path, pattern = Path(source.path), option_of(source, _FILES)
    joined = option_of(source, own_parts.SETTING) == JOINED
    if path.is_dir() or pattern is not None:
        return _several(path, pattern, joined)
    files = Hdf5Files(require_file(source.path).parent)
    try:
        listing = Listing(files, path.resolve())
        arrays, left_out = _arrays(files, listing)
        parts: Parts = MappingProxyType({})
        if joined:
            arrays, more, parts = join_parts(arrays, path.name)
            left_out |= more
        return ArraySource(path.name, arrays, left_out, parts, on_close=files.close)
    except BaseException:
        files.close()
        raise


def _arrays(files: Hdf5Files, listing: Listing) -> tuple[dict[str, Stored], dict[str, Text]]:
    return sorted_out({name: Hdf5Array(files, found, name) for name, found in listing.found.items()}, listing.left_out)


def _several(path: Path, pattern: str | None, joined: bool) -> Source:
    """Files of one folder, one after the other. Raises DataError."""
    folder = require_folder(str(path)) if path.is_dir() else path.parent
    paths = folder_files(folder, _SUFFIXES, pattern, _MOST_FILES, by_part=joined)
    title = folder.name if path.is_dir() else path.name
    if not paths:
        raise DataError(Text.of("{folder} holds no HDF5 files of this name.", folder=folder.name))
    file_parts = [_part(file) for file in paths]
    if joined and (None in file_parts or len(set(file_parts)) < 2):
        text = Text.of(
            "The files of {folder} are not called after parts (train, validation, test): read them with parts apart.",
            folder=folder.name,
        )
        raise DataError(text)
    files = Hdf5Files(folder)
    try:
        arrays, left_out = _concatenated(files, paths)
        parts = _parts_of_files(arrays, [part or 0 for part in file_parts]) if joined else {}
        note = Text.of("{count} files are read one after the other.", count=len(paths))
        return ArraySource(title, arrays, left_out, parts, notes=(note,), on_close=files.close)
    except BaseException:
        files.close()
        raise


def _concatenated(files: Hdf5Files, paths: Sequence[Path]) -> tuple[dict[str, Stored], dict[str, Text]]:
    """Raises DataError where a file has other columns than the first."""
    first: dict[str, Stored] = {}
    left_out: dict[str, Text] = {}
    pieces: dict[str, list[Stored]] = {}
    for path in paths:
        found, more = _arrays(files, Listing(files, path.resolve()))
        left_out |= more
        if path is paths[0]:
            first, pieces = found, {name: [] for name in found}
        _require_alike(first, found, paths[0].name, path.name)
        for name, array in found.items():
            pieces[name].append(array)
    names = [path.name for path in paths]
    return {name: Joined(arrays, names) for name, arrays in pieces.items()}, left_out


def _require_alike(first: Mapping[str, Stored], found: Mapping[str, Stored], one: str, other: str) -> None:
    """Raises DataError."""
    if first.keys() != found.keys():
        names = sorted(first.keys() ^ found.keys())
        text = Text.of(
            "{one} and {other} have not the same columns: {names} is in one of them alone.",
            one=one,
            other=other,
            names=listed(names, _SHOWN),
        )
        raise DataError(text)
    for name, array in found.items():
        if array.shape[1:] != first[name].shape[1:] or array.is_words != first[name].is_words:
            text = Text.of(
                "{one} and {other} have samples of other shapes in {column}.", one=one, other=other, column=name
            )
            raise DataError(text)


def _part(file: Path) -> int | None:
    found = stem_and_part(file.stem)
    return found[1] if found is not None else None


def _parts_of_files(arrays: Mapping[str, Stored], file_parts: Sequence[int]) -> Parts:
    """Files of a part stand one behind the other. Columns without the same samples have no parts together."""
    bounds = [array.bounds() for array in arrays.values() if isinstance(array, Joined)]
    if any(rows != bounds[0] for rows in bounds):
        raise DataError(Text("The columns of these files have not the same number of samples."))
    found: dict[int, list[slice]] = {}
    for part, piece in zip(file_parts, bounds[0] if bounds else (), strict=bool(bounds)):
        found.setdefault(part, []).append(piece)
    return {PARTS[part]: tuple(pieces) for part, pieces in found.items()}


def recognise(path: Path) -> Recognised | None:
    """A folder of such files, or a file that is no model's."""
    if path.is_dir():
        paths = folder_files(path, _SUFFIXES, None, _MOST_FILES, looked=MOST_LISTED)
        if not paths:
            return None
        parts = {_part(file) for file in paths}
        options = {own_parts.SETTING.key: JOINED} if None not in parts and len(parts) > 1 else {}
        return Recognised(0.7, Text.of("{count} HDF5 files", count=len(paths)), options)
    import h5py

    if not h5py.is_hdf5(path):
        return None
    try:
        with opened(path) as file:
            if any(name in file.attrs for name in _OF_A_MODEL) or "MATLAB_fields" in file.attrs:
                return None
            names = [name for name, _ in zip(file, range(_LOOKED_AT), strict=False)]
            shown = [by_hard_links(file.id, name) for name in names[:_SHOWN]]  # links may lead anywhere
            matlab = any(item is not None and h5py.h5a.exists(item, b"MATLAB_class") for item in shown)
    except ERRORS as error:
        raise DataError(Text("{file} is damaged and cannot be listed.", {"file": path.name}), str(error)) from error
    if matlab and path.suffix == ".mat":
        return None
    options = {own_parts.SETTING.key: JOINED} if joined_names(names) else {}
    return Recognised(0.95, Text.of("HDF5: {names}", names=listed(names, _SHOWN)), options)


def source_code(source: DataSource, columns: Sequence[str]) -> Loading:
    constants = (data_file(source), Constant("COLUMNS", list_of(map(quoted, columns))))
    pattern = source.options.get(_FILES.key)
    joined = source.options.get(own_parts.SETTING.key) == JOINED
    imports = ("import h5py",)
    if pattern or Path(source.path).suffix.lower() not in _SUFFIXES:
        files = Constant("FILES", literal(pattern or "*.h*"))
        load = (_LOAD_FILES_PARTS, _LATER_FILES_PARTS) if joined else (_LOAD_FILES, _LATER_FILES)
        return with_later(imports, (*constants, files), *load, has_parts=joined, named_parts=True)
    if joined:
        return with_later(imports, constants, _LOAD_PARTS, _LATER_PARTS, has_parts=True)
    return with_later(imports, constants, _LOAD, _LATER)
