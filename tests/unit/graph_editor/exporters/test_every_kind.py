"""Scripts of every kind of data, with every option that it has, with and without steps: they read what Lamella feeds.

An option, or a value of one, that is added to a kind has to be added here: it would be read without a word otherwise.
"""

from __future__ import annotations

import builtins
import contextlib
import sqlite3
import symtable
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest
import scipy.io
from PIL import Image

from resources.python_code.pieces import SourceError
from runtime.data_kinds import data_kinds, kind_module
from runtime.messages.preparing import Preparing
from runtime.project_spec import data_from_project
from runtime.splits import split_of
from runtime.worker.data.opening import open_data
from runtime.worker.data.prepared import prepared
from runtime.worker.data.preparing.known_states import KnownStates
from runtime.worker.data.source import Source
from tests.support.sheets import Cell, excel
from tests.support.sounds import save_wave, tone
from tests.unit.graph_editor.exporters.test_own_parts import project
from tests.unit.graph_editor.exporters.test_reading_data import _script, ran

Json = dict[str, Any]
RANDOM: Final = np.random.default_rng(5)
ALL: Final = {"validation_percent": 0.0, "own_parts": False}
# What no file is needed for, and what scripts read by TensorFlow: their own tests compare what they read.
ELSEWHERE: Final = {"known", "python", "random", "tfds", "tfrecord"}


def _csv(folder: Path) -> str:
    (folder / "a.csv").write_text("n,w,d\n1,x,1/2/2020\n-,y,3/4/2020\n2,x,5/6/2020\n3.5,'y',7/8/2020\n", "utf-8")
    return "a.csv"


def _excel(folder: Path) -> str:
    rows: list[list[Cell]] = [["a", "w"], [1, "x"], [2, "y"], [None, "x"]]
    excel(folder / "a.xlsx", {"one": rows, "two": rows[::-1]}, first="C2")
    return "a.xlsx"


def _table() -> pa.Table:
    return pa.table({"n": [1.5, None, 3], "w": ["b", None, "a"], "v": pa.array([[1, 2]] * 3, pa.list_(pa.int8(), 2))})


def _feather(folder: Path) -> str:
    pyarrow.feather.write_feather(_table(), folder / "a.feather", chunksize=2)
    return "a.feather"


def _parquet(folder: Path) -> str:
    pyarrow.parquet.write_table(_table(), folder / "a.parquet", row_group_size=2)
    return "a.parquet"


def _jsonl(folder: Path) -> str:
    (folder / "a.jsonl").write_text('{"a": 1, "w": "x"}\n{"a": 2.5, "w": "b"}\n{"w": "x"}\n', "utf-8")
    return "a.jsonl"


def _sqlite(folder: Path) -> str:
    with contextlib.closing(sqlite3.connect(folder / "a.db")) as database, database:
        for table in "st":
            database.execute(f"CREATE TABLE {table} (a, w)")
            database.executemany(f"INSERT INTO {table} VALUES (?, ?)", [(1, "x"), (2.5, None), (ord(table), "b")])
    return "a.db"


def _arrays() -> Json:
    train, test = RANDOM.random((4, 2)), RANDOM.random((4, 2))
    return {"x_train": train, "y_train": np.arange(4), "x_test": test, "y_test": np.arange(4)}


def _hdf5(folder: Path) -> str:
    for name in ("a.h5", "a2.h5"):
        with h5py.File(folder / name, "w") as file:
            for key, array in _arrays().items():
                file[key] = array
    return "a.h5"


def _matlab(folder: Path) -> str:
    scipy.io.savemat(folder / "a.mat", _arrays())
    return "a.mat"


def _npz(folder: Path) -> str:
    np.savez(folder / "a.npz", **_arrays())
    return "a.npz"


