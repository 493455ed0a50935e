"""Which samples train, validate and test. Scripts hold what they use of this word by word."""

import typing

import numpy as np

from resources.python_code.in_scripts.part_sizes import part_sizes


def parts_in_order(order: typing.Any, validation: float, test: float) -> list[typing.Any]:
    """Return the rows that train (the first of `order`), validate and test, each part sorted."""
    training, validating, _ = part_sizes(len(order), validation, test)
    return [np.sort(rows) for rows in np.split(order, [training, training + validating])]


def parts_at_random(count: int, validation: float, test: float, seed: int) -> list[typing.Any]:
    """Return the rows that train, validate and test."""
    return parts_in_order(np.random.default_rng(seed).permutation(count), validation, test)


def parts_by_time(times: typing.Any, validation: float, test: float) -> list[typing.Any]:
    """Return the rows that train (the earliest), validate and test (the latest)."""
    return parts_in_order(np.argsort(times, kind="stable"), validation, test)


def left_to_split(part: typing.Any, validation: float, test: float) -> list[float]:
    """Return these percents, 0 of a part that is there already: `part` says 1 or 2 then."""
    percents = (validation, test)
    return [0.0 if np.any(part == number) else percents[number - 1] for number in (1, 2)]


def with_own_parts(
    part: typing.Any, chosen: typing.Sequence[typing.Any] | None = None
) -> list[typing.Any]:
    """Return the rows that train, validate and test: those that `part` says.

    `chosen` are the places of all three among the rows that `part` lets train.
    """
    training, *own = [np.flatnonzero(part == number) for number in range(3)]
    if chosen is None:
        return [training, *own]
    more = [training[places] for places in chosen]
    return [more[0], *(np.concatenate(rows) for rows in zip(own, more[1:], strict=True))]


def parts_by_group(
    groups: typing.Any, validation: float, test: float, seed: int
) -> list[typing.Any]:
    """Return the rows that train, validate and test: all rows of a group are in one part."""
    names, group = np.unique(groups, return_inverse=True)
    order = np.random.default_rng(seed).permutation(len(names))
    sizes = np.bincount(group)[order]
    training, validating, _ = part_sizes(len(group), validation, test)
    part = np.empty(len(names), int)
    middles = np.cumsum(sizes) - sizes / 2
    part[order] = np.searchsorted([training, training + validating], middles, "right")
    return [np.flatnonzero(part[group] == number) for number in range(3)]


def parts_by_class(
    labels: list[typing.Any], validation: float, test: float, seed: int
) -> list[typing.Any]:
    """Return the rows that train, validate and test: each class gives every part its share.

    `labels` are columns of numbers; rows are of one class if they are alike in all of them.
    """
    order = np.random.default_rng(seed).permutation(len(labels[0]))
    order = order[np.lexsort([column[order] for column in reversed(labels)])]  # class by class
    _, validating, testing = part_sizes(len(order), validation, test)
    tests = spread_evenly(len(order), testing)
    validates = np.zeros(len(order), bool)
    validates[~tests] = spread_evenly(len(order) - testing, validating)
    return [np.sort(order[chosen]) for chosen in (~tests & ~validates, validates, tests)]


def parts_by_column(
    values: typing.Any, validation: float, test: float, seed: int
) -> list[typing.Any]:
    """Return the rows that train, validate and test, as a column of words or of 0, 1 and 2 says.

    A part that it does not name is taken from those that train, at random.
    """
    part = part_numbers(values)
    pool, validating, testing = (np.flatnonzero(part == number) for number in range(3))
    percents = 0.0 if len(validating) else validation, 0.0 if len(testing) else test
    training, more_validating, more_testing = parts_at_random(len(pool), *percents, seed)
    return [
        pool[training],
        validating if len(validating) else pool[more_validating],
        testing if len(testing) else pool[more_testing],
    ]


def part_numbers(values: typing.Any) -> typing.Any:
    """Return 0 for rows that train, 1 for those that validate, 2 for those of the test."""
    words = words_of_parts()
    found = [words.get(str(value).strip().lower(), value) for value in values.tolist()]
    if not {*found} <= {0, 1, 2}:
        raise ValueError("the split column has to say train, validation or test, or 0, 1 or 2")
    return np.array(found, int)


def words_of_parts() -> dict[str, int]:
    """What a column calls the parts, in lower case."""
    words = dict.fromkeys(("train", "training", "학습", "훈련"), 0)
    words |= dict.fromkeys(("val", "valid", "validation", "dev", "eval", "검증"), 1)
    return words | dict.fromkeys(("test", "testing", "테스트", "시험"), 2)


def spread_evenly(count: int, chosen: int) -> typing.Any:
    """Return `count` truth values, of which `chosen` are true, as far apart as they can be."""
    return np.diff(np.arange(count + 1) * chosen // max(count, 1)) > 0


def label_columns(columns: list[typing.Any]) -> list[typing.Any]:
    """Return what tells classes apart: of columns with a place for each, which is the largest."""
    told = [column for column in columns if column.ndim < 3 or column[:1].size == 1]
    flat = [column.reshape(len(column), -1) for column in told]
    return [column[:, 0] if column.shape[1] == 1 else column.argmax(axis=1) for column in flat]
