"""The notebook is a valid one (nbformat 4.5), and its code is that of the script."""

import ast
import json
import re
from typing import Any

import pytest

from app.project.templates import TEMPLATES, Template
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from graph_editor.exporters.notebook import notebook
from graph_editor.exporters.registry import source_format, source_formats
from runtime.python_code import RunCode

KEYS = {
    "markdown": {"cell_type", "id", "metadata", "source"},
    "code": {"cell_type", "id", "metadata", "source", "execution_count", "outputs"},
}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


def checked(text: str) -> dict[str, Any]:
    """As the JSON schema of nbformat 4.5 has it, as far as we use it."""
    content: dict[str, Any] = json.loads(text)
    assert set(content) == {"cells", "metadata", "nbformat", "nbformat_minor"}
    assert (content["nbformat"], content["nbformat_minor"]) == (4, 5)
    assert isinstance(content["metadata"]["kernelspec"]["name"], str)
    assert isinstance(content["metadata"]["kernelspec"]["display_name"], str)
    assert content["metadata"]["language_info"]["name"] == "python"
    for cell in content["cells"]:
        assert set(cell) == KEYS[cell["cell_type"]]
        assert re.fullmatch(r"[a-zA-Z0-9-_]{1,64}", cell["id"])
        assert cell["metadata"] == {}
        assert all(isinstance(line, str) for line in cell["source"])
        assert all(line.endswith("\n") and line.count("\n") == 1 for line in cell["source"][:-1])
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [] and cell["execution_count"] is None
    ids = [cell["id"] for cell in content["cells"]]
    assert len(ids) == len(set(ids))
    return content


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.key)
def test_templates_become_valid_notebooks(catalog: Catalog, template: Template) -> None:
    content = checked(notebook(template.open(), catalog, RunCode()))
    code = ["".join(cell["source"]) for cell in content["cells"] if cell["cell_type"] == "code"]
    names = [
        node.name
        for text in code
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef)
    ]  # fmt: skip
    assert {"build_model", "load_data"} <= set(names)
    assert any(text.startswith("keras.utils.set_random_seed(") and "model = build_model()" in text for text in code)
    assert any("model.fit(" in text for text in code)
    assert notebook(template.open(), catalog, RunCode()) == notebook(template.open(), catalog, RunCode())


def test_an_empty_project_is_a_valid_notebook(catalog: Catalog) -> None:
    for cell in checked(notebook(Document(), catalog, RunCode()))["cells"]:
        if cell["cell_type"] == "code":
            ast.parse("".join(cell["source"]))


def test_formats_are_found_by_themselves() -> None:
    assert [entry.key for entry in source_formats()] == ["python", "notebook"]
    found = source_format("notebook")
    assert found is not None and found.suffix == ".ipynb"
    assert source_format("fortran") is None
