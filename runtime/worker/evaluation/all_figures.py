"""Figures: each is a file in `figures/` that says for which kinds of outputs it is, and works itself out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, cast

import msgspec

from resources.registry import modules_with
from resources.text import Text
from runtime.messages.views import Figure, OutputFigures
from runtime.worker.evaluation import figures
from runtime.worker.evaluation.measuring.finite import finite
from runtime.worker.evaluation.measuring.results import Results
from runtime.worker.process.waiting import require_waiting

_FigureFunction = Callable[[Results], Figure | None]


def all_figures(results: Results) -> OutputFigures:
    """All figures of an output that can be worked out, in their order, and what people should know of them."""
    notes = list(_notes(results))
    found: list[Figure] = []
    usable = results.whole()
    for module in figure_modules():
        require_waiting()
        needs_truth = getattr(module, "NEEDS_TRUTH", True)
        if results.kind not in module.KINDS or not len(usable.predictions):
            continue
        if needs_truth != (usable.truth is not None):
            continue
        figure = _worked_out(module, usable)
        view = None if figure is None else finite(figure.view)
        if figure is not None and view is not None:
            found.append(msgspec.structs.replace(figure, view=view))
        elif figure is not None:
            notes.append(_left_out(figure))
    return OutputFigures(results.name, results.title, results.kind, results.classes, tuple(found), tuple(notes))


def _left_out(figure: Figure) -> Text:
    return Text("“{figure}” is left out: its values are too large to be numbers.", {"figure": figure.title})


def _worked_out(module: Any, results: Results) -> Figure | None:
    """scikit-learn need not look for what is no number in each of its steps: these results have none."""
    import sklearn

    with sklearn.config_context(assume_finite=True, skip_parameter_validation=True):
        return cast(_FigureFunction, module.figure)(results)


def _notes(results: Results) -> Sequence[Text]:
    notes = []
    bad = int((~results.usable).sum())
    if bad:
        notes.append(
            Text.of(
                "{count} of {samples} predictions hold values that are no numbers (NaN); the figures leave them out.",
                count=bad, samples=len(results.usable),
            )
        )  # fmt: skip
    if results.truth is None:
        notes.append(Text("There are no labels: these are predictions only."))
    elif results.kind in ("classes", "binary") and len(results.present) == 1 and results.usable.any():
        notes.append(
            Text.of(
                "All samples are of one class, {name}: what compares classes is not defined.",
                name=results.named(int(results.present[0])),
            )
        )
    return notes


@cache
def figure_modules() -> list[Any]:
    """Each has KINDS, ORDER and `figure(results)`; NEEDS_TRUTH False: for samples without labels."""
    return sorted(modules_with(figures, "KINDS"), key=lambda module: (module.ORDER, module.__name__))
