"""Exported scripts and notebooks read a file as Lamella does, value by value."""

from __future__ import annotations

import ast
import contextlib
import datetime
import importlib
import json
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest

from app.project.templates import template
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from graph_editor.exporters.notebook import notebook
from graph_editor.exporters.python_source import python_source
from runtime.data_kinds import kind_module
from runtime.python_code import RunCode
from runtime.spec import DataSource
from runtime.worker.data.opening import open_source
from tests.support.sheets import Cell, excel

TABLES = {
    "plain": "a,b,w\n1,2.5,x\n3,,y\n",
    "decimal commas": "a;b\n1,5;2\n2,25;3\n",
    "thousands": 'a,b\n500,1\n"1,200",2\n',
    "dots": "a;b\n500;1\n1.000;2\n",
    "signs": 'a,b,c\n12%,$5,−1\n5 %,"$1,200.50",2\n',
    "missing": "a,w\n1,cat\n-,NA\n3,dog\n?,\n",
    "no header": "1\t2\n3\t4\n",
    "twice": "a,a,,w\n1,2,3,x\n4,5,6,y\n",
    "years": "2019,2020\n1,2\n",
    "empty lines": "\ufeffa,b\n\n1, 2\n,\n3,4\n",
    "quotes": 'a,w\n1,"x, ""y"""\n2,"two\nlines"\n',
    "full width": "a,b\n１２,x\n３．５,y\n",
}


def scripts(source: DataSource, columns: tuple[str, ...]) -> list[str]:
    entry = template("plain-stack")
    assert entry is not None
    document = entry.open()
    ends = list(document.data["bindings"])
    document.data = {
        "sources": [{"kind": source.kind, "path": source.path, "options": source.options}],
        "bindings": {end: list(columns) for end in ends},
    }
    return [write(document) for write in (_script, _notebook)]


def _script(document: Document) -> str:
    return python_source(document, Catalog.load(), RunCode())


def _notebook(document: Document) -> str:
    cells = json.loads(notebook(document, Catalog.load(), RunCode()))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


def load_data(script: str, folder: Path, **given: Any) -> dict[str, Any]:
    """What `load_data()` of a script that lies in a folder gives, with modules that are `given`; no model is built."""
    with ran(script, folder, **given) as module:
        loaded: dict[str, Any] = module.load_data()
    return loaded


@contextlib.contextmanager
def ran(script: str, folder: Path, **given: Any) -> Iterator[Any]:
    """The functions of a script as a module; nothing of Keras is in it but what is `given`."""
    module = ModuleType("script")
    module.__file__ = str(folder / "script.py")
    module.__dict__.update(given)
    if "import tensorflow" in script:
        importlib.import_module("tensorflow")  # what is imported below is forgotten, and it cannot be imported twice
    with patch.dict(sys.modules, {"script": module}):  # where dataclasses look for names
        exec(compile(ast.Module(list(_kept(script)), []), "script.py", "exec"), module.__dict__)
        yield module


def _kept(script: str) -> Iterator[ast.stmt]:
    """Imports but Keras, functions, constants, and classes but those that are Keras'."""
    for node in ast.parse(script).body:
        if isinstance(node, ast.ClassDef) and any("keras." in ast.unparse(base) for base in node.bases):
            continue
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if ast.unparse(target).isupper():
                yield node
        elif not isinstance(node, ast.Expr | ast.If) and ast.unparse(node) != "import keras":
            yield node


def require_same(source: DataSource) -> None:
    with open_source(source) as opened:
        expected = {name: opened.read(name, slice(0, opened.shape(name)[0])) for name in opened.names()}
    for script in scripts(source, tuple(expected)):
        loaded = load_data(script, Path(source.path).parent)
        for name, values in expected.items():
            assert loaded[name].dtype == values.dtype, name
            np.testing.assert_array_equal(loaded[name], values)


