"""Whether the samples of a run are held in memory or read while it trains.

`python -m tests.benchmarks.training_memory` measures what a training really takes. Held in memory, samples are there
three times at the peak: as arrays, as the tensors that the backend makes of them, and once more while it does so.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np

from runtime.worker.data.fitting import Fit
from runtime.worker.data.source import Source
from runtime.worker.data.values import WORDS
from runtime.worker.process.memory import free_memory

COPIES: Final = 3  # of what the model takes, at the peak
SHARE_OF_MEMORY: Final = 0.6  # of what is free now; weights, the optimizer and the outputs of a batch need room, too


def peak_bytes(source: Source, fits: Iterable[Fit], samples: int) -> int:
    """The most that holding these samples takes, over what the open source has already taken."""
    fitted = list(fits)
    taken = samples * sum(_taken_bytes(source, fit) for fit in fitted)
    return max(COPIES * taken, taken + max((_read_bytes(source, fit, samples) for fit in fitted), default=0))


def _taken_bytes(source: Source, fit: Fit) -> int:
    """Of a sample as the model takes it: texts are as long as they are."""
    return sum(map(source.sample_bytes, fit.columns)) if fit.dtype == WORDS else fit.sample_bytes


def _read_bytes(source: Source, fit: Fit, samples: int) -> int:
    """What is read before it is cast: it lies beside the result for a moment. Views of what is there take nothing."""
    if source.in_memory() and len(fit.columns) == 1:
        return 0
    read = samples * sum(map(source.sample_bytes, fit.columns))
    dtype = source.dtype(fit.columns[0])
    alike = len(fit.columns) == 1 and dtype.kind != "O" and dtype == np.dtype(fit.dtype)
    return 0 if alike else read


def budget() -> int:
    """What holding samples may take at its peak."""
    return int(SHARE_OF_MEMORY * free_memory())
