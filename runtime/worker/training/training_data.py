"""The samples of a run as `fit` takes them: arrays where they fit into memory, otherwise streamed from the file.

Samples that are files are streamed always, and kept as they are stored once they have been decoded: eight bits of a
colour take a quarter of what the model takes, and no training waits until all are decoded.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from resources.text import Text
from resources.training.settings.batch_size import SETTING as BATCH_SIZE
from resources.training.settings.seed import SETTING as SEED
from resources.training.settings.shuffle import SETTING as SHUFFLE
from runtime.advice.embedded_ids import embedded_ids
from runtime.messages.checking import DataProblem, Endpoint, Ids
from runtime.model_configs.ends import interface, tensor_names
from runtime.spec import RunSpec
from runtime.splits import split_of
from runtime.worker.data.augmenting.check import augmentation_problems
from runtime.worker.data.augmenting.feed import Augmented, Batches, InMemory
from runtime.worker.data.augmenting.layers import Augmenter
from runtime.worker.data.augmenting.plan import planned
from runtime.worker.data.blocks import checked_whole
from runtime.worker.data.checks import checked
from runtime.worker.data.feed.feed import Feed
from runtime.worker.data.feed.kept import Kept
from runtime.worker.data.feed.order import BUFFER_BYTES
from runtime.worker.data.feed.reading import Arrays, Reader, samples_are_files, stored_sizes
from runtime.worker.data.feed.unchanged import Unchanged
from runtime.worker.data.fitting import Fit, fit
from runtime.worker.data.made.made_source import MadeSource
from runtime.worker.data.source import DataError, Rows, Source
from runtime.worker.data.split import Parts, split_rows, truths_of
from runtime.worker.data.tensorflow_words import with_words
from runtime.worker.data.values import WORDS
from runtime.worker.training.compiling import packed
from runtime.worker.training.feeding import FedData, ValidationData
from runtime.worker.training.memory_rule import budget as memory_budget
from runtime.worker.training.memory_rule import peak_bytes
from runtime.worker.training.shuffling import run_seed


@dataclass(frozen=True, slots=True)
class TrainingData:
    """What `fit` gets: `x` and `y`, or a `FedData` as `x` (it shuffles itself) and no `y`."""

    x: Any
    y: Any
    validation: Any
    samples: int
    validation_samples: int
    notes: tuple[Text, ...] = ()
    steps: int | None = None  # an epoch; None: as many as the batch size makes
    fit: dict[str, int] = field(default_factory=dict)  # what else `fit` has to know of data without an end

    @property
    def streamed(self) -> bool:
        return self.y is None

    @property
    def error(self) -> DataError | None:
        """What went wrong while data was streamed."""
        return next((fed.error for fed in self._fed if fed.error is not None), None)

    def close(self) -> None:
        """Ends the threads that read ahead."""
        for fed in self._fed:
            fed.close()

    @property
    def _fed(self) -> list[FedData]:
        return [part for part in (self.x, self.validation) if isinstance(part, FedData)]


def endpoints(model: Any, spec: RunSpec) -> tuple[tuple[Endpoint, ...], tuple[Endpoint, ...]]:
    """Inputs and outputs of a built model, with the names that bindings use."""
    trained = {output.name: output for output in spec.training.outputs}
    ids = embedded_ids(spec.model)
    inputs = tuple(_endpoint(tensor, ids) for tensor in model.inputs)
    outputs = tuple(
        Endpoint(name, tuple(tensor.shape), str(tensor.dtype), trained.get(name))
        for name, tensor in zip(tensor_names(spec.model, "output_layers"), model.outputs, strict=True)
    )
    return inputs, outputs


def _endpoint(tensor: Any, ids: Mapping[str, Ids]) -> Endpoint:
    name = tensor._keras_history.operation.name
    return Endpoint(name, tuple(tensor.shape), str(tensor.dtype), ids=ids.get(name))


def load(
    source: Source,
    model: Any,
    spec: RunSpec,
    tell: Callable[[Text], object] = lambda _text: None,
    progress: Callable[[Text, float], None] = lambda _text, _part: None,
    *,
    budget: int | None = None,
    buffer_bytes: int = BUFFER_BYTES,
) -> TrainingData:
    """Checks the data and makes it ready. `budget` is the bytes that holding them may take at its peak.

    `tell` hears what people should know of while the model trains, `progress` what takes long before it does, and how
    much of it is done; it may raise to end it. Raises DataError for the first problem.
    """
    settings = spec.training
    inputs, outputs = endpoints(model, spec)
    found = checked(source, spec.bindings, inputs, outputs, split_of(settings.by_key()))
    _raise_first_error([*found.problems, *augmentation_problems(spec.data, source, found.fits)])
    if isinstance(source, MadeSource):
        return _made(source)
    assert found.parts is not None  # or that would be an error
    fits = {}
    for endpoint in (*inputs, *outputs):
        binding = spec.binding(endpoint.name)
        assert binding is not None  # the check has seen to it
        fits[endpoint.name] = fit(source, binding.columns, endpoint, is_output=endpoint.training is not None)
    for name in dict.fromkeys(name for fitted in fits.values() for name in fitted.columns):
        source.read_through(name, partial(progress, Text.of("Reading all files of {column} once", column=name)))
    total = source.shape(next(iter(fits.values())).columns[0])[0]
    notes = tuple(problem.text for problem in found.problems if problem.severity != "error")
    if source.note is not None:
        notes = (source.note, *notes)
    nests = (interface(spec.model, "input_layers"), interface(spec.model, "output_layers"))
    needed_bytes = total * sum(fitted.sample_bytes for fitted in fits.values())
    kept = _kept(source, fits, total, tell)
    if kept is not None and kept.holds_memory:
        return _streamed(source, fits, nests, found.parts, spec, notes, kept, buffer_bytes)
    if peak_bytes(source, fits.values(), total) > (memory_budget() if budget is None else budget):
        notes = (*notes, _stream_note(source, needed_bytes))
        return _streamed(source, fits, nests, found.parts, spec, notes, kept, buffer_bytes)
    if kept is not None:
        kept.close()
    return _arrays(source, fits, nests, found.parts, spec, notes)


def training_rows(source: Source, spec: RunSpec) -> Rows:
    """The samples that train. Raises DataError."""
    bound = [name for binding in spec.bindings for name in binding.columns]
    for name in bound:
        source.require(name)
    samples = min(source.raw().shape(name)[0] for name in bound)
    if source.fed_as_it_is:
        return range(samples)
    return split_rows(source, split_of(spec.training.by_key()), samples, truths_of(spec)).training


def _made(source: MadeSource) -> TrainingData:
    """What the project's own code makes, as it is."""
    training, validation = source.feeds()
    fit_arguments = {"steps_per_epoch": training.steps} if training.endless else {}
    if validation is not None and validation.endless:
        fit_arguments["validation_steps"] = validation.steps
    return TrainingData(
        training.dataset,
        None,
        None if validation is None else validation.dataset,
        training.steps * source.batch,
        0 if validation is None else validation.steps * source.batch,
        (source.note,) if source.note is not None else (),
        training.steps,
        fit_arguments,
    )


