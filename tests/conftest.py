"""A world of its own for the tests: no display, no settings of the user's, nothing left running."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from runtime.clients.engine import Engine, EngineStatus

WORLD = Path(tempfile.mkdtemp(prefix="lamella-tests-"))
PLACES = {
    "HOME": "home",
    "USERPROFILE": "home",
    "XDG_CONFIG_HOME": "home/.config",
    "XDG_DATA_HOME": "home/.local/share",
    "XDG_STATE_HOME": "home/.local/state",
    "XDG_CACHE_HOME": "home/.cache",
    "APPDATA": "home/AppData/Roaming",
    "LOCALAPPDATA": "home/AppData/Local",
    "LAMELLA_HOME": "lamella",
}
QUIET = {
    "QT_QPA_PLATFORM": "offscreen",
    "QT_ACCESSIBILITY": "0",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "KERAS_BACKEND": "tensorflow",
}


def _move_into_world() -> None:
    """Before Qt, Keras or Lamella are imported: they read these at import."""
    for name, place in PLACES.items():
        (WORLD / place).mkdir(parents=True, exist_ok=True)
        os.environ[name] = str(WORLD / place)
    os.environ.update(QUIET)
    for name in ("LAMELLA_STARTUP_PROBE", "WAYLAND_DISPLAY"):
        os.environ.pop(name, None)


_move_into_world()

from tests.support.bytecode import keep_bytecode  # noqa: E402

keep_bytecode()

import hypothesis  # noqa: E402
import pytest  # noqa: E402

from resources import text  # noqa: E402
from tests.support.leaks import Leaks, QtRecorder  # noqa: E402
from tests.support.patience import PatientBot  # noqa: E402
from tests.support.slow_first import turn  # noqa: E402
from tests.support.warm.starting import WarmSubprocess, warm_keras  # noqa: E402

hypothesis.settings.register_profile("lamella", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("lamella")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: turn(item.nodeid))


def pytest_collection_finish() -> None:
    """What lies here now stays to the end: tests that collect garbage, some many times, need not look through it."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Leave nothing of ours in the clipboard: the offscreen platform takes it away only when Python is gone."""
    if gui := sys.modules.get("PySide6.QtGui"):
        application = gui.QGuiApplication
        if application.instance() is not None:
            application.clipboard().clear()


def pytest_unconfigure() -> None:
    shutil.rmtree(WORLD, ignore_errors=True)


class Recorder:
    """Makes the one QtRecorder as soon as a test has imported Qt."""

    def __init__(self) -> None:
        self._recorder: QtRecorder | None = None

    def get(self) -> QtRecorder | None:
        if self._recorder is None and "PySide6.QtCore" in sys.modules:
            self._recorder = QtRecorder()
        return self._recorder


@pytest.fixture(scope="session")
def qt_recorder() -> Recorder:
    return Recorder()


@pytest.fixture(autouse=True)
def nothing_left_behind(qt_recorder: Recorder, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that leaves threads, processes, timers or Qt threads running, and names them.

    Fixtures that live longer than one test (`engine`) are set up before this one and may keep theirs.
    """
    leaks = Leaks(qt_recorder.get())
    yield
    if left := leaks.wait():
        pytest.fail("Left running:\n  " + "\n  ".join(left), pytrace=False)


@pytest.fixture(scope="session", autouse=True)
def warm_starts() -> Iterator[None]:
    """Workers begin with Keras imported, unless a test wants a `cold_start`."""
    from runtime.launchers import local

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local, "subprocess", WarmSubprocess())
        yield
    warm_keras().stop()


@pytest.fixture
def cold_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers begin as they do in use."""
    monkeypatch.setattr("runtime.launchers.local.subprocess", subprocess)


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """One warm engine (a real worker with Keras) for all tests that only ask. Who kills one starts one of his own."""
    from runtime.clients.engine import Engine
    from runtime.launchers.local import LocalLauncher

    settled = threading.Event()
    heard: list[EngineStatus] = []

    def on_status(status: EngineStatus) -> None:
        heard.append(status)
        if status.phase in ("ready", "dead"):
            settled.set()

    result = Engine(LocalLauncher(), on_status)
    result.start()
    try:
        assert settled.wait(120), "the engine did not start in two minutes"
        assert heard[-1].phase == "ready", heard[-1]
        yield result
    finally:
        result.stop()


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> PatientBot:
    """pytest-qt's, with limits that a busy machine keeps."""
    return PatientBot(request)


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    if text.language() != "en":
        text.use_language("en")
