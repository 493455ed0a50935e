"""The samples of a run as `fit` takes them: arrays where they fit into memory, otherwise streamed from the file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from resources.text import Text
from resources.training.settings.batch_size import SETTING as BATCH_SIZE
from resources.training.settings.seed import SETTING as SEED
from resources.training.settings.shuffle import SETTING as SHUFFLE
from resources.training.settings.validation_percent import SETTING as VALIDATION_PERCENT
from runtime.embedded_ids import embedded_ids
from runtime.protocol import DataProblem, Endpoint, Ids
from runtime.spec import RunSpec, interface, tensor_names
from runtime.worker.data.blocks import checked_whole
from runtime.worker.data.checks import check, split_at
from runtime.worker.data.fitting import Fit, fit
from runtime.worker.data.source import DataError, Source
from runtime.worker.data.tensorflow_words import with_words
from runtime.worker.training.compiling import packed
from runtime.worker.training.memory_rule import budget as memory_budget
from runtime.worker.training.memory_rule import peak_bytes
from runtime.worker.training.shuffling import run_seed
from runtime.worker.training.streaming import BLOCK_BYTES, StreamedData


@dataclass(frozen=True, slots=True)
class TrainingData:
    """What `fit` gets: `x` and `y`, or a `StreamedData` as `x` (it shuffles itself) and no `y`."""

    x: Any
    y: Any
    validation: Any
    samples: int
    validation_samples: int
    notes: tuple[Text, ...] = ()

    @property
    def streamed(self) -> bool:
        return self.y is None

    @property
    def error(self) -> DataError | None:
        """What went wrong while data was streamed."""
        streams = [part for part in (self.x, self.validation) if isinstance(part, StreamedData)]
        return next((stream.error for stream in streams if stream.error is not None), None)


def endpoints(model: Any, spec: RunSpec) -> tuple[tuple[Endpoint, ...], tuple[Endpoint, ...]]:
    """Inputs and outputs of a built model, with the names that bindings use."""
    trained = {output.name: output for output in spec.training.outputs}
    ids = embedded_ids(spec.model)
    inputs = tuple(_endpoint(tensor, ids) for tensor in model.inputs)
    outputs = tuple(
        Endpoint(name, tuple(tensor.shape), str(tensor.dtype), trained[name])
        for name, tensor in zip(tensor_names(spec.model, "output_layers"), model.outputs, strict=True)
    )
    return inputs, outputs


def _endpoint(tensor: Any, ids: Mapping[str, Ids]) -> Endpoint:
    name = tensor._keras_history.operation.name
    return Endpoint(name, tuple(tensor.shape), str(tensor.dtype), ids=ids.get(name))


def load(
    source: Source, model: Any, spec: RunSpec, *, budget: int | None = None, block_bytes: int = BLOCK_BYTES
) -> TrainingData:
    """Checks the data and makes it ready. `budget` is the bytes that holding them may take at its peak.

    Raises DataError for the first problem.
    """
    settings = spec.training
    inputs, outputs = endpoints(model, spec)
    problems = check(source, spec.bindings, inputs, outputs, settings[VALIDATION_PERCENT])
    _raise_first_error(problems)
    fits = {}
    for endpoint in (*inputs, *outputs):
        binding = spec.binding(endpoint.name)
        assert binding is not None  # the check has seen to it
        fits[endpoint.name] = fit(source, binding.columns, endpoint, is_output=endpoint.training is not None)
    total = source.shape(next(iter(fits.values())).columns[0])[0]
    split = split_at(total, settings[VALIDATION_PERCENT]) if settings[VALIDATION_PERCENT] > 0 else total
    notes = tuple(problem.text for problem in problems if problem.severity != "error")
    if source.note is not None:
        notes = (source.note, *notes)
    nests = (interface(spec.model, "input_layers"), interface(spec.model, "output_layers"))
    needed_bytes = total * sum(fitted.sample_bytes for fitted in fits.values())
    if peak_bytes(source, fits.values(), total) > (memory_budget() if budget is None else budget):
        return _streamed(
            source, fits, nests, (split, total), spec, (*notes, _stream_note(source, needed_bytes)), block_bytes
        )
    return _arrays(source, fits, nests, (split, total), notes)


def _raise_first_error(problems: Sequence[DataProblem]) -> None:
    for problem in problems:
        if problem.severity == "error":
            raise DataError(problem.text, problem.detail)


def _stream_note(source: Source, needed_bytes: int) -> Text:
    return Text.of(
        "{file} takes {size} GB, too much for memory: it is read while training, shuffled in blocks.",
        file=source.title,
        size=f"{needed_bytes / 2**30:.1f}",
    )


def _arrays(
    source: Source, fits: dict[str, Fit], nests: tuple[Any, Any], counts: tuple[int, int], notes: tuple[Text, ...]
) -> TrainingData:
    split, total = counts
    try:
        arrays = {
            name: fitted.read(source, slice(0, total), check=not checked_whole(source, fitted))
            for name, fitted in fits.items()
        }
    except MemoryError as error:
        raise DataError(Text("{file} does not fit into memory.", {"file": source.title})) from error

    def part(rows: slice) -> tuple[Any, Any]:
        inputs, outputs = (packed(nest, lambda name: with_words(arrays[name][rows])) for nest in nests)
        return inputs, outputs

    x, y = part(slice(0, split))
    validation = part(slice(split, total)) if split < total else None
    return TrainingData(x, y, validation, split, total - split, notes)


def _streamed(
    source: Source,
    fits: dict[str, Fit],
    nests: tuple[Any, Any],
    counts: tuple[int, int],
    spec: RunSpec,
    notes: tuple[Text, ...],
    block_bytes: int,
) -> TrainingData:
    split, total = counts
    settings = spec.training
    seed = run_seed(settings[SEED]) if settings[SHUFFLE] else None

    def stream(rows: tuple[int, int], seed: int | None) -> StreamedData:
        return StreamedData(source, fits, nests, rows, settings[BATCH_SIZE], seed, block_bytes=block_bytes)

    validation = stream((split, total), None) if split < total else None
    return TrainingData(stream((0, split), seed), None, validation, split, total - split, notes)
