"""Qt guesses at markup in what it is given: nothing from a file may be drawn as such."""

from __future__ import annotations

import ast

import pytest

from tests.support import markup_rules
from tests.support.trees import ROOT, tree_of


def test_nothing_is_left_to_guess_at_markup() -> None:
    wrong = [
        f"{path.relative_to(ROOT).as_posix()}:{line}: {what}"
        for path in markup_rules.sources()
        for line, what in markup_rules.offences(tree_of(path))
    ]
    assert wrong == []


def test_text_kept_for_painting_is_plain() -> None:
    """QStaticText guesses too."""
    found = [
        (path, function)
        for path in markup_rules.sources()
        for function in markup_rules.functions_with_static_text(tree_of(path))
    ]
    assert found
    wrong = [
        f"{path.relative_to(ROOT).as_posix()}:{function.lineno}"
        for path, function in found
        if not markup_rules.mentions(function, "PlainText")
    ]
    assert wrong == []


def test_markup_is_written_in_one_place() -> None:
    wrong = [
        f"{path.relative_to(ROOT).as_posix()}:{line}: {text!r}"
        for path in markup_rules.sources()
        for line, text in markup_rules.strings(tree_of(path))
        if any(sign in text for sign in markup_rules.MARKUP)
    ]
    assert wrong == []


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
    assert list(markup_rules.offences(ast.parse(source)))


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
    assert list(markup_rules.offences(ast.parse(source))) == []
