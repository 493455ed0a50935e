"""Train: start, pause, resume, stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.commands.command import Command, Group
from app.project.session import Session
from resources.text import tr

if TYPE_CHECKING:
    from app.shell.window.main_window import MainWindow


def group(window: MainWindow) -> Group:
    session = window.session
    return Group(
        "train",
        tr("Train"),
        (
            Command("train.start", lambda: tr("Train"), window.start_training, ("F5",), lambda: not active(session)),
            Command(
                "train.pause",
                lambda: tr("Resume") if phase(session) == "paused" else tr("Pause"),
                lambda: pause_or_resume(session),
                ("F6",),
                lambda: phase(session) in ("running", "paused"),
            ),
            Command(
                "train.stop",
                lambda: tr("Stop"),
                lambda: stop(session),
                ("Shift+F5",),
                lambda: active(session) and phase(session) != "stopping",
            ),
        ),
    )


def active(session: Session) -> bool:
    return session.training.run is not None and session.training.run.active


def phase(session: Session) -> str:
    return session.training.run.phase if session.training.run is not None else "ended"


def pause_or_resume(session: Session) -> None:
    run = session.training.run
    if run is not None:
        run.resume() if run.phase == "paused" else run.pause()


def stop(session: Session) -> None:
    if session.training.run is not None:
        session.training.run.stop()
