"""Saliency: how much the score of a class changes with each pixel.

Simonyan, Vedaldi and Zisserman, "Deep Inside Convolutional Networks" (2013), section 3: with the score S_c of a class
before the softmax, w = dS_c/dI at the picture I; the map is M_ij = max over channels c of |w_ijc|. Of a linear model,
S_c(I) = w I + b, this is |w|. For tokens it is the length of the gradient at their vector of the embedding.
"""

import numpy as np

from resources.text import Text
from runtime.worker.evaluation.explaining.places import require_gradients, strongest, tokens_of
from runtime.worker.evaluation.explaining.question import Attribution, Question, ordered, spot_of

METHOD = "saliency"


def explain(question: Question) -> Attribution:
    """Raises WorkerError where there is no TensorFlow, or nothing to differentiate."""
    require_gradients()
    from runtime.worker.evaluation.explaining.tensorflow_gradients import gradients

    spot = spot_of(question)
    found = gradients(question, ordered(question), spot.call, linear=True)
    values = strongest(question, found.gradients[0].astype(np.float64))
    note = Text("Shows how strongly the score, before a softmax or sigmoid, answers to small changes of each place.")
    return Attribution(values, float(values.sum()), False, tokens_of(question, spot, found.heard), note)
