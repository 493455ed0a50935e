"""Errors against a column of the data: the one that they go with most."""

from __future__ import annotations

import numpy as np

from resources.text import Text
from runtime.messages.views import Figure, Label, Points
from runtime.worker.evaluation.measuring.making import MOST_POINTS, drawn, floats, make
from runtime.worker.evaluation.measuring.results import Array, Results

KINDS = ("numbers",)
ORDER = 40


def figure(results: Results) -> Figure | None:
    """Each column is a group of points over its place between its lowest (0) and highest (1) value."""
    size = np.abs(results.errors).mean(axis=1)
    columns = {
        name: values for name, values in results.columns().items() if len(np.unique(values[np.isfinite(values)])) > 1
    }
    ranked = sorted(columns, key=lambda name: -_goes_with(columns[name], size))[:6]
    if not ranked:
        return None
    places = drawn(len(size), max(1, MOST_POINTS // len(ranked)))
    xs = [_scaled(columns[name])[places] for name in ranked]
    errors, rows = results.errors.mean(axis=1)[places], results.places[places]
    view = Points(
        Label(text=Text("Column, from its lowest to its highest value")), Label(text=Text("Error")),
        floats(np.concatenate(xs)), floats(np.tile(errors, len(ranked))), tuple(np.tile(rows, len(ranked)).tolist()),
        tuple(np.repeat(np.arange(len(ranked)), len(places)).tolist()), tuple(ranked), zero=True,
        shown_of=len(size) if len(places) < len(size) else None,
    )  # fmt: skip
    hint = Text("The columns that the size of errors goes with most, the first one most of all.")
    return make("errors_by_column", results, Text("Errors by column"), view, hint)


def _varies(values: Array) -> bool:
    return len(np.unique(values[np.isfinite(values)])) > 1


def _goes_with(values: Array, size: Array) -> float:
    """Spearman's rank correlation without its sign; 0 where it is not defined."""
    from scipy.stats import spearmanr

    usable = np.isfinite(values)
    if usable.sum() < 3 or np.ptp(values[usable]) == 0 or np.ptp(size[usable]) == 0:
        return 0.0
    return float(abs(spearmanr(values[usable], size[usable]).statistic))


def _scaled(values: Array) -> Array:
    """From 0 to 1; NaN, a point that is not drawn, where there is no number."""
    known = np.where(np.isfinite(values), values, np.nan)
    low, high = np.nanmin(known), np.nanmax(known)
    scaled: Array = (known - low) / max(high - low, np.finfo(np.float64).tiny)
    return scaled
