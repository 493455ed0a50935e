"""Answers questions about trained models. Each kind of question has a file in `answers/`."""

from collections.abc import Callable
from functools import cache
from typing import Any, cast

from resources.registry import modules_with
from runtime.messages.protocol import Answer, EvaluatorRequest
from runtime.worker.evaluation import answers

AnswerFunction = Callable[["Evaluator", Any], Answer]


class Evaluator:
    """Keeps what questions have in common: models that are loaded, data that is open. Lives on the thread of Keras."""

    def answer(self, request: EvaluatorRequest) -> Answer:
        """Raises WorkerError, and CancelledError when nobody waits any more (`process/waiting.py` says so)."""
        return _answers()[type(request)](self, request)


@cache
def _answers() -> dict[type, AnswerFunction]:
    """Each module of `answers` has the type of its REQUEST, and `answer(evaluator, request)`."""
    modules = modules_with(answers, "REQUEST")
    return {module.REQUEST: cast(AnswerFunction, module.answer) for module in modules}
