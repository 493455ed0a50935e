"""How many samples each part has. Scripts hold this word by word; the desktop counts by it, too."""


def part_sizes(count: int, validation: float, test: float) -> tuple[int, int, int]:
    """Return how many samples train, validate and test, given percents; rounded as Keras does."""
    training = int(count * (1.0 - (validation + test) / 100))
    kept = int(count * (1.0 - test / 100))
    return training, kept - training, count - kept
