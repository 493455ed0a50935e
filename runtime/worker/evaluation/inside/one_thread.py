"""Many small products of matrices are quicker on one thread: several wait for each other where cores are busy."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any


@contextmanager
def one_thread() -> Iterator[None]:
    """While this lasts, NumPy's libraries compute on the thread that asks. Costs some microseconds."""
    with _libraries().limit(limits=1):
        yield


@cache
def _libraries() -> Any:
    """Looked for once: those of NumPy are there, since it has been imported."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
