"""Classes of one's own keep module, package and registered name, and those that take no name are given none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.custom_code.specs import layer_specs, object_specs
from app.project.project_questions import infer_question
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from graph_editor.document.files.file_format import dumps, loads
from graph_editor.exporters.code.script import model_source
from graph_editor.keras_format.files.opening import open_model
from graph_editor.keras_format.functional import model_json
from runtime.clients.engine import Engine
from runtime.messages.custom_code import CodeLoaded, LoadCode
from runtime.messages.exporting import CheckSource, Export, Exported, SourceChecked
from runtime.messages.inference import Inferred
from runtime.python_code import RunCode
from runtime.spec import CodeFile
from tests.support.fresh_python import answer_of
from tests.unit.runtime.asking import SECONDS

TRUTH = "tests.unit.runtime.fidelity.custom_truth"
CODE = """import keras

register = keras.saving.register_keras_serializable


@register(package="Own")
class Shift(keras.layers.Layer):
    def __init__(self, **settings):
        super().__init__(**settings)

    def call(self, x):
        return x + 1.0


@register(package="Own", name="Times")
class Scale(keras.layers.Layer):
    def __init__(self, by=2.0):
        super().__init__()
        self.by = by

    def build(self, shape):
        self.factor = self.add_weight(shape=(1,), name="factor")

    def call(self, x):
        return x * self.by * self.factor

    def get_config(self):
        return {"by": self.by}


@register(package="Own")
def twice(x):
    return 2 * keras.ops.relu(x)
"""


@pytest.fixture
def code(engine: Engine, tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "own_layers.py"
    path.write_text(CODE)
    yield path
    engine.ask(LoadCode(0, ()), SECONDS)


def trusted(engine: Engine, code: Path) -> Catalog:
    agreed = CodeFile(str(code), hashlib.sha256(code.read_bytes()).hexdigest())
    loaded = engine.ask(LoadCode(0, (agreed,)), SECONDS)
    assert isinstance(loaded, CodeLoaded)
    catalog = Catalog.load()
    catalog.set_custom(layer_specs(loaded.objects), object_specs(loaded.objects))
    return catalog


def test_names_and_modules_stay_as_the_file_has_them(engine: Engine, code: Path, tmp_path: Path) -> None:
    file, out = tmp_path / "m.keras", tmp_path / "out.keras"
    names = answer_of("-m", TRUTH, code, file)["names"]
    assert names[0][:3] == [None, "Scale", "Own>Times"]  # of a notebook
    assert names[1] == ["by"]
    document = open_model(file, Catalog.load()).document
    document = loads(dumps(document))  # saved and opened
    catalog = trusted(engine, code)
    request = Export(0, model_json(document), "keras", str(out), None, str(file))
    for _ in range(2):  # Keras numbers such layers anew each time
        answer = engine.ask(request, SECONDS)
        assert isinstance(answer, Exported), answer
        assert "all 3 layers" in str(answer.checks[0])
    assert answer_of("-m", TRUTH, code, file, out) == {"names": names, "same": True}
    assert isinstance(engine.ask(Export(0, model_json(document), "json", str(out)), SECONDS), Exported)
    _counts_each(engine, document, catalog)
    _script_imports_them(engine, document, catalog)


def _counts_each(engine: Engine, document: Document, catalog: Catalog) -> None:
    answer = engine.ask(infer_question(document, catalog), SECONDS)
    assert isinstance(answer, Inferred)
    assert sorted(result.parameters for result in answer.results) == [0, 0, 1, 1, 20]


def _script_imports_them(engine: Engine, document: Document, catalog: Catalog) -> None:
    document.extra = {"custom_code": {"files": ["own_layers.py"]}}
    source = model_source(document, catalog, RunCode())
    assert "from own_layers import Scale, Shift, twice" in source
    answer = engine.ask(CheckSource(0, model_json(document), source), SECONDS)
    assert isinstance(answer, SourceChecked), answer
    assert "same model" in str(answer.checks[0])
