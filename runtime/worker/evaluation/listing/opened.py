"""The samples of an evaluation in their data, as long as that is what it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resources.text import Text
from runtime.worker.data.source import DataError
from runtime.worker.data.split import as_array
from runtime.worker.evaluation.listing.raw_columns import RawColumns
from runtime.worker.evaluation.measuring.kept import KeptOutput

if TYPE_CHECKING:
    from runtime.worker.evaluation.evaluator import Evaluator
    from runtime.worker.evaluation.known import Known


def opened_columns(evaluator: Evaluator, kept: KeptOutput) -> tuple[Known, RawColumns]:
    """No model is loaded for it. Raises WorkerError: data that is not there, or in which the samples are others now."""
    known = evaluator.known(kept.trained())
    chosen = evaluator.chosen(known, kept.file.on)
    if not np.array_equal(as_array(chosen.rows), kept.rows):
        raise DataError(Text("The data has changed since the evaluation: it has no longer the same samples."))
    return known, RawColumns(chosen)
