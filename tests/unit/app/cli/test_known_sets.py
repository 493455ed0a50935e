"""lamella data get: nothing is downloaded before a yes."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli.parsing import run_command


def test_nothing_is_downloaded_before_a_yes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert run_command(["data", "get", "mnist"]) == 1
    assert "MNIST comes from storage.googleapis.com, 11 MB" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
    assert run_command(["data", "get", "nothing"]) == 1
    assert "Keras knows no set nothing" in capsys.readouterr().err
    assert run_command(["data", "get"]) == 0
    assert "california_housing" in capsys.readouterr().out
