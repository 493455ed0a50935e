"""What kinds of plots keep of a run besides its metrics: each module in `kinds` may have a `COLLECT`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any, Final

from resources.registry import modules_with
from runtime import events

_PACKAGE: Final = "app.panels.plots.kinds"
# Takes what was kept so far and an event; says whether that changed something. It sees to it that this stays small.
Collect = Callable[[dict[str, Any], events.TrainingEvent], bool]


def collectors() -> Mapping[str, Collect]:
    """By the names of their modules, under which `RunCurves.kept` has what they keep."""
    return {module.__name__.rpartition(".")[2]: module.COLLECT for module in kinds_with("COLLECT")}


def kinds_with(name: str) -> list[ModuleType]:
    """The modules of kinds of plots that have `name`."""
    return modules_with(import_module(_PACKAGE), name)
