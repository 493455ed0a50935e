"""A process is known by boot, space of numbers, number and start; one of another machine is nobody's business."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from resources import processes
from runtime.clients.client import WorkerProcess
from runtime.launchers.local import LocalLauncher
from runtime.run_process import PROCESS_FILE, claim_process, is_alive, process_state, write_process
from runtime.store import RUN_FILE, RunStore, read_run
from tests.support.patience import patient
from tests.unit.runtime.training.test_store import SPEC


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return RunStore(tmp_path).new_run(SPEC, b"{}")


def change(folder: Path, **values: Any) -> None:
    content = json.loads((folder / PROCESS_FILE).read_text("utf-8"))
    (folder / PROCESS_FILE).write_text(json.dumps(content | values), "utf-8")


def status(folder: Path) -> str:
    run = read_run(folder)
    assert run is not None
    return run.status


def test_this_process_lives_whatever_the_clock_says(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_process(folder)
    now = time.time()
    for shift in (-1e6, 1e6):
        monkeypatch.setattr(time, "time", lambda shift=shift: now + shift)
        assert process_state(folder) == "alive" and status(folder) == "running"


def test_another_process_with_the_number_is_another_one(folder: Path) -> None:
    write_process(folder)
    change(folder, start=processes.own_start() + 100)
    assert process_state(folder) == "ended" and status(folder) == "interrupted"


@pytest.mark.skipif(not processes.boot(), reason="this system has no name for a boot")
def test_before_the_machine_was_started_anew_is_over(folder: Path) -> None:
    write_process(folder)
    change(folder, boot="00000000")
    assert process_state(folder) == "ended" and status(folder) == "interrupted"


def test_a_run_of_another_machine_is_elsewhere_and_not_taken_for_ended(folder: Path) -> None:
    write_process(folder)
    change(folder, machine="another", boot="00000000")
    assert process_state(folder) == "elsewhere" and status(folder) == "elsewhere"
    assert not is_alive(folder)


@pytest.mark.skipif(not processes.boot(), reason="this system has no name for a boot")
def test_a_container_beside_this_one_is_elsewhere_and_a_new_name_of_the_machine_is_not(folder: Path) -> None:
    write_process(folder)
    change(folder, machine="renamed")
    assert process_state(folder) == "alive"
    change(folder, space="00000000")
    assert process_state(folder) == "elsewhere"


def test_what_an_older_lamella_wrote_is_over(folder: Path) -> None:
    (folder / PROCESS_FILE).write_text('{"pid": 1, "started": 1.0}', "utf-8")
    assert process_state(folder) == "ended"


def test_a_zombie_is_no_process(folder: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    end = time.monotonic() + patient(5)
    while processes.start_of(child.pid) is not None and time.monotonic() < end:
        time.sleep(0.01)
    assert processes.start_of(child.pid) is None, "it has ended, and nobody has asked for its status yet"
    child.wait()


def test_who_was_started_is_not_written_over_who_says_so_itself(folder: Path) -> None:
    write_process(folder)
    before = (folder / PROCESS_FILE).read_bytes()
    claim_process(folder, 1)
    assert (folder / PROCESS_FILE).read_bytes() == before


def test_a_trainer_that_dies_before_its_first_word_is_not_running(folder: Path) -> None:
    trainer = WorkerProcess(
        LocalLauncher(command=[sys.executable, "-c", "raise SystemExit(5)"]),
        lambda _: None,
        lambda _: None,
        role="trainer",
        run_folder=folder,
    )
    trainer.start()
    assert trainer.join(60)
    assert status(folder) == "interrupted"


def test_a_run_that_nobody_was_started_for_is_soon_over(folder: Path) -> None:
    assert status(folder) == "running"
    for shift in (-20.0, 20.0):
        content = json.loads((folder / RUN_FILE).read_text("utf-8"))
        (folder / RUN_FILE).write_text(json.dumps(content | {"created": time.time() + shift}), "utf-8")
        assert status(folder) == "interrupted"