@pytest.mark.parametrize("text", TABLES.values(), ids=TABLES.keys())
def test_tables(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_text(text, "utf-8", newline="")
    require_same(DataSource("csv", str(tmp_path / "a.csv")))


@pytest.mark.parametrize("encoding", ["cp949", "utf-16", "utf-8-sig"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes("맛,점수\n좋음,3\n나쁨,1\n".encode(encoding))
    require_same(DataSource("csv", str(tmp_path / "a.csv")))


def test_what_a_project_says_of_a_table(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("500|1.000\n600|2.000\n", "utf-8")
    require_same(DataSource("csv", str(tmp_path / "a.csv"), {"delimiter": "|", "header": False, "decimal": ","}))
    require_same(DataSource("csv", str(tmp_path / "a.csv"), {"header": True, "decimal": "."}))


def _hdf5(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file["x"] = np.ones((4, 2), "f4")
        file["words"] = ["b", "NA", "", "a"]
        file["numbers"] = ["1", "2.5", "-", "4"]
        file["nothing"] = ["", "NA", "?", "-"]


def _npz(path: Path) -> None:
    np.savez(path, x=np.ones((4, 2), ">f8"), w=np.array(["b", "NA", "", "a"]), n=np.array([b"10", b"9", b"1", b"2"]))


def _npy(path: Path) -> None:
    np.save(path, np.arange(8.0).reshape(4, 2))


def test_free_texts_stay_texts(tmp_path: Path) -> None:
    texts = [f"문장 {number}" for number in range(60)]
    np.savez(tmp_path / "a.npz", t=np.array(texts), b=np.array([text.encode() for text in texts]))
    require_same(DataSource("npz", str(tmp_path / "a.npz")))
    with open_source(DataSource("npz", str(tmp_path / "a.npz"))) as source:
        assert source.read("b", slice(1, 3)).tolist() == ["문장 1", "문장 2"]
        assert (source.column("t").kind, source.categories("t")) == ("text", ())


@pytest.mark.parametrize(("name", "write"), [("a.h5", _hdf5), ("a.npz", _npz), ("a.npy", _npy)])
def test_arrays(tmp_path: Path, name: str, write: Callable[[Path], None]) -> None:
    write(tmp_path / name)
    require_same(DataSource("hdf5" if name.endswith("h5") else "npz", str(tmp_path / name)))


def _parquet(path: Path) -> None:
    table = {
        "n": [1, None, 3],
        "f": [0.5, 1, 2],
        "w": ["b", None, "a"],
        "v": pa.array([[1, 2]] * 3, pa.list_(pa.int8(), 2)),
    }
    pyarrow.parquet.write_table(pa.table(table), path, row_group_size=2)


def _feather(path: Path) -> None:
    table = {"d": pa.array([0, None, 86400], pa.timestamp("s")), "b": [True, False, True], "n": ["1", "2", "-"]}
    pyarrow.feather.write_feather(pa.table(table), path, chunksize=2)


def _jsonl(path: Path) -> None:
    path.write_text('{"a": 1, "w": "x"}\n\n{"a": "many", "d": "2020-01-02"}\n{"a": 2.5, "w": "b"}\n', "utf-8")


def _excel(path: Path) -> None:
    rows: list[list[Cell]] = [
        ["a", "w", "d"],
        [1, "x", datetime.date(2020, 1, 2)],
        [2, True, None],
        ["many", "y", None],
    ]
    excel(path, {"one": rows}, first="C2")


def _sqlite(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE t (a, w, d)")
        database.executemany(
            "INSERT INTO t VALUES (?, ?, ?)", [(1, "x", "2020-01-02"), (2.5, None, None), ("z", "b", "")]
        )


TYPED = [
    ("parquet", _parquet, {}),
    ("feather", _feather, {}),
    ("jsonl", _jsonl, {}),
    ("excel", _excel, {}),
    ("excel", _excel, {"sheet": "one", "area": "D2:E4", "header": True}),
    ("sqlite", _sqlite, {}),
    ("sqlite", _sqlite, {"query": "SELECT a * 2 AS twice, w FROM t"}),
]


@pytest.mark.parametrize(("kind", "write", "options"), TYPED)
def test_typed_tables(tmp_path: Path, kind: str, write: Callable[[Path], None], options: dict[str, Any]) -> None:
    path = tmp_path / f"a{kind_module(kind).KIND.suffixes[0]}"
    write(path)
    require_same(DataSource(kind, str(path), options))
