"""Nothing that a file names is run unless it is a published part of Keras."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runtime.clients.engine import Engine
from runtime.messages.connection import Failed
from runtime.messages.exporting import Export
from runtime.messages.inference import CallSpec, OperationJson
from tests.unit.runtime.asking import SECONDS, ask, source, tensor


def call(operation: OperationJson) -> CallSpec:
    return CallSpec("evil", operation, [tensor("a")])


def refusal(engine: Engine, operation: OperationJson) -> str:
    result = ask(engine, source("a", (None, 4)), call(operation))["evil"]
    assert result.error is not None, result
    assert result.outputs == ()
    return str(result.error)


def inside(value: Any) -> OperationJson:
    return OperationJson("Dense", {"name": "dense", "units": 3, "kernel_initializer": value})


TOUCH = "import pathlib; pathlib.Path('{path}').touch()"


@pytest.mark.parametrize(
    "operation",
    [
        OperationJson(
            "Lambda", {"name": "evil", "function": {"class_name": "__lambda__", "config": {"value": "4wAA"}}}
        ),
        OperationJson("Lambda", {"name": "evil", "function": "lambda x: x"}),
        OperationJson("TFSMLayer", {"name": "evil", "filepath": "/etc"}),
        inside({"class_name": "__lambda__", "config": {"value": "4wAA"}}),
        inside([{"deep": [{"class_name": "Lambda", "module": "keras.layers", "config": {}}]}]),
    ],
)
def test_what_runs_code_is_refused(engine: Engine, operation: OperationJson) -> None:
    assert "can run code from the file." in refusal(engine, operation)


@pytest.mark.parametrize(
    "operation",
    [
        OperationJson("system", {"command": "true"}, "os"),
        OperationJson("Popen", {"args": ["true"]}, "subprocess"),
        OperationJson("MyLayer", {"name": "evil"}, "my_package", "my_package>MyLayer"),
        OperationJson("Dense", {"name": "evil", "units": 3}, "keras.layers", "my_package>Dense"),
        OperationJson("get_file", {"origin": "file:///etc/passwd"}, "keras.utils"),
        OperationJson("Model", {"name": "evil"}, "keras.src.saving.saving_lib"),
        OperationJson("__class__", {"name": "evil"}),
        OperationJson("layers.Dense", {"name": "evil"}, "keras"),
        OperationJson("Add", {"name": "evil"}, "keras.src.ops.numpy.np"),
        inside({"class_name": "function", "module": "os", "config": "system", "registered_name": "system"}),
        inside({"class_name": "function", "module": "builtins", "config": "eval", "registered_name": "function"}),
        inside({"class_name": "function", "module": "keras.saving", "config": "load_model"}),
        inside({"class_name": "Path", "module": "pathlib", "config": {}}),
        inside({"class_name": "Zeros", "module": ["keras"], "config": {}}),
    ],
)
def test_what_is_not_of_keras_is_refused_by_name(engine: Engine, operation: OperationJson) -> None:
    assert refusal(engine, operation).endswith("is not part of Keras.")


def test_a_file_as_vocabulary_is_refused(engine: Engine) -> None:
    operation = OperationJson("StringLookup", {"name": "words", "vocabulary": "/etc/passwd"})
    assert "its vocabulary is a file" in refusal(engine, operation)


def test_a_config_without_end_is_refused(engine: Engine) -> None:
    deep: Any = {}
    for _ in range(400):
        deep = {"deeper": deep}
    assert refusal(engine, inside(deep)) == "The settings of dense are nested too deeply."


def test_arguments_of_calls_are_looked_at_too(engine: Engine) -> None:
    dense = OperationJson("Dense", {"name": "dense", "units": 3})
    evil = CallSpec("evil", dense, [tensor("a")], {"mask": {"class_name": "__lambda__", "config": {"value": "4wAA"}}})
    result = ask(engine, source("a", (None, 4)), evil)["evil"]
    assert "can run code" in str(result.error)


@pytest.mark.parametrize("where", ["layers", "compile_config"])
def test_models_are_looked_at_before_they_are_built(engine: Engine, tmp_path: Path, where: str) -> None:
    mark = tmp_path / "was here"
    evil = {
        "module": "builtins",
        "class_name": "function",
        "config": "exec",
        "registered_name": TOUCH.format(path=mark),
    }
    model: dict[str, Any] = {
        "module": "keras",
        "class_name": "Functional",
        "config": {"name": "m", "layers": [], "input_layers": [], "output_layers": []},
    }
    if where == "layers":
        model["config"]["layers"] = [evil]
    else:
        model["compile_config"] = {"loss": evil}
    answer = engine.ask(Export(0, model, "json", str(tmp_path / "m.json")), SECONDS)
    assert isinstance(answer, Failed)
    assert "is not part of Keras" in str(answer.error)
    assert list(tmp_path.iterdir()) == []
