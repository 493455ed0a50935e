"""MATLAB's files, of version 7.3 and before: each variable of numbers or texts is a column.

Objects, structs and functions are left out, never made. MATLAB has the samples first or last: which it is, is found out
by lengths that are equal, or said by the option `samples`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from resources.plain import listed
from resources.python_code.in_scripts.matlab import sample_counts
from resources.python_code.in_scripts.own_parts import joined_names
from resources.python_code.parts import Constant, Loading
from resources.python_code.pieces import list_of, literal, quoted
from resources.python_code.shared import AS_NUMBERS, MATLAB, OWN_PARTS, PLACES
from resources.regular_files import open_regular
from resources.text import Text
from resources.training.choice_words import words_of
from resources.training.setting import Setting
from runtime.data_kinds import DataKind, Recognised
from runtime.lazy import LazyModule
from runtime.python_code import data_file
from runtime.spec import DataSource
from runtime.worker.data.arrays import own_parts
from runtime.worker.data.arrays.array_source import ArraySource, sorted_out
from runtime.worker.data.arrays.folders import option_of
from runtime.worker.data.arrays.hdf5_files import Hdf5Files
from runtime.worker.data.arrays.matlab_files import Variable, axis_of, variables_of_hdf5, variables_of_old
from runtime.worker.data.arrays.own_parts import JOINED, Parts, join_parts
from runtime.worker.data.files import require_file
from runtime.worker.data.source import Source

if TYPE_CHECKING:
    import h5py
else:
    h5py = LazyModule("h5py")

_SAMPLES: Final = Setting(
    key="samples",
    title=Text("Samples"),
    help=Text(
        "Which axis of MATLAB's arrays is the sample. If you do not say, it is the one whose length most of them share."
    ),
    kind="choice",
    default=None,
    order=20,
    section="option",
    choices=("first", "last"),
    words=words_of({"first": Text("the first axis"), "last": Text("the last axis")}),
)
KIND = DataKind("matlab", Text("MATLAB file"), (".mat",), options=(own_parts.SETTING, _SAMPLES))
_SHOWN: Final = 6
_OLD: Final = b"MATLAB"
_READ: Final = '''# What MATLAB calls its numbers, where NumPy calls them otherwise.
STORED = {"double": "float64", "single": "float32", "logical": "bool"}


def read_arrays():
    """All arrays with their samples first."""
    arrays = {}
    if h5py.is_hdf5(DATA_FILE):
        with h5py.File(DATA_FILE, "r") as file:
            read_group(file, file, "", arrays)
    else:
        for name, _, kind in scipy.io.whosmat(DATA_FILE):
            if kind not in ("struct", "sparse", "function", "object", "opaque", "unknown"):
                array = scipy.io.loadmat(DATA_FILE, variable_names=[name])[name]
                texts = kind in ("char", "cell")
                arrays[name] = array if texts else array.astype(STORED.get(kind, kind))
    arrays = {name: array for name, array in arrays.items() if array.size}
    counts = sample_counts({name: array.shape for name, array in arrays.items()})
    arrays = {name: samples_first(array, SAMPLES, counts[name]) for name, array in arrays.items()}
    return {name: cell_texts(array) if array.dtype.kind in "OU" else array for name, array in arrays.items()}
'''
_LOAD: Final = '''def load_data():
    """The columns that the model is trained on."""
    arrays = read_arrays()
    return {name: as_numbers(arrays[name]) for name in COLUMNS}
'''
_LOAD_PARTS: Final = '''def load_data():
    """The columns with the parts of each one after the other, and which sample is in which part."""
    arrays = read_arrays()
    joined = joined_names(arrays)
    first = next(iter(joined.values()))
    columns = {"(part)": np.repeat(list(first), [len(arrays[piece]) for piece in first.values()])}
    for name in COLUMNS:
        pieces = joined[name].values() if name in joined else [name]
        columns[name] = as_numbers(np.concatenate([arrays[piece] for piece in pieces]))
    return columns
'''
_READ_GROUP: Final = '''def read_group(file, group, prefix, arrays):
    """Numbers and texts of a file of version 7.3, whose axes are turned as MATLAB has them."""
    for key, item in group.items():
        kind = item.attrs.get("MATLAB_class", b"double").decode()
        if isinstance(item, h5py.Group) and not key.startswith("#"):
            read_group(file, item, prefix + key + "/", arrays)
        elif not isinstance(item, h5py.Dataset) or item.attrs.get("MATLAB_empty", 0):
            continue
        elif kind == "cell" and 1 in item.shape:
            cells = [file[reference] for reference in item[()].reshape(-1)]
            if all(cell.attrs.get("MATLAB_class") == b"char" for cell in cells):
                texts = ["" if cell.attrs.get("MATLAB_empty", 0) else rows_of_text(cell[()].T)[0] for cell in cells]
                arrays[prefix + key] = np.array(texts, object).reshape(-1, 1)
        elif kind == "char":
            arrays[prefix + key] = np.array(rows_of_text(item[()].T), object).reshape(-1, 1)
        elif item.dtype.kind in "biuf":
            arrays[prefix + key] = item[()].T.astype(bool) if kind == "logical" else item[()].T
'''
_CELL_TEXTS: Final = '''def cell_texts(cells):
    """The texts in the cells of an array."""
    return np.array([str(np.asarray(cell).reshape(-1)[0]).rstrip() if np.size(cell) else "" for cell in cells])
'''


def open_source(source: DataSource) -> Source:
    """Raises DataError."""
    samples = option_of(source, _SAMPLES)
    joined = option_of(source, own_parts.SETTING) == JOINED
    path = require_file(source.path).resolve()
    files = Hdf5Files(path.parent)
    try:
        hdf5 = h5py.is_hdf5(path)
        variables, left_out = variables_of_hdf5(files, path) if hdf5 else variables_of_old(path)
        axes = _axes(variables, samples)
        arrays, reasons = sorted_out({name: variables[name].stored(axis) for name, axis in axes.items()}, left_out)
        parts: Parts = MappingProxyType({})
        if joined:
            arrays, more, parts = join_parts(arrays, path.name)
            reasons |= more
        return ArraySource(path.name, arrays, reasons, parts, notes=_notes(variables, axes), on_close=files.close)
    except BaseException:
        files.close()
        raise


def _axes(variables: Mapping[str, Variable], samples: str | None) -> dict[str, int]:
    """The axis of each variable that is the sample."""
    counts = sample_counts({name: variable.shape for name, variable in variables.items()})
    return {name: axis_of(variable.shape, samples, counts[name]) for name, variable in variables.items()}


def _notes(variables: Mapping[str, Variable], axes: Mapping[str, int]) -> tuple[Text, ...]:
    last = [name for name, axis in axes.items() if axis and len(variables[name].shape) > 1]
    return (Text.of("The last axis is the sample in {names}.", names=listed(last, _SHOWN)),) if last else ()


def recognise(path: Path) -> Recognised | None:
    """A file that says it is MATLAB's."""
    if path.is_dir():
        return None
    with open_regular(path) as stream:
        begins = stream.read(len(_OLD))
    if begins != _OLD and path.suffix.lower() != ".mat":
        return None
    with open_source(DataSource("matlab", str(path))) as source:
        names = source.names()
    options = {own_parts.SETTING.key: JOINED} if joined_names(names) else {}
    return Recognised(1.0, Text.of("MATLAB: {names}", names=listed(names, _SHOWN)), options)


def source_code(source: DataSource, columns: Sequence[str]) -> Loading:
    constants = (
        data_file(source),
        Constant("COLUMNS", list_of(map(quoted, columns))),
        Constant("SAMPLES", literal(source.options.get(_SAMPLES.key)), behind="None: found out by equal lengths"),
    )
    imports = ("import h5py", "import scipy.io")
    joined = source.options.get(own_parts.SETTING.key) == JOINED
    load = (_LOAD_PARTS if joined else _LOAD,)
    functions = (PLACES, AS_NUMBERS, OWN_PARTS, MATLAB, _READ_GROUP, _CELL_TEXTS, _READ, *load)
    return Loading(imports, constants, functions, has_parts=joined)
