"""stop, pause and resume: what they ask for, when they wait, and what they say of runs that cannot be asked."""

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.cli.common.output import print_json
from app.cli.parsing import run_command
from runtime.events import EpochEnded, Paused, Resumed, RunStarted
from runtime.messages.control import ControlReader
from runtime.messages.training import Pause, Resume
from runtime.run_process import PROCESS_FILE, write_process
from runtime.store import RESULT_FILE, RUN_FILE, RunResult, RunStore, write_result
from runtime.worker.training.event_log import EventWriter
from tests.support.patience import patient
from tests.unit.runtime.training.test_store import SPEC, fail


class Trainer:
    """A run folder whose trainer is this process: it answers as one does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        write_process(folder)
        self.writer = EventWriter(folder, fail)
        self.writer.write(RunStarted("cpu", 45, 3, 1437, 360, 100, 90))
        self.writer.write(EpochEnded(0, {"loss": 2.0}, 0.1, 1.5))
        self.requests: list[Any] = []
        self._reader = ControlReader(folder)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._answer)
        self._thread.start()

    def _answer(self) -> None:
        while not self._over.wait(0.02):
            for request in self._reader.read():
                self.requests.append(request)
                self.writer.write(Paused() if isinstance(request, Pause) else Resumed())
            if self._reader.stop_requested():
                write_result(self.folder, RunResult("stopped", 1, {"loss": 2.0}))
                return

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        self.writer.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "digits.lamella").write_text("{}", "utf-8")
    return RunStore(tmp_path / "digits.runs").new_run(SPEC, b"{}")


@pytest.fixture
def trainer(folder: Path) -> Any:
    result = Trainer(folder)
    yield result
    result.close()


def project(folder: Path) -> str:
    return str(folder.parent.with_suffix(".lamella"))


def test_a_run_is_paused_resumed_and_stopped(
    folder: Path, trainer: Trainer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["pause", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["paused"] is True
    assert run_command(["pause", project(folder), "--run", "1"]) == 0
    assert "paused already" in capsys.readouterr().err
    assert run_command(["resume", project(folder), "--run", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["paused"] is False
    assert trainer.requests == [Pause(), Resume()]
    assert run_command(["stop", str(folder.parent), "--run", folder.name]) == 0
    assert "Run 1 has ended: stopped." in capsys.readouterr().err
    assert run_command(["stop", str(folder)]) == 1
    assert "Run 1 is not going on: stopped." in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["stop", "pause", "resume"])
def test_without_waiting_they_ask_and_go(verb: str, folder: Path) -> None:
    write_process(folder)
    start = time.monotonic()
    assert run_command([verb, str(folder), "--no-wait"]) == 0
    assert time.monotonic() - start < patient(5)
    reader = ControlReader(folder)
    asked = [*reader.read(), *(["stop"] if reader.stop_requested() else [])]
    assert asked == {"stop": ["stop"], "pause": [Pause()], "resume": [Resume()]}[verb]


def test_a_trainer_that_does_not_answer_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_process(folder)
    assert run_command(["stop", str(folder), "--timeout", "0.1"]) == 1
    assert "has not answered within 0.1 s" in capsys.readouterr().err


def _damage(folder: Path) -> None:
    (folder / RUN_FILE).write_text("{", "utf-8")


def _kill(folder: Path) -> None:
    write_process(folder)
    content = json.loads((folder / PROCESS_FILE).read_text("utf-8"))
    (folder / PROCESS_FILE).write_text(json.dumps(content | {"start": 1}), "utf-8")


@pytest.mark.parametrize("verb", ["stop", "pause", "resume"])
@pytest.mark.parametrize(
    ("prepare", "arguments", "status", "said"),
    [
        (_damage, ["{folder}"], 1, "Run 1 is damaged. run.json"),
        (_kill, ["{folder}"], 1, "Run 1 is not going on: interrupted."),
        (_kill, ["{project}", "--run", "7"], 1, "There is no run 7."),
        (_kill, ["{project}"], 2, "say with --run which of its runs"),
        (_kill, ["{folder}/nowhere"], 1, "is no run"),
        (_kill, ["nowhere.lamella", "--run", "1"], 1, "There is no file nowhere.lamella"),
        (_kill, ["{folder}/nowhere", "--run", "1"], 1, "There is no folder"),
    ],
)
def test_runs_that_cannot_be_asked(
    verb: str,
    prepare: Callable[[Path], object],
    arguments: list[str],
    status: int,
    said: str,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    prepare(folder)
    given = [word.format(folder=folder, project=project(folder)) for word in arguments]
    assert run_command([verb, *given]) == status
    assert said in capsys.readouterr().err


def test_a_wrong_time_is_wrong_usage(folder: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        run_command(["stop", str(folder), "--timeout", "-1"])
    assert ended.value.code == 2


def test_damaged_runs_are_listed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _damage(folder)
    assert run_command(["runs", str(folder.parent)]) == 0
    printed = capsys.readouterr()
    assert "damaged" in printed.out and "Run 1 is damaged. run.json" in printed.err
    assert run_command(["runs", str(folder.parent), "--json"]) == 0
    (listed,) = json.loads(capsys.readouterr().out)
    assert listed["status"] == "damaged" and "run.json" in listed["error"]


def test_runs_for_machines_hold_no_numbers_that_json_has_not(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A loss that is not a number any more, of a run that has ended and of one that trains."""
    write_result(folder, RunResult("completed", epochs_done=1, metrics={"loss": 0.5, "auc": 0.75}))
    path = folder / RESULT_FILE
    path.write_text(path.read_text("utf-8").replace("0.5", "NaN"), "utf-8")
    assert run_command(["runs", str(folder.parent), "--json"]) == 0
    (listed,) = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert (listed["status"], listed["metrics"]) == ("completed", {"loss": None, "auc": 0.75})
    path.unlink()
    writer = EventWriter(folder, fail)
    writer.write(RunStarted("cpu", 45, 3, 1437, 360, 100, 90))
    writer.write(EpochEnded(0, {"loss": float("nan"), "auc": 0.75}, 0.1, 1.5))
    writer.close()
    assert run_command(["runs", str(folder.parent), "--json"]) == 0
    (listed,) = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert listed["metrics"] == {"loss": None, "auc": 0.75}


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_no_answer_for_machines_holds_them(number: float, capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"a": [number, 1.5, {"b": (number, "NaN", True, None)}]})
    assert json.loads(capsys.readouterr().out, parse_constant=pytest.fail) == {
        "a": [None, 1.5, {"b": [None, "NaN", True, None]}]
    }


def test_curves_and_table_are_written_and_a_log_is_imported(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trainer = Trainer(folder)
    trainer.close()
    write_result(folder, RunResult("completed", 1, {"loss": 2.0}))
    project = str(tmp_path / "digits.lamella")
    for option, name in (("--export-curves", "c.csv"), ("--export-curves", "log"), ("--export-table", "t.parquet")):
        assert run_command(["runs", project, option, str(tmp_path / name)]) == 0
    assert (tmp_path / "c.csv").read_text("utf-8").splitlines()[1].startswith("1,")
    assert run_command(["runs", project, "--export-curves", str(tmp_path / "c.csv")]) == 2  # it is there
    assert run_command(["runs", project, "--export-curves", str(tmp_path / "c.xls")]) == 2
    assert run_command(["runs", project, "--run", "7"]) == 1
    assert run_command(["runs", project, "--import", str(tmp_path / "log")]) == 0
    assert run_command(["runs", project, "--import", str(tmp_path / "t.parquet")]) == 1
    assert "was not imported" in capsys.readouterr().err
    assert run_command(["runs", project, "--json", "--run", "2"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["number"], told["status"], told["epochs_done"]) == (2, "imported", 1)
