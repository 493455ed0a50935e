"""The history: how far it reaches back, and what it keeps in memory."""

from __future__ import annotations

import pytest

from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.document import Document
from graph_editor.document.edits import SetPositions, SetTraining
from graph_editor.document.history import MOST_STEPS, History


def _train(history: History, epochs: int) -> None:
    history.do(f"epochs {epochs}", [SetTraining({"epochs": epochs})])


def test_the_last_thousand_steps_can_be_undone_and_redone() -> None:
    document = Document()
    history = History(document, FOLLOW_UPS)
    for epochs in range(1, MOST_STEPS + 51):
        _train(history, epochs)
    undone = 0
    while history.can_undo:
        history.undo()
        undone += 1
    assert (undone, document.training, MOST_STEPS) == (1000, {"epochs": 50}, 1000)
    while history.can_redo:
        history.redo()
    assert document.training == {"epochs": MOST_STEPS + 50}


@pytest.mark.parametrize(("more", "reached"), [(MOST_STEPS, True), (MOST_STEPS + 1, False)])
def test_the_saved_state_is_found_again_as_long_as_it_can_be_reached(more: int, reached: bool) -> None:
    history = History(Document(), FOLLOW_UPS)
    _train(history, 1)
    _train(history, 2)
    history.mark_clean()
    for epochs in range(more):
        _train(history, 10 + epochs)
    assert not history.is_clean
    seen = False
    while history.can_undo:
        history.undo()
        seen = seen or history.is_clean
    assert seen is reached


def test_steps_that_move_thousands_of_boxes_are_fewer() -> None:
    document = Document()
    document.positions = {f"c{number}": (0.0, 0.0) for number in range(1000)}
    history = History(document, FOLLOW_UPS, most_weight=4500)
    for x in range(1, 11):
        history.do("move", [SetPositions({call: (float(x), 0.0) for call in document.positions})])
        history.undo()
        history.redo()
    undone = 0
    while history.can_undo:
        history.undo()
        undone += 1
    assert (undone, document.positions["c7"]) == (4, (6.0, 0.0))


def test_the_last_step_can_be_undone_whatever_it_weighs() -> None:
    document = Document()
    history = History(document, FOLLOW_UPS, most_weight=1)
    _train(history, 1)
    _train(history, 2)
    history.undo()
    assert document.training == {"epochs": 1} and not history.can_undo
