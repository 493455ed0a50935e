"""What comes out of one box for all samples of a part, batch by batch."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from resources.atomic import replaceable, swap_in
from resources.temporaries import temporary_name
from resources.text import Text
from runtime.messages.inside import CallAt
from runtime.worker.data.tensorflow_words import with_words
from runtime.worker.evaluation.inside.addresses import find_node, require_graph, same_address
from runtime.worker.evaluation.inside.feature_files import FeatureFile, feature_file
from runtime.worker.evaluation.inside.looking import Looker, outputs_of
from runtime.worker.evaluation.inside.modes import unchanged
from runtime.worker.evaluation.inside.tensors import to_array
from runtime.worker.keras_models.error_places import ErrorPlace
from runtime.worker.keras_models.memory_reasons import memory_text
from runtime.worker.process.control import CancelledError, WorkerError
from runtime.worker.process.failures import is_out_of_memory, writing_reason
from runtime.worker.process.leftovers import unfinished
from runtime.worker.process.waiting import got_on

Array = NDArray[Any]
Batch = tuple[Mapping[str, Array], Mapping[str, Array]]


class Features:
    """Computes what comes out of one box. Raises WorkerError for a call or an output that is not there."""

    def __init__(self, looker: Looker, call: CallAt, output: int = 0) -> None:
        self._looker, self._call, self._output = looker, same_address(call), output
        outputs = len(find_node(looker.model, call).outputs)
        if not 0 <= output < outputs:
            raise WorkerError(Text("{layer} has no output {number}.", {"layer": call.layer, "number": output + 1}))
        self._compute: Callable[[Sequence[Any], Sequence[Any]], Any] = self._run
        if keras.backend.backend() == "tensorflow":
            from runtime.worker.evaluation.inside.tensorflow_compiled import compiled

            self._compute = compiled(self._run)

    def batch_size(self, size: int) -> int:
        """How many samples may come at once, `size` at most: a model may take one number only."""
        fixed = [tensor.shape[0] for tensor in require_graph(self._looker.model).model.inputs if tensor.shape[0]]
        return min(size, *fixed) if fixed else size

    def _run(self, inputs: Sequence[Any], _seeds: Sequence[Any]) -> Any:
        with unchanged():
            return outputs_of(self._looker.model, inputs, self._call)[self._output]

    def of(self, arrays: Mapping[str, Array]) -> Array:
        """(samples, *shape). Raises WorkerError for what has no axis of samples, and where memory is too small."""
        count = len(next(iter(arrays.values())))
        inputs = [with_words(array) for array in self._looker.ordered(arrays) if array is not None]
        try:
            values = to_array(self._compute(inputs, ()))
        except (WorkerError, CancelledError):
            raise
        except Exception as error:
            if is_out_of_memory(error):
                raise WorkerError(memory_text(str(error), ErrorPlace(), building=False), str(error)) from error
            raise
        if not values.ndim or len(values) != len(inputs[0]):
            text = Text("What comes out of {layer} has no place for each sample.", {"layer": self._call.layer})
            raise WorkerError(text)
        return values[:count]


def write_features(
    features: Features, batches: Iterator[Batch], count: int, path: Path, layer: str
) -> tuple[int, tuple[int, ...]]:
    """How many samples were written, and the shape of one. An earlier file is replaced when the new one is whole.

    Raises WorkerError with one sentence, and CancelledError; then the earlier file is what it was.
    """
    if not path.parent.is_dir():
        raise WorkerError(Text("The folder of {path} does not exist.", {"path": str(path)}))
    try:
        target, mode = replaceable(path)
        temporary = target.with_name(temporary_name(target.name, path.suffix))
        with unfinished(temporary):
            shape, done = _written(features, batches, count, temporary, layer)
            swap_in(temporary, target, mode)
    except OSError as error:
        text = Text.of("{path} cannot be written: {reason}.", path=str(path), reason=writing_reason(error))
        raise WorkerError(text, str(error)) from error
    return done, shape


def _written(
    features: Features, batches: Iterator[Batch], count: int, path: Path, layer: str
) -> tuple[tuple[int, ...], int]:
    file: FeatureFile | None = None
    shape: tuple[int, ...] = ()
    done = 0
    try:
        for inputs, truths in batches:
            got_on(done, count, "rows")
            values = features.of(inputs)
            if file is None:
                file, shape = feature_file(path, path.suffix.lower(), count, values), values.shape[1:]
            if values.shape[1:] != shape:
                raise WorkerError(
                    Text("What comes out of {layer} is not of one size for all samples.", {"layer": layer})
                )
            file.write(values, {name: np.asarray(truth)[: len(values)] for name, truth in truths.items()})
            done += len(values)
        if file is not None:
            file.close()
    except BaseException:
        if file is not None:
            with suppress(OSError, ValueError, RuntimeError):  # it is thrown away
                file.close()
        raise
    return shape, done
