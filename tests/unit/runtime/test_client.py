"""One worker process: its messages, what it prints, and every way to end."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from pathlib import Path

import pytest

from resources.text import Text
from runtime.events import EpochStarted, LearningRateChanged, Paused, Resumed, RunEnded, TrainingEvent
from runtime.launchers.local import LocalLauncher, worker_command
from runtime.messages.connection import Failed, Ready
from runtime.messages.control import request_resume
from runtime.messages.devices import Device, Devices, ListDevices
from runtime.messages.inference import CallSpec, Infer, OperationJson
from runtime.messages.training import Pause, Resume, SetLearningRate, Stop, Train
from runtime.spec import DataSource, DataSpec, RunSpec, TrainingSettings
from tests.unit.runtime.conftest import SECONDS, RecordingLauncher, Worker, fake_launcher

NewWorker = Callable[..., Worker]
SPEC = RunSpec("run", {}, DataSpec((DataSource("random"),)), (), TrainingSettings())


def infer(number: int, first: str) -> Infer:
    return Infer(number, [CallSpec(first, OperationJson("Dense", {}))])


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


def test_what_is_sent_before_the_connection_is_answered_after_it(fake_worker: NewWorker) -> None:
    worker = fake_worker(ready=False)
    worker.process.send(ListDevices(7))
    assert isinstance(worker.next(), Ready)
    assert worker.next() == Devices(7, (Device("cpu", Text("CPU"), True),))


def test_a_stopped_worker_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    worker = Worker(fake_launcher())
    worker.next(Ready)
    worker.process.stop()
    end = worker.end()
    assert (end.code, end.signal) == (0, None)
    assert list(tmp_path.iterdir()) == []


def test_a_worker_stopped_before_it_connects_ends(fake_worker: NewWorker) -> None:
    worker = fake_worker(ready=False)
    worker.process.stop()
    assert worker.end().signal in (None, "SIGKILL")


def test_a_killed_worker_is_reported_with_its_last_words(fake_worker: NewWorker) -> None:
    worker = fake_worker()
    worker.process.send(infer(1, "die"))
    end = worker.end()
    assert (end.code, end.signal) == (None, "SIGKILL")
    assert "these are my last words" in end.last_output
    assert str(end.text) == "Keras' process was killed: by somebody, or because the memory ran out."
    assert "these are my last words" in "".join(worker.printed)


def test_a_crash_before_the_connection_is_reported_with_its_output(fake_worker: NewWorker) -> None:
    worker = fake_worker("crash", ready=False)
    end = worker.end()
    assert end.code == 1
    assert "about to import" in end.last_output
    assert "no module named keras" in end.last_output


def test_a_program_that_is_not_there_is_a_sentence() -> None:
    worker = Worker(LocalLauncher(command=["/nowhere/python"]))
    end = worker.end()
    assert str(end.text) == "Keras' process cannot be started: there is no such file or folder."
    worker.process.stop()


def test_a_program_that_only_talks_is_reported(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('hello ' + 'wörld'); raise SystemExit(5)"]
    log = tmp_path / "console.log"
    worker = Worker(LocalLauncher(command=command), console_file=log)
    end = worker.end()
    assert (end.code, end.last_output) == (5, "hello wörld\n")
    assert log.read_text("utf-8") == "hello wörld\n"
    worker.process.stop()


@pytest.mark.skipif(os.name != "posix", reason="named pipes have no folder")
def test_somebody_without_the_key_is_refused() -> None:
    launcher = RecordingLauncher([sys.executable, "-c", "import time; time.sleep(60)"])
    worker = Worker(launcher)
    wait_until(lambda: bool(launcher.workers))
    local = launcher.workers[0]
    folder = Path(local._listening_at).parent
    assert folder.stat().st_mode & 0o777 == 0o700
    with pytest.raises(AuthenticationError):
        Client(local._listening_at, authkey=b"guessed")
    assert worker.messages.empty()
    worker.process.kill()
    assert worker.end().signal == "SIGKILL"
    worker.process.stop()
    assert not folder.exists()


def test_neither_arguments_nor_environment_hold_the_key() -> None:
    launcher = fake_launcher()
    worker = Worker(launcher)
    worker.next(Ready)
    if sys.platform == "linux":
        process = Path(f"/proc/{launcher.workers[0].pid}")
        seen = process.joinpath("environ").read_bytes() + process.joinpath("cmdline").read_bytes()
        assert b"authkey" not in seen
        assert os.fsencode(launcher.workers[0]._listening_at) not in seen
    worker.process.stop()


def test_workers_never_import_from_the_current_folder() -> None:
    assert "-P" in worker_command()


def test_bytes_that_are_no_message_end_the_worker() -> None:
    script = (
        "import json, sys, time\n"
        "from multiprocessing.connection import Client\n"
        "told = json.loads(sys.stdin.readline())\n"
        "client = Client(told['address'], authkey=bytes.fromhex(told['authkey']))\n"
        "client.send_bytes(b'garbage')\n"
        "time.sleep(60)\n"
    )
    worker = Worker(LocalLauncher(command=[sys.executable, "-c", script]))
    assert "speaks another language" in str(worker.end().text)
    worker.process.stop()


def test_a_worker_of_another_version_says_so(fake_worker: NewWorker) -> None:
    worker = fake_worker("old", ready=False)
    refusal = worker.next(Failed)
    assert refusal.id == 0
    assert "different versions" in str(refusal.error)
    assert worker.end().code == 3


def test_a_hanging_worker_is_killed(fake_worker: NewWorker) -> None:
    worker = fake_worker()
    worker.process.send(infer(1, "hang"))
    worker.process.stop(timeout=60)  # the reader thread ends it although the main thread hangs: it is not killed
    assert worker.end().code == 0


def test_a_run_can_be_steered(fake_worker: NewWorker, tmp_path: Path) -> None:
    worker = fake_worker(role="trainer")
    assert worker.printed == []  # no warm-up
    worker.process.send(Train(SPEC, str(tmp_path)))
    worker.next(EpochStarted)
    worker.process.send(Pause())
    worker.next(Paused)
    worker.process.send(Resume())
    worker.next(Resumed)
    worker.process.send(SetLearningRate(0.25))
    assert worker.next(LearningRateChanged).value == 0.25
    worker.process.send(Pause())
    worker.next(Paused)
    worker.process.send(Stop())
    assert worker.next(RunEnded).status == "stopped"
    assert worker.end().code == 0


def test_events_have_a_door_of_their_own(tmp_path: Path) -> None:
    reported: list[TrainingEvent] = []
    worker = Worker(fake_launcher(), role="trainer", report_event=reported.append)
    worker.process.send(Train(SPEC, str(tmp_path)))
    assert isinstance(worker.next(), Ready)
    worker.process.send(Stop())
    assert worker.end().code == 0 and worker.messages.empty()
    assert [type(event) for event in reported] == [EpochStarted, RunEnded]
    worker.process.stop()


def test_stopping_the_process_of_a_run_stops_the_run(fake_worker: NewWorker, tmp_path: Path) -> None:
    worker = fake_worker(role="trainer")
    worker.process.send(Train(SPEC, str(tmp_path)))
    worker.next(EpochStarted)
    worker.process.stop(timeout=10)
    assert worker.next(RunEnded).status == "stopped"
    assert worker.end().code == 0


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_sigterm_ends_a_run_gracefully(tmp_path: Path) -> None:
    launcher = fake_launcher()
    worker = Worker(launcher, role="trainer")
    worker.process.send(Train(SPEC, str(tmp_path)))
    worker.next(EpochStarted)
    os.kill(launcher.workers[0].pid, signal.SIGTERM)
    assert worker.next(RunEnded).status == "stopped"
    assert worker.end().code == 0


def test_a_detached_trainer_trains_on_and_prints_into_its_folder(tmp_path: Path) -> None:
    worker = Worker(fake_launcher(), role="trainer")
    worker.process.send(Train(SPEC, str(tmp_path)))
    worker.next(EpochStarted)
    assert worker.process.detach()
    wait_until((tmp_path / "alive").exists)
    seen = (tmp_path / "alive").read_text()
    wait_until(lambda: (tmp_path / "alive").read_text() not in ("", seen))
    wait_until(lambda: "step" in (tmp_path / "console.log").read_text())
    (tmp_path / "stop").touch()
    wait_until(lambda: (tmp_path / "ended").exists())
    assert worker.ends.empty()


def test_a_paused_trainer_that_is_let_go_waits_until_its_folder_asks_it_to_go_on(tmp_path: Path) -> None:
    worker = Worker(fake_launcher(), role="trainer")
    worker.process.send(Train(SPEC, str(tmp_path)))
    worker.next(EpochStarted)
    worker.process.send(Pause())
    worker.next(Paused)
    assert worker.process.detach()
    seen = (tmp_path / "alive").read_text()
    time.sleep(0.5)
    assert (tmp_path / "alive").read_text() == seen, "it trained on although it was paused by hand"
    request_resume(tmp_path)
    wait_until(lambda: (tmp_path / "alive").read_text() not in ("", seen))
    (tmp_path / "stop").touch()
    wait_until(lambda: (tmp_path / "ended").exists())


DESKTOP = """
import sys, time
from pathlib import Path
from tests.unit.runtime.conftest import Worker, fake_launcher
from tests.unit.runtime.test_client import SPEC
from runtime.events import EpochStarted
from runtime.messages.protocol import Ready, Train
launcher = fake_launcher()
worker = Worker(launcher, role=sys.argv[1])
worker.next(Ready)
if sys.argv[1] == "trainer":
    worker.process.send(Train(SPEC, sys.argv[2]))
    worker.next(EpochStarted)
print(launcher.workers[0].pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
@pytest.mark.parametrize("role", ["engine", "trainer"])
def test_when_the_desktop_is_killed_an_engine_ends_and_a_trainer_goes_on(role: str, tmp_path: Path) -> None:
    import subprocess

    import psutil

    command = [sys.executable, "-c", DESKTOP, role, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as desktop:
        assert desktop.stdout is not None
        worker = psutil.Process(int(desktop.stdout.readline()))
        desktop.kill()
    if role == "engine":
        psutil.wait_procs([worker], timeout=SECONDS)
        assert not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE
    else:
        wait_until((tmp_path / "alive").exists)
        seen = (tmp_path / "alive").read_text()
        wait_until(lambda: (tmp_path / "alive").read_text() not in ("", seen))
        (tmp_path / "stop").touch()
        wait_until(lambda: (tmp_path / "ended").exists())
