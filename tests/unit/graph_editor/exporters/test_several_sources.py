"""Scripts and notebooks of data that comes from several sources."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.project.templates import template
from graph_editor.document.document import Document
from runtime.project_spec import data_from_project
from runtime.worker.data.opening import open_data
from tests.unit.graph_editor.exporters.test_reading_data import _notebook, _script, load_data

RANDOM = {"samples": 3, "columns": {"r": {"shape": [2]}}}


def project(folder: Path, **join: Any) -> Document:
    (folder / "a.csv").write_text("x,w\n1,b\n2,a\n3,b\n", "utf-8")
    (folder / "b.csv").write_text("x;y\n1,5;7\n2,5;8\n3,5;9\n", "utf-8")
    np.savez(folder / "c.npz", x=np.arange(6.0).reshape(3, 2))
    entry = template("plain-stack")
    assert entry is not None
    document = entry.open()
    document.data = {
        "sources": [
            {"kind": "csv", "path": "a.csv"},
            {"name": "second half", "kind": "csv", "path": "b.csv", "options": {"delimiter": ";"}, "join": join},
            {"name": 'odd" name', "kind": "npz", "path": "c.npz"},
            {"name": "made up", "kind": "random", "options": RANDOM},
        ],
        "bindings": {
            end: ["x", "w", "second half/x", "second half/y", 'odd" name/x', "made up/r"]
            for end in document.data["bindings"]
        },
    }
    return document


@pytest.mark.parametrize("write", [_script, _notebook])
def test_sources_that_are_joined_by_their_order(tmp_path: Path, write: Any) -> None:
    document = project(tmp_path, by="order")
    loaded = load_data(write(document), tmp_path)
    with open_data(data_from_project(document.data, tmp_path)) as source:
        assert sorted(loaded) == sorted(source.names())
        for name in source.names():
            np.testing.assert_array_equal(loaded[name], source.read(name, slice(0, 3)), name)


def test_a_source_that_feeds_nothing_is_not_read(tmp_path: Path) -> None:
    document = project(tmp_path)
    document.data = {**document.data, "bindings": {end: ["second half/y"] for end in document.data["bindings"]}}
    script = _script(document)
    assert "b.csv" in script and "a.csv" not in script and "c.npz" not in script
    assert load_data(script, tmp_path)["second half/y"].tolist() == [7, 8, 9]


JOINS: dict[str, dict[str, str]] = {
    "all": {"column": "file", "to": "name"},
    "fewer": {"column": "file", "to": "name", "missing": "leave_out", "double": "first"},
    "numbers": {"column": "n", "to": "n", "missing": "leave_out"},
}


@pytest.mark.parametrize("way", JOINS)
@pytest.mark.parametrize("write", [_script, _notebook])
def test_sources_that_are_joined_by_a_key(tmp_path: Path, write: Any, way: str) -> None:
    document = project(tmp_path)
    names = ["x/a.png", "b.png", "c.png", "d.png"][: 3 if way == "all" else 4]
    (tmp_path / "first.csv").write_text(
        "name,n\n" + "".join(f"{name},{n + 1}\n" for n, name in enumerate(names)), "utf-8"
    )
    double = "b,9,6\n" if way == "fewer" else ""
    (tmp_path / "second.csv").write_text(f"file,v,n\nc,7,2\na,8,3\nb,5,1\n{double}", "utf-8")
    document.data = {
        "sources": [
            {"kind": "csv", "path": "first.csv"},
            {"name": "more", "kind": "csv", "path": "second.csv", "join": {"by": "key", **JOINS[way]}},
        ],
        "bindings": {end: ["more/v", "n", "more/file"] for end in document.data["bindings"]},
    }
    loaded = load_data(write(document), tmp_path)
    with open_data(data_from_project(document.data, tmp_path)) as source:
        for name in ("more/v", "n", "more/file"):
            np.testing.assert_array_equal(loaded[name], source.read(name, slice(0, source.shape(name)[0])), name)


def test_a_key_that_nothing_has_ends_the_script(tmp_path: Path) -> None:
    document = project(tmp_path, by="key", column="x", to="x")
    (tmp_path / "b.csv").write_text("x;y\n1,5;7\n2,5;8\n3,5;9\n", "utf-8")
    with pytest.raises(ValueError, match="nothing has the key 1"):
        load_data(_script(document), tmp_path)
