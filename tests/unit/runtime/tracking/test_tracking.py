"""Curves of runs to other programs and back: no number is lost, and no hostile log does more than a sentence."""

from __future__ import annotations

import csv
import math
import random
import struct
from concurrent.futures import CancelledError
from contextlib import suppress
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.summary.writer.record_writer import RecordWriter

from app.model_files.log_reader import LogFileReader, import_log
from graph_editor.document.files.file_format import FileError
from runtime.event_file import EVENTS_FILE
from runtime.events import EpochEnded, Paused, Resumed, RunStarted, Steps, TrainingEvent
from runtime.spec import DataSource, DataSpec, RunSpec, TrainingSettings
from runtime.store import RunInfo, RunResult, RunStore, read_run, write_result
from runtime.tracking.clock import Clock
from runtime.tracking.format import TrackingFormat, tracking_formats
from runtime.tracking.log_reader import read_log
from runtime.tracking.read_log import LogError, Scalars, as_run
from runtime.tracking.series import points_of
from runtime.tracking.writing import export_curves
from runtime.worker.training.event_log import EventWriter

FORMS = {form.key: form for form in tracking_formats()}


def fail(error: OSError) -> None:
    raise error


@pytest.fixture
def run(tmp_path: Path) -> RunInfo:
    store = RunStore(tmp_path / "p.runs")
    spec = RunSpec("Digits", {}, DataSpec((DataSource("random"),)), (), TrainingSettings(epochs=2))
    folder = store.new_run(spec, b"{}")
    writer = EventWriter(folder, fail)
    writer.write(RunStarted("cpu", 3, 2, 12, 4, 10, 10))
    for epoch in range(2):
        rows = [[1 / (1 + 3 * epoch + step), 0.1 * step] for step in range(3)]
        writer.write(Steps(epoch, 3 * epoch, ("loss", "accuracy"), rows))
        logs = {"loss": 0.5 - 0.1 * epoch, "accuracy": 0.5, "val_loss": math.nan if epoch else 0.6}
        writer.write(EpochEnded(epoch, logs, 0.001, 1.0))
    writer.close()
    write_result(folder, RunResult("completed", 2, {"loss": 0.4}, {"loss": 0.4}, 2.0))
    found = read_run(folder)
    assert found is not None
    return found


def by_kind(folder: Path) -> dict[tuple[str, str, int], float]:
    return {
        (point.metric, point.part, point.step if point.part == "step" else point.epoch): point.value
        for point in points_of(folder)
    }


def test_csv_and_parquet_hold_every_number(run: RunInfo, tmp_path: Path) -> None:
    for key in ("csv", "parquet"):
        export_curves(FORMS[key], [run], tmp_path / f"out{FORMS[key].suffix}")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    table = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert len(rows) == len(table) == 12 + 6
    for text, row in zip(rows, table, strict=True):
        assert (text["metric"], text["part"], int(text["step"])) == (row["metric"], row["part"], row["step"])
        assert float(text["value"]) == row["value"] or math.isnan(row["value"])
    assert next(row["value"] for row in table if row["part"] == "validation") == 0.6


def test_a_tensorboard_log_is_read_by_tensorboard_and_comes_back(run: RunInfo, tmp_path: Path) -> None:
    out = tmp_path / "log"
    export_curves(FORMS["tensorboard"], [run], out)
    theirs = EventAccumulator(str(out / run.folder.name / "train")).Reload()
    assert [event.step for event in theirs.Scalars("batch_loss")] == [1, 2, 3, 4, 5, 6]
    assert [event.value for event in theirs.Scalars("epoch_loss")] == pytest.approx([0.5, 0.4])
    (folder,), left_out = import_log(LogFileReader(), out, tmp_path / "q.runs")
    back = read_run(folder)
    assert back is not None and back.status == "imported" and left_out == 0 and back.model is None
    assert back.result.epochs_done == 2 and back.result.best["accuracy"] == 0.5
    before, after = by_kind(run.folder), by_kind(folder)
    assert before.keys() == after.keys()
    for key, value in before.items():
        assert after[key] == pytest.approx(value, rel=1e-6, nan_ok=True)


