import json
import math
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from resources.text import Text
from runtime.event_file import EVENTS_FILE, EventReader
from runtime.events import CallbackNote, EpochEnded, EpochStarted, RunEnded, RunFailed, RunStarted, Steps, TrainingEvent
from runtime.run_process import PROCESS_FILE, is_alive, write_process
from runtime.spec import Binding, DataSource, DataSpec, RunSpec, TrainingSettings
from runtime.store import (
    MODEL_FILE,
    RUN_FILE,
    RunStore,
    StoreError,
    read_run,
    result_of,
    slug,
    write_result,
)
from runtime.worker.training.event_log import EventWriter
from tests.support.events import read_events

SPEC = RunSpec(
    "Digits, two heads", {}, DataSpec((DataSource("random"),)), (Binding("x", ("x",)),), TrainingSettings(epochs=3)
)


def fail(error: OSError) -> None:
    raise error


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return RunStore(tmp_path / "digits.runs").new_run(SPEC, b"{}")


@pytest.fixture
def writer(folder: Path) -> Iterator[EventWriter]:
    result = EventWriter(folder, fail)
    yield result
    result.close()


def test_a_new_run_is_complete_and_numbered(tmp_path: Path) -> None:
    store = RunStore(tmp_path / "digits.runs")
    folders = [store.new_run(SPEC, b"project") for _ in range(3)]
    assert [path.name for path in folders] == [f"000{i}-digits-two-heads" for i in (1, 2, 3)]
    assert (folders[0] / "project.lamella").read_bytes() == b"project"
    assert [run.number for run in store.runs()] == [1, 2, 3]
    assert store.runs()[0].spec == SPEC
    found = store.find("2")
    assert found is not None and found.folder == folders[1]
    assert store.find("9") is None


def test_numbers_of_a_model_that_are_infinite_or_none_are_kept_as_keras_writes_them(tmp_path: Path) -> None:
    model = {"config": {"layers": [{"args": [math.inf, -math.inf, math.nan], "name": "새 Infinity"}]}}
    folder = RunStore(tmp_path).new_run(msgspec.structs.replace(SPEC, model=model), b"{}")
    assert b"-Infinity" in (folder / RUN_FILE).read_bytes()
    run = read_run(folder)
    assert run is not None
    assert repr(run.spec.model) == repr(model)
    assert run.spec.training == SPEC.training
    (folder / RUN_FILE).write_bytes(b'{"name": Infinity, ' + b"[" * 100_000)
    damaged = read_run(folder)
    assert damaged is not None
    assert damaged.status == "damaged"


def test_a_number_that_somebody_else_is_taking_is_passed_over(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    (tmp_path / ".0001").mkdir()
    assert store.new_run(SPEC, b"").name.startswith("0002-")


def test_a_place_where_nothing_can_be_stored_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="file"):
        RunStore(tmp_path / "file").new_run(SPEC, b"")


@pytest.mark.parametrize(
    ("name", "result"), [("A b/c", "a-b-c"), ("숫자 인식", "숫자-인식"), ("..", "run"), ("x" * 99, "x" * 40)]
)
def test_names_become_folder_names(name: str, result: str) -> None:
    assert slug(name) == result


def test_events_come_back_as_they_were(folder: Path, writer: EventWriter) -> None:
    sent: list[TrainingEvent] = [
        EpochStarted(0),
        Steps(0, 0, ("loss",), [[1.5], [0.1]]),
        CallbackNote(Text("{a}", {"a": 1})),
    ]
    stamped = [writer.write(event) for event in sent]
    assert [event.seq for event in stamped] == [1, 2, 3]
    assert read_events(folder) == stamped
    assert read_events(folder, after_seq=2) == stamped[2:]


def test_a_reader_sees_only_what_is_new_and_whole(folder: Path, writer: EventWriter) -> None:
    reader = EventReader(folder)
    assert reader.read() == []
    first = writer.write(EpochStarted(0))
    assert reader.read() == [first] and reader.read() == []
    line = (folder / EVENTS_FILE).read_bytes()
    with (folder / EVENTS_FILE).open("ab") as file:
        file.write(line[:20])
        file.flush()
        assert reader.read() == []
        file.write(line[20:])
    assert reader.read() == [first]


