"""The evaluator that a soak pretends to have."""

from __future__ import annotations

import random
from typing import get_args

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from app.engine.engine_link import EngineLink
from runtime.messages.connection import Failed
from runtime.messages.evaluating import CompareEvaluations
from runtime.messages.protocol import Answer, EvaluatorRequest
from tests.soak.evaluator import QuickEvaluator

QUESTION = CompareEvaluations(0, "a", "b", "digit")


def test_it_has_an_answer_to_every_question_there_is(qapp: QCoreApplication) -> None:
    evaluator = QuickEvaluator(EngineLink(), random.Random(0), lambda: True)
    assert set(evaluator._answers) == set(get_args(EvaluatorRequest))


@pytest.mark.parametrize("calm", [True, False])
def test_it_refuses_late_and_dies_only_while_it_is_used_at_random(qtbot: QtBot, calm: bool) -> None:
    link = EngineLink()
    evaluator = QuickEvaluator(link, random.Random(6), lambda: calm)
    link.use(evaluator)
    answers: list[Answer] = []

    def ask() -> None:
        before = len(answers)
        link.start()
        link.request(QUESTION, answers.append)
        qtbot.waitUntil(lambda: len(answers) > before)

    for _ in range(40):
        ask()
    failed = [answer for answer in answers if isinstance(answer, Failed)]
    assert (not failed) is calm
    assert calm or any("SIGKILL" in answer.error.english() for answer in failed)
    assert calm or any("SIGKILL" not in answer.error.english() for answer in failed)
