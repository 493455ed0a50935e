"""The seed of the orders of samples: another order in each epoch, the same ones in every run of one seed."""

import numpy as np


def run_seed(seed: int | None) -> int:
    """The seed of a run's orders: a random one where none is set."""
    return int(np.random.SeedSequence().generate_state(1)[0]) if seed is None else seed
