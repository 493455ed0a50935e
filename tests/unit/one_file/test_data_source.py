"""A data source is one file: it is listed, read, checked and written as Python, and nothing of it is left behind."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest

from app.project.templates import template
from graph_editor.catalog.catalog import Catalog
from graph_editor.exporters.python_source import python_source
from resources.python_code.pieces import SourceError
from runtime.data_kinds import data_kinds
from runtime.project_spec import data_from_project
from runtime.python_code import RunCode
from runtime.spec import DataSource
from runtime.worker.data.opening import open_source
from runtime.worker.data.source import DataError
from tests.support.dummies import one_more

PACKAGE = "runtime.worker.data.sources"
DUMMY = '''"""Numbers, one a line."""
import numpy as np

from resources.python_code.parts import Loading
from resources.text import Text
from runtime.data_kinds import DataKind
from runtime.python_code import IMPORT_NUMPY, data_file
from runtime.worker.data.files import require_file
from runtime.worker.data.source import Source

KIND = DataKind("lines", Text("Lines"), (".lines",))
_LOAD = """def load_data():
    return {"line": np.loadtxt(DATA_FILE)}
"""


def open_source(source):
    return Lines(np.loadtxt(require_file(source.path)))


def source_code(source, columns):
    return Loading(("import bisect", IMPORT_NUMPY), (data_file(source),), (_LOAD,))


class Lines(Source):
    title = "lines"

    def __init__(self, values):
        self._values = values

    def names(self):
        return ("line",)

    def shape(self, name):
        return self._values.shape

    def dtype(self, name):
        return self._values.dtype

    def read(self, name, rows):
        return self._values[rows]
'''


def test_one_more_kind_of_data(tmp_path: Path) -> None:
    file = tmp_path / "some.lines"
    file.write_text("1\n2\n3.5\n", "utf-8")
    modules = tmp_path / "modules"
    modules.mkdir()
    catalog, entry = Catalog.load(), template("digits")
    assert entry is not None
    document = entry.open()
    data = {
        "sources": [{"kind": "lines", "path": str(file)}],
        "bindings": dict.fromkeys(("image", "digit", "is_even"), "line"),
    }
    document.data = data
    source = data_from_project(data, None).sources[0]
    with one_more(PACKAGE, "lines", DUMMY, modules):
        assert [kind.suffixes for kind in data_kinds() if kind.key == "lines"] == [(".lines",)]
        with open_source(source) as opened:
            assert opened.columns()[0].maximum == 3.5
        with pytest.raises(DataError, match="No data is chosen"):
            open_source(DataSource("lines"))
        script = python_source(document, catalog, RunCode())
        assert script.index("import bisect\nimport os\n\n") < script.index("import keras\nimport numpy as np\n")
        assert "model.fit(" in script
        assert str(tmp_path) not in script, "a path of this machine means nothing on another one"
        loaded = _load(script, tmp_path)
        assert loaded["line"].tolist() == [1.0, 2.0, 3.5]
    assert "lines" not in [kind.key for kind in data_kinds()]
    with pytest.raises(DataError, match="lines is unknown"):
        open_source(source)
    with pytest.raises(SourceError, match="data: Data of the kind lines is unknown"):
        python_source(document, catalog, RunCode())


def _load(script: str, folder: Path) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """What `load_data()` of a script in a folder gives; the rest of it is not run."""
    kept = [
        node
        for node in ast.parse(script).body
        if (isinstance(node, ast.FunctionDef) and node.name in ("load_data", "beside"))
        or isinstance(node, ast.Assign)
        or ast.unparse(node) in ("import numpy as np", "import os")
    ]
    names: dict[str, object] = {"__file__": str(folder / "script.py")}
    exec(compile(ast.Module(kept, []), "script.py", "exec"), names)
    loaded: dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]] = names["load_data"]()  # type: ignore[operator]
    return loaded
