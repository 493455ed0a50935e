"""The rule that nothing is left to guess at markup finds what it is for."""

from __future__ import annotations

import ast

import pytest

from tests.support.markup_rules import offences


@pytest.mark.parametrize(
    "source",
    [
        "QLabel(name)",
        "QtWidgets.QLabel(name)",
        "class Mine(QLabel): pass",
        "button.setToolTip(name)",
        "button.setAccessibleName(name)",
        "button.setAccessibleDescription(tr('Open {name}', name=name))",
        "rows[0].button().setToolTip(name)",
        "QToolTip.showText(place, name)",
        "QMessageBox.warning(parent, title, name)",
        "pg.TextItem(html=name)",
        "Markup(name)",
        "item.setData(name, Qt.ItemDataRole.ToolTipRole)",
        "def data():\n    if role == Qt.ItemDataRole.ToolTipRole:\n        return self.name",
        "def data():\n    if role in (Role.StatusTipRole, Role.WhatsThisRole):\n        return self.name",
        "def data():\n    match role:\n        case Role.ToolTipRole:\n            return self.name",
        "texts = {Role.DisplayRole: name, Role.ToolTipRole: name}",
        "model.setHeaderData(0, way, name, Qt.ItemDataRole.ToolTipRole)",
    ],
)
def test_the_rule_finds(source: str) -> None:
    assert list(offences(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        "PlainLabel(name)",
        "button.setAccessibleName(tr('Open') if one else tr('Close'))",
        "set_tooltip(button, name)",
        "item.setData(tooltip_text(name), Qt.ItemDataRole.ToolTipRole)",
        "texts = {Role.DisplayRole: name, Role.ToolTipRole: tooltip_text(name)}",
        "def data():\n    if role == Qt.ItemDataRole.ToolTipRole:\n        return tooltip_text(self.name)",
    ],
)
def test_the_rule_lets_pass(source: str) -> None:
    assert list(offences(ast.parse(source))) == []
