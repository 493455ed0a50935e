"""What Keras does, asked once for all tests of preparation."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.fresh_python import answer_of


@pytest.fixture(scope="package")
def by_keras() -> dict[str, Any]:
    return answer_of("-m", "tests.unit.runtime.preparing.keras_steps")
