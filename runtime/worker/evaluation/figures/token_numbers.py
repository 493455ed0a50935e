"""Sequences of tokens in numbers: how many are right, and how surprising the true ones are."""

from __future__ import annotations

import numpy as np

from resources.text import Text
from runtime.messages.views import Figure, Numbers
from runtime.worker.evaluation.measuring.making import make, number
from runtime.worker.evaluation.measuring.results import Results

KINDS = ("tokens",)
ORDER = 10


def figure(results: Results) -> Figure:
    """Places that are 0 in the truth count as padding where the sequence ends with them."""
    truth, predicted = results.true_classes, results.predicted_classes
    real = np.cumsum((truth != 0)[:, ::-1], axis=1)[:, ::-1] > 0
    own = np.take_along_axis(results.scores, np.clip(truth, 0, results.scores.shape[-1] - 1)[..., None], -1)[..., 0]
    surprise = -np.log(np.clip(own, np.finfo(np.float64).eps, 1.0))
    some = real.any()
    found = (
        number("token_accuracy", Text("Tokens right"), float((truth == predicted)[real].mean()) if some else None,
               share=True),
        number("whole", Text("Sequences right throughout"), float((~real | (truth == predicted)).all(axis=1).mean()),
               share=True),
        number("perplexity", Text("Perplexity"), float(np.exp(surprise[real].mean())) if some else None,
               hint=Text("Among how many tokens the model wavers, on average: 1 is certain and right.")),
    )  # fmt: skip
    hint = Text("Zeros at the end of a sequence are padding and do not count.")
    return make("token_numbers", results, Text("In numbers"), Numbers(found), hint)
