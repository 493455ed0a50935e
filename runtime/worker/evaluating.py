"""Who answers which question about trained models: each kind of question has a file in `evaluation/answers/`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from resources.registry import modules_with
from runtime.messages.protocol import Answer, EvaluatorRequest
from runtime.worker.evaluation import answers

if TYPE_CHECKING:
    from runtime.worker.evaluation.evaluator import Evaluator

AnswerFunction = Callable[["Evaluator", Any], Answer]


def answer(evaluator: Evaluator, request: EvaluatorRequest) -> Answer:
    """Raises WorkerError, and CancelledError when nobody waits any more (`process/waiting.py` says so)."""
    return _answers()[type(request)](evaluator, request)


@cache
def _answers() -> dict[type, AnswerFunction]:
    """Each module of `answers` has the type of its REQUEST, and `answer(evaluator, request)`."""
    modules = modules_with(answers, "REQUEST")
    return {module.REQUEST: cast(AnswerFunction, module.answer) for module in modules}
