"""A library that hangs in a file: the engine is ended once nobody waits for the file, and all else is answered."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

import pytest

from app.cli.common import engine as headless
from app.cli.common.engine import HeadlessEngine
from app.cli.common.output import CommandError
from runtime.clients import endless
from runtime.clients.endless import Endless
from runtime.clients.engine import Engine
from runtime.messages.connection import Failed
from runtime.messages.describing import DataDescribed, DescribeData, PeekData
from runtime.messages.exporting import Export
from runtime.messages.inference import CallSpec, Infer, Inferred, OperationJson
from runtime.messages.looking import PreviewData
from runtime.messages.protocol import Answer
from runtime.spec import DataSource, DataSpec
from tests.unit.runtime.conftest import SECONDS, Phases, RecordingLauncher

NewEngine = Callable[..., tuple[Engine, Phases, RecordingLauncher]]
OPTIONS = {"samples": 8, "columns": {"x": {"shape": [2], "kind": "float", "minimum": 0, "maximum": 1}}}
GOOD = DataSpec((DataSource("random", "", OPTIONS),))
BAD = DataSpec((DataSource("hdf5", "/data/endless.h5"),))


def wait_until_it_hangs(printed: queue.SimpleQueue[str]) -> None:
    """What is withdrawn before it is begun does not hang."""
    while "it hangs" not in printed.get(timeout=SECONDS):
        pass


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endless, "PATIENCE", 0.3)
    monkeypatch.setattr(endless, "_LOOK_AGAIN", 0.1)


@pytest.mark.usefixtures("impatient")
def test_a_file_that_hangs_is_left_and_the_rest_is_answered(fake_engine: NewEngine) -> None:
    printed: queue.SimpleQueue[str] = queue.SimpleQueue()
    engine, phases, launcher = fake_engine("endless", on_console=printed.put)
    phases.wait_for("ready")
    answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
    hung = engine.request(DescribeData(0, BAD), answers.put)
    wait_until_it_hangs(printed)
    behind: queue.SimpleQueue[Answer] = queue.SimpleQueue()
    engine.request(DescribeData(0, GOOD), behind.put)
    engine.cancel(hung)
    again = phases.wait_for("starting", 2)
    assert str(again.text) == "Keras' process hung while it read endless.h5."
    answer = behind.get(timeout=SECONDS)
    assert isinstance(answer, DataDescribed) and answer.samples == 8  # it was asked again
    refused = engine.ask(DescribeData(0, BAD), SECONDS)
    assert isinstance(refused, Failed) and refused.unended
    assert "endless.h5 did not come to an end the last time" in str(refused.error)
    assert answers.empty() and len(launcher.workers) == 2
    engine.read_again()
    once_more = engine.request(DescribeData(0, BAD), answers.put)
    wait_until_it_hangs(printed)
    engine.cancel(once_more)
    phases.wait_for("starting", 3)


@pytest.mark.usefixtures("impatient")
def test_what_somebody_waits_for_is_not_ended(fake_engine: NewEngine) -> None:
    engine, phases, launcher = fake_engine()
    phases.wait_for("ready")
    number = engine.request(Infer(0, [CallSpec("slow", OperationJson("Dense", {}))]), lambda _: None)
    engine.cancel(number)  # no question about data
    engine.cancel(engine.request(DescribeData(0, GOOD), lambda _: None))
    threading.Event().wait(0.8)
    assert isinstance(engine.ask(DescribeData(0, GOOD), SECONDS), DataDescribed)
    assert isinstance(engine.ask(Infer(0, [CallSpec("a", OperationJson("Dense", {}))]), SECONDS), Inferred)
    assert len(launcher.workers) == 1


def test_only_the_question_that_is_worked_at_can_hang() -> None:
    seen = Endless()
    other = DataSpec((DataSource("csv", "/data/a.csv"),))
    seen.asked(1, DescribeData(1, other))
    seen.asked(2, DescribeData(2, BAD))
    seen.left(2, 0.0)
    assert seen.hangs(1000.0) is None  # the engine is not there yet
    seen.ready(5.0)
    assert seen.hangs(1000.0) is None  # the first is answered before it
    seen.answered(1, 1000.0)
    assert seen.hangs(1000.0 + endless.PATIENCE - 1) is None
    found = seen.hangs(1000.0 + endless.PATIENCE)
    assert isinstance(found, DescribeData) and found.data == BAD
    seen.refuse(found)
    joined = DataSpec((*other.sources, *BAD.sources))
    assert seen.refuses(PreviewData(0, joined, ())) and not seen.refuses(DescribeData(0, other))
    seen.begin_anew()
    assert seen.due_in(0.0) is None and seen.refuses(DescribeData(0, BAD))


def test_a_first_look_hangs_on_its_own() -> None:
    seen = Endless()
    seen.ready(0.0)
    seen.asked(1, DescribeData(1, GOOD))
    seen.asked(2, PeekData(2, BAD))
    seen.left(2, 1.0)
    assert seen.hangs(1.0 + endless.PATIENCE) is not None


def test_nothing_is_ended_while_a_model_is_written() -> None:
    assert endless.is_weighty(Export(0, {}, "keras", "model.keras"))
    assert not endless.is_weighty(DescribeData(0, GOOD))


def test_a_verb_ends_with_a_sentence(fake_engine: NewEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headless, "ANSWER_SECONDS", 0.5)
    engine, phases, _ = fake_engine("endless")
    phases.wait_for("ready")
    with pytest.raises(CommandError) as raised:
        HeadlessEngine(engine).ask(DescribeData(0, BAD))
    assert "endless.h5 did not come to an end" in str(raised.value.text)
