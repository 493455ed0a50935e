"""What the plots of a board are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.panels.plots.run_curves import RunCurves


@dataclass(frozen=True, slots=True)
class ShownRuns:
    """What a board shows: one run with `earlier` ones behind it, or several that are compared.

    `outputs` are the names of the model's outputs, for titles.
    """

    runs: Sequence[RunCurves] = ()
    earlier: Sequence[RunCurves] = ()
    comparing: bool = False
    outputs: tuple[str, ...] = ()

    def versions(self) -> object:
        """Another value after every change of what there is to draw."""
        return tuple((id(run), run.version) for run in (*self.runs, *self.earlier))
