"""What validates or tests and was trained on, too: the same sample twice, or samples of one group."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from resources.plain import listed
from resources.text import Text
from resources.training.settings.split import GROUP, TIME
from resources.training.settings.split import SETTING as SPLIT
from resources.training.settings.split_column import SETTING as SPLIT_COLUMN
from runtime.messages.checking import DataProblem, ProposedMend, SettingChange
from runtime.worker.data.oddities import DataFacts
from runtime.worker.data.remembered import remembered
from runtime.worker.data.source import Array, Source
from runtime.worker.data.split import as_array, in_part

_HASHED_BYTES: Final = 128 * 2**20  # of samples that are compared
_HASHED_FILES: Final = 2_000  # where each sample is a file
_HASHED_SAMPLES: Final = 500_000
_BLOCK: Final = 1024
_FEWEST_NUMBERS: Final = 4  # samples of fewer numbers are alike by chance
_MOST_COLUMNS: Final = 200  # that are looked at for groups
_GROUPS: Final = re.compile(
    r"(^|_)(patient|subject|person|user|speaker|author|group|session|household|family|animal|device|scene|well|plot)"
    r"(_?(id|no|nr|number|name))?$|환자|대상자|사용자|화자|그룹|세션"
)


def _leaks(facts: DataFacts) -> Iterator[DataProblem]:
    if len(facts.parts.training) == facts.samples:
        return
    yield from _same_samples(facts)
    yield from _same_groups(facts)


def _same_samples(facts: DataFacts) -> Iterator[DataProblem]:
    columns = tuple(dict.fromkeys(name for fitted in facts.inputs for name in fitted.columns))
    source = facts.source
    numbers = sum(int(np.prod(source.shape(name)[1:])) for name in columns)
    if numbers < _FEWEST_NUMBERS and not any(source.dtype(name).kind == "O" for name in columns):
        return
    rows, hashes = remembered(source, ("hashes", columns), lambda: _hashes(source, columns, facts.samples))
    trained = in_part(facts.parts.training, rows)
    both = np.isin(hashes, hashes[trained]) & ~trained
    if not both.any():
        return
    row = int(np.argmax(both))
    twin = int(np.argmax((hashes == hashes[row]) & trained))
    args: dict[str, str | float | Text] = {
        "file": source.title,
        "count": int(both.sum()),
        "place": source.place(int(rows[row])),
        "other": source.place(int(rows[twin])),
    }
    if len(rows) == facts.samples:
        text = Text.of(
            "{file}: {count} samples that validate or test are among those that train, too: that at {place} is the "
            "same as that at {other}. The figures will look better than they are.",
            **args,
        )
    else:
        text = Text.of(
            "{file}: {compared} of {samples} samples were compared, and {count} of them that validate or "
            "test are among those that train, too: that at {place} is the same as that at {other}. The figures "
            "will look better than they are.",
            compared=len(rows),
            samples=facts.samples,
            **args,
        )
    seen = source.origin(int(rows[row]))
    yield DataProblem("warning", text, facts.inputs[0].endpoint.name, listed(columns), kind="leak", row=seen)


def _hashes(source: Source, columns: Sequence[str], samples: int) -> tuple[Array, Array]:
    """Rows, and for each a number that follows from what its columns hold. Of much data the first and last ones."""
    each = sum(max(1, int(np.prod(source.shape(name)[1:])) * source.dtype(name).itemsize) for name in columns)
    files = not source.in_memory() and any(source.run_rows(name) == 1 for name in columns)
    copies = source.same_samples() if files and len(columns) == 1 else ()
    if copies:
        rows = np.arange(samples)
        first_ones = rows.copy()
        for group in copies:
            first_ones[list(group)] = group[0]
        return rows, first_ones
    count = min(samples, _HASHED_SAMPLES, max(2, _HASHED_BYTES // max(1, each)), _HASHED_FILES if files else samples)
    ends = ((0, count - count // 2), (samples - count // 2, samples))
    found = [_hashed(source, columns, slice(first, last)) for first, last in ends]
    return np.concatenate([np.arange(first, last) for first, last in ends]), np.concatenate(found)


def _hashed(source: Source, columns: Sequence[str], rows: slice) -> Array:
    total = np.zeros(rows.stop - rows.start, np.uint64)
    for place, name in enumerate(columns):
        values = source.read(name, rows)
        numbers = _as_numbers(values)
        factors = np.random.default_rng(place).integers(0, 2**63, numbers.shape[1], np.uint64) * 2 + 1
        for first in range(0, len(numbers), _BLOCK):
            block = numbers[first : first + _BLOCK]
            total[first : first + _BLOCK] += ((block ^ (block >> np.uint64(31))) * factors).sum(axis=1, dtype=np.uint64)
    return total


def _as_numbers(values: Array) -> Array:
    """Shape (samples, numbers of 8 bytes), of the same bytes."""
    if values.dtype.kind == "O":
        return np.array([[hash(str(value)) & (2**64 - 1)] for value in values.reshape(-1)], np.uint64)
    flat = np.ascontiguousarray(values).reshape(len(values), -1).view(np.uint8)
    padded = np.pad(flat, ((0, 0), (0, -flat.shape[1] % 8)))
    return padded.view(np.uint64)


def _same_groups(facts: DataFacts) -> Iterator[DataProblem]:
    """Only of columns that are called like groups and feed nothing, where they are not what is split by."""
    if facts.split.way in (GROUP, TIME) or facts.has_own_parts:
        return
    used = {name for fitted in facts.fits for name in fitted.columns}
    for name in facts.source.names()[:_MOST_COLUMNS]:
        shape = facts.source.shape(name)
        if name in used or not _GROUPS.search(name.lower()) or shape[0] != facts.samples or np.prod(shape[1:]) != 1:
            continue
        groups = facts.source.read(name, slice(0, facts.samples)).reshape(-1)
        different = len(np.unique(groups))
        shared = np.intersect1d(
            groups[as_array(facts.parts.training)],
            np.concatenate([groups[as_array(rows)] for rows in (facts.parts.validation, facts.parts.test)]),
        )
        if different > facts.samples // 2 or not different > 2 or not len(shared):
            continue
        text = Text.of(
            "{file}: {count} of {all} values of {column} are among samples that train and among others: if samples of "
            "one {column} are alike, the figures will look better than they are.",
            file=facts.source.title,
            count=len(shared),
            all=different,
            column=name,
        )
        words = Text.of("Keep each {column} in one part", column=name)
        changes = (SettingChange("data", (SPLIT.key,), GROUP), SettingChange("data", (SPLIT_COLUMN.key,), name))
        yield DataProblem("warning", text, None, name, kind="leak", mend=ProposedMend(words, changes))


REMARK = _leaks
