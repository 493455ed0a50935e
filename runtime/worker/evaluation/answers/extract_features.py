"""What comes out of a box for all samples, into a file."""

from pathlib import Path
from typing import Final

from runtime.messages.inside import ExtractFeatures, FeaturesExtracted
from runtime.worker.evaluation.evaluator import Evaluator
from runtime.worker.evaluation.inside.asked import looker_of
from runtime.worker.evaluation.inside.features import Features, write_features

REQUEST: Final = ExtractFeatures


def answer(evaluator: Evaluator, request: ExtractFeatures) -> FeaturesExtracted:
    """Raises WorkerError, and CancelledError: then an earlier file is what it was."""
    loaded = evaluator.loaded(request.trained)
    samples = evaluator.samples(loaded, request.on)
    with loaded.place():
        features = Features(looker_of(loaded), request.call, request.output)
        batches = samples.batches(features.batch_size(loaded.trained.batch_size))
        count, shape = write_features(features, batches, samples.count, Path(request.path), request.call.layer)
    return FeaturesExtracted(request.id, request.path, count, shape)
