"""The window of a soak: the real one, with an engine and trainers that answer at once. Runs in a process of its own."""

from __future__ import annotations

import faulthandler
import json
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from app.engine.engine_link import AnswerCallback, EngineBackend, EngineLink
from app.engine.run_controller import TrainerBackend, TrainerReports
from app.project.session import Session
from app.project.templates import TEMPLATES
from app.project.training_start import RunStarter
from app.shell.compose import make_trainer, put_together, start_engine
from app.shell.desktop import Desktop
from app.shell.gui import make_application
from app.system.collector import Collector
from app.system.crash_log import install_crash_log
from app.system.places import config_dir, data_dir
from app.system.settings import SettingsStore
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from graph_editor.document.files.file_format import save
from runtime.messages.protocol import Request
from runtime.spec import RunSpec
from tests.gui.training.fakes import FakeEngine
from tests.soak.answers import Answers
from tests.soak.evaluator import QuickEvaluator
from tests.soak.faults import Faults
from tests.soak.levels import LAP_ACTIONS, SEASON_LAPS
from tests.soak.measuring import measure
from tests.soak.person import Person
from tests.soak.rest import REST_SECONDS, Rest
from tests.soak.trainer import QuickTrainer

MOST_BOXES = 60
_MOST_FAULTS = 10


class _ForgetfulEngine(FakeEngine):
    """Keeps nothing of what it was asked: what grows is counted."""

    def request(self, message: Request, callback: AnswerCallback) -> int:
        number = super().request(message, callback)
        del self.asked[:-1]
        return number


