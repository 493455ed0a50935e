"""Texts that CTC reads, in numbers: how many letters are wrong, and how many texts are right."""

from __future__ import annotations

import numpy as np

from resources.text import Text
from runtime.messages.views import Figure, Numbers
from runtime.worker.evaluation.measuring.judging import letters_of
from runtime.worker.evaluation.measuring.making import make, number
from runtime.worker.evaluation.measuring.results import Results

KINDS = ("ctc",)
ORDER = 10


def figure(results: Results) -> Figure:
    """The rate of all texts together: long ones count more, as they have more letters."""
    found = letters_of(results)
    letters = int(found.lengths.sum())
    view = Numbers(
        (
            number(
                "cer", Text("Character error rate (CER)"), found.edits.sum() / letters if letters else None,
                hint=Text(
                    "The letters to put in, leave out or change to make the true texts of those that were read, "
                    "by the letters of the true texts: 0 is perfect, and more than 1 is possible."
                ),
            ),
            number("texts_right", Text("Texts right"), float(np.mean(found.edits == 0)), share=True),
        )
    )  # fmt: skip
    return make("letter_numbers", results, Text("In numbers"), view)
