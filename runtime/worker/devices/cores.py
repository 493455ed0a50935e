"""How many processors there are to share. Free of Keras."""

import os
import sys


def cpu_cores() -> int:
    """The cores that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
