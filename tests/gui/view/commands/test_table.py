"""The table of commands: no name and no key twice, menus in their order, and what toggles looks at all of a box."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from graph_editor.document.changes.commands import set_output
from graph_editor.document.graph import TensorRef
from graph_editor.view.commands.command import CanvasCommand, Place
from graph_editor.view.commands.menus import Commands, canvas_menu
from graph_editor.view.commands.table import CommandTable, all_commands, first_key
from resources.text import Text
from tests.gui.view.conftest import Bench


def made(name: str, keys: tuple[str, ...] = (), places: tuple[Place, ...] = ()) -> CanvasCommand:
    return CanvasCommand(name, Text("Delete"), lambda canvas: None, keys=keys, places=places)


def test_two_of_one_name_or_one_key_are_refused() -> None:
    with pytest.raises(ValueError, match="two commands with the name one"):
        CommandTable([made("one"), made("one")])
    with pytest.raises(ValueError, match=r"two commands with the keys Ctrl\+E"):
        CommandTable([made("one", ("Ctrl+E",)), made("two", ("A", "Ctrl+E"))])


def test_a_menu_is_in_the_order_of_its_places_with_a_line_between_hundreds(qtbot: QtBot) -> None:
    places = {"a": 210, "b": 100, "c": 105, "d": 399}
    table = CommandTable([made(name, (), (Place("canvas", order),)) for name, order in places.items()])
    parent, done = QWidget(), list[str]()
    qtbot.addWidget(parent)
    menu = canvas_menu(Commands(table, done.append), parent)
    entries = ["|" if action.isSeparator() else action.objectName() for action in menu.actions()]
    assert entries == ["b", "c", "|", "a", "|", "d"]
    menu.actions()[0].trigger()
    assert done == ["b"] and "\t" not in menu.actions()[0].text(), "a command without a key shows none"
    assert first_key(table["b"]) == ""


def test_places_in_menus_of_the_window_have_names_of_their_own() -> None:
    places = [place for command in all_commands() for place in command.places]
    in_window = [place.name for place in places if place.menu in ("edit", "model", "view")]
    assert all(in_window) and len(in_window) == len(set(in_window)) > 30
    assert not any(place.name for place in places if place.menu not in ("edit", "model", "view"))


def test_a_box_whose_second_output_counts_is_an_output(bench: Bench) -> None:
    bench.add("InputLayer", 200, 60)
    call = bench.add("LSTM", 200, 200)
    bench.history.do("x", set_output(bench.document, TensorRef(call, 0), True))
    bench.view.select([call])
    command = bench.view.commands["toggle_output"]
    assert command.checked is not None and command.checked(bench.view)
    bench.view.run_action("toggle_output")
    assert list(bench.document.graph.output_refs()) == [] and not command.checked(bench.view)
    bench.history.undo()
    assert [ref.call for ref in bench.document.graph.output_refs()] == [call]
