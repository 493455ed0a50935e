import os
import socket
from pathlib import Path

import pytest

from resources.regular_files import FileTooLargeError, NotRegularFileError, open_regular, read_regular


def test_a_regular_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"abc")
    assert read_regular(file, 3) == b"abc"
    with open_regular(file) as stream:
        assert stream.read() == b"abc"


def test_one_byte_too_many_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"abcd")
    with pytest.raises(FileTooLargeError) as refusal:
        read_regular(file, 3)
    assert refusal.value.limit == 3
    assert refusal.value.filename == str(file)


def test_an_empty_file_within_no_bytes(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert read_regular(file, 0) == b""


def test_a_file_without_an_end_is_not_read_to_it() -> None:
    with pytest.raises(OSError):
        read_regular(Path("/dev/zero"), 10)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_that_nobody_writes_is_refused_at_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(NotRegularFileError):
        open_regular(pipe)


@pytest.mark.skipif(os.name == "nt", reason="Windows refuses to open a folder at all")
def test_a_folder_and_a_socket_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotRegularFileError):
        open_regular(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        with pytest.raises(OSError):
            open_regular(tmp_path / "socket")


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_regular(tmp_path / "nothing", 10)
