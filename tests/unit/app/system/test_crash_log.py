"""An error of our own is kept in full in a file, and said in one sentence without a traceback."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.system.crash_log import install_crash_log


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, str]]]:
    monkeypatch.setenv("LAMELLA_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    handlers = list(logging.getLogger().handlers)
    told: list[tuple[str, str]] = []
    install_crash_log(lambda text, kind: told.append((text, kind)))
    yield told
    for handler in set(logging.getLogger().handlers) - set(handlers):
        logging.getLogger().removeHandler(handler)
        handler.close()


def fail() -> None:
    raise RuntimeError("the flux capacitor is empty")


def log_of(folder: Path) -> str:
    return (folder / "state" / "lamella.log").read_text("utf-8")


def test_an_error_is_written_down_and_said(said: list[tuple[str, str]], tmp_path: Path) -> None:
    with pytest.raises(RuntimeError) as caught:
        fail()
    sys.excepthook(caught.type, caught.value, caught.tb)
    [(sentence, kind)] = said
    assert kind == "error"
    assert "lamella.log" in sentence
    assert "Traceback" not in sentence
    assert "the flux capacitor is empty" in log_of(tmp_path)
    assert "in fail" in log_of(tmp_path)


def test_an_error_in_a_thread_is_written_down_only(said: list[tuple[str, str]], tmp_path: Path) -> None:
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert said == []
    assert "the flux capacitor is empty" in log_of(tmp_path)


def test_ctrl_c_is_no_error(said: list[tuple[str, str]], capsys: pytest.CaptureFixture[str]) -> None:
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert said == []
    assert "KeyboardInterrupt" in capsys.readouterr().err
