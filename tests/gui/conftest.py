"""What all tests with windows have in common."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _garbage_is_collected_between_tests() -> Iterator[None]:
    """Otherwise a thread of the test may do it and take away Qt's objects, as ``app/system/collector.py`` tells."""
    gc.disable()
    yield
    gc.enable()
