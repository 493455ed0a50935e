"""A parameter editor is one file: a parameter of its kind is edited with it, and as JSON when it is gone."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.specs import Parameter
from graph_editor.editors.json_editor import JsonEditor
from graph_editor.editors.parts.row import ParameterRow
from graph_editor.editors.registry import discover_editors, editor_context
from tests.support.dummies import one_more

PACKAGE = "graph_editor.editors"
DUMMY = '''"""A number of percent."""
from graph_editor.editors.parts.base import UnreadableError
from graph_editor.editors.parts.parsed import ParsedEditor


class PercentEditor(ParsedEditor):
    kinds = ("percent",)

    def parse(self, text):
        try:
            return float(text.strip(" %")) / 100
        except ValueError:
            raise UnreadableError("Type a number of percent.") from None

    def format(self, value):
        return f"{value * 100:g} %"


EDITOR = PercentEditor
'''


def test_one_more_editor(qtbot: QtBot, tmp_path: Path) -> None:
    catalog, parameter = Catalog.load(), Parameter("rate", "percent", 0.5)
    with one_more(PACKAGE, "percent_editor", DUMMY, tmp_path):
        row = ParameterRow(parameter, editor_context(catalog), 0.5)
        qtbot.addWidget(row)
        row.set_value(0.25)
        editor = row.editor
        assert type(editor).__name__ == "PercentEditor"
        line = editor.line.lineEdit()  # type: ignore[attr-defined]
        assert line.text() == "25 %" and row.changed
        emitted: list[object] = []
        row.edited.connect(emitted.append)
        line.setText("40 %")
        editor.commit()
        assert emitted == [0.4]
        line.setText("much")
        editor.commit()
        assert (editor.value(), editor.reason) == (0.4, "Type a number of percent.")
    assert "percent" not in discover_editors()
    other = ParameterRow(parameter, editor_context(catalog), 0.5)
    qtbot.addWidget(other)
    assert isinstance(other.editor, JsonEditor)


def test_two_editors_for_a_kind_are_an_error(tmp_path: Path) -> None:
    double = DUMMY.replace('("percent",)', '("bool",)')
    with one_more(PACKAGE, "percent_editor", double, tmp_path), pytest.raises(ValueError, match="bool"):
        discover_editors()


def test_every_kind_of_the_catalog_has_an_editor() -> None:
    """A kind is any word, so a wrong one would be edited as JSON and nobody would see it."""
    catalog = Catalog.load()
    kinds = {parameter.kind for spec in catalog.layers() for parameter in spec.parameters}
    assert len(kinds) > 8 and kinds <= set(discover_editors())