def _kept(source: Source, fits: dict[str, Fit], total: int, tell: Callable[[Text], object]) -> Kept | None:
    """A place for samples that are files, once they are decoded."""
    if not samples_are_files(source, fits) or WORDS in [fitted.dtype for fitted in fits.values()]:
        return None
    return Kept(total, stored_sizes(source, fits), tell)


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
    source: Source, fits: dict[str, Fit], nests: tuple[Any, Any], parts: Parts, spec: RunSpec, notes: tuple[Text, ...]
) -> TrainingData:
    check = not all(checked_whole(source, fitted) for fitted in fits.values())
    settings, x, y = spec.training, None, None

    def part(arrays: Arrays) -> tuple[Any, Any]:
        inputs, outputs = (packed(nest, lambda name: with_words(arrays[name])) for nest in nests)
        return inputs, outputs

    try:
        training = _read(source, fits, parts.training, check=check)
        if spec.data.augmentation:
            seed = run_seed(settings[SEED])
            in_memory = InMemory(training, settings[BATCH_SIZE], seed if settings[SHUFFLE] else None)
            x = FedData(_augmented(in_memory, source, fits, spec, seed), nests)
        else:
            x, y = part(training)
        validation = part(_read(source, fits, parts.validation, check=check)) if len(parts.validation) else None
    except MemoryError as error:
        raise DataError(Text("{file} does not fit into memory.", {"file": source.title})) from error
    return TrainingData(x, y, validation, len(parts.training), len(parts.validation), notes)


def _augmented(feed: Batches, source: Source, fits: dict[str, Fit], spec: RunSpec, seed: int) -> Batches:
    """The feed itself where there is nothing to augment. Raises DataError."""
    if not spec.data.augmentation:
        return feed
    augmenter = Augmenter(planned(spec.data.augmentation, source, list(fits.values())), seed)
    return Augmented(feed, augmenter.batch)


def _read(source: Source, fits: dict[str, Fit], rows: Rows, *, check: bool) -> Arrays:
    """Views of what is in memory already, where that is possible."""
    if source.in_memory():
        return {name: fitted.take(source, rows, check=check) for name, fitted in fits.items()}
    reader = Reader(source, fits)
    try:
        arrays = reader.room(len(rows), as_taken=True)
        reader.read([rows], arrays, check=check)
        return arrays
    finally:
        reader.close()


def _streamed(
    source: Source,
    fits: dict[str, Fit],
    nests: tuple[Any, Any],
    parts: Parts,
    spec: RunSpec,
    notes: tuple[Text, ...],
    kept: Kept | None,
    buffer_bytes: int,
) -> TrainingData:
    settings = spec.training
    run = run_seed(settings[SEED])
    seed = run if settings[SHUFFLE] else None
    unchanged = Unchanged(one.path for one in spec.data.sources)

    def feed(rows: Rows, seed: int | None) -> Feed:
        return Feed(
            source, fits, rows, settings[BATCH_SIZE], seed, buffer_bytes=buffer_bytes, unchanged=unchanged, kept=kept
        )

    training = FedData(_augmented(feed(parts.training, seed), source, fits, spec, run), nests)
    validation = ValidationData(feed(parts.validation, None), nests) if len(parts.validation) else None
    return TrainingData(training, None, validation, len(parts.training), len(parts.validation), notes)
