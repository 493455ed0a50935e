"""The figures that come first for a kind of output, for some of its samples. Free of Keras."""

from __future__ import annotations

from runtime.messages.views import Number, Numbers
from runtime.worker.evaluation.all_figures import figure_modules
from runtime.worker.evaluation.measuring.results import Results


def leading(results: Results) -> tuple[Number, ...]:
    """Single numbers, the most telling first; none without truth, or where no prediction is a number."""
    usable = results.whole()
    if usable.truth is None or not len(usable.predictions):
        return ()
    for module in figure_modules():
        if results.kind in module.KINDS and getattr(module, "NEEDS_TRUTH", True):
            figure = module.figure(usable)
            if figure is not None and isinstance(figure.view, Numbers):
                return figure.view.numbers
    return ()
