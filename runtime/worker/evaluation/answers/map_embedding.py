"""Samples as a map of what comes out of a box for them."""

from typing import Final

import numpy as np

from resources.text import Text
from runtime.messages.inside import EmbeddingMapped, MapEmbedding
from runtime.messages.views import Label, Points
from runtime.worker.data.source import Array
from runtime.worker.evaluation.evaluator import Evaluator
from runtime.worker.evaluation.inside.asked import looker_of
from runtime.worker.evaluation.inside.embedding_maps import is_averaged, mapped, vectors_of
from runtime.worker.evaluation.inside.features import Features
from runtime.worker.evaluation.loaded import Loaded
from runtime.worker.process.control import WorkerError
from runtime.worker.process.waiting import got_on, require_waiting

REQUEST: Final = MapEmbedding
_AXES: Final = {
    "pca": (Text("First component"), Text("Second component")),
    "tsne": (Text("t-SNE 1"), Text("t-SNE 2")),
    "umap": (Text("UMAP 1"), Text("UMAP 2")),
}


def answer(evaluator: Evaluator, request: MapEmbedding) -> EmbeddingMapped:
    """Raises WorkerError for what is not there, or not installed, and CancelledError."""
    loaded = evaluator.loaded(request.trained)
    samples = evaluator.samples(loaded, request.on)
    rows = np.arange(samples.count)
    if len(rows) > max(3, request.most):
        rows = np.sort(np.random.default_rng(request.seed).permutation(rows)[: max(3, request.most)])
    vectors: list[Array] = []
    truths: list[Array] = []
    shape: tuple[int, ...] = ()
    with loaded.place():
        features = Features(looker_of(loaded), request.call, request.output)
        size = features.batch_size(loaded.trained.batch_size)
        for first in range(0, len(rows), size):
            got_on(first, len(rows), "rows")
            inputs, known = samples.take(rows[first : first + size])
            values = features.of(inputs)
            shape = values.shape[1:]
            vectors.append(vectors_of(values))
            if request.colour in known:
                truths.append(known[request.colour])
    require_waiting()
    if len({part.shape[1] for part in vectors}) > 1 or vectors[0].dtype.kind not in "biuf":
        raise WorkerError(Text("What comes out of {layer} makes no map.", {"layer": request.call.layer}))
    places, share = mapped(np.concatenate(vectors), request.method, request.seed)
    groups, names = _groups(loaded, request.colour, truths)
    x_axis, y_axis = _AXES[request.method]
    points = Points(
        Label(text=x_axis),
        Label(text=y_axis),
        tuple(map(float, places[:, 0])),
        tuple(map(float, places[:, 1])),
        tuple(map(int, rows)),
        groups,
        names,
        shown_of=samples.count if len(rows) < samples.count else None,
    )
    note = Text("Each map is the mean of its places.") if is_averaged(shape) else None
    return EmbeddingMapped(request.id, points, share, note)


def _groups(loaded: Loaded, colour: str, truths: list[Array]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The class of each sample, and the names of classes; nothing where there is no truth of one class a sample."""
    names = loaded.classes.get(colour, ())
    if not truths or not names:
        return (), ()
    values = np.concatenate(truths)
    values = values.reshape(len(values), -1)
    if values.shape[1] == len(names) > 1:
        numbers = values.argmax(1)
    elif values.shape[1] == 1:
        numbers = values[:, 0]
    else:
        return (), ()
    numbers = np.nan_to_num(numbers.astype(np.float64)).astype(np.int64)
    if numbers.min() < 0 or numbers.max() >= len(names):
        return (), ()
    return tuple(map(int, numbers)), tuple(names)
