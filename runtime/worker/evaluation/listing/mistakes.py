"""What an evaluation got wrong worst, kept beside its figures: a report tells it, when the data is long gone."""

from __future__ import annotations

from typing import Final

import numpy as np

from runtime.messages.evaluating import Order
from runtime.messages.views import Samples as SamplesView
from runtime.worker.evaluation.listing.looks import Looks, sample_view
from runtime.worker.evaluation.measuring.judging import judged
from runtime.worker.evaluation.measuring.results import Results

COUNT: Final = 12  # samples of an output
SIZE: Final = 64  # pixels of a picture, at most


def mistakes(results: Results, looks: Looks) -> SamplesView | None:
    """The most confident wrong samples, else those with the largest errors. A picture that cannot be read is left out.

    None where there is no truth, or no mistake.
    """
    if results.truth is None:
        return None
    found = judged(results)
    order: Order = "confident_wrong" if found.right is not None else "worst"
    places = found.places(order)
    if found.right is not None:
        places = places[~found.right[places]]
    score, label = found.scores(order)
    shown = []
    for place in places[:COUNT].tolist():
        right = None if found.right is None else False
        value = float(score[place]) if score is not None and np.isfinite(score[place]) else None
        shown.append(sample_view(results, place, right, value, looks, SIZE)[0])
    return SamplesView(tuple(shown), len(places), label) if shown else None
