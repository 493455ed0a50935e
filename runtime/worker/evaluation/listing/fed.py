"""What is told of a sample of an evaluation, by what its columns are for. Free of Keras."""

from __future__ import annotations

from collections.abc import Mapping

from runtime.evaluation.kept_data import KeptColumn
from runtime.model_configs.ends import tensor_names
from runtime.worker.evaluation.known import Known
from runtime.worker.evaluation.listing.raw_columns import FILE_NAMES, RawColumns


def fed_columns(known: Known, kept: Mapping[str, KeptColumn]) -> dict[str, KeptColumn]:
    """Those that feed inputs, in their order."""
    inputs = tensor_names(known.spec.model, "input_layers")
    names = [name for target in inputs for name in known.columns_of(target)]
    return {name: kept[name] for name in names if name in kept}


def told_columns(known: Known, columns: RawColumns, output: str) -> tuple[str, ...]:
    """All but what is told anyway: the truth, and names of files."""
    elsewhere = set(known.columns_of(output))
    if columns.file(int(columns.rows[0])):
        elsewhere.add(FILE_NAMES)
    return tuple(name for name in columns.names if name not in elsewhere)