def test_who_thinks_better_of_it_leaves_nothing(run: RunInfo, tmp_path: Path) -> None:
    there = sorted(tmp_path.iterdir())
    for form in FORMS.values():
        with pytest.raises(CancelledError):
            export_curves(form, [run], tmp_path / f"out{form.suffix}", lambda _share: False)
    assert sorted(tmp_path.iterdir()) == there


def test_a_folder_that_is_there_is_not_replaced(run: RunInfo, tmp_path: Path) -> None:
    out = tmp_path / "log"
    out.mkdir()
    (out / "mine").write_text("x")
    with pytest.raises(OSError):
        export_curves(FORMS["tensorboard"], [run], out)
    assert [path.name for path in out.iterdir()] == ["mine"]


def test_a_csv_logger_file_that_was_written_on_to(tmp_path: Path) -> None:
    path = tmp_path / "training.csv"
    path.write_text(
        "epoch,accuracy,learning_rate,loss,val_loss\n0,0.5,0.1,1.0,NA\n1,0.6,0.01,0.9,nan\n0,0.7,0.01,0.8,0.85\n1,0.7",
        "utf-8",
    )
    (read,) = read_log(path).runs
    ends = [event for event in read.events if isinstance(event, EpochEnded)]
    assert [event.epoch for event in ends] == [0, 1, 2, 3]
    assert ends[0].logs == {"accuracy": 0.5, "loss": 1.0} and math.isnan(ends[1].logs["val_loss"])
    assert ends[2].logs["val_loss"] == 0.85 and ends[3].logs == {"accuracy": 0.7}
    assert [event.learning_rate for event in ends[:3]] == [0.1, 0.01, 0.01]


@pytest.mark.parametrize("head", ['"a,epoch",loss', '"epoch,loss', '"epoch\n,loss'])
def test_a_first_line_that_only_looks_as_if_it_named_epochs(tmp_path: Path, head: str) -> None:
    file = tmp_path / "odd.csv"
    file.write_text(f"{head}\n0,1\n1,2\n", "utf-8")
    with pytest.raises(LogError):
        read_log(file)


@pytest.mark.parametrize("sign", ["\v", "\f", "\x1c", "\u2028"])
def test_only_ends_of_lines_end_a_line(tmp_path: Path, sign: str) -> None:
    file = tmp_path / "odd.csv"
    file.write_text(f"note{sign},epoch,loss\nx{sign}y,0,1.5\nz,1,0.5\n", "utf-8")
    (run,) = read_log(file).runs
    assert [event.logs["loss"] for event in run.events if isinstance(event, EpochEnded)] == [1.5, 0.5]


