"""Custom code in a real worker: only what was agreed to runs, and what is wrong with it is said."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runtime.clients.engine import Engine, EngineStatus
from runtime.launchers.local import LocalLauncher
from runtime.messages.connection import Failed
from runtime.messages.custom_code import CodeLoaded, LoadCode
from runtime.messages.inference import CallResult, CallSpec, Infer, Inferred, OperationJson
from runtime.messages.protocol import Answer
from runtime.spec import CodeFile
from tests.unit.app.custom_code.code import LAYERS, LOSSES, leaves_a_mark, write

Load = Callable[..., CodeLoaded]
SCALE = OperationJson("Scale", {"name": "scale", "factor": 3.0}, "my_layers", "my_layers>Scale")


@pytest.fixture
def load(engine: Engine) -> Iterator[Load]:
    def run(*files: CodeFile) -> CodeLoaded:
        answer = engine.ask(LoadCode(0, files), 60)
        assert isinstance(answer, CodeLoaded)
        return answer

    yield run
    run()


def ask(engine: Engine, operation: OperationJson) -> CallResult:
    source = CallSpec("in", OperationJson("InputLayer", {"batch_shape": [None, 4], "dtype": "float32", "name": "in"}))
    answer = engine.ask(Infer(0, [source, CallSpec("box", operation, [{"$tensor": ["in", 0]}])]), 60)
    assert isinstance(answer, Inferred)
    return answer.results[-1]


def test_what_is_registered_is_described(load: Load, tmp_path: Path) -> None:
    loaded = load(write(tmp_path, "my_layers.py", LAYERS), write(tmp_path, "my_losses.py", LOSSES))
    found = {(item.kind, item.class_name): item for item in loaded.objects}
    assert set(found) == {
        ("layer", "Scale"),
        ("layer", "Mix"),
        ("activation", "softer"),
        ("loss", "Cubed"),
        ("loss", "biggest"),
        ("metric", "biggest"),
    }
    scale = found["layer", "Scale"]
    assert (scale.module, scale.registered_name) == ("my_layers", "my_layers>Scale")
    assert scale.help == "Multiplies by a factor that is learnt."
    kinds = [(item.name, item.kind, item.default, item.nullable) for item in scale.parameters]
    assert kinds == [
        ("factor", "float", 2.0, False),
        ("activation", "activation", "relu", False),
        ("steps", "int", None, True),
    ]
    assert scale.config["factor"] == 2.0
    mix = found["layer", "Mix"]
    assert [(port.name, port.required) for port in mix.ports] == [("query", True), ("value", True), ("gate", False)]
    assert mix.parameters[0].required
    assert mix.config["units"] == 32
    (warning,) = loaded.problems
    assert warning.severity == "warning"
    assert "Forgotten in my_layers.py is not registered" in warning.text.english()


def test_keras_answers_for_a_class_only_while_its_code_is_loaded(engine: Engine, load: Load, tmp_path: Path) -> None:
    refused = ask(engine, SCALE)
    assert refused.error is not None
    load(write(tmp_path, "my_layers.py", LAYERS))
    answered = ask(engine, SCALE)
    assert answered.error is None
    assert (answered.outputs[0].shape, answered.trainable) == ((None, 4), 1)
    load()
    assert ask(engine, SCALE).error is not None


def test_nothing_but_the_registered_names_is_allowed(engine: Engine, load: Load, tmp_path: Path) -> None:
    load(write(tmp_path, "my_layers.py", LAYERS))
    for module, name, registered in (
        ("os", "system", "os>system"),
        ("my_layers", "Forgotten", None),
        ("lamella_custom.my_layers", "Forgotten", "Forgotten"),
        ("my_layers", "keras", "my_layers>keras"),
    ):
        result = ask(engine, OperationJson(name, {"name": "box"}, module, registered))
        assert result.error is not None, name
        assert "is not part of Keras" in result.error.english()


def test_a_file_that_has_changed_since_is_not_run(load: Load, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    agreed = write(tmp_path, "my_layers.py", "x = 1\n")
    write(tmp_path, "my_layers.py", leaves_a_mark(mark))
    (problem,) = load(agreed).problems
    assert "has changed since" in problem.text.english()
    assert not mark.exists()


def test_a_missing_file_is_named(load: Load, tmp_path: Path) -> None:
    (problem,) = load(CodeFile(str(tmp_path / "gone.py"), "0" * 64)).problems
    assert problem.text.english() == "gone.py is not there: the project's code was not run."


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("x = 1\ny = (\n", 2, "bad.py, line 2: this is not Python"),
        ("\x00", 0, "this is not Python"),
        ("x = 1\ndef f():\n    raise ValueError('too few')\nf()\n", 3, "bad.py, line 3: ValueError: too few"),
        ("import no_such_module\n", 1, "bad.py, line 1: ModuleNotFoundError"),
        ("import sys\nsys.exit(0)\n", 2, "bad.py, line 2: SystemExit: 0"),
    ],
)
def test_what_is_wrong_is_one_sentence_with_the_line(
    load: Load, tmp_path: Path, source: str, line: int, words: str
) -> None:
    good = write(tmp_path, "my_losses.py", LOSSES)
    loaded = load(write(tmp_path, "bad.py", source), good)
    (problem,) = loaded.problems
    assert words in problem.text.english()
    assert "\n" not in problem.text.english()
    assert problem.line == line
    assert {item.module for item in loaded.objects} == {"my_losses"}  # the other file has been run


def test_files_find_each_other_in_their_order(load: Load, tmp_path: Path) -> None:
    first = write(tmp_path, "first.py", "FACTOR = 7\n")
    second = write(tmp_path, "second.py", "from .first import FACTOR\nassert FACTOR == 7\n")
    assert load(first, second).problems == ()


def test_two_files_of_one_name_and_names_that_are_none(load: Load, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    files = [write(tmp_path, "a.py", ""), write(tmp_path / "other", "a.py", ""), write(tmp_path, "no-name.py", "")]
    sentences = [problem.text.english() for problem in load(*files).problems]
    assert sentences[0] == "Two files of the project's code are called a.py."
    assert sentences[1].startswith("no-name.py needs a name that Python can import")


def test_code_without_end_is_ended_by_a_new_engine(tmp_path: Path) -> None:
    ready, answers = threading.Semaphore(0), queue.SimpleQueue[Answer]()

    def on_status(status: EngineStatus) -> None:
        if status.phase == "ready":
            ready.release()

    engine = Engine(LocalLauncher(), on_status)
    engine.start()
    try:
        assert ready.acquire(timeout=300)
        mark = tmp_path / "mark"
        endless = write(tmp_path, "endless.py", leaves_a_mark(mark) + "while True:\n    pass\n")
        engine.request(LoadCode(0, (endless,)), answers.put)
        deadline = time.monotonic() + 120
        while not mark.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        engine.restart()
        assert isinstance(answers.get(timeout=120), Failed)
        assert ready.acquire(timeout=300)
        assert isinstance(engine.ask(LoadCode(0, ()), 20), CodeLoaded)
    finally:
        engine.stop()
