"""Why a model says what it says of one sample."""

from functools import cache
from types import ModuleType
from typing import Final

import msgspec
import numpy as np

from resources.registry import modules_with
from resources.text import Text
from runtime.messages.inside import Explain, Explained
from runtime.worker.evaluation import explaining
from runtime.worker.evaluation.evaluator import Evaluator
from runtime.worker.evaluation.explaining.drawing import drawn
from runtime.worker.evaluation.explaining.question import Question, forward, ordered
from runtime.worker.evaluation.inside.asked import words_of_input
from runtime.worker.evaluation.loaded import Arrays, Loaded
from runtime.worker.keras_models.error_places import place_of
from runtime.worker.keras_models.memory_reasons import memory_text
from runtime.worker.keras_models.reasons import explain as reason_of
from runtime.worker.process.control import CancelledError, WorkerError
from runtime.worker.process.failures import is_out_of_memory

REQUEST: Final = Explain


def answer(evaluator: Evaluator, request: Explain) -> Explained:
    """Raises WorkerError for a sample, an output or a class that is not there, and CancelledError."""
    loaded = evaluator.loaded(request.trained)
    question = question_of(loaded, request, evaluator.one(loaded, request.sample))
    with loaded.place():
        try:
            found = _methods()[request.method].explain(question)
            score = float(forward(question, ordered(question))[0])
        except (WorkerError, CancelledError):
            raise
        except Exception as error:
            place = place_of(error)
            if is_out_of_memory(error):
                raise WorkerError(memory_text(str(error), place, building=False), str(error)) from error
            text, detail = reason_of(error, place.layer or str(loaded.model.name))
            raise WorkerError(text, detail) from error
    shown = drawn(question, found, score, max(1, request.size), _columns(loaded, question))
    return msgspec.structs.replace(shown, id=request.id)


def question_of(loaded: Loaded, request: Explain, arrays: Arrays) -> Question:
    names = [output.name for output in loaded.outputs]
    if request.output not in ("", *names):
        raise WorkerError(Text("The model has no output {name}.", {"name": request.output}))
    output = request.output or names[0]
    name = request.input or next(iter(arrays))
    return Question(
        loaded.model,
        {key: np.asarray(array) for key, array in arrays.items()},
        name,
        names.index(output),
        request.class_index,
        loaded.kinds.get(output) == "binary",
        request.layer,
        request.steps,
        words_of_input(loaded, name),
    )


def _columns(loaded: Loaded, question: Question) -> tuple[str, ...]:
    """The columns of a table that are stacked to the input."""
    binding = loaded.spec.binding(question.name)
    return () if binding is None else binding.columns


@cache
def _methods() -> dict[str, ModuleType]:
    """Each module of `explaining` with a METHOD has `explain(question) -> Attribution`."""
    return {module.METHOD: module for module in modules_with(explaining, "METHOD")}
