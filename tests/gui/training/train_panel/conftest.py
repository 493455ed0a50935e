"""The Train page of the digits."""

from __future__ import annotations

import pytest

from app.look.theme_source import ThemeSource
from app.panels.train.panel import TrainPanel
from graph_editor.background.background import Background
from tests.gui.training.conftest import Show
from tests.gui.training.fakes import World


@pytest.fixture
def panel(world: World, look: ThemeSource, show: Show) -> TrainPanel:
    panel = TrainPanel(world.session, look, world.chooser, Background())
    show(panel)
    return panel
