"""What a killed process leaves is swept; what lives, or is not ours, never."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.system.leftovers import sweep_beside, sweep_own_places
from resources import processes, temporaries
from resources.atomic import write_atomically
from resources.regular_files import NotRegularFileError
from resources.temporaries import folder_prefix, is_abandoned, is_temporary, sweep, temporary_name
from runtime.evaluation.folder import EVALUATIONS

ROOT = Path(__file__).parents[3]
LEAVE = """
import os, signal, sys, tempfile
from pathlib import Path
from resources.temporaries import folder_prefix, temporary_name
folder = Path(sys.argv[1])
(folder / temporary_name("p.lamella")).write_bytes(b"half")
(folder / temporary_name("net.weights.h5", ".weights.h5")).write_bytes(b"half")
staging = folder / temporary_name("run")
staging.mkdir()
(staging / "run.json").write_bytes(b"half")
(Path(tempfile.mkdtemp(prefix=folder_prefix(), dir=folder)) / "worker").write_bytes(b"")
os.kill(os.getpid(), signal.SIGKILL)
"""


def leave(folder: Path) -> list[Path]:
    """Four things of a process that was killed."""
    before = set(folder.iterdir())
    done = subprocess.run(
        [sys.executable, "-c", LEAVE, str(folder)], env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False
    )
    assert done.returncode == -signal.SIGKILL
    return sorted(set(folder.iterdir()) - before)


@pytest.fixture
def mine(tmp_path: Path) -> list[Path]:
    """What must stay: a living process' things, and things that only look alike."""
    living = tmp_path / temporary_name("p.lamella")
    living.write_bytes(b"being written")
    folder = tmp_path / temporary_name("run")
    folder.mkdir()
    others = [".p.lamella.x3k2.tmp", "lamella-abc", ".lamella-1-2-3-4-5.tmp", "p.lamella", ".git"]
    for name in others:
        (tmp_path / name).write_bytes(b"of somebody else")
    return [living, folder, *(tmp_path / name for name in others)]


def test_what_a_killed_process_left_is_swept_and_nothing_else(tmp_path: Path, mine: list[Path]) -> None:
    left = leave(tmp_path)
    assert len(left) == 4
    assert sweep([tmp_path, tmp_path / "missing"]) == 4
    assert sorted(tmp_path.iterdir()) == sorted(mine)


def test_links_and_other_hosts_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = leave(tmp_path)
    precious = tmp_path / "precious"
    precious.write_bytes(b"x")
    for path in left:
        if path.is_file():
            path.unlink()
            path.symlink_to(precious)
    monkeypatch.setattr(temporaries, "_host", lambda: "00000000")
    assert sweep([tmp_path]) == 0
    monkeypatch.undo()
    assert sweep([tmp_path]) == 2
    assert precious.exists() and sum(path.is_symlink() for path in tmp_path.iterdir()) == 2


def test_a_number_that_is_used_again_is_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    name = temporary_name("a")
    assert not is_abandoned(name)
    real = processes.start_of(os.getpid())
    assert real is not None
    monkeypatch.setattr(processes, "start_of", lambda _pid: real + 100)
    assert is_abandoned(name)


def test_after_a_new_start_of_the_machine_nobody_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    name = temporary_name("a")
    monkeypatch.setattr(temporaries, "_boot", lambda: "00000000")
    assert is_abandoned(name)


@pytest.mark.parametrize("final", ["p.lamella", "한" * 80 + ".lamella", ".hidden", ".lamella-a", "a\nb", "x" * 255])
def test_names_are_short_and_known_again(final: str) -> None:
    name = temporary_name(final, ".weights.h5")
    assert len(name.encode()) <= 143  # what encrypted file systems take
    assert name.startswith(".") and name.endswith(".weights.h5")
    assert is_temporary(name) and not is_temporary(final)


def test_a_file_with_the_longest_name_is_written(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 255)
    write_atomically(path, b"content")
    assert path.read_bytes() == b"content"


def test_the_places_of_lamella_are_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAMELLA_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    places = [
        tmp_path / "home" / name for name in ("config", "state", "state/autosave", "data", "data/untitled/a.runs")
    ]
    for folder in (*places, tmp_path / "tmp"):
        folder.mkdir(parents=True, exist_ok=True)
        leave(folder)
    sweep_own_places()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_beside_a_project_its_runs_are_swept_too(tmp_path: Path) -> None:
    run = tmp_path / "p.runs" / "0001-a"
    run.mkdir(parents=True)
    evaluations = run / EVALUATIONS
    evaluations.mkdir()
    left = [*leave(tmp_path), *leave(run), *leave(run.parent), *leave(evaluations)]
    (run / ".new-model.keras").write_bytes(b"half")  # of a trainer that is gone
    for name in (".0002", ".0003"):  # numbers that were being given
        (run.parent / name).mkdir()
    os.utime(run.parent / ".0002", (1e9, 1e9))
    assert sweep_beside([tmp_path / "p.lamella"]) == len(left) + 2
    assert list(run.iterdir()) == [evaluations] and list(evaluations.iterdir()) == []
    assert sorted(path.name for path in run.parent.iterdir()) == [".0003", "0001-a"]


@pytest.mark.skipif(os.name != "posix", reason="rights of files")
def test_what_may_not_be_written_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(PermissionError):
        write_atomically(path, b"new")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NotRegularFileError):
        write_atomically(tmp_path / "pipe", b"new")
    with pytest.raises(IsADirectoryError):
        write_atomically(tmp_path, b"new")
    assert path.read_bytes() == b"old"
    assert sorted(item.name for item in tmp_path.iterdir()) == ["kept", "pipe"]


def test_prefixes_of_folders_are_ours(tmp_path: Path) -> None:
    assert not is_abandoned(folder_prefix() + "abc")