def _pictures(folder: Path) -> str:
    """Of classes by their folders, with masks of the same names beside them."""
    for row in range(6):
        for kind, colours in (("images", 3), ("masks", 1)):
            path = folder / "a" / kind / f"{'cat' if row % 2 else 'dog'}.{row}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            values = RANDOM.integers(0, 255, (5, 7, colours)).astype(np.uint8)
            Image.fromarray(values[..., 0] if colours == 1 else values).save(path)
    return "a"


def _sound(folder: Path) -> str:
    for row in range(4):
        save_wave(folder / "a" / "xy"[row % 2] / f"{'cat' if row % 2 else 'dog'}.{row}.wav", tone(row, 60, 1 + row % 2))
    return "a"


def _text(folder: Path) -> str:
    for row in range(8):
        path = folder / "a" / "xy"[row % 2] / f"{'cat' if row % 2 else 'dog'}.{row}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("" if row == 4 else f"text {row}", "utf-8")
    return "a"


def _saved(folder: Path) -> str:
    (folder / "a").mkdir()
    table = pa.table({"x": [1.0, 2.0, 3.0], "w": ["a", "b", "a"]})
    with pa.OSFile(str(folder / "a" / "data-0.arrow"), "wb") as stream, pa.ipc.new_stream(stream, table.schema) as out:
        out.write_table(table)
    (folder / "a" / "state.json").write_text('{"_data_files": [{"filename": "data-0.arrow"}]}')
    (folder / "a" / "dataset_info.json").write_text("{}")
    return "a"


class Sample:
    """How a file of a kind is written, with options that it needs, and other values of each option."""

    def __init__(
        self,
        write: Callable[[Path], str],
        needed: Json | None = None,
        together: tuple[Json, ...] | list[Json] = (),
        **others: list[Any],
    ) -> None:
        self.write, self.needed, self.together, self.others = write, needed or {}, together, others

    def options(self) -> Iterator[Json]:
        yield self.needed
        yield from ({**self.needed, **options} for options in self.together)
        for key, values in self.others.items():
            yield from ({**self.needed, key: value} for value in values if self.needed.get(key) != value)


PICTURES: Final = {"height": 4, "width": 5, "colour": "rgb", "depth": "8"}
SAMPLES: Final = {
    "csv": Sample(
        _csv, delimiter=[";"], decimal=[".", ","], header=[False, True], encoding=["cp949"], quote=['"', "'", "none"],
        comment=["2"], missing=["x"], dates=["day", "month", "year"],
    ),
    "excel": Sample(_excel, sheet=["two"], area=["C2:C4"], header=[False, True]),
    "feather": Sample(_feather),
    "hdf5": Sample(_hdf5, parts=["apart", "joined"], files=["a*.h5"]),
    "huggingface": Sample(_saved),
    "jsonl": Sample(_jsonl),
    "matlab": Sample(_matlab, parts=["apart", "joined"], samples=["first", "last"]),
    "npz": Sample(_npz, parts=["apart", "joined"]),
    "parquet": Sample(_parquet),
    "pictures": Sample(
        _pictures, PICTURES, layout=["classes", "names", "masks", "flat"], picture_folder=["images"],
        mask_folder=["masks"], height=[8], width=[3], fit=["stretch", "crop", "pad"], colour=["grey", "rgb", "rgba"],
        depth=["8"], interpolation=["nearest", "area", "bilinear", "bicubic", "lanczos3"],
        skip_unreadable=[True, False],
        together=[{"colour": "grey", "depth": "16"}, {"colour": "grey", "depth": "float"}],
    ),
    "sound": Sample(
        _sound, {"rate": 800, "seconds": 0.05}, layout=["classes", "names", "flat"], rate=[1600], seconds=[0.1],
        channels=["mixed", "with_axis", "as_files"], skip_unreadable=[True, False],
    ),
    "sqlite": Sample(_sqlite, table=["t"], query=["SELECT a * 2 AS twice, w FROM t"]),
    "text": Sample(
        _text, layout=["classes", "names", "flat"], encoding=["utf-8", "cp949"], keep_empty=[True, False],
        skip_unreadable=[True, False],
    ),
}  # fmt: skip
CASES: Final = [(kind, options) for kind, sample in SAMPLES.items() for options in sample.options()]


