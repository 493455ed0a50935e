"""Processes that begin with Keras imported are like those that a Python starts, and are seen when they are left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.launchers import local
from runtime.launchers.local import worker_command
from tests.support import leaks
from tests.support.fresh_python import answer_of, run_keras
from tests.support.warm.server import Start
from tests.support.warm.starting import WarmProcess, WarmSubprocess, can_be_warm, warm_keras

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="there all processes start cold")

ABOUT = """
import json, random, sys, tempfile
import numpy as np
keras = "keras" in sys.modules
ours = sorted({name.split(".")[0] for name in sys.modules} & {"app", "graph_editor", "runtime", "resources"})
import keras as now
seeds = [random.random(), float(np.random.rand()), now.ops.convert_to_numpy(now.random.SeedGenerator().state).tolist()]
sum = float(now.ops.sum(now.ops.ones((2, 3))))
print(json.dumps({
    "keras": keras, "ours": ours, "seeds": seeds, "sum": sum, "arguments": sys.argv, "given": sys.stdin.read(),
    "main": sys.modules["__main__"].json is json, "temporary": tempfile.gettempdir(),
}))
"""


def started(program: str, *, session: bool = False) -> WarmProcess:
    start = Start(["-c", program], dict(os.environ), os.getcwd(), session)  # noqa: PTH109
    return WarmProcess(warm_keras().address(), start, (0, 1, 2))


def test_a_program_has_keras_and_nothing_of_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    one, other = (answer_of("-c", ABOUT, name, given="words") for name in ("one", "other"))
    assert one["keras"] and one["main"] and one["sum"] == 6.0
    assert one["ours"] == [], "a program that shows that nothing of Lamella's is needed would prove nothing"
    assert (one["arguments"], one["given"], one["temporary"]) == (["-c", "one"], "words", str(tmp_path))
    assert all(mine != its for mine, its in zip(one["seeds"], other["seeds"], strict=True))


def test_each_way_to_end_is_told() -> None:
    assert started("pass").wait() == 0
    assert started("raise SystemExit(7)").wait() == 7
    assert started("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)").wait() == -signal.SIGSEGV
    process = started("import time; time.sleep(600)")
    process.kill()
    assert process.wait() == -signal.SIGKILL and process.wait() == -signal.SIGKILL
    with pytest.raises(AssertionError, match="ZeroDivisionError: division by zero"):
        run_keras("-c", "1 / 0")


def test_one_that_is_left_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    warm_keras().address()
    monkeypatch.setattr(leaks, "GRACE_SECONDS", 0.0)
    watch = leaks.Leaks(None)
    process = started("import time; time.sleep(600)", session=True)
    try:
        assert os.getsid(process.pid) == process.pid
        assert [words for words in watch.wait() if f"the process {process.pid} " in words]
    finally:
        process.kill()
        process.wait()


def test_workers_are_warm_unless_they_must_not_be() -> None:
    assert isinstance(vars(local)["subprocess"], WarmSubprocess)
    assert worker_command()[1:] == WarmSubprocess.WORKER
    assert can_be_warm(dict(os.environ))
    assert not can_be_warm({**os.environ, "KERAS_BACKEND": "jax"})
    assert not can_be_warm({**os.environ, "PYTHONHASHSEED": "1"})
    assert not can_be_warm({**os.environ, "HOME": "/elsewhere"})


@pytest.mark.usefixtures("cold_start")
def test_a_cold_start_is_one_of_a_python() -> None:
    assert vars(local)["subprocess"] is subprocess
