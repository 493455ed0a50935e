"""A button that opens a menu shows an arrow, as one that lists choices does."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton

from app.panels.data.panel import DataPanel
from app.system.places import RESOURCES

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.mark.parametrize("name", ["add_data", "add_step", "add_augmentation"])
def test_buttons_with_a_menu_have_an_arrow(panel: DataPanel, name: str) -> None:
    """Of a menu that belongs to a button the theme draws one; others write it, which nobody has to hear."""
    button = panel.findChild(QPushButton, name)
    assert isinstance(button, QPushButton)
    assert (button.menu() is not None) != ("▾" in button.text())
    assert "▾" not in button.accessibleName()
    rule = (RESOURCES / "themes" / "base.qss").read_text("utf-8").split("\nQPushButton::menu-indicator {")[1]
    assert "chevron-down" in rule.split("}")[0]
