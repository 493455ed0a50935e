"""How many samples a project trains with. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from app.project.suggested import Section
from resources.training.sections import bindings_of
from runtime.protocol import Column


def samples_of(data: Section, columns: Sequence[Column]) -> int:
    """Samples of the bound columns, of all columns while none is bound; the fewest where they differ."""
    used = {column for names in bindings_of(data).values() for column in names}
    counts = [column.samples for column in columns if column.name in used] or [column.samples for column in columns]
    return min(counts, default=0)
