"""Titles of plots, made from the names that Keras reports."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.panels.plots.run_curves import LEARNING_RATE
from resources.text import Text, tr

NO_OUTPUTS: Final[Mapping[str, str]] = MappingProxyType({})
_KNOWN = {
    "loss": Text("Loss"),
    "accuracy": Text("Accuracy"),
    "binary_accuracy": Text("Binary accuracy"),
    "categorical_accuracy": Text("Categorical accuracy"),
    "sparse_categorical_accuracy": Text("Sparse categorical accuracy"),
    "top_k_categorical_accuracy": Text("Top k categorical accuracy"),
    "precision": Text("Precision"),
    "recall": Text("Recall"),
    "mean_absolute_error": Text("Mean absolute error"),
    "mean_squared_error": Text("Mean squared error"),
    "root_mean_squared_error": Text("Root mean squared error"),
    "cosine_similarity": Text("Cosine similarity"),
}


def metric_title(name: str, outputs: Mapping[str, str] = NO_OUTPUTS) -> str:
    """ "digit_accuracy" of an output "digit" is "Accuracy · digit", or what `outputs` says that people call it.

    Without outputs it is the name with spaces.
    """
    if name == LEARNING_RATE:
        return tr("Learning rate")
    for output in sorted(outputs, key=len, reverse=True):
        if name.startswith(f"{output}_"):
            return f"{_words(name.removeprefix(f'{output}_'))} · {outputs[output]}"
    return _words(name)


def _words(name: str) -> str:
    if name in _KNOWN:
        return str(_KNOWN[name])
    if len(name) <= 4 and "_" not in name:
        return name.upper()
    text = name.replace("_", " ")
    return text[:1].upper() + text[1:]
