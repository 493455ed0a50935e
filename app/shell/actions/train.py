"""Train: start, pause, resume, stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.commands.command import Command, Group
from app.project.session import Session
from resources.text import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.shell.actions.report_writer import ReportWriter
    from app.shell.window.main_window import MainWindow


def group(window: MainWindow, writer: ReportWriter) -> Group:
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
            None,
            Command("train.report", lambda: tr("Report of a run"), submenu=lambda: reports(window, writer)),
        ),
    )


def reports(window: MainWindow, writer: ReportWriter) -> Sequence[Command]:
    """Of the run that Evaluate is about."""

    def make(key: str, title: str, suffix: str) -> Command:
        return Command(f"train.report.{key}", lambda: title, lambda: writer.ask(suffix, window), enabled=writer.can)

    return [
        make("html", tr("Web page (.html)…"), ".html"),
        make("markdown", tr("Markdown (.md)…"), ".md"),
        make("pdf", tr("PDF (.pdf)…"), ".pdf"),
    ]


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