def test_numbers_of_other_writers_keep_their_names_and_steps(tmp_path: Path) -> None:
    """As PyTorch's SummaryWriter leaves them, with every tenth step only, and a record that was cut short."""
    with (tmp_path / "events.out.tfevents.1.host").open("wb") as file:
        writer = RecordWriter(file)
        for step in range(0, 50, 10):
            event = Event(wall_time=1e9 + step, step=step)
            event.summary.value.add(tag="Loss/train", simple_value=1.0 / (step + 1))
            writer.write(event.SerializeToString())
        picture = Event(step=3)
        picture.summary.value.add(tag="a picture").image.encoded_image_string = bytes(2 << 20)
        writer.write(picture.SerializeToString())
        file.write(struct.pack("<QI", 1 << 60, 0) + b"cut")
    (read,) = read_log(tmp_path).runs
    steps = [event for event in read.events if isinstance(event, Steps)]
    assert [event.first_step for event in steps] == [0, 10, 20, 30, 40]
    assert {name for event in steps for name in event.names} == {"Loss/train"} and read.started == 1e9


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("nothing.csv", b""),
        ("words.csv", b"a,b\n1,2\n"),
        ("no-epoch.csv", b"epoch,loss\nx,1\n"),
        ("long.csv", b"epoch,loss\n" + b'0,"' + b"9" * 200_000),
        ("picture.png", b"\x89PNG\r\n"),
        ("events.out.tfevents.x", b"\xff" * 4096),
        ("events.out.tfevents.y", struct.pack("<QI", 0, 0) * 100),
    ],
)
def test_what_is_no_log_is_a_sentence(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(LogError) as refused:
        read_log(tmp_path / name)
    assert str(refused.value.text).endswith(".")


def test_hostile_bytes_come_to_a_sentence_from_the_process(tmp_path: Path) -> None:
    chance = random.Random(1)
    path = tmp_path / "events.out.tfevents.z"
    path.write_bytes(chance.randbytes(5000))
    with pytest.raises(FileError, match="was not imported"):
        import_log(LogFileReader(), path, tmp_path / "q.runs")
    with pytest.raises(FileError, match="it is not there"):
        import_log(LogFileReader(), tmp_path / "gone", tmp_path / "q.runs")
    assert not (tmp_path / "q.runs").exists()


def test_damaged_records_never_end_in_an_error_of_ours(run: RunInfo, tmp_path: Path) -> None:
    out = tmp_path / "log"
    export_curves(FORMS["tensorboard"], [run], out)
    file = next((out / run.folder.name / "train").iterdir())
    sound, chance = file.read_bytes(), random.Random(2)
    for _ in range(300):
        content = bytearray(sound)
        for _ in range(chance.randint(1, 6)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        file.write_bytes(content)
        with suppress(LogError):
            assert all(run.events for run in read_log(out).runs)


def test_the_time_of_a_pause_is_no_time_of_training() -> None:
    clock = Clock()
    told: list[TrainingEvent] = [RunStarted("", 1, 1, 1, 0, 0, 0, time=10.0), Paused(time=12.0), Resumed(time=112.0)]
    assert [clock.at(event) for event in told] == [0.0, 2.0, 2.0]
    assert clock.at(EpochEnded(0, {}, 0.1, 1.0, time=113.0)) == 3.0
    assert clock.at(EpochEnded(1, {}, 0.1, 1.0)) == 3.0 and clock.known


def test_events_of_an_imported_run_are_numbered_without_a_gap(run: RunInfo, tmp_path: Path) -> None:
    path = tmp_path / "training.csv"
    path.write_text("epoch,loss\n0,1\n1,2\n", "utf-8")
    (folder,), _ = import_log(LogFileReader(), path, run.folder.parent)
    assert folder.name == "0002-training"
    assert (folder / EVENTS_FILE).read_bytes().count(b'"seq":') == 4
    assert read_run(run.folder) == run


def test_formats_are_found() -> None:
    assert all(isinstance(form, TrackingFormat) for form in FORMS.values())
    assert list(FORMS) == ["csv", "parquet", "tensorboard"]


def test_steps_of_a_long_log_are_told_many_at_once() -> None:
    scalars = Scalars()
    for step in range(1, 6001):
        scalars.add_step(step, "loss", 1.0 / step, 1e9 + step)
        if step != 3000:  # there it is another set of names
            scalars.add_step(step, "accuracy", 0.5, 1e9 + step)
    told = [event for event in as_run("long", scalars, 0.0).events if isinstance(event, Steps)]
    assert len(told) < 200
    rows = [(event.first_step + place, row[0]) for event in told for place, row in enumerate(event.values)]
    assert rows == [(step - 1, 1.0 / step) for step in range(1, 6001)]
    assert [event.names for event in told if len(event.names) == 1] == [("loss",)]
    assert [event.seq for event in as_run("long", scalars, 0.0).events] == list(range(1, len(told) + 2))