def test_a_torn_line_costs_only_itself(folder: Path, writer: EventWriter) -> None:
    first = writer.write(EpochStarted(0))
    with (folder / EVENTS_FILE).open("ab") as file:
        file.write(b'{"type":"EpochSta')
    second_writer = EventWriter(folder, fail)
    second = second_writer.write(EpochStarted(1))
    second_writer.close()
    assert read_events(folder) == [first, second]


def test_a_loss_that_is_no_number_survives(folder: Path, writer: EventWriter) -> None:
    writer.write(Steps(0, 0, ("loss",), [[math.nan], [1.0]]))
    writer.write(EpochEnded(0, {"loss": math.inf}, 0.1, 1.0))
    steps, ended = read_events(folder)
    assert isinstance(steps, Steps) and math.isnan(steps.values[0][0]) and steps.values[1] == [1.0]
    assert isinstance(ended, EpochEnded) and math.isnan(ended.logs["loss"])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_said_once(tmp_path: Path) -> None:
    (tmp_path / EVENTS_FILE).symlink_to("/dev/full")
    errors: list[OSError] = []
    writer = EventWriter(tmp_path, errors.append)
    assert [writer.write(EpochStarted(i)).seq for i in range(3)] == [1, 2, 3]
    writer.close()
    assert len(errors) == 1


def test_a_run_is_as_its_events_say(folder: Path, writer: EventWriter) -> None:
    write_process(folder)
    writer.write(RunStarted("cpu", 45, 3, 1437, 360, 100, 90))
    writer.write(EpochEnded(0, {"loss": 2.0}, 0.1, 1.5))
    run = read_run(folder)
    assert run is not None
    assert (run.status, run.result.epochs_done, run.result.metrics, run.model) == ("running", 1, {"loss": 2.0}, None)
    ended = writer.write(RunEnded("stopped", 1, 2.5, "x", {"loss": 2.0}))
    write_result(folder, result_of([ended], "failed"))
    (folder / MODEL_FILE).touch()
    run = read_run(folder)
    assert run is not None
    assert (run.status, run.result.seconds, run.result.best, run.model) == (
        "stopped",
        2.5,
        {"loss": 2.0},
        folder / MODEL_FILE,
    )


def test_a_failed_run_has_its_sentence() -> None:
    result = result_of([RunFailed(Text("The disk is full."))], "running")
    assert (result.status, str(result.error)) == ("failed", "The disk is full.")


def test_a_run_whose_process_is_gone_was_interrupted(folder: Path) -> None:
    write_process(folder)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    content = json.loads((folder / PROCESS_FILE).read_text("utf-8")) | {"pid": gone.pid}
    (folder / PROCESS_FILE).write_text(json.dumps(content), "utf-8")
    run = read_run(folder)
    assert run is not None and run.status == "interrupted"


def test_a_recycled_process_number_is_not_mistaken(folder: Path) -> None:
    write_process(folder)
    assert is_alive(folder)
    content = json.loads((folder / PROCESS_FILE).read_text("utf-8"))
    (folder / PROCESS_FILE).write_text(json.dumps(content | {"start": content["start"] - 3600}), "utf-8")
    assert not is_alive(folder)


def test_a_run_is_starting_before_its_trainer_has_said_who_it_is(folder: Path) -> None:
    run = read_run(folder)
    assert run is not None and run.status == "running"
    assert not is_alive(folder)
    content = json.loads((folder / "run.json").read_text("utf-8"))
    (folder / "run.json").write_text(json.dumps(content | {"created": content["created"] - 3600}), "utf-8")
    run = read_run(folder)
    assert run is not None and run.status == "interrupted"


def test_folders_that_are_no_runs_are_left_out_and_broken_ones_are_damaged(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    assert RunStore(tmp_path / "nowhere").runs() == []
    (tmp_path / "0001-empty").mkdir()
    (tmp_path / "0002-broken").mkdir()
    (tmp_path / "0002-broken" / "run.json").write_text("{", "utf-8")
    store.new_run(SPEC, b"")
    assert [run.number for run in store.runs()] == [3]
    assert [(run.number, run.status) for run in store.all_runs()] == [(2, "damaged"), (3, "running")]
