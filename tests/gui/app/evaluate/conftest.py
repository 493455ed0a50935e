"""The page of Evaluate, shown by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.panels.evaluate.page.panel import EvaluatePanel
from app.project.templates import TEMPLATES
from tests.gui.app.conftest import Rig


@pytest.fixture
def panel(rig: Rig, qtbot: QtBot) -> Iterator[EvaluatePanel]:
    """Of the digits, without a run."""
    rig.session.replace(next(item for item in TEMPLATES if item.key == "digits").open(), None)
    page = EvaluatePanel(rig.session, rig.desktop.preferences.look, rig.chooser, rig.desktop.background)
    qtbot.addWidget(page)
    page.resize(1300, 860)
    with qtbot.waitSignal(rig.session.evaluations.runs_changed):
        page.show()
    yield page
    page.tryit.predictions.forget()
    page.hide()
