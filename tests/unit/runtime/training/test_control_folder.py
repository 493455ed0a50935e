"""What is asked of a run through its folder, and what nobody may make of it."""

import os
from pathlib import Path

import pytest

from runtime.messages.control import (
    CONTROL_FILE,
    ControlReader,
    request_learning_rate,
    request_pause,
    request_resume,
    request_stop,
)
from runtime.messages.training import Pause, Resume, SetLearningRate


def test_requests_come_once_and_in_their_order(tmp_path: Path) -> None:
    reader = ControlReader(tmp_path)
    assert reader.read() == [] and not reader.stop_requested()
    request_pause(tmp_path)
    request_learning_rate(tmp_path, 0.25)
    assert reader.read() == [Pause(), SetLearningRate(0.25)]
    request_resume(tmp_path)
    assert reader.read() == [Resume()] and reader.read() == []
    request_stop(tmp_path)
    assert reader.stop_requested() and reader.read() == []


def test_a_request_that_is_still_being_written_waits(tmp_path: Path) -> None:
    reader = ControlReader(tmp_path)
    request_pause(tmp_path)
    content = (tmp_path / CONTROL_FILE).read_bytes()
    (tmp_path / CONTROL_FILE).write_bytes(content[:-1])
    assert reader.read() == []
    (tmp_path / CONTROL_FILE).write_bytes(content)
    assert reader.read() == [Pause()]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -0.1, 1e39])
def test_what_is_no_learning_rate_is_not_asked_for(tmp_path: Path, value: float) -> None:
    with pytest.raises(ValueError, match="no learning rate"):
        request_learning_rate(tmp_path, value)
    assert not (tmp_path / CONTROL_FILE).exists()


def test_what_is_no_request_is_passed_over(tmp_path: Path) -> None:
    bad = [
        b"",
        b"{",
        b"null",
        b'{"type":"Train"}',
        b'{"type":"Shutdown"}',
        b'{"type":"Pause","more":1}',
        b'{"type":"SetLearningRate","value":-1}',
        b'{"type":"SetLearningRate","value":1e300}',
        b'{"type":"SetLearningRate","value":"fast"}',
        b'{"type":"SetLearningRate","value":NaN}',
        b"[" * 30_000,
        b"\xff\xfe\x00",
    ]
    (tmp_path / CONTROL_FILE).write_bytes(b"\n".join(bad) + b"\n")
    reader = ControlReader(tmp_path)
    assert reader.read() == []
    request_pause(tmp_path)
    assert reader.read() == [Pause()]


def test_of_a_flood_only_the_end_counts(tmp_path: Path) -> None:
    with (tmp_path / CONTROL_FILE).open("wb") as file:
        file.truncate(20 << 30)  # a hole: it takes no room
    reader = ControlReader(tmp_path)
    request_resume(tmp_path)
    assert reader.read() == [Resume()]


def test_a_file_that_was_cut_is_read_on_from_its_end(tmp_path: Path) -> None:
    reader = ControlReader(tmp_path)
    request_pause(tmp_path)
    assert reader.read() == [Pause()]
    (tmp_path / CONTROL_FILE).write_bytes(b"")
    assert reader.read() == []
    request_resume(tmp_path)
    assert reader.read() == [Resume()]


@pytest.mark.skipif(os.name != "posix", reason="needs pipes in folders")
def test_a_pipe_neither_holds_the_trainer_nor_takes_a_request(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / CONTROL_FILE)
    with pytest.raises(OSError):
        ControlReader(tmp_path).read()
    with pytest.raises(OSError):
        request_pause(tmp_path)
