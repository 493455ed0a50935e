"""One bad folder never hides the other runs: it is listed as damaged, with its reason."""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runtime.event_file import EVENTS_FILE
from runtime.events import EpochEnded, EpochStarted, RunStarted, Steps
from runtime.run_process import PROCESS_FILE, write_process
from runtime.store import MODEL_FILE, RESULT_FILE, RUN_FILE, RunInfo, RunResult, RunStore, read_run, write_result
from runtime.worker.training.event_log import EventWriter
from tests.support.events import read_events
from tests.support.patience import patient
from tests.unit.runtime.training.test_store import SPEC, fail

Harm = Callable[[Path], object]


def change(file: str, **values: Any) -> Harm:
    def harm(folder: Path) -> None:
        content = json.loads((folder / file).read_text("utf-8"))
        (folder / file).write_text(json.dumps(content | values), "utf-8")

    return harm


def put(name: str, content: bytes) -> Harm:
    return lambda folder: (folder / name).write_bytes(content)


def replaced(name: str, by: Callable[[Path], object]) -> Harm:
    def harm(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        by(folder / name)

    return harm


def hole(size: int) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with path.open("wb") as file:
            file.truncate(size)  # takes no room

    return make


def deep(folder: Path) -> None:
    nest: Any = []
    for _ in range(300):
        nest = [nest]
    change(RUN_FILE, spec=json.loads((folder / RUN_FILE).read_text("utf-8"))["spec"] | {"model": nest})(folder)


def large_number(folder: Path) -> None:
    content = (folder / RUN_FILE).read_text("utf-8").replace('"model": {}', '"model": {"units": 1' + "0" * 400 + "}")
    (folder / RUN_FILE).write_text(content, "utf-8")


HARMS: dict[str, tuple[Harm, str]] = {
    "negative pid": (change(PROCESS_FILE, pid=-7), "no process has the number -7"),
    "pid 0": (change(PROCESS_FILE, pid=0), "no process has the number 0"),
    "huge pid": (change(PROCESS_FILE, pid=10**30), PROCESS_FILE),
    "pid of words": (change(PROCESS_FILE, pid="me"), PROCESS_FILE),
    "half a character": (change(RUN_FILE, name="\ud800 a"), RUN_FILE),
    "the other half": (change(RUN_FILE, name="\udc00"), RUN_FILE),
    "date in 10 to 300": (change(RUN_FILE, created=1e300), "a date that is none"),
    "negative date": (change(RUN_FILE, created=-1.0), "a date that is none"),
    "date without a number": (change(RUN_FILE, created=float("nan")), RUN_FILE),
    "date of words": (change(RUN_FILE, created="now"), RUN_FILE),
    "wrong types": (put(RUN_FILE, b"[1, 2]"), RUN_FILE),
    "no JSON": (put(RUN_FILE, b"\x00\xff"), RUN_FILE),
    "empty": (put(RUN_FILE, b""), RUN_FILE),
    "deep": (deep, "nested too deeply"),
    "deeper": (put(RUN_FILE, b"[" * 100_000), RUN_FILE),
    "large number": (large_number, "a number is too large"),
    "result of a gigabyte": (replaced(RESULT_FILE, hole(1 << 30)), "larger than 8 MB"),
    "run.json of a gigabyte": (replaced(RUN_FILE, hole(1 << 30)), "larger than 64 MB"),
    "20 GB of events": (replaced(EVENTS_FILE, hole(20 << 30)), "larger than 4,096 MB"),
    "result of words": (put(RESULT_FILE, b'{"status":"splendid"}'), RESULT_FILE),
    "a result that runs": (put(RESULT_FILE, b'{"status":"running"}'), "numbers that no run has"),
    "endless seconds": (put(RESULT_FILE, b'{"status":"failed","seconds":1e300}'), "numbers that no run has"),
    "negative epochs": (put(RESULT_FILE, b'{"status":"failed","epochs_done":-4}'), "numbers that no run has"),
    "folder as file": (replaced(RUN_FILE, Path.mkdir), RUN_FILE),
    "no run.json": (lambda folder: (folder / RUN_FILE).unlink(), "run.json is missing"),
}
if os.name == "posix":
    loop = replaced(RUN_FILE, lambda path: path.symlink_to(path))
    device = replaced(RUN_FILE, lambda path: path.symlink_to("/dev/zero"))
    HARMS |= {
        "pipe as run.json": (replaced(RUN_FILE, os.mkfifo), "run.json is no regular file"),
        "pipe as result": (replaced(RESULT_FILE, os.mkfifo), "result.json is no regular file"),
        "pipe as events": (replaced(EVENTS_FILE, os.mkfifo), "events.jsonl is no regular file"),
        "pipe as process": (replaced(PROCESS_FILE, os.mkfifo), "process.json is no regular file"),
        "endless device": (
            device,
            "run.json is no regular file",
        ),
        "link to itself": (loop, "run.json cannot be read"),
    }


@pytest.mark.parametrize("name", HARMS)
def test_a_damaged_run_is_listed_with_its_reason_and_hides_no_other(name: str, tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    folders = [store.new_run(SPEC, b"{}") for _ in range(3)]
    write_process(folders[1])
    (folders[1] / MODEL_FILE).touch()
    harm, reason = HARMS[name]
    harm(folders[1])
    start = time.monotonic()
    found = store.all_runs()
    assert time.monotonic() - start < patient(5)
    assert [(run.number, run.status) for run in found] == [(1, "running"), (2, "damaged"), (3, "running")]
    assert reason in str(found[1].result.error), str(found[1].result.error)
    assert (found[1].name, found[1].model) == ("digits-two-heads", None)
    assert [run.number for run in store.runs()] == [1, 3]
    assert store.find("2") == found[1]
    assert store.new_run(SPEC, b"{}").name.startswith("0004-")


@pytest.mark.skipif(os.name != "posix" or os.getuid() == 0, reason="nothing is forbidden here")
def test_what_may_not_be_read_is_damaged(tmp_path: Path) -> None:
    folder = RunStore(tmp_path).new_run(SPEC, b"{}")
    (folder / RUN_FILE).chmod(0)
    assert read(folder).status == "damaged"


@pytest.mark.skipif(os.name != "posix", reason="needs links")
def test_files_and_loops_in_the_place_of_folders_are_damaged(tmp_path: Path) -> None:
    (tmp_path / "0001-file").write_bytes(b"x")
    (tmp_path / "0002-loop").symlink_to(tmp_path / "0002-loop")
    os.mkfifo(tmp_path / "0003-pipe")
    found = RunStore(tmp_path).all_runs()
    assert [(run.number, run.status) for run in found] == [(1, "damaged"), (2, "damaged"), (3, "damaged")]
    assert all(run.result.error is not None for run in found)


def test_numbers_in_other_digits_and_endless_ones_are_no_runs(tmp_path: Path) -> None:
    for name in ("٠٠٠١-a", "9" * 200 + "-a", "000-a", "0001"):
        (tmp_path / name).mkdir()
    store = RunStore(tmp_path)
    assert store.all_runs() == []
    assert store.new_run(SPEC, b"{}").name.startswith("0001-")
    assert store.find("9" * 5000) is None and store.find("²") is None


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes")
def test_a_folder_whose_name_is_no_text_is_a_run_like_others(tmp_path: Path) -> None:
    folder = RunStore(tmp_path).new_run(SPEC, b"{}")
    os.rename(folder, os.fsencode(tmp_path) + b"/0005-\xff")  # noqa: PTH104 - the name is no text
    assert [run.number for run in RunStore(tmp_path).all_runs()] == [5]


def test_impossible_events_are_passed_over(tmp_path: Path) -> None:
    folder = RunStore(tmp_path).new_run(SPEC, b"{}")
    writer = EventWriter(folder, fail)
    first = writer.write(EpochStarted(0))
    writer.close()
    bad = [
        b'{"type":"EpochStarted","epoch":-1,"seq":2}',
        b'{"type":"EpochStarted","epoch":1,"seq":-2}',
        b'{"type":"EpochStarted","epoch":1' + b"0" * 400 + b"}",
        b'{"type":"Steps","epoch":0,"first_step":0,"names":["loss","a"],"values":[[1.0]],"seq":3}',
        b'{"type":"EpochEnded","epoch":0,"logs":{"loss":1' + b"0" * 400 + b'},"learning_rate":null,"seconds":1}',
        b'{"type":"Train","spec":{}}',
        b"[" * 100_000,
        b"\xff\x00",
        b'{"type":"Unknown","name":"\xd3a"}',
        b'{"type":"EpochStarted","epoch":null,"more":"\xd3a"}',
        b"5",
    ]
    with (folder / EVENTS_FILE).open("ab") as file:
        file.write(b"\n".join(bad) + b"\n")
    writer = EventWriter(folder, fail)
    last = writer.write(EpochStarted(1))
    writer.close()
    assert read_events(folder) == [first, last]


def test_a_line_without_an_end_is_given_up(tmp_path: Path) -> None:
    """A hundred million zeros are no event; what follows them is one."""
    folder = RunStore(tmp_path).new_run(SPEC, b"{}")
    with (folder / EVENTS_FILE).open("wb") as file:
        file.truncate(100_000_000)
        file.seek(100_000_000)
        file.write(b'\n{"type":"EpochStarted","epoch":4,"seq":1}\n')
    assert read_events(folder) == [EpochStarted(4, seq=1)]


def test_the_steps_of_a_long_run_are_not_read_for_the_list(tmp_path: Path) -> None:
    folder = RunStore(tmp_path).new_run(SPEC, b"{}")
    write_process(folder)
    writer = EventWriter(folder, fail)
    writer.write(RunStarted("cpu", 45, 3, 1437, 360, 100, 90))
    writer.write(Steps(0, 0, ("loss",), [[1.0]]))
    writer.write(EpochEnded(0, {"loss": 2.0}, 0.1, 1.5))
    writer.close()
    info = read(folder)
    assert (info.status, info.result.epochs_done, info.result.metrics) == ("running", 1, {"loss": 2.0})


def test_a_result_that_is_good_stays_good(tmp_path: Path) -> None:
    folder = RunStore(tmp_path).new_run(SPEC, b"{}")
    good = RunResult("completed", 3, {"loss": None}, {"loss": 0.1}, 12.5, directions={"loss": "min"})
    write_result(folder, good)
    assert read(folder).result == good


def test_of_a_result_that_tells_no_directions_the_loss_alone_is_called_best(tmp_path: Path) -> None:
    folder = RunStore(tmp_path).new_run(SPEC, b"{}")
    write_result(folder, RunResult("completed", 3, {"loss": None}, {"loss": 0.1, "acceleration": 0.9}, 12.5))
    result = read(folder).result
    assert (result.best, result.directions) == ({"loss": 0.1}, {"loss": "min"})


def read(folder: Path) -> RunInfo:
    info = read_run(folder)
    assert info is not None
    return info
