import os
import socket
from pathlib import Path

import pytest

from resources.os_reasons import os_reason
from resources.regular_files import (
    FileTooLargeError,
    NotRegularFileError,
    is_windows_device,
    open_regular,
    read_regular,
    shown_path,
)


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


def why(path: Path) -> str:
    with pytest.raises(OSError) as refusal:
        read_regular(path, 1 << 20)
    return str(os_reason(refusal.value))


@pytest.mark.skipif(os.name == "nt", reason="other names and other files there")
def test_each_kind_of_path_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to(tmp_path / "round")
    (tmp_path / "round").symlink_to(tmp_path / "circle")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        assert "no file of its own" in why(tmp_path / "s")
    assert "no file of its own" in why(tmp_path)
    assert "no file of its own" in why(Path("/dev/zero"))
    assert "circle" in why(tmp_path / "circle")
    for name in ("zero \0 byte", "half \ud800 of one"):
        assert why(tmp_path / name) == "no file can have this name"
        shown_path(tmp_path / name).encode()


def test_a_sparse_file_of_twenty_gigabytes_costs_nothing(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(20 << 30)
    assert why(tmp_path / "sparse") == "it is larger than 1 MB"


@pytest.mark.parametrize("name", ["CON", "nul.txt", "com1.h5", "Aux ", "lpt9.tar.gz", "con:x", "CONIN$"])
def test_what_windows_takes_for_a_device(name: str) -> None:
    assert is_windows_device(Path("C:/data") / name)
    assert not is_windows_device(Path("C:/con/data.csv"))
    assert not is_windows_device(Path("console.csv"))
