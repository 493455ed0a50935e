"""Other data in the place of that which a run was trained on. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from runtime.messages.describing import DataRecognized
from runtime.spec import DataSource, DataSpec, RunSpec


def in_place(spec: RunSpec, path: Path, found: DataRecognized) -> DataSpec:
    """The run's data with `path` as its first source: read as the run's own was, where it is of the same kind."""
    kinds: dict[str, Mapping[str, Any]] = {
        found.kind: found.options, **{way.kind: way.options for way in found.alternatives},
    }  # fmt: skip
    first = spec.data.sources[0] if spec.data.sources else DataSource("")
    kind, options = (first.kind, first.options) if first.kind in kinds else next(iter(kinds.items()))
    source = DataSource(kind, str(path.absolute()), dict(options))
    return msgspec.structs.replace(spec.data, sources=(source, *spec.data.sources[1:]))
