"""Orders of samples: another one in each epoch, the same ones in every run of one seed, whoever asks first."""

from typing import Any

import numpy as np


def run_seed(seed: int | None) -> int:
    """The seed of a run's orders: a random one where none is set."""
    return int(np.random.SeedSequence().generate_state(1)[0]) if seed is None else seed


def epoch_order(count: int, seed: int, epoch: int, part: int = 0) -> Any:
    """The numbers from 0 to `count` - 1 as int64 in an order that follows from the other numbers alone.

    So it does not matter in which order, how often and on which thread orders are asked for. `part` tells apart what
    is ordered within an epoch.
    """
    return np.random.default_rng((seed, epoch, part)).permutation(count)
