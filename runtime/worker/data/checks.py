"""Whether data fits a model, found out before training starts: each thing that does not gets one sentence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import msgspec
import numpy as np

from resources.plain import listed
from resources.text import Text
from resources.training.class_numbers import takes_probabilities
from runtime.messages.checking import DataProblem, Endpoint, PartCounts
from runtime.spec import Binding
from runtime.splits import SplitSpec
from runtime.worker.data.blocks import blocks, checked_samples
from runtime.worker.data.checked_values import value_problems
from runtime.worker.data.class_words import words_problem
from runtime.worker.data.fitting import Fit, fit, is_sparse, loss_key, require_words
from runtime.worker.data.labels import part_counts
from runtime.worker.data.oddities import DataFacts, oddities
from runtime.worker.data.source import Array, DataError, Source
from runtime.worker.data.split import Parts, split_rows, truth_columns
from runtime.worker.data.split_problems import check_parts
from runtime.worker.data.values import (
    WORDS,
    UnusableError,
    first_row,
    missing_in,
    require_cast,
    require_present,
)
from runtime.worker.data.vocabulary import token_problem

NO_SPLIT: Final = SplitSpec()
_ONE_HOT_LOSSES: Final = {"categoricalcrossentropy", "categoricalfocalcrossentropy"}


@dataclass(frozen=True, slots=True)
class Checked:
    """`problems`: everything that does not fit (errors first found come first), and notes on what was adapted.

    `parts` and `counts` are None where the samples cannot be split. `fits` say how columns feed inputs and outputs,
    and are there only where nothing is wrong.
    """

    problems: tuple[DataProblem, ...]
    parts: Parts | None = None
    counts: PartCounts | None = None
    fits: tuple[Fit, ...] = ()


def check(
    source: Source,
    bindings: Sequence[Binding],
    inputs: Sequence[Endpoint],
    outputs: Sequence[Endpoint],
    split: SplitSpec = NO_SPLIT,
) -> tuple[DataProblem, ...]:
    """The problems alone."""
    return checked(source, bindings, inputs, outputs, split).problems


def checked(
    source: Source,
    bindings: Sequence[Binding],
    inputs: Sequence[Endpoint],
    outputs: Sequence[Endpoint],
    split: SplitSpec = NO_SPLIT,
) -> Checked:
    """Whether the data fits the model, and how it is split."""
    bound = {binding.target: binding.columns for binding in bindings if binding.columns}
    problems: list[DataProblem] = list(source.problems())
    if source.fed_as_it_is:  # and only a beginning of it is seen here
        split = NO_SPLIT
        problems += source.order_problems(bindings, [end.name for end in inputs], [end.name for end in outputs])
    fits: list[Fit] = []
    for endpoint, is_output in (*((end, False) for end in inputs), *((end, True) for end in outputs)):
        columns = bound.get(endpoint.name)
        if columns is None:
            problems.append(_unbound(endpoint, is_output))
        else:
            problems += _check_endpoint(source, columns, endpoint, is_output, fits)
    used = [name for endpoint in (*inputs, *outputs) for name in bound.get(endpoint.name, ())]
    counts = {name: source.raw().shape(name)[0] for name in used if source.has(name)}  # steps change no count
    problems += _check_counts(source, counts)
    truths = truth_columns(bound.get(endpoint.name, ()) for endpoint in outputs)
    if not counts or len(set(counts.values())) > 1 or not all(map(source.has, truths)):
        return Checked(tuple(problems))
    samples = next(iter(counts.values()))
    try:
        parts = split_rows(source, split, samples, truths)
    except DataError as error:
        return Checked((*problems, DataProblem("error", error.text, detail=error.detail, kind="split")))
    problems += check_parts(parts, split, samples)
    sound = not any(problem.severity == "error" for problem in problems)
    if fits and sound:
        problems += told_once(oddities(DataFacts(source, fits, samples, parts, split)))
    return Checked(
        tuple(problems),
        parts,
        part_counts(source, [fitted for fitted in fits if fitted.is_output], samples, parts),
        tuple(fits) if sound else (),
    )


def _unbound(endpoint: Endpoint, is_output: bool) -> DataProblem:
    if is_output:
        text = Text("The output {name} has no data column yet.", {"name": endpoint.name})
    else:
        text = Text("The input {name} has no data column yet.", {"name": endpoint.name})
    return DataProblem("error", text, endpoint.name)


def _check_counts(source: Source, counts: Mapping[str, int]) -> Iterator[DataProblem]:
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
    elif counts and not next(iter(counts.values())):
        yield DataProblem("error", Text("{file} holds no samples.", {"file": source.title}))


def _second(item: tuple[str, int]) -> int:
    return item[1]


def _check_endpoint(
    source: Source, columns: Sequence[str], endpoint: Endpoint, is_output: bool, fits: list[Fit]
) -> Iterator[DataProblem]:
    """What does not fit; how the columns feed the end is put into `fits` where they do."""
    names = listed(columns)
    try:
        fitted = fit(source, columns, endpoint, is_output=is_output)
        if fitted.note is not None:
            yield DataProblem("note", fitted.note, endpoint.name, names)
        found = [problem for name in columns for problem in _of_column(source, name, endpoint, is_output)]
        yield from told_once(found)
        if any(problem.severity == "error" for problem in found):
            return
        yield from value_problems(source, fitted, endpoint, partial(_of_values, source, fitted, endpoint))
        fits.append(fitted)
    except UnusableError as trouble:
        yield DataProblem(
            "error",
            trouble.text,
            endpoint.name,
            names,
            trouble.detail,
            trouble.kind,
            mend=trouble.mend,
            row=trouble.row,
        )
    except DataError as error:
        mend = (
            source.reshaping(columns[0], endpoint.shape[1:]) if len(columns) == 1 and source.has(columns[0]) else None
        )
        yield DataProblem("error", error.text, endpoint.name, names, error.detail, mend=mend)


def _of_values(source: Source, fitted: Fit, endpoint: Endpoint) -> Iterator[DataProblem]:
    yield from _check_values(source, fitted, endpoint)
    problem = token_problem(source, fitted.columns, endpoint)
    if problem is not None:
        yield problem


def _of_column(source: Source, name: str, endpoint: Endpoint, is_output: bool) -> Iterator[DataProblem]:
    for doubt in source.doubts(name):
        yield msgspec.structs.replace(doubt, target=endpoint.name)
    if endpoint.dtype == WORDS and not is_output:
        require_words(source, name)
    elif source.categories(name) or source.dtype(name).kind == "O":
        yield words_problem(source, name, endpoint, is_output)


def told_once(problems: Sequence[DataProblem]) -> Iterator[DataProblem]:
    """Of what is said of several columns in the same words, the first, and of how many more it is true."""
    alike: dict[tuple[str, str, str], list[DataProblem]] = {}
    for problem in problems:
        alike.setdefault((problem.severity, problem.text.template, problem.file), []).append(problem)
    for first, *more in alike.values():
        if not more:
            yield first
            continue
        if len(more) == 1:
            column = more[0].column or ""
            text = Text.of("{sentence} The same is true of {column}.", sentence=first.text, column=column)
        else:
            text = Text.of("{sentence} The same is true of {count} more columns.", sentence=first.text, count=len(more))
        yield msgspec.structs.replace(first, text=text)


def _check_values(source: Source, fitted: Fit, endpoint: Endpoint) -> Iterator[DataProblem]:
    unchecked = []
    for name in fitted.columns:
        column = fitted.way(source, name)
        for first, values in blocks(source, name):
            require_present(column, values, first, partial(_count_missing, source, name))
            problem = _check_truth(source, name, values, first, endpoint)
            if problem is not None:
                yield problem
                break
            require_cast(column, values, first)
        if checked_samples(source, name) < source.shape(name)[0]:
            unchecked.append(name)
    for name in unchecked[:1]:
        text = Text.of(
            "Only the first {count} samples of {column} were checked.",
            count=checked_samples(source, name),
            column=listed(unchecked),
        )
        yield DataProblem("note", text, endpoint.name, name)


def _count_missing(source: Source, name: str) -> int:
    words = bool(source.categories(name))
    return sum(missing_in(values, words) for _, values in blocks(source, name))


def _check_truth(source: Source, name: str, values: Array, first: int, endpoint: Endpoint) -> DataProblem | None:
    """Whether the truth of an output is what its loss can take."""
    if endpoint.training is None or values.size == 0:
        return None
    loss = loss_key(endpoint.training.loss.class_name)
    if is_sparse(endpoint):
        return _check_classes(source, name, values, first, endpoint)
    if takes_probabilities(loss):
        row = first_row(values, lambda flat: (flat < 0) | (flat > 1))
        if row is not None:
            text = Text.of(
                "{file}: {column} is {value} at {place}, but the loss of {target} takes 0 to 1.",
                file=source.title,
                column=name,
                value=_extreme(values[row], 0, 1),
                place=source.place(first + row),
                target=endpoint.name,
            )
            return DataProblem("error", text, endpoint.name, name, row=source.origin(first + row))
    if loss in _ONE_HOT_LOSSES and values.ndim > 1:
        totals = values.sum(axis=-1, dtype=np.float64).reshape(len(values), -1)
        row = first_row(totals, lambda flat: np.abs(flat - 1) > 1e-3)
        if row is not None:
            text = Text.of(
                "{file}: {column} does not add up to 1 at {place}, as classes should.",
                file=source.title,
                column=name,
                place=source.place(first + row),
            )
            return DataProblem("warning", text, endpoint.name, name, row=source.origin(first + row))
    return None


def _check_classes(source: Source, name: str, values: Array, first: int, endpoint: Endpoint) -> DataProblem | None:
    classes, words = endpoint.shape[-1], source.categories(name)
    assert endpoint.training is not None
    if classes is not None and len(words) > classes:
        text = Text.of(
            "{file}: {column} has {count} classes ({words}), but {target} has {classes}.",
            file=source.title,
            column=name,
            count=len(words),
            words=listed(words),
            target=endpoint.name,
            classes=classes,
        )
        return DataProblem("error", text, endpoint.name, name, kind="classes")
    ignored = endpoint.training.loss.config.get("ignore_class")

    def bad(flat: Array) -> Array:
        wrong: Array = (flat < 0) | (flat != np.floor(flat))
        if classes is not None:
            wrong |= flat >= classes
        return wrong if ignored is None else wrong & (flat != ignored)

    row = first_row(values, bad)
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
    kind = "classes" if is_too_large else ""
    return DataProblem("error", text, target, name, kind=kind, row=source.origin(first + row))


def _extreme(sample: Array, low: float, high: float) -> float:
    flat = sample.reshape(-1)
    return float(flat[int(np.argmax((flat < low) | (flat > high)))])
