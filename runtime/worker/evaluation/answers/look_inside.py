"""What comes out of each box for one sample."""

import time
from typing import Final

from runtime.messages.inside import LookedInside, LookInside
from runtime.worker.evaluation.evaluator import Evaluator
from runtime.worker.evaluation.inside.activations import activations_of
from runtime.worker.evaluation.inside.asked import calls_of, looker_of, names_of, sample_of
from runtime.worker.evaluation.inside.views import Manner

REQUEST: Final = LookInside


def answer(evaluator: Evaluator, request: LookInside) -> LookedInside:
    """Raises WorkerError for a sample or a call that is not there, and CancelledError."""
    started = time.perf_counter()
    loaded = evaluator.loaded(request.trained)
    arrays = sample_of(evaluator, loaded, request.sample, request.training, request.seed)
    manner = Manner(size=max(1, request.size), most=max(1, request.most))
    with loaded.place():
        found = activations_of(
            looker_of(loaded),
            arrays,
            calls_of(loaded, request.calls),
            manner,
            training=request.training,
            seed=request.seed,
            names=names_of(loaded, arrays),
        )
    return LookedInside(request.id, tuple(found), (time.perf_counter() - started) * 1e3)
