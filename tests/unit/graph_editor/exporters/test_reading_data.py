"""Exported scripts and notebooks read a file as Lamella does, value by value."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import h5py
import numpy as np
import pytest

from app.project.templates import template
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from graph_editor.exporters.notebook import notebook
from graph_editor.exporters.python_source import python_source
from runtime.python_code import RunCode
from runtime.spec import DataSource
from runtime.worker.data.source import open_source

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
        "source": {"kind": source.kind, "path": source.path, "options": source.options},
        "bindings": {end: list(columns) for end in ends},
    }
    return [write(document) for write in (_script, _notebook)]


def _script(document: Document) -> str:
    return python_source(document, Catalog.load(), RunCode())


def _notebook(document: Document) -> str:
    cells = json.loads(notebook(document, Catalog.load(), RunCode()))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


def load_data(script: str, folder: Path) -> dict[str, Any]:
    """What `load_data()` of a script that lies in a folder gives; no model is built."""
    module = ModuleType("script")
    module.__file__ = str(folder / "script.py")
    with patch.dict(sys.modules, {"script": module}):  # where dataclasses look for names
        exec(compile(ast.Module(list(_kept(script)), []), "script.py", "exec"), module.__dict__)
        loaded: dict[str, Any] = module.load_data()
    return loaded


def _kept(script: str) -> Iterator[ast.stmt]:
    """Imports but Keras, functions, classes and constants."""
    for node in ast.parse(script).body:
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


@pytest.mark.parametrize(("name", "write"), [("a.h5", _hdf5), ("a.npz", _npz), ("a.npy", _npy)])
def test_arrays(tmp_path: Path, name: str, write: Callable[[Path], None]) -> None:
    write(tmp_path / name)
    require_same(DataSource("hdf5" if name.endswith("h5") else "npz", str(tmp_path / name)))
