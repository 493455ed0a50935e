"""The whole tensor that comes out of one box."""

from typing import Final

import msgspec

from runtime.messages.inside import OpenTensor, TensorOpened
from runtime.worker.evaluation.evaluator import Evaluator
from runtime.worker.evaluation.inside.activations import open_tensor
from runtime.worker.evaluation.inside.asked import looker_of, names_of, sample_of
from runtime.worker.evaluation.inside.views import Manner

REQUEST: Final = OpenTensor


def answer(evaluator: Evaluator, request: OpenTensor) -> TensorOpened:
    """Raises WorkerError for a sample, a call or an output that is not there, and CancelledError."""
    loaded = evaluator.loaded(request.trained)
    arrays = sample_of(evaluator, loaded, request.sample, request.training, request.seed)
    manner = Manner(max(1, request.size), max(1, request.count), max(0, request.first), in_order=True)
    with loaded.place():
        opened = open_tensor(
            looker_of(loaded),
            arrays,
            request.call,
            request.output,
            manner,
            training=request.training,
            seed=request.seed,
            names=names_of(loaded, arrays),
        )
    return msgspec.structs.replace(opened, id=request.id)
