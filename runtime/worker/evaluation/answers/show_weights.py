"""What a layer has learnt."""

from typing import Final

from runtime.messages.inside import ShowWeights, WeightsShown
from runtime.worker.evaluation.evaluator import Evaluator
from runtime.worker.evaluation.inside.asked import words_of_embedding
from runtime.worker.evaluation.inside.weight_history import history_of
from runtime.worker.evaluation.inside.weights import find_layer, weights_of

REQUEST: Final = ShowWeights


def answer(evaluator: Evaluator, request: ShowWeights) -> WeightsShown:
    """Raises WorkerError for a layer that is not there, and CancelledError."""
    loaded = evaluator.loaded(request.trained)
    layer = find_layer(loaded.model, request.layer, request.path)
    with loaded.place():
        words = words_of_embedding(loaded, request.layer) if not request.path else ()
        shown = weights_of(layer, max(1, request.size), max(1, request.most), words)
        history = history_of(loaded, request.layer, request.path) if shown else []
    return WeightsShown(request.id, tuple(shown), tuple(history))
