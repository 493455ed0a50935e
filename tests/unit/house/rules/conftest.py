"""All rules walk the same trees."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.trees import kept_trees


@pytest.fixture(scope="package", autouse=True)
def _trees() -> Iterator[None]:
    with kept_trees():
        yield