class Soak(QObject):
    """Acts until `seconds` are over and `least` actions are done; writes a journal and a report into `folder`."""

    def __init__(self, folder: Path, seed: int, seconds: float, least: int, keras: bool) -> None:
        super().__init__()
        self._folder, self._seconds, self._least, self._keras = folder, seconds, least, keras
        self._rng = random.Random(seed)
        self._journal = (folder / "journal.txt").open("w", encoding="utf-8", buffering=1)
        self._report = (folder / "report.jsonl").open("w", encoding="utf-8", buffering=1)
        self.faults = Faults(lambda text: self._write({"fault": text, "action": self._count}))
        self._count = 0
        self._resting = False
        self._projects = folder / "projects"
        self._make_projects()
        self.application, self._collector = make_application(), Collector()
        QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
        self.desktop = self._compose()
        install_crash_log(self.desktop.session.notify)
        self.faults.install()
        for scheme in ("file", "http", "https", "mailto"):
            QDesktopServices.setUrlHandler(scheme, self, "hear_url")  # type: ignore[arg-type]  # it takes text
        self._answers = Answers(self._rng, self._some_file, self._tell, self.faults.note)
        self._person = Person(self.desktop, self._rng, self._open_another, self._tell)
        self._rest = Rest(self.desktop, self.faults.note, trains=not keras)
        self.desktop.finished.connect(self._on_closed)
        self._began = time.monotonic()

    def run(self) -> None:
        self.application.setQuitOnLastWindowClosed(False)
        self.desktop.window.show()
        QTimer.singleShot(0, self._begin)
        self.application.exec()
        self.desktop.window.discard()
        self.desktop.close()
        self._collector.stop()
        self._write({"done": self._count, "seconds": time.monotonic() - self._began})

    @Slot(QUrl)
    def hear_url(self, url: QUrl) -> None:
        self._tell(f"  asks to show {url.scheme()}")

    # Putting together

    def _compose(self) -> Desktop:
        catalog, link = Catalog.load(), EngineLink()

        def quick(spec: RunSpec, folder: Path, reports: TrainerReports) -> TrainerBackend:
            return QuickTrainer(
                spec, folder, reports, random.Random(0) if self._resting else self._rng, calm=self._resting
            )

        starter = RunStarter(make_trainer if self._keras else quick)
        session = Session(Document(keras_version=catalog.keras_version), catalog, link, starter)
        store = SettingsStore(config_dir())
        store.values.language, store.values.theme = "en", "dark"
        desktop = put_together(self.application, session, store)
        if not self._keras:
            link.use(_ForgetfulEngine(link))
            session.evaluations.use(self._evaluator)
        return desktop

    def _evaluator(self, link: EngineLink) -> EngineBackend:
        return QuickEvaluator(link, self._rng, lambda: self._resting)

    def _make_projects(self) -> None:
        self._projects.mkdir(parents=True)
        for template in TEMPLATES:
            save(template.open(), self._projects / f"{template.key}.lamella")
        (self._projects / "broken.lamella").write_text('{"format_version": 1, "graph": [', "utf-8")

    def _some_file(self, opens: bool) -> Path:
        if opens:
            names = sorted(path.name for path in self._projects.glob("*.lamella"))
            return self._projects / self._rng.choice([*names, "missing.lamella"])
        return self._projects / self._rng.choice(("one.lamella", "two", "v1.2", "digits.lamella", "no/such/folder.py"))

    def _open_another(self) -> None:
        if self._rng.random() < 0.5:
            self.desktop.files.open_path(self._some_file(opens=True))
        else:
            self.desktop.files.new_from(self._rng.choice(TEMPLATES).open)

    # One action after another

    def _begin(self) -> None:
        if self._keras:
            start_engine(self.desktop.session)
        else:
            self.desktop.session.engine.start()
        self.desktop.greet(None)
        self._next()

    def _next(self) -> None:
        QTimer.singleShot(0, self._step)

    def _step(self) -> None:
        if not self._answers.quiet:
            QTimer.singleShot(5, self._step)
            return
        self._count += 1
        self._person.may_change_language = self._count // LAP_ACTIONS % SEASON_LAPS == 0
        self._person.act()
        QApplication.processEvents()
        self._stay_small()
        if self._count % LAP_ACTIONS == 0:
            self._answers_settle(time.monotonic() + REST_SECONDS)
        else:
            self._next()

    def _answers_settle(self, until: float) -> None:
        """Measure when nothing is open and nothing is trained any more."""
        session = self.desktop.session
        for run in session.runs.active:
            run.resume()
            run.stop()
        busy = not self._answers.quiet or session.runs.active
        if busy and time.monotonic() < until:
            QTimer.singleShot(20, lambda: self._answers_settle(until))
            return
        if busy:
            self.faults.note("The window did not come to rest: a dialog or a run stayed")
        self._measure()
        over = time.monotonic() - self._began >= self._seconds and self._count >= self._least
        if over or self.faults.count >= _MOST_FAULTS:
            self.application.quit()
        else:
            self._next()

    def _measure(self) -> None:
        """The levels, at the same place every time."""
        self._tell("rest")
        for path in (*self._projects.glob("*.runs"), data_dir() / "untitled"):
            shutil.rmtree(path, ignore_errors=True)
        self._resting = True
        try:
            self._rest.come()
        finally:
            self._resting = False
        level, census = measure(self.desktop.window, self.faults)
        self._write({"level": level, "action": self._count, "census": census})

    def _stay_small(self) -> None:
        session = self.desktop.session
        if sum(len(graph.calls) for graph in session.document.graphs.values()) > MOST_BOXES:
            session.replace(self._rng.choice(TEMPLATES).open(), None)

    def _on_closed(self) -> None:
        self._tell("  the window was closed; it is shown again")
        self.desktop.window.show()

    def _tell(self, text: str) -> None:
        self._journal.write(f"{self._count} {text}\n")

    def _write(self, entry: dict[str, object]) -> None:
        self._report.write(json.dumps(entry, ensure_ascii=False) + "\n")


def main(arguments: list[str]) -> int:
    folder, seed, seconds, least, keras = arguments
    faulthandler.enable()
    if hasattr(signal, "SIGUSR1"):
        faulthandler.register(signal.SIGUSR1, all_threads=True)
    soak = Soak(Path(folder), int(seed), float(seconds), int(least), keras == "keras")
    soak.run()
    sys.stdout.flush()
    return os.EX_OK if soak.faults.count == 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