def test_no_kind_and_no_option_is_forgotten() -> None:
    assert {kind.key for kind in data_kinds()} == {*SAMPLES, *ELSEWHERE}
    for key, sample in SAMPLES.items():
        assert {setting.key for setting in kind_module(key).KIND.options} == {*sample.others}, key


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, str]]:
    """The folder and the file of a kind, written once."""
    known: dict[str, tuple[Path, str]] = {}

    def written(kind: str) -> tuple[Path, str]:
        if kind not in known:
            folder = tmp_path_factory.mktemp(kind)
            known[kind] = (folder, SAMPLES[kind].write(folder))
        return known[kind]

    return written


def steps_for(source: Source, name: str) -> list[Json]:
    """Steps of no layer, which run without Keras."""
    if source.categories(name):
        return [{"step": "fill", "value": "none"}, {"step": "one_hot"}]
    if source.dtype(name).kind == "O":
        return [{"step": "fill", "value": "none"}]
    return [{"step": "fill", "with": "mean"}, {"step": "to_range"}] if source.dtype(name).kind == "f" else []


@pytest.mark.parametrize(("kind", "options"), CASES, ids=lambda value: str(value) if isinstance(value, dict) else value)
def test_a_script_reads_and_prepares_what_lamella_does(files: Any, kind: str, options: Json) -> None:
    folder, path = files(kind)
    sources = [{"kind": kind, "path": path, "options": options}]
    with open_data(data_from_project({"sources": sources}, folder)) as source:
        steps = {name: {"steps": steps_for(source, name)} for name in source.names()}
    for columns in ({}, {name: spec for name, spec in steps.items() if spec["steps"]}):
        document = project(sources, list(steps), **ALL)
        document.data = {**document.data, "columns": columns}
        script = _script(document)
        assert list(undefined(script)) == []
        with ran(script, folder) as program:
            loaded = program.load_data()
            loaded = program.prepare(loaded, slice(None)) if columns else loaded
        for name, expected in fed(document.data, folder).items():
            found = np.asarray(loaded[name]).reshape(expected.shape)
            if expected.dtype.kind == "f":
                np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6, err_msg=name)
            else:
                np.testing.assert_array_equal(found, expected, name)


def fed(data: Json, folder: Path) -> Json:
    """All columns behind their steps, as the trainer is fed with them."""
    spec = data_from_project(data, folder)
    with open_data(spec) as opened:
        source = prepared(opened, spec, Preparing(split_of(ALL), ()), KnownStates())
        return {name: source.read(name, slice(0, source.shape(name)[0])) for name in source.names()}


def undefined(script: str) -> Iterator[str]:
    """Names that a script uses and that nothing gives a value."""
    table = symtable.symtable(script, "script", "exec")
    given = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    given |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_namespace()}

    def used(inner: symtable.SymbolTable) -> Iterator[str]:
        for symbol in inner.get_symbols():
            if symbol.is_global() and symbol.is_referenced():
                yield symbol.get_name()
        for child in inner.get_children():
            yield from used(child)

    yield from ({*used(table)} - given - {*dir(builtins), "__file__", "__name__"})


@pytest.mark.parametrize(
    ("kind", "options", "sentence"),
    [
        ("pictures", {}, "Choose height, width and colours of the pictures in Data"),
        ("sound", {"rate": 8000}, "Choose rate and length of the sounds in Data"),
        ("python", {}, "Say in the option name what gives the batches"),
        ("csv", {"delimiter": ";;"}, "a delimiter is one character"),
        ("nothing", {}, "nothing"),
    ],
)
def test_a_script_that_cannot_be_written_is_refused_with_the_reason(kind: str, options: Json, sentence: str) -> None:
    with pytest.raises(SourceError, match=sentence):
        _script(project([{"kind": kind, "path": "a.py", "options": options}], ["x"]))
