"""Samples as a map of two dimensions: those whose vectors are alike lie near each other."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from resources.text import Text
from runtime.worker.keras_models.sharing import replaced
from runtime.worker.process.control import WorkerError
from runtime.worker.process.waiting import got_on, require_waiting

Array = NDArray[Any]
Method = Literal["pca", "tsne", "umap"]
_WIDEST: Final = 4_096  # values of a vector; wider maps are averaged over their places
_BEFORE: Final = 50  # principal components that t-SNE and UMAP start from
_PERPLEXITY: Final = 30.0
_STEPS: Final = 1000
_GRADIENT: Final = "_kl_divergence_bh"


def vectors_of(values: Array) -> Array:
    """(samples, values): of large maps the mean of each channel, which is the last axis, over all places."""
    numbers = values.reshape(len(values), 1) if values.ndim == 1 else values
    width = int(np.prod(numbers.shape[1:], dtype=np.int64))
    if width > _WIDEST and numbers.ndim > 2:
        numbers = numbers.astype(np.float64).mean(tuple(range(1, numbers.ndim - 1)))
    return numbers.reshape(len(numbers), -1)


def is_averaged(shape: tuple[int, ...]) -> bool:
    """Whether what has this shape is averaged over its places first."""
    return len(shape) > 1 and int(np.prod(shape, dtype=np.int64)) > _WIDEST


def mapped(vectors: Array, method: Method, seed: int) -> tuple[Array, float | None]:
    """(samples, 2), and the share of the variance that the two axes have (PCA only).

    Raises WorkerError for fewer than three samples, and for UMAP where it is not installed.
    """
    from sklearn.decomposition import PCA

    numbers = np.nan_to_num(vectors.astype(np.float64), posinf=0.0, neginf=0.0)
    if len(numbers) < 3:
        raise WorkerError(Text("A map needs three samples or more."))
    if method == "pca" or numbers.shape[1] < 3:
        axes = min(2, numbers.shape[1])
        found = PCA(axes, random_state=seed)
        places = found.fit_transform(numbers)
        shares = found.explained_variance_ratio_
        share = float(shares.sum()) if np.isfinite(shares).all() else 0.0
        return np.pad(places, ((0, 0), (0, 2 - axes))), share
    start = numbers
    if min(numbers.shape) > _BEFORE:
        start = PCA(_BEFORE, random_state=seed).fit_transform(numbers)
    return (_tsne(start, seed) if method == "tsne" else _umap(start, seed)), None


def _tsne(vectors: Array, seed: int) -> Array:
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    require_waiting()
    perplexity = min(_PERPLEXITY, (len(vectors) - 1) / 3)
    with (
        _heard(len(vectors)),
        threadpool_limits(1),
    ):  # its threads wait for each other all the time, for minutes where cores are busy
        places: Array = TSNE(2, perplexity=perplexity, init="pca", random_state=seed, max_iter=_STEPS).fit_transform(
            vectors
        )
    return places


@contextmanager
def _heard(rows: int) -> Iterator[None]:
    """Tell how far t-SNE is, and end it when nobody waits: it asks for its gradient once a step, or a little oftener.

    Where scikit-learn calls that by another name it works in silence.
    """
    from sklearn.manifold import _t_sne

    gradient = getattr(_t_sne, _GRADIENT, None)
    if gradient is None:
        yield
        return
    steps = count(1)

    def heard(*args: Any, **kwargs: Any) -> Any:
        got_on(rows * min(next(steps), _STEPS) // _STEPS, rows, "rows", again=True)
        return gradient(*args, **kwargs)

    with replaced(_t_sne, _GRADIENT, heard):
        yield


def _umap(vectors: Array, seed: int) -> Array:
    try:
        from umap import UMAP
    except ImportError as error:
        text = Text("UMAP is not installed: take PCA or t-SNE, or install the package umap-learn.")
        raise WorkerError(text, str(error)) from error
    neighbours = min(15, len(vectors) - 1)
    return np.asarray(UMAP(n_components=2, n_neighbors=neighbours, random_state=seed).fit_transform(vectors))
