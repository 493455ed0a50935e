"""The window, and the picture that nobody may open."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gui.app.conftest import catalog, rig
from tests.support.canary import Canary, canary_at

__all__ = ["catalog", "rig"]


@pytest.fixture
def canary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Canary]:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "canary.png"
    made = canary_at(path)
    try:
        path.read_bytes()
        if not made.sang():
            assert sys.platform == "win32", "the canary does not sing here"
            pytest.skip("this file system does not tell when a file was read")
        yield made
    finally:
        made.close()
