"""Whether data fits a model, found out before training starts: each thing that does not gets one sentence."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np

from resources.text import Text
from runtime.protocol import DataProblem, Endpoint
from runtime.spec import Binding
from runtime.worker.data.fitting import Fit, fit, is_sparse, loss_key
from runtime.worker.data.source import Array, DataError, Source, column_kind

CHECKED_BYTES: Final = 2 * 2**30  # of one column; what lies behind is checked while it is read for training
CHUNK_BYTES: Final = 64 * 2**20
_PROBABILITY_LOSSES: Final = {"binarycrossentropy", "bce", "binaryfocalcrossentropy"}
_ONE_HOT_LOSSES: Final = {"categoricalcrossentropy", "categoricalfocalcrossentropy"}
_SHOWN_WORDS: Final = 8


def check(
    source: Source,
    bindings: Sequence[Binding],
    inputs: Sequence[Endpoint],
    outputs: Sequence[Endpoint],
    validation_percent: float = 0.0,
) -> tuple[DataProblem, ...]:
    """Everything that does not fit (errors first found come first), and notes on what was adapted."""
    bound = {binding.target: binding.columns for binding in bindings if binding.columns}
    problems: list[DataProblem] = []
    for endpoint, is_output in (*((end, False) for end in inputs), *((end, True) for end in outputs)):
        columns = bound.get(endpoint.name)
        if columns is None:
            problems.append(_unbound(endpoint, is_output))
        else:
            problems += _check_endpoint(source, columns, endpoint, is_output)
    used = [name for endpoint in (*inputs, *outputs) for name in bound.get(endpoint.name, ())]
    problems += _check_counts(source, used, validation_percent)
    return tuple(problems)


def split_at(samples: int, validation_percent: float) -> int:
    """The number of samples that train; the others, at the end, validate. Rounded as Keras' `validation_split` does."""
    return int(np.floor(samples * (1.0 - validation_percent / 100)))


def _unbound(endpoint: Endpoint, is_output: bool) -> DataProblem:
    if is_output:
        text = Text("The output {name} has no data column yet.", {"name": endpoint.name})
    else:
        text = Text("The input {name} has no data column yet.", {"name": endpoint.name})
    return DataProblem("error", text, endpoint.name)


def _check_counts(source: Source, names: Sequence[str], validation_percent: float) -> Iterator[DataProblem]:
    counts = {name: source.shape(name)[0] for name in names if name in source.names()}
    if len(set(counts.values())) > 1:
        (first, most), (other, least) = max(counts.items(), key=_second), min(counts.items(), key=_second)
        text = Text.of(
            "{file}: {first} has {most} samples, but {other} has {least}.",
            file=source.title,
            first=first,
            most=most,
            other=other,
            least=least,
        )
        yield DataProblem("error", text, column=other)
    elif counts:
        samples = next(iter(counts.values()))
        if samples == 0:
            yield DataProblem("error", Text("{file} holds no samples.", {"file": source.title}))
        elif validation_percent > 0 and split_at(samples, validation_percent) in (0, samples):
            text = Text.of(
                "{samples} samples are too few to keep {percent} % of them for validation.",
                samples=samples,
                percent=validation_percent,
            )
            yield DataProblem("error", text)


def _second(item: tuple[str, int]) -> int:
    return item[1]


def _check_endpoint(
    source: Source, columns: Sequence[str], endpoint: Endpoint, is_output: bool
) -> Iterator[DataProblem]:
    column = ", ".join(columns)
    try:
        fitted = fit(source, columns, endpoint, is_output=is_output)
        for name in columns:
            note = _words_note(source, name)
            if note is not None:
                yield DataProblem("note", note, endpoint.name, name)
        if fitted.note is not None:
            yield DataProblem("note", fitted.note, endpoint.name, column)
        yield from _check_values(source, fitted, endpoint)
    except DataError as error:
        yield DataProblem("error", error.text, endpoint.name, column, error.detail)


def _words_note(source: Source, name: str) -> Text | None:
    """Says how words become numbers. Raises DataError for free text."""
    words = source.categories(name)
    if not words:
        return None
    if column_kind(source.shape(name), source.dtype(name), words, None, None) == "text":
        raise DataError(
            Text.of(
                "{file}: {column} is free text with {count} different values, not a class.",
                file=source.title,
                column=name,
                count=len(words),
            )
        )
    listing = ", ".join(f"{index} = {word}" for index, word in enumerate(words[:_SHOWN_WORDS]))
    more = " …" if len(words) > _SHOWN_WORDS else ""
    return Text("The words of {column} are read as numbers: {words}.", {"column": name, "words": listing + more})


