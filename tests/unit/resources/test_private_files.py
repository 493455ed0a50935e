import os
import stat
from pathlib import Path

import pytest

from resources.private_files import narrow_all, private_folder, private_opener, stay_private, write_private

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the modes of Windows say nothing about others")


@pytest.fixture(autouse=True)
def _wide_umask() -> object:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_a_new_file_and_all_new_folders_above_it_are_private(tmp_path: Path) -> None:
    file = tmp_path / "state" / "autosave" / "1.json"
    write_private(file, b"{}")
    assert [mode(path) for path in (file, file.parent, file.parent.parent)] == [0o600, 0o700, 0o700]


def test_what_was_wide_becomes_private_with_the_next_write(tmp_path: Path) -> None:
    folder, file = tmp_path / "state", tmp_path / "state" / "settings.json"
    folder.mkdir(mode=0o755)
    file.write_bytes(b"old")
    file.chmod(0o644)
    write_private(file, b"new")
    assert (mode(folder), mode(file), file.read_bytes()) == (0o700, 0o600, b"new")


def test_a_log_that_is_there_already_becomes_private_when_it_is_opened(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_bytes(b"old ")
    file.chmod(0o664)
    with open(file, "ab", opener=private_opener) as stream:
        stream.write(b"new")
    assert (mode(file), file.read_bytes()) == (0o600, b"old new")


def test_a_whole_folder_is_narrowed_and_no_link_is_followed(tmp_path: Path) -> None:
    outside, root = tmp_path / "project.lamella", tmp_path / "state"
    outside.write_bytes(b"")
    outside.chmod(0o644)
    (root / "deep").mkdir(parents=True)
    (root / "deep" / "file").write_bytes(b"")
    (root / "link").symlink_to(outside)
    (root / "read-only").write_bytes(b"")
    (root / "read-only").chmod(0o444)
    root.chmod(0o755)
    narrow_all(root)
    assert {path.name: mode(path) for path in (root, *root.rglob("*")) if not path.is_symlink()} == {
        "state": 0o700,
        "deep": 0o700,
        "file": 0o600,
        "read-only": 0o400,
    }
    assert mode(outside) == 0o644
    narrow_all(tmp_path / "nothing")


def test_a_process_in_a_private_folder_makes_private_files(tmp_path: Path) -> None:
    private, shared = private_folder(tmp_path / "private"), tmp_path / "shared"
    shared.mkdir()
    stay_private(shared)
    (shared / "file").touch()
    stay_private(private)
    (private / "file").touch()
    assert (mode(shared / "file"), mode(private / "file")) == (0o644, 0o600)
