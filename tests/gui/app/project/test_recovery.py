"""Unsaved work is on the disk soon, is offered after a crash, and is not thrown away before it is safe elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import psutil
import pytest
from pytestqt.qtbot import QtBot

from app.cli.canvas_bench.sample_graph import sample_document
from app.project import unsaved_copies
from app.project.templates import TEMPLATES
from app.project.unsaved_copies import GENERATIONS, Copy, CopyWriter, abandoned, claim
from app.system.places import state_dir
from graph_editor.document.changes.commands import rename_model
from graph_editor.document.files.file_format import dumps, load, save
from resources.locks import LockedError, exclusive
from resources.text import Text
from tests.gui.app.conftest import Rig

ROOT = Path(__file__).parents[4]


def change(rig: Rig, name: str = "other") -> None:
    rig.session.edit(Text("Rename the model"), rename_model(rig.session.document, name))


def copy_in(path: Path) -> Copy:
    return msgspec.json.decode(path.read_bytes(), type=Copy)


def folder() -> Path:
    return state_dir() / "autosave"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "digits two.lamella"
    save(TEMPLATES[0].open(), path)
    return path


def crashed(project: Path, generations: int = 1, bad: int = 0) -> list[Path]:
    """The copies of a program that was killed, newest first; the `bad` newest of them are not whole."""
    program = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom app.project import unsaved_copies\n"
        "unsaved_copies._APART_SECONDS = -1.0\n"
        "writer = unsaved_copies.CopyWriter(Path(sys.argv[1]))\n"
        "content = Path(sys.argv[2]).read_text('utf-8')\n"
        "for number in range(int(sys.argv[3])):\n"
        "    text = content.replace('\"digits_two_heads\"', f'\"crash_{number + 1}\"')\n"
        "    writer.write(unsaved_copies.Copy(sys.argv[2], 'digits two', 1e9 + number, 1, 0.0, text))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    arguments = [sys.executable, "-c", program, str(folder()), str(project), str(generations)]
    subprocess.run(arguments, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    found = sorted(folder().glob("copy.*.json"), key=lambda path: int(path.name.split(".")[-2]), reverse=True)
    for path in found[:bad]:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return found


def leave_old_copy(project: Path, pid: int, started: float) -> Path:
    """A copy as Lamella wrote it before its files said whose they are."""
    content = dumps(load(project)).decode().replace('"digits_two_heads"', '"from_the_crash"')
    path = folder() / f"{pid}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.encode(Copy(str(project), "digits two", 1.0, pid, started, content)))
    return path


def test_a_change_is_on_the_disk_within_three_seconds_and_goes_when_it_is_saved(
    rig: Rig, qtbot: QtBot, tmp_path: Path
) -> None:
    path = rig.desktop.autosave.path
    rig.desktop.autosave.save_now()
    assert not path.exists()
    change(rig, "copied")
    qtbot.waitUntil(path.exists, timeout=20_000)
    assert "copied" in copy_in(path).content
    rig.chooser.to_save = tmp_path / "saved.lamella"
    rig.desktop.files.save()
    qtbot.waitUntil(lambda: not path.exists())


def test_the_times_to_a_copy_are_below_three_seconds() -> None:
    from app.project import autosave

    assert max(autosave.QUIET_MS, autosave.LONGEST_MS) <= 2_000


def test_while_editing_goes_on_there_are_copies_too(rig: Rig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    autosave = rig.desktop.autosave
    change(rig, "begun")
    assert autosave._longest.isActive()
    left = autosave._longest.remainingTime()
    qtbot.wait(60)
    change(rig, "more")
    assert autosave._longest.remainingTime() < left, "another edit put it off"
    autosave._longest.timeout.emit()
    qtbot.waitUntil(autosave.path.exists)


def test_a_copy_holds_the_project_that_was_open_when_it_was_asked_for(rig: Rig, project: Path, qtbot: QtBot) -> None:
    rig.desktop.files.open_path(project)
    change(rig, "mine")
    autosave = rig.desktop.autosave
    write = autosave._capture()
    other = project.with_name("other.lamella")
    save(TEMPLATES[1].open(), other)
    rig.session.replace(load(other), other)
    write()
    copy = copy_in(autosave.path)
    assert (copy.project, copy.name) == (str(project), "digits two")
    assert '"mine"' in copy.content


def test_edits_after_the_capture_do_not_reach_the_copy(project: Path) -> None:
    document = load(project)
    document.source = None
    before = dumps(document)
    snapshot = document.snapshot()
    document.positions[next(iter(document.positions))] = (1.0, 2.0)
    document.graph.calls.clear()
    document.graph.name = "later"
    document.training = {}
    assert dumps(snapshot) == before != dumps(document)


def test_capturing_a_large_project_takes_the_window_no_time(rig: Rig) -> None:
    rig.session.replace(sample_document(5000), None)
    session = rig.session
    started = time.thread_time()
    for _ in range(20):
        rig.desktop.autosave._capture()
    capturing = (time.thread_time() - started) / 20
    started = time.thread_time()
    dumps(session.document)
    assert capturing < (time.thread_time() - started) / 10, "it does the writing"


def test_copies_are_written_and_deleted_in_order(rig: Rig, qtbot: QtBot) -> None:
    autosave = rig.desktop.autosave
    for _ in range(30):
        change(rig, "a")
        autosave.save_now()
        rig.session.history.undo()  # it is as it was: the copy goes
        assert not rig.session.changed
    change(rig, "last")
    autosave.save_now()
    qtbot.waitUntil(lambda: not autosave._writing)
    autosave.save_now()
    qtbot.waitUntil(lambda: autosave.path.exists() and not autosave._writing)
    assert '"last"' in copy_in(autosave.path).content
    rig.session.history.undo()
    autosave.end()
    assert list(folder().glob("*.json")) == []


def test_what_is_recovered_of_a_project_without_a_file_finds_its_runs(rig: Rig, project: Path, qtbot: QtBot) -> None:
    change(rig, "copied")
    runs = rig.session.project_runs.folder
    rig.desktop.autosave.save_now()
    path = rig.desktop.autosave.path
    qtbot.waitUntil(path.exists)
    path.with_name("gone.json").write_bytes(path.read_bytes())
    rig.session.replace(load(project), project)
    rig.chooser.recovers = True
    assert rig.desktop.recovery.offer()
    assert rig.session.project_runs.folder == runs


def test_what_was_restored_stays_until_there_is_a_newer_copy(rig: Rig, project: Path, qtbot: QtBot) -> None:
    left = crashed(project, 2)
    assert len(left) == 2
    rig.chooser.recovers = True
    assert rig.desktop.recovery.offer()
    assert rig.chooser.asked == ["recover digits two"]
    assert rig.session.document.name == "crash_2"
    assert rig.session.changed and rig.session.path == project
    own = sorted(folder().glob("copy.*.json"))  # claimed: under names that say so
    assert len(own) == 2 and not set(own) & set(left), "a crash now would lose it"
    qtbot.waitUntil(rig.desktop.autosave.path.exists, timeout=20_000)
    qtbot.waitUntil(lambda: not any(path.exists() for path in own))
    assert '"crash_2"' in copy_in(rig.desktop.autosave.path).content


def test_what_was_restored_and_given_up_at_once_is_kept_aside(rig: Rig, project: Path) -> None:
    crashed(project)
    rig.chooser.recovers = True
    assert rig.desktop.recovery.offer()
    rig.chooser.changes = "discard"
    assert rig.desktop.files.new()
    rig.desktop.autosave.end()
    assert [path.parent.name for path in folder().rglob("*.json")] == ["kept"]


def test_a_declined_copy_is_kept_and_can_be_opened(rig: Rig, project: Path) -> None:
    crashed(project, 3)
    assert not rig.desktop.recovery.offer()
    assert not rig.session.changed
    assert list(folder().glob("*.json")) == []
    kept = sorted((folder() / "kept").glob("*.json"))
    assert len(kept) == 3 and kept[0].name.startswith("digits two ")
    assert not rig.desktop.recovery.offer()
    assert rig.chooser.asked == ["recover digits two"], "it asks once"
    rig.chooser.to_open = kept[-1]
    assert rig.desktop.recovery.open_kept()
    assert rig.session.document.name == "crash_3" and rig.session.changed and rig.session.path == project


def test_kept_copies_go_after_a_month(project: Path, rig: Rig, qtbot: QtBot) -> None:
    crashed(project, 2)
    rig.desktop.recovery.offer()
    old, new = sorted((folder() / "kept").glob("*.json"))
    month_ago = time.time() - 31 * 86_400
    os.utime(old, (month_ago, month_ago))
    rig.desktop.autosave.start()
    qtbot.waitUntil(lambda: not old.exists())
    assert new.exists()


def test_what_is_no_copy_is_not_opened(rig: Rig, project: Path) -> None:
    bad = folder() / "kept" / "bad.json"
    assert not rig.desktop.recovery.open_kept()
    bad.parent.mkdir(parents=True)
    before = dumps(rig.session.document)
    for content in (b"{", b"[]", msgspec.json.encode(Copy("", "x", 1.0, 1, 1.0, "{"))):
        bad.write_bytes(content)
        rig.chooser.to_open = bad
        assert not rig.desktop.recovery.open_kept()
    assert len(rig.chooser.errors) == 3
    assert dumps(rig.session.document) == before


def test_when_the_newest_copy_is_damaged_the_one_before_is_offered(rig: Rig, project: Path) -> None:
    left = crashed(project, 3, bad=1)
    rig.chooser.recovers = True
    assert rig.desktop.recovery.offer()
    assert rig.session.document.name == "crash_2"
    (aside,) = (folder() / "unreadable").glob("*.3.json")  # the third generation, and not thrown away
    assert not left[0].exists() and aside.stat().st_size


@pytest.mark.parametrize("content", [b"\xff{", b"", msgspec.json.encode(Copy("", "x", 1.0, 4_000_000, 1.0, "{"))])
def test_an_unreadable_copy_is_moved_aside_and_that_is_said(rig: Rig, content: bytes) -> None:
    folder().mkdir(parents=True, exist_ok=True)
    (folder() / "1.json").write_bytes(content)
    said: list[str] = []
    rig.session.notice_raised.connect(lambda notice: said.append(notice.text))
    assert not rig.desktop.recovery.offer()
    (aside,) = (folder() / "unreadable").glob("*.json")
    assert aside.read_bytes() == content
    assert any("could not be read" in text for text in said)
    assert rig.chooser.asked == []


def test_a_copy_of_an_older_lamella_is_offered(rig: Rig, project: Path) -> None:
    leave_old_copy(project, 4_000_000, 5.0)
    rig.chooser.recovers = True
    assert rig.desktop.recovery.offer()
    assert rig.session.document.name == "from_the_crash"


def test_the_copies_of_programs_that_run_are_left_alone(rig: Rig, project: Path) -> None:
    process = psutil.Process()
    old = leave_old_copy(project, process.pid, process.create_time())
    CopyWriter(folder()).write(Copy(str(project), "mine", 1.0, 1, 0.0, "{"))
    assert not rig.desktop.recovery.offer()
    assert rig.chooser.asked == []
    assert old.exists() and len(list(folder().glob("*.json"))) == 2


def test_generations_lie_apart_and_are_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = CopyWriter(tmp_path)
    for number in range(4):
        writer.write(Copy("", "x", float(number), 1, 0.0, ""))
    assert len(list(tmp_path.iterdir())) == 1, "one for a minute's work"
    monkeypatch.setattr(unsaved_copies, "_APART_SECONDS", -1.0)
    for number in range(9):
        writer.write(Copy("", "x", float(number), 1, 0.0, ""))
    assert sorted(copy_in(path).saved for path in tmp_path.iterdir()) == [6.0, 7.0, 8.0]
    assert len(list(tmp_path.iterdir())) == GENERATIONS
    writer.clear()
    assert list(tmp_path.iterdir()) == []
    assert abandoned(tmp_path) == []


def test_a_copy_that_cannot_be_written_is_said_once_and_tried_again(rig: Rig, qtbot: QtBot) -> None:
    said: list[str] = []
    rig.session.notice_raised.connect(lambda notice: said.append(notice.text))
    state_dir().mkdir(parents=True, exist_ok=True)
    if folder().is_dir():
        folder().rmdir()
    folder().write_bytes(b"no folder")
    for name in ("a", "b"):
        change(rig, name)
        rig.desktop.autosave.save_now()
        qtbot.waitUntil(lambda: not rig.desktop.autosave._writing)
    assert [text for text in said if "autosave" in text] == said[:1]
    assert rig.session.changed
    folder().unlink()
    change(rig, "c")
    rig.desktop.autosave.save_now()
    qtbot.waitUntil(rig.desktop.autosave.path.exists)


def test_a_copy_from_elsewhere_is_not_opened(rig: Rig, project: Path, tmp_path: Path) -> None:
    crashed(project, 1)
    rig.desktop.recovery.offer()
    (kept,) = (folder() / "kept").glob("*.json")
    away = tmp_path / "mail.json"
    away.write_bytes(kept.read_bytes())
    rig.chooser.to_open = away
    assert not rig.desktop.recovery.open_kept()
    assert "are opened here" in str(rig.chooser.errors[-1]) and not rig.session.changed


def started_together(programs: int, program: str, *arguments: str) -> list[str]:
    """What real processes print that pass the line `ready` at the same time."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(folder()), *arguments],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(programs)
    ]
    for process in processes:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return [process.communicate(timeout=60)[0] for process in processes]