def _check_values(source: Source, fitted: Fit, endpoint: Endpoint) -> Iterator[DataProblem]:
    for name in fitted.columns:
        shape = source.shape(name)
        row_bytes = max(1, int(np.prod(shape[1:], dtype=np.int64)) * source.dtype(name).itemsize)
        last = min(shape[0], max(1, CHECKED_BYTES // row_bytes))
        chunk = max(1, CHUNK_BYTES // row_bytes)
        for first in range(0, last, chunk):
            values = source.read(name, slice(first, min(first + chunk, last)))
            check_finite(source, name, values, first)
            problem = _check_truth(source, name, values, first, endpoint)
            if problem is not None:
                yield problem
                break
        if last < shape[0]:
            yield DataProblem(
                "note",
                Text.of("Only the first {count} samples of {column} were checked.", count=last, column=name),
                endpoint.name,
                name,
            )


def check_finite(source: Source, name: str, values: Array, first: int) -> None:
    """`values` are the samples from `first` on. Raises DataError naming the first sample with NaN or infinity."""
    if values.dtype.kind != "f" or np.isfinite(values).all():
        return
    flat = values.reshape(len(values), -1)
    row = int(np.argmin(np.isfinite(flat).all(axis=1)))
    file, place = source.title, source.place(first + row)
    if np.isnan(flat[row]).any():
        raise DataError(
            Text.of("{file}: {column} has no number (NaN) at {place}.", file=file, column=name, place=place)
        )
    raise DataError(Text.of("{file}: {column} is infinite at {place}.", file=file, column=name, place=place))


def _check_truth(source: Source, name: str, values: Array, first: int, endpoint: Endpoint) -> DataProblem | None:
    """Whether the truth of an output is what its loss can take."""
    if endpoint.training is None or values.size == 0:
        return None
    loss = loss_key(endpoint.training.loss.class_name)
    if is_sparse(endpoint):
        return _check_classes(source, name, values, first, endpoint)
    if loss in _PROBABILITY_LOSSES:
        row = _first_row(values, lambda flat: (flat < 0) | (flat > 1))
        if row is not None:
            text = Text.of(
                "{file}: {column} is {value} at {place}, but the loss of {target} takes 0 to 1.",
                file=source.title,
                column=name,
                value=_extreme(values[row], 0, 1),
                place=source.place(first + row),
                target=endpoint.name,
            )
            return DataProblem("error", text, endpoint.name, name)
    if loss in _ONE_HOT_LOSSES and values.ndim > 1:
        totals = values.sum(axis=-1, dtype=np.float64).reshape(len(values), -1)
        row = _first_row(totals, lambda flat: np.abs(flat - 1) > 1e-3)
        if row is not None:
            text = Text.of(
                "{file}: {column} does not add up to 1 at {place}, as classes should.",
                file=source.title,
                column=name,
                place=source.place(first + row),
            )
            return DataProblem("warning", text, endpoint.name, name)
    return None


def _check_classes(source: Source, name: str, values: Array, first: int, endpoint: Endpoint) -> DataProblem | None:
    classes = endpoint.shape[-1]
    assert endpoint.training is not None
    ignored = endpoint.training.loss.config.get("ignore_class")

    def bad(flat: Array) -> Array:
        wrong: Array = (flat < 0) | (flat != np.floor(flat))
        if classes is not None:
            wrong |= flat >= classes
        return wrong if ignored is None else wrong & (flat != ignored)

    row = _first_row(values, bad)
    if row is None:
        return None
    sample = values[row].reshape(-1)
    value = sample[int(np.argmax(bad(sample)))].item()
    file, place, target = source.title, source.place(first + row), endpoint.name
    if value != int(value):
        text = Text.of(
            "{file}: {column} is {value} at {place}, but {target} takes whole class numbers.",
            file=file,
            column=name,
            value=value,
            place=place,
            target=target,
        )
    else:
        text = Text.of(
            "{file}: {column} is {value} at {place}, but {target} takes classes 0 to {last}.",
            file=file,
            column=name,
            value=value,
            place=place,
            target=target,
            last=(classes or 0) - 1,
        )
    is_too_large = classes is not None and value >= classes and value == int(value)
    return DataProblem("error", text, target, name, kind="classes" if is_too_large else "")


def _first_row(values: Array, bad: Callable[[Array], Array]) -> int | None:
    wrong = bad(values.reshape(len(values), -1)).any(axis=1)
    return int(np.argmax(wrong)) if wrong.any() else None


def _extreme(sample: Array, low: float, high: float) -> float:
    flat = sample.reshape(-1)
    return float(flat[int(np.argmax((flat < low) | (flat > high)))])
