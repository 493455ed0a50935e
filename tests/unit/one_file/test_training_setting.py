"""A training setting is one file: form, spec, command line, code and comparison have it, and without it none has."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.project.templates import TEMPLATES
from graph_editor.document.files.file_format import dumps
from runtime.spec import TrainingSettings

ROOT = Path(__file__).parents[3]
VALIDATION_FREQ = '''"""How often the model is validated."""
from resources.text import Text
from resources.training.setting import Argument, Setting

SETTING = Setting(
    "validation_freq", Text("validated every"), Text("Epochs from one validation to the next."), "int", 1, order=65,
    acts=Argument("fit", "validation_freq", left_out=(1,)), minimum=1, maximum=1000,
    words=lambda epochs: Text.of("{count} epochs", count=epochs),
    applies=lambda values: values["validation_percent"] > 0,
)
'''
FLOATX = '''"""What numbers of the data become."""
from resources.text import Text
from resources.training.setting import Before, Setting

SETTING = Setting(
    "floatx", Text("numbers"), Text("The type of numbers."), "choice", "float32", order=66, section="data",
    acts=Before("keras.config.set_floatx", left_out=("float32",)), choices=("float16", "float32", "float64"),
)
'''
# What is on PYTHONPATH goes for the trainer too: there the folder of settings has these files as well.
ONE_MORE = """import resources.training.settings
resources.training.settings.__path__.append({folder!r})
"""
SEEN = "tests.unit.one_file.settings_seen"


def python(*words: str | Path, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    folders = [str(ROOT)] if path is None else [str(path), str(ROOT)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(folders), "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C"}
    command = [sys.executable, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=600, cwd=ROOT, check=False)


def seen(folder: Path, path: Path | None = None) -> dict[str, Any]:
    result = python("-m", SEEN, folder, path=path)
    assert result.returncode == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.fixture(scope="module")
def more(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that brings the two dummies when it is on PYTHONPATH."""
    folder, path = tmp_path_factory.mktemp("declared"), tmp_path_factory.mktemp("path")
    (folder / "validation_freq.py").write_text(VALIDATION_FREQ, "utf-8")
    (folder / "floatx.py").write_text(FLOATX, "utf-8")
    (path / "sitecustomize.py").write_text(ONE_MORE.format(folder=str(folder)), "utf-8")
    return path


@pytest.fixture(scope="module")
def found(more: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return seen(tmp_path_factory.mktemp("with"), more)


@pytest.fixture(scope="module")
def gone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return seen(tmp_path_factory.mktemp("without"))


def test_the_run_has_it(found: dict[str, Any], gone: dict[str, Any]) -> None:
    assert found["spec"]["validation_freq"] == 3 and found["spec"]["floatx"] == "float64"
    assert found["wire"] and json.loads(found["run"])["validation_freq"] == 3
    assert gone["wire"] and gone["keys"] == [key for key in found["keys"] if key not in ("validation_freq", "floatx")]
    assert gone["spec"] == {key: value for key, value in found["spec"].items() if key in gone["keys"]}


def test_the_form_has_it(found: dict[str, Any], gone: dict[str, Any]) -> None:
    shown = found["shown"]
    assert shown["train"]["validation_freq"] == "3" and "validated every" in shown["labels"]
    assert shown["data"]["floatx"] == "float64" and "numbers" in shown["labels"]
    assert shown["typed"] == [5, "Change validated every"]
    assert shown["idle"] is False, "nothing is validated, so it is not asked"
    assert not {"validation_freq", "floatx"} & {*gone["shown"]["train"], *gone["shown"]["data"]}
    assert not {"validated every", "numbers"} & {*gone["shown"]["labels"]}


def test_the_command_line_has_it(found: dict[str, Any], gone: dict[str, Any]) -> None:
    assert "Epochs from one validation to the next. (a whole number" in " ".join(found["help"].split())
    given, low, rough = found["typed"]
    assert (given["validation_freq"], given["floatx"]) == (4, "float16")
    assert low.endswith("The setting validated every is 0; it must be a whole number from 1 to 1000.")
    assert rough.endswith("The setting numbers is rough; it must be one of float16, float32, float64.")
    assert "validation_freq" not in gone["help"]
    assert "There is no setting validation_freq; there are learning_rate, batch_size" in gone["typed"][0]


def test_exported_code_has_it(found: dict[str, Any], gone: dict[str, Any]) -> None:
    calls = {ast.unparse(node.func): node for node in ast.walk(ast.parse(found["code"])) if isinstance(node, ast.Call)}
    handed = {keyword.arg: ast.unparse(keyword.value) for keyword in calls["model.fit"].keywords}
    assert handed["validation_freq"] == "3"
    assert ast.unparse(calls["keras.config.set_floatx"]) == "keras.config.set_floatx('float64')"
    assert "validation_freq" not in gone["code"] and "floatx" not in gone["code"]


def test_the_comparison_of_runs_has_it(found: dict[str, Any], gone: dict[str, Any]) -> None:
    assert (found["told"]["validated every"], found["told"]["numbers"]) == ("3 epochs", "float64")
    assert found["differences"]["validated every"] == ["3 epochs", "1 epochs"]
    assert found["differences"]["numbers"] == ["float64", "float32"]
    assert not {"validated every", "numbers"} & {*gone["told"], *gone["differences"]}
    training, data = found["restored"]
    assert training["validation_freq"] == 3 and data["floatx"] == "float64"


def test_what_nobody_has_declared_is_kept_and_not_acted_on(found: dict[str, Any], gone: dict[str, Any]) -> None:
    for one in (found, gone):
        assert one["saved"], "not a byte of the file changes"
        assert "of_the_future" not in one["spec"] and "of_the_future" not in one["code"]
        assert one["restored"][0]["of_the_future"] == {"a": [1.5]}
    assert msgspec.json.decode(gone["run"], type=TrainingSettings).by_key() == gone["spec"]
    with pytest.raises(msgspec.ValidationError, match="unknown field `validation_freq`"):
        msgspec.json.decode(found["run"], type=TrainingSettings)


def test_training_does_it(more: Path, tmp_path: Path) -> None:
    project = tmp_path / "p.lamella"
    project.write_bytes(dumps(next(entry for entry in TEMPLATES if entry.key == "plain-stack").open()))
    words = ("train", project, "--epochs", "2", "--set", "validation_freq=2", "--json")
    result = python("-m", "app", *words, path=more)
    assert result.returncode == 0, result.stderr
    events = [json.loads(line) for line in result.stdout.splitlines()]
    first, second = (event["logs"] for event in events if event["type"] == "EpochEnded")
    assert "val_loss" not in first and "val_loss" in second
    assert python("-m", "app", *words).returncode == 2
