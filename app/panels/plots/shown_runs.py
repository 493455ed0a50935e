"""What the plots of a board are about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.panels.plots.run_curves import RunCurves


@dataclass(frozen=True, slots=True)
class ShownRuns:
    """What a board shows: one run with `earlier` ones behind it, or several that are compared.

    `outputs` are the names of the model's outputs and what people call them, for titles.
    """

    runs: Sequence[RunCurves] = ()
    earlier: Sequence[RunCurves] = ()
    comparing: bool = False
    outputs: Mapping[str, str] = field(default_factory=dict)

    def versions(self) -> object:
        """Another value after every change of what there is to draw."""
        return tuple((id(run), run.version) for run in (*self.runs, *self.earlier))