def test_of_programs_started_together_one_claims_a_copy(rig: Rig, project: Path) -> None:
    program = (
        "import json, sys\nfrom pathlib import Path\nfrom app.project.unsaved_copies import abandoned, claim\n"
        "folder = Path(sys.argv[1])\n"
        "found = abandoned(folder)\n"
        "print('ready', flush=True)\nsys.stdin.readline()\n"
        "print(json.dumps([claim(folder, group) is not None for group in found]), flush=True)\n"
    )
    for _ in range(6):
        crashed(project, 3)
    answers = [json.loads(text) for text in started_together(4, program)]  # lists of what each has claimed
    assert [sum(claims) for claims in zip(*answers, strict=True)] == [1] * 6
    left = abandoned(folder())  # the programs that claimed them have ended
    assert [len(group.files) for group in left] == [len(group.copies) for group in left] == [3] * 6


def test_of_two_windows_started_together_one_offers_the_copy(rig: Rig, project: Path) -> None:
    program = (
        "import sys\nfrom app.dialogs.chooser import DialogChooser\nfrom app.look.theme import load_theme\n"
        "from app.look.theme_source import ThemeSource\n"
        "from app.shell.compose import compose\nfrom app.shell.screenshot import quiet_application\n"
        "class Asked(DialogChooser):\n"
        "    def recover(self, parent, name, when):\n"
        "        print('asked', flush=True)\n        sys.stdin.readline()\n        return True\n"
        "desktop = compose(quiet_application(), Asked(ThemeSource(load_theme('dark'))))\n"
        "desktop.window.show()\n"
        "print('ready', flush=True)\nsys.stdin.readline()\n"
        "print(desktop.recovery.offer(), desktop.session.document.name, flush=True)\n"
        "desktop.window.hide()\ndesktop.close()\n"
    )
    crashed(project, 2)
    first, second = sorted(started_together(2, program), key=len)
    assert first.startswith("False") and "asked" not in first
    assert second == "asked\nTrue crash_2\n"


def test_a_copy_that_nobody_can_claim_now_is_offered_later(rig: Rig, project: Path) -> None:
    crashed(project, 1)
    (found,) = abandoned(folder())
    with exclusive(folder() / "claims.lock"), pytest.raises(LockedError), exclusive(folder() / "claims.lock", 0.1):
        pass
    moved = found.files[0].rename(tmp := folder() / "elsewhere")
    assert claim(folder(), found) is None, "another program has it"
    tmp.rename(found.files[0])
    assert moved == tmp and claim(folder(), found) is not None and abandoned(folder()) == []
