"""Room for deep models: Keras goes through a graph by functions that call themselves, once for each layer in a row.

Python's usual limit (1,000) ends at some 960 layers. A higher limit alone lets a deep recursion through C overrun the
stack of the main thread, 8 MB on Linux and 1 to 2 on Windows, which kills the process. So what may go deep runs on a
thread with a stack of its own, of which a system gives only what is used.
"""

import sys
import threading
from collections.abc import Callable
from typing import Final

CALLS: Final = 12_000  # frames: more than a chain of 10,000 layers takes, the most that a document holds
STACK_BYTES: Final = 256 * 2**20  # 20 kB a frame, many times what a call through C takes
_OTHERS_BYTES: Final = 64 * 2**20  # for all other threads: the limit is that of the whole process
_WAKE_SECONDS: Final = 0.5  # Windows hears of signals only between two waits


def make_room() -> None:
    """Let functions go deep from now on, in threads that are started from now on."""
    sys.setrecursionlimit(max(CALLS, sys.getrecursionlimit()))
    threading.stack_size(_OTHERS_BYTES)


def run_deep(work: Callable[[], int]) -> int:
    """Runs `work` on a thread with room, and waits; signals are handled meanwhile. Returns and raises what it does."""
    results: list[int] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # raised again where somebody waits
            errors.append(error)

    make_room()
    threading.stack_size(STACK_BYTES)
    thread = threading.Thread(target=run, name="keras", daemon=True)
    thread.start()
    threading.stack_size(_OTHERS_BYTES)
    while thread.is_alive():
        thread.join(_WAKE_SECONDS)
    if errors:
        raise errors[0]
    return results[0]
