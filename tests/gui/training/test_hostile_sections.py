"""Whatever a project says of data and training: Data and Train show it, and a run is begun or refused in a sentence."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.look.theme_source import ThemeSource
from app.panels.data.panel import DataPanel
from app.panels.train.panel import TrainPanel
from app.project.training import TrainingRefusedError
from app.project.training_start import run_spec
from graph_editor.background.background import Background
from graph_editor.document.changes.commands import rename, set_data, set_training
from resources.training.registry import settings_in
from tests.gui.training.conftest import Show
from tests.gui.training.fakes import World

ODD = ("many", [1], {"a": 1}, float("nan"))
Place = tuple[str, ...]

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def places(section: Mapping[str, Any]) -> Iterator[Place]:
    for key, value in section.items():
        yield (key,)
        if isinstance(value, Mapping):
            yield from ((key, *rest) for rest in places(value))


def with_value(section: Any, place: Place, value: Any) -> Any:
    return {**section, place[0]: with_value(section.get(place[0]), place[1:], value)} if place else value


@pytest.mark.parametrize("section", ["data", "training"])
def test_no_value_anywhere_is_too_odd(world: World, look: ThemeSource, show: Show, qtbot: QtBot, section: Any) -> None:
    session, document = world.session, world.session.document
    data = DataPanel(session, look, world.chooser)
    train = TrainPanel(session, look, world.chooser, Background())
    for panel in (data, train):
        show(panel)
    start = dict(getattr(document, section))
    declared = [(setting.key,) for setting in settings_in(section)]
    change = set_data if section == "data" else set_training
    output = document.graph.operation_of(document.graph.output_refs()[0].call).id
    tried = 0
    for place in dict.fromkeys([*places(start), *declared]):
        for value in ODD:
            with qtbot.captureExceptions() as raised:
                session.edit("odd", change(document, with_value(start, place, value)))
                data.refresh()
                train.side.refresh()
                train.view.start.refresh()
                session.edit("rename", rename(document, output, f"renamed_{tried}"))
                with contextlib.suppress(TrainingRefusedError):  # in a sentence
                    run_spec(session)
                QApplication.processEvents()
            assert raised == [], (place, value)
            session.history.undo()
            session.history.undo()
            tried += 1
    assert tried > 30
