"""Reports from the menu Train: of the run that Evaluate is about, by a process of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.project.evaluation.trained_runs import Chosen
from app.project.templates import TEMPLATES
from app.shell.actions import report_writer
from app.shell.actions.report_writer import ReportError
from graph_editor.document.files.file_format import dumps
from runtime.spec import DataSource, DataSpec, RunSpec, TrainingSettings
from runtime.store import RunStore, read_run
from tests.gui.app.conftest import Rig
from tests.gui.app.evaluate.runs import add_run


def made_run(rig: Rig, folder: Path) -> Path:
    spec = RunSpec("first", {}, DataSpec((DataSource("hdf5", "/data/a.h5"),)), (), TrainingSettings(epochs=2))
    return RunStore(folder / "a.runs").new_run(spec, dumps(rig.session.document))


def test_a_report_is_written_and_told(rig: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    writer = rig.desktop.report_writer
    assert not writer.can()  # no run is chosen
    run = read_run(made_run(rig, tmp_path))
    assert run is not None
    rig.session.evaluations.chosen = Chosen(run, "last")
    assert writer.can()
    rig.chooser.to_save = tmp_path / "mine"
    notices: list[tuple[str, str]] = []
    rig.session.notice_raised.connect(lambda notice: notices.append((notice.kind, notice.text)))
    writer.ask(".html", rig.desktop.window)
    qtbot.waitUntil(lambda: any(kind != "info" for kind, _ in notices), timeout=60_000)
    assert notices[-1] == ("ok", "Saved mine.html")
    assert (tmp_path / "mine.html").read_text("utf-8").startswith("<!doctype html>")


def test_a_report_needs_no_visit_to_evaluate(
    rig: Rig, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.session.replace(next(item for item in TEMPLATES if item.key == "digits").open(), None)
    add_run(rig)
    newest = add_run(rig)
    written: list[Path] = []
    monkeypatch.setattr(report_writer, "write", lambda run, _path, _language: written.append(run))
    rig.chooser.to_save = tmp_path / "mine.html"
    assert rig.desktop.report_writer.can()
    rig.desktop.report_writer.ask(".html", rig.desktop.window)
    qtbot.waitUntil(lambda: written == [newest])


def test_without_a_trained_model_that_is_said(rig: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    rig.session.replace(next(item for item in TEMPLATES if item.key == "digits").open(), None)
    add_run(rig, best=False, last=False)
    notices: list[tuple[str, str]] = []
    rig.session.notice_raised.connect(lambda notice: notices.append((notice.kind, notice.text)))
    rig.desktop.report_writer.ask(".html", rig.desktop.window)
    qtbot.waitUntil(lambda: notices == [("error", "There is no trained model yet: train one first.")])
    assert not rig.desktop.report_writer.can()


def test_what_the_verb_refuses_is_said(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="There is no run"):
        report_writer.write(tmp_path / "a.runs" / "0001-gone", tmp_path / "a.html", "en")
    assert not (tmp_path / "a.html").exists()
