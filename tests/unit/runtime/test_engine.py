"""The engine as the desktop uses it: answers, overtaking, cancelling, and living on after a death."""

from __future__ import annotations

import queue
from collections.abc import Callable
from pathlib import Path

import pytest

from runtime.clients.engine import Engine
from runtime.messages.connection import Failed
from runtime.messages.describing import DataDescribed, DataProgress, DescribeData
from runtime.messages.devices import Devices, ListDevices
from runtime.messages.exporting import Export
from runtime.messages.inference import CallSpec, Infer, Inferred, OperationJson
from runtime.messages.protocol import Answer
from runtime.spec import DataSource, DataSpec
from tests.unit.runtime.conftest import SECONDS, Phases, RecordingLauncher

NewEngine = Callable[..., tuple[Engine, Phases, RecordingLauncher]]


def infer(first: str = "a") -> Infer:
    return Infer(0, [CallSpec(first, OperationJson("Dense", {}))])


def test_an_engine_says_what_it_does(fake_engine: NewEngine) -> None:
    engine, phases, _ = fake_engine()
    status = phases.wait_for("ready")
    assert status.ready is not None
    assert status.ready.backend == "fake"
    assert [status.phase for status in phases.all] == ["starting", "ready"]
    engine.stop()
    assert engine.status.phase == "off"
    assert len(phases.all) == 2  # a stop is no news


def test_requests_before_it_is_ready_are_answered(fake_engine: NewEngine) -> None:
    engine, _, _ = fake_engine()
    answer = engine.ask(infer(), SECONDS)
    assert isinstance(answer, Inferred)
    assert [result.id for result in answer.results] == ["a"]


def test_errors_are_answers(fake_engine: NewEngine) -> None:
    engine, _, _ = fake_engine()
    answer = engine.ask(Export(0, {}, "keras", "model.keras"), SECONDS)
    assert isinstance(answer, Failed)
    assert (str(answer.error), answer.detail) == ("model.keras cannot be written.", "all of it")
    unexpected = engine.ask(infer("fail"), SECONDS)
    assert isinstance(unexpected, Failed)
    assert str(unexpected.error) == "The engine failed: ValueError: out of ideas"
    assert "Traceback" in unexpected.detail
    assert isinstance(engine.ask(ListDevices(0), SECONDS), Devices)


@pytest.mark.parametrize("value", [10**30, -(10**19), "\ud800"])
def test_what_cannot_be_sent_is_an_answer(fake_engine: NewEngine, value: object) -> None:
    """It was a traceback in `check`, and in the window's event loop."""
    engine, _, _ = fake_engine()
    answer = engine.ask(Infer(0, [CallSpec("a", OperationJson("Dense", {"units": value}))]), SECONDS)
    assert isinstance(answer, Failed) and "cannot be handed to Keras" in str(answer.error)
    assert isinstance(engine.ask(infer(), SECONDS), Inferred)


def test_a_newer_question_overtakes_an_older_one(fake_engine: NewEngine) -> None:
    engine, phases, _ = fake_engine()
    phases.wait_for("ready")
    answers: queue.SimpleQueue[tuple[str, Answer]] = queue.SimpleQueue()
    for name in ("slow", "slow", "last"):
        engine.request(infer(name), lambda answer, name=name: answers.put((name, answer)))  # type: ignore[misc]
    name, answer = answers.get(timeout=SECONDS)
    assert name == "last"
    assert isinstance(answer, Inferred)
    assert answers.empty()


def test_a_cancelled_question_has_no_answer(fake_engine: NewEngine) -> None:
    engine, phases, _ = fake_engine()
    phases.wait_for("ready")
    answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
    number = engine.request(infer("slow"), answers.put)
    engine.cancel(number)
    assert isinstance(engine.ask(ListDevices(0), SECONDS), Devices)  # the slow one is over
    assert answers.empty()
    with pytest.raises(TimeoutError):
        engine.ask(infer("slow"), timeout=0.05)
    assert isinstance(engine.ask(ListDevices(0), SECONDS), Devices)


def test_data_is_described_while_keras_is_busy(fake_engine: NewEngine) -> None:
    engine, phases, _ = fake_engine()
    phases.wait_for("ready")
    engine.request(infer("slow"), lambda _: None)
    options = {"samples": 8, "columns": {"x": {"shape": [2], "kind": "float", "minimum": 0, "maximum": 1}}}
    answer = engine.ask(DescribeData(0, DataSpec((DataSource("random", "", options),))), SECONDS)
    assert isinstance(answer, DataDescribed), answer
    assert answer.samples == 8


def test_it_tells_how_far_reading_is_until_nobody_waits(
    fake_engine: NewEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAMELLA_HOME", str(tmp_path / "home"))
    told: queue.SimpleQueue[DataProgress] = queue.SimpleQueue()
    answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
    engine, phases, _ = fake_engine(on_progress=told.put)
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"a":1}\n' * 2_000_000)
    phases.wait_for("ready")
    number = engine.request(DescribeData(0, DataSpec((DataSource("jsonl", str(path)),))), answers.put)
    first = told.get(timeout=SECONDS)
    assert (first.id, first.unit, first.total) == (number, "bytes", 16_000_000) and 0 < first.done <= 16_000_000
    engine.cancel(number)
    options = {"samples": 8, "columns": {"x": {"shape": [2], "kind": "float", "minimum": 0, "maximum": 1}}}
    quick = engine.ask(DescribeData(0, DataSpec((DataSource("random", "", options),))), SECONDS)
    assert isinstance(quick, DataDescribed) and answers.empty()
    assert not list((tmp_path / "home").rglob("arrays"))  # it was not read to its end


def test_a_dead_engine_fails_what_waits_and_comes_back(fake_engine: NewEngine) -> None:
    engine, phases, launcher = fake_engine()
    phases.wait_for("ready")
    answer = engine.ask(infer("die"), SECONDS)
    assert isinstance(answer, Failed)
    assert str(answer.error).startswith("The engine ended before it answered. Keras' process was killed")
    assert "last words" in answer.detail
    phases.wait_for("ready", 2)
    assert isinstance(engine.ask(infer(), SECONDS), Inferred)
    assert len(launcher.workers) == 2
    again = phases.wait_for("starting", 2)
    assert str(again.text) == "Keras' process was killed: by somebody, or because the memory ran out."


def test_an_engine_that_keeps_dying_is_given_up(fake_engine: NewEngine) -> None:
    engine, phases, launcher = fake_engine("crash")
    status = phases.wait_for("dead")
    assert "no module named keras" in status.detail
    assert len(launcher.workers) == 4  # the first and three restarts
    answer = engine.ask(infer(), SECONDS)
    assert isinstance(answer, Failed)
    assert str(answer.error) == "The engine is not running."
    engine.start()  # a person may try again
    phases.wait_for("dead", 2)


def test_a_missing_keras_is_not_tried_again(fake_engine: NewEngine) -> None:
    _, phases, launcher = fake_engine("no keras")
    status = phases.wait_for("dead")
    assert str(status.text) == "Keras cannot be imported."
    assert "ImportError" in status.detail
    assert len(launcher.workers) == 1


def test_stopping_a_busy_engine_can_be_repeated(fake_engine: NewEngine) -> None:
    engine, phases, _ = fake_engine()
    phases.wait_for("ready")
    engine.request(infer("slow"), lambda _: None)
    engine.stop()
    engine.stop()
    engine.start()
    phases.wait_for("ready", 2)
