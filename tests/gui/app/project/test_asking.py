"""What the window asks the engine after an edit: only what is new, and everything when the engine is another one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from graph_editor.document.changes import commands
from graph_editor.document.document import Document
from runtime.messages.inference import AskAgain, CallResult, Infer, Inferred
from runtime.messages.protocol import Answer, Request
from tests.gui.app.conftest import READY, Rig


@pytest.fixture
def asked(rig: Rig, template: Callable[[str], Document]) -> Rig:
    """A project that the engine has answered for once; `asked` holds what comes from now on."""
    rig.session.replace(template("residual-block"), None)
    rig.engine.asked.clear()
    return rig


def questions(rig: Rig) -> list[Infer]:
    return [message for message in rig.engine.asked if isinstance(message, Infer)]


def set_filters(rig: Rig, filters: int) -> str:
    """Edits the first convolution; its call."""
    graph = rig.session.document.graph
    operation = next(op for op in graph.operations.values() if "filters" in op.config)
    rig.session.edit("filters", commands.set_parameter(rig.session.document, operation.id, "filters", filters))
    return graph.calls_of(operation.id)[0]


def test_an_edit_sends_the_box_that_changed(asked: Rig, qtbot: QtBot) -> None:
    calls = len(asked.session.inference.results)
    call = set_filters(asked, 7)
    qtbot.waitUntil(lambda: bool(questions(asked)))
    (question,) = questions(asked)
    assert ([spec.id for spec in question.calls], question.order) == ([call], None)
    assert question.base > 0
    assert len(asked.session.inference.results) == calls


def test_results_that_did_not_change_stay_the_same_objects(asked: Rig, qtbot: QtBot) -> None:
    before = dict(asked.session.inference.results)
    call = set_filters(asked, 7)
    qtbot.waitUntil(lambda: bool(questions(asked)))
    after = asked.session.inference.results
    assert list(after) == list(before)
    assert all(after[key] is before[key] for key in before if key != call)


def test_a_deleted_box_is_left_out_of_the_order(asked: Rig, qtbot: QtBot) -> None:
    document = asked.session.document
    gone = document.graph.output_refs()[0].call
    asked.session.edit("delete", commands.delete_calls(document, [gone]))
    qtbot.waitUntil(lambda: bool(questions(asked)))
    (question,) = questions(asked)
    assert question.calls == []
    assert question.order is not None
    assert gone not in question.order
    assert gone not in asked.session.inference.results


def test_an_engine_that_knows_nothing_is_asked_everything(
    asked: Rig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = asked.engine.answer

    def forgetful(message: Request) -> Answer:
        return AskAgain(1) if isinstance(message, Infer) and message.base else answer(message)

    monkeypatch.setattr(asked.engine, "answer", forgetful)
    set_filters(asked, 7)
    qtbot.waitUntil(lambda: len(questions(asked)) == 2)
    first, second = questions(asked)
    assert first.base
    assert (second.base, len(second.calls)) == (0, len(asked.session.document.graph.calls))
    assert asked.session.settled


def test_a_new_engine_is_asked_everything(asked: Rig, qtbot: QtBot) -> None:
    asked.engine.die()
    asked.engine.link.report_state(READY)
    qtbot.waitUntil(lambda: bool(questions(asked)))
    assert questions(asked)[0].base == 0


def test_two_answers_may_build_on_the_same_one(asked: Rig, qtbot: QtBot) -> None:
    asked.engine.silent = True
    call = ""
    for filters in (7, 8):
        call = set_filters(asked, filters)
        count = len(asked.engine.waiting)
        qtbot.waitUntil(lambda count=count: len(asked.engine.waiting) > count)  # type: ignore[misc]
    waiting = [(message, tell) for message, tell in asked.engine.waiting if isinstance(message, Infer)]
    assert len({message.base for message, _ in waiting}) == 1
    boxes = len(asked.session.document.graph.calls)
    for number, (_message, tell) in enumerate(waiting, start=1):
        tell(Inferred(10 + number, [CallResult(call, parameters=number)], 1.0))
        assert asked.session.inference.results[call].parameters == number
        assert len(asked.session.inference.results) == boxes
