"""Predictions of all samples, with progress, and what `Model.evaluate` would tell of them, from one pass."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import keras
import numpy as np

from resources.text import Text
from runtime.model_configs.ends import interface
from runtime.worker.data.feed.feed import Feed
from runtime.worker.evaluation.loaded import Arrays, Loaded
from runtime.worker.evaluation.samples import Samples
from runtime.worker.process.control import WorkerError
from runtime.worker.process.failures import is_out_of_memory
from runtime.worker.process.waiting import got_on
from runtime.worker.training.compiling import packed
from runtime.worker.training.feeding import FedData
from runtime.worker.training.memory_rule import budget

# Of predictions whose metrics are worked out at once: the sum over batches is the same.
_FEWEST_AT_ONCE: Final = 2048
_BYTES_AT_ONCE: Final = 16 << 20


class _Progress(keras.callbacks.Callback):
    """Tells how far it is, and ends it when nobody waits any more."""

    def __init__(self, total: int, batch_size: int) -> None:
        super().__init__()
        self._total, self._batch_size = total, batch_size

    def on_predict_batch_end(self, batch: int, logs: Any = None) -> None:
        got_on(min((batch + 1) * self._batch_size, self._total), self._total, "rows")

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
        self.on_predict_batch_end(batch)


def predict(loaded: Loaded, samples: Samples) -> Arrays:
    """By output, of shape (samples, *output). Raises DataError, WorkerError, CancelledError."""
    size = loaded.trained.batch_size
    with _enough_memory(size), loaded.place():
        if _fits(samples):
            inputs = loaded.inputs_of(samples.inputs())
            outputs = _from_arrays(loaded, inputs, samples.count)
        else:
            with _fed(loaded, samples.feed(size, truths=False), None) as fed:
                outputs = loaded.model.predict(fed, verbose=0, callbacks=[_Progress(samples.count, size)])
        return loaded.by_output(outputs)


@contextmanager
def _enough_memory(size: int) -> Iterator[None]:
    """Raises WorkerError in place of what a backend says when the memory is full."""
    try:
        yield
    except Exception as error:
        if is_out_of_memory(error):
            raise WorkerError(
                Text("There is not enough memory for batches of {size}: take a smaller batch size.", {"size": size}),
                str(error),
            ) from error
        raise


def _from_arrays(loaded: Loaded, inputs: Any, count: int) -> Any:
    size = loaded.trained.batch_size
    if keras.config.backend() == "tensorflow":
        from runtime.worker.evaluation.tensorflow_predicting import predict_arrays

        return predict_arrays(loaded.model, inputs, size, lambda done: got_on(done, count, "rows"))
    return loaded.model.predict(inputs, batch_size=size, verbose=0, callbacks=[_Progress(count, size)])


def _fits(samples: Samples) -> bool:
    """Whether all inputs fit into memory, with what Keras makes of them."""
    return samples.input_bytes * 3 <= budget()


@contextmanager
def _fed(loaded: Loaded, feed: Feed, truths: Any) -> Iterator[FedData]:
    """The feed as Keras takes it; `truths` is the nest of the outputs, None where the feed has no truths."""
    fed = FedData(feed, (interface(loaded.spec.model, "input_layers"), truths))
    try:
        yield fed
    except Exception:
        if fed.error is not None:  # Keras tells it in the words of its backend
            raise fed.error from None
        raise
    finally:
        fed.close()


def metrics_of(loaded: Loaded, samples: Samples, predictions: Arrays, truths: Arrays) -> dict[str, float | None]:
    """What `Model.evaluate` returns, by Keras' names; nothing where the model has no losses, or there is no truth."""
    if not loaded.compiled or any(output.name not in truths for output in loaded.outputs):
        return {}
    with _enough_memory(loaded.trained.batch_size), loaded.place():
        if _needs_the_pass(loaded, samples):
            found = _evaluated(loaded, samples, truths)
        else:
            found = _from_predictions(loaded, predictions, truths)
    return {name: float(value) if np.isfinite(value) else None for name, value in found.items()}


def _needs_the_pass(loaded: Loaded, samples: Samples) -> bool:
    """Whether losses follow from more than predictions: what layers add to the loss, and masks."""
    if loaded.needs_the_pass is None:
        loaded.needs_the_pass = _found_to_need_it(loaded, samples)
    return loaded.needs_the_pass


def _found_to_need_it(loaded: Loaded, samples: Samples) -> bool:
    outputs = loaded.model(loaded.inputs_of(samples.take([0])[0]), training=False)
    layers = loaded.model._flatten_layers()
    return any(layer._losses for layer in layers) or any(
        getattr(output, "_keras_mask", None) is not None for output in keras.tree.flatten(outputs)
    )


def _evaluated(loaded: Loaded, samples: Samples, truths: Arrays) -> dict[str, float]:
    size, nest = loaded.trained.batch_size, interface(loaded.spec.model, "output_layers")
    options: dict[str, Any] = {"verbose": 0, "return_dict": True, "callbacks": [_Progress(samples.count, size)]}
    found: dict[str, float]
    if _fits(samples):
        truth = packed(nest, lambda name: truths[name])
        found = loaded.model.evaluate(loaded.inputs_of(samples.inputs()), truth, batch_size=size, **options)
    else:
        with _fed(loaded, samples.feed(size), nest) as fed:
            found = loaded.model.evaluate(fed, **options)
    return found


def _from_predictions(loaded: Loaded, predictions: Arrays, truths: Arrays) -> dict[str, float]:
    """The losses of single outputs are means over samples; Keras takes the mean of its batches, however full."""
    model, nest = loaded.model, interface(loaded.spec.model, "output_layers")
    count = len(next(iter(predictions.values())))
    step = loaded.trained.batch_size if _adds_up(loaded) else _at_once(predictions)

    def piece(arrays: Arrays, first: int) -> Any:
        return packed(nest, lambda name: keras.ops.convert_to_tensor(arrays[name][first : first + step]))

    model.reset_metrics()
    for first in range(0, count, step):
        truth, predicted = piece(truths, first), piece(predictions, first)
        loss = model.compute_loss(x=None, y=truth, y_pred=predicted, training=False)
        model._loss_tracker.update_state(loss, sample_weight=min(step, count - first))
        model.compute_metrics(None, truth, predicted)
    return {name: float(keras.ops.convert_to_numpy(value)) for name, value in model.get_metrics_result().items()}


def _at_once(predictions: Arrays) -> int:
    bytes_each = max(1, sum(array[:1].nbytes for array in predictions.values()))
    return max(_FEWEST_AT_ONCE, _BYTES_AT_ONCE // bytes_each)


def _adds_up(loaded: Loaded) -> bool:
    """Whether a loss is a sum over the batch, and so depends on its size."""
    return any(output.loss.config.get("reduction") == "sum" for output in loaded.spec.training.outputs)
