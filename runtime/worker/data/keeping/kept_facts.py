"""What the trainer keeps of its data for later: the same steps, classes and formats for samples from elsewhere."""

from __future__ import annotations

import hashlib
from typing import Any, Final

import numpy as np

from runtime.evaluation.kept_data import FileFormat, KeptColumn, KeptData
from runtime.spec import RunSpec
from runtime.splits import split_of
from runtime.worker.data.columns import column_kind
from runtime.worker.data.pipeline import Pipeline
from runtime.worker.data.prepared import PreparedSource
from runtime.worker.data.remembered import remembered
from runtime.worker.data.source import Array, Source
from runtime.worker.data.split import PARTS, Parts, split_rows, truths_of
from runtime.worker.data.windowed import WindowedSource

_LOOKED_AT: Final = 64  # samples, spread over the data, that the fingerprint stands for
_OF_FILES: Final = 16  # the same where each sample is a file
_SHADES: Final = 256  # pictures whose lowest and highest values are looked for
_DESCRIBED: Final = 64 * 2**20  # bytes of a column whose range is told


def kept_of(source: Source, spec: RunSpec, parts: Parts) -> KeptData:
    """`source` is behind the steps of `spec.data`, which have learnt. Raises DataError."""
    rows = source.rows if isinstance(source, WindowedSource) else source
    raw, names = before_steps(source), bound_columns(spec, rows)
    first = next(iter(_first_rows(source, parts)), None)
    columns = {name: _column(rows, raw, name, first) for name in names}
    states: dict[str, Any] = {}
    for name in names:
        pipeline = rows.pipeline(name) if isinstance(rows, PreparedSource) else None
        if pipeline is not None:
            states |= states_of(pipeline)
    counts: dict[str, int] = {part: len(parts.rows(part)) for part in PARTS}
    return KeptData(columns, states, counts, fingerprint(raw, names))


def before_steps(source: Source) -> Source:
    """The rows of a source before its steps and windows."""
    return (source.rows if isinstance(source, WindowedSource) else source).raw()


def parts_of(source: Source, spec: RunSpec) -> Parts:
    """The samples of each part, as the trainer splits them. Raises DataError."""
    bound = bound_columns(spec, source)
    samples = min(source.raw().shape(name)[0] for name in bound)
    key = ("parts", bound, samples, str(spec.training.by_key()))
    return remembered(
        source, key, lambda: split_rows(source, split_of(spec.training.by_key()), samples, truths_of(spec))
    )


def bound_columns(spec: RunSpec, source: Source) -> tuple[str, ...]:
    """Those that feed something, each once, of those that are there."""
    return tuple(dict.fromkeys(n for binding in spec.bindings for n in binding.columns if source.has(n)))


def states_of(pipeline: Pipeline) -> dict[str, Any]:
    """What its steps have learnt, by a key that stands for column and steps alone."""
    found = zip(pipeline.stages, pipeline.states, strict=True)
    return {state_key(pipeline, place): state for place, (stage, state) in enumerate(found) if stage.kind.adapts}


def state_key(pipeline: Pipeline, place: int) -> str:
    return pipeline.key(b"", place).hex()


def fingerprint(raw: Source, names: tuple[str, ...]) -> str:
    """Stands for what columns hold: their shapes, and samples spread over them. Raises DataError."""
    digest = hashlib.sha256()
    for name in sorted(names):
        shape = raw.shape(name)
        digest.update(repr((name, shape, str(raw.dtype(name)), raw.categories(name))).encode())
        most = _OF_FILES if raw.run_rows(name) == 1 and not raw.in_memory() else _LOOKED_AT
        places = np.unique(np.linspace(0, max(shape[0] - 1, 0), min(most, shape[0])).astype(np.int64))
        bad = {one.row for one in raw.unreadable()}
        values = raw.take(name, np.array([row for row in places.tolist() if row not in bad], np.int64))
        digest.update(repr(values.tolist()).encode() if values.dtype.kind == "O" else values.tobytes())
    return digest.hexdigest()


def _first_rows(source: Source, parts: Parts) -> list[int]:
    """The row, before windows, of the first sample that trains."""
    if not len(parts.training):
        return []
    first = int(parts.training[0])
    return [source.first_row(first) if isinstance(source, WindowedSource) else first]


def _column(rows: Source, raw: Source, name: str, first: int | None) -> KeptColumn:
    shape, dtype, words = raw.shape(name)[1:], raw.dtype(name), raw.categories(name)
    kind = rows.raw().sample_kind(name) or column_kind(raw.shape(name), dtype, words, None, None)
    facts: dict[str, float | None] = {}
    single = not shape and dtype.kind in "biuf" and not words
    if single and raw.shape(name)[0] * dtype.itemsize <= _DESCRIBED:
        values = raw.read(name, slice(0, raw.shape(name)[0])).astype(np.float64)
        values = values[np.isfinite(values)]
        if len(values):
            facts = {"low": float(values.min()), "high": float(values.max()), "mean": float(values.mean())}
        kind = raw.column(name).kind
    settings = raw.file_format(name)
    if not settings and kind in ("image", "mask"):
        facts = _shades(raw, name)
    example: float | str | None = None
    if first is not None and not shape:
        example = _plain(raw.take(name, np.array([first], np.int64)), words)
    file = FileFormat(str(settings.pop("kind")), settings) if settings else None
    classes = rows.categories(name)
    return KeptColumn(kind, shape, str(dtype), words, classes, example=example, file=file, **facts)


def _shades(raw: Source, name: str) -> dict[str, float | None]:
    """The lowest and the highest value of pictures in arrays, told from some of them: who draws one has to know."""
    count = raw.shape(name)[0]
    values = raw.take(name, np.unique(np.linspace(0, max(count - 1, 0), min(_SHADES, count)).astype(np.int64)))
    if not values.size or values.dtype.kind not in "biuf":
        return {}
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    return {"low": low, "high": high} if np.isfinite(high - low) else {}


def _plain(values: Array, words: tuple[str, ...]) -> float | str | None:
    value = values.reshape(-1)[0]
    if words:
        return words[int(value)] if int(value) >= 0 else None
    if isinstance(value, str):
        return value
    return float(value) if np.isfinite(value) else None
