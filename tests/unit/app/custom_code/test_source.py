"""Custom code in exported source: imported from its file, and rebuilding the same model."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from app.project.templates import TEMPLATES
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes.commands import add_layer
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.checking.validation import problems
from graph_editor.document.custom_code import code_files, code_paths, set_code_files
from graph_editor.document.edits import ReplaceOperation
from graph_editor.document.files.file_format import dumps, loads
from graph_editor.document.history import History
from graph_editor.exporters.python_source import python_source
from graph_editor.keras_format.functional import model_json
from resources.text import Text
from runtime.python_code import RunCode
from tests.unit.app.custom_code.code import LAYERS, write

CONFIG = {
    "name": "own_scale",
    "factor": 2.0,
    "activation": "linear",
    "steps": None,
    "trainable": True,
    "dtype": "float32",
}
RUN = """
import json, keras, script
config = keras.saving.serialize_keras_object(script.build_model())
print(json.dumps([layer for layer in config["config"]["layers"] if layer["class_name"] == "Scale"]))
"""


def test_the_script_imports_the_class_from_its_file(tmp_path: Path) -> None:
    document = next(template for template in TEMPLATES if template.key == "plain-stack").open()
    history, catalog = History(document, FOLLOW_UPS), Catalog.load()
    edge = next(edge for edge in document.graph.edges() if document.graph.operation_of(edge.target).name == "digit")
    edits, call = add_layer(document, "Flatten", "keras.layers", None, (0, 0), catalog, into=edge)
    history.do(Text("Add"), [*edits, *set_code_files(document, ["my_layers.py"])])
    flatten = document.operation_of(call)
    scale = type(flatten)(flatten.id, "Scale", CONFIG, "my_layers", "my_layers>Scale")
    history.do(Text("Replace"), [ReplaceOperation(scale)])
    write(tmp_path, "my_layers.py", LAYERS)
    source = python_source(document, catalog, RunCode())
    assert "\nfrom my_layers import Scale\n" in source
    assert "is not part of Keras" not in source
    (tmp_path / "script.py").write_text(source)
    command = [sys.executable, "-c", RUN]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=900, check=False)
    assert result.returncode == 0, result.stderr
    (built,) = json.loads(result.stdout.splitlines()[-1])
    written = next(item for item in model_json(document)["config"]["layers"] if item["class_name"] == "Scale")
    assert (built["module"], built["registered_name"]) == (written["module"], written["registered_name"])
    assert built["config"]["factor"] == 2.0
    assert built["config"]["name"] == written["config"]["name"]


def test_the_list_of_files_is_an_edit_of_the_project() -> None:
    document = TEMPLATES[0].open()
    history, before = History(document, FOLLOW_UPS), dumps(document)
    history.do(Text("Add"), set_code_files(document, ["a.py", "sub/b.py", "a.py"]))
    assert code_files(loads(dumps(document))) == ("a.py", "sub/b.py")
    assert code_paths(document, Path("/p")) == (Path("/p/a.py"), Path("/p/sub/b.py"))
    history.undo()
    assert dumps(document) == before


def test_a_section_that_is_none_names_no_files() -> None:
    document = TEMPLATES[0].open()
    sections: tuple[Any, ...] = (None, 1, [], {"files": "a.py"}, {"files": [1, "", None]})
    for section in sections:
        document.extra = {"custom_code": section}
        assert code_files(document) == ()


def test_a_box_of_own_code_says_what_to_do() -> None:
    document = TEMPLATES[0].open()
    catalog, history = Catalog.load(), History(document, FOLLOW_UPS)
    name, operation = next((key, op) for key, op in document.graph.operations.items() if op.class_name == "Dense")
    own = type(operation)(name, "Foo", operation.config, "my_layers", "my_layers>Foo")
    history.do(Text("Replace"), [ReplaceOperation(own), *set_code_files(document, ["my_layers.py"])])
    found = [problem for problem in problems(document, catalog) if problem.kind == "own_code"]
    assert len(found) == len(document.graph.calls_of(name))
    assert "Run the project's code" in found[0].text.english()
