"""The one table of the commands of the canvas: what the modules of this folder have in their ``COMMANDS``."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from graph_editor.view import commands as groups
from graph_editor.view.commands.command import CanvasCommand, CanvasMenu, Place, WindowMenu
from resources.registry import modules_with


def all_commands() -> list[CanvasCommand]:
    """In the order in which people read them: by the ``ORDER`` of their module, then as they stand there."""
    found = sorted(modules_with(groups, "COMMANDS"), key=lambda module: int(module.ORDER))
    return [command for module in found for command in module.COMMANDS]


class CommandTable:
    """Two commands with one name, or with one key, are a programming error."""

    def __init__(self, commands: Sequence[CanvasCommand]) -> None:
        self._commands: dict[str, CanvasCommand] = {}
        self._by_key: dict[int, CanvasCommand] = {}
        for command in commands:
            if self._commands.setdefault(command.name, command) is not command:
                raise ValueError(f"two commands with the name {command.name}")
            for keys in command.keys:
                if self._by_key.setdefault(_combined(keys), command) is not command:
                    raise ValueError(f"two commands with the keys {keys}")

    def __iter__(self) -> Iterator[CanvasCommand]:
        return iter(self._commands.values())

    def __getitem__(self, name: str) -> CanvasCommand:
        return self._commands[name]

    def for_key(self, event: QKeyEvent) -> CanvasCommand | None:
        """The command of a key press; Shift does not matter where it only makes the sign (as in +)."""
        combination = event.keyCombination()
        command = self._by_key.get(_without_keypad(combination))
        if command is None and event.text() in ("+", "=", "-"):
            command = self._by_key.get(_combined(event.text()))
        return command

    def in_menu(self, menu: WindowMenu | CanvasMenu) -> list[tuple[Place, CanvasCommand]]:
        """The entries of a menu, from top to bottom."""
        found = [(place, command) for command in self for place in command.places if place.menu == menu]
        return sorted(found, key=lambda entry: entry[0].order)


def first_key(command: CanvasCommand) -> str:
    """Its first key on the canvas, as the system writes it; empty when there is none."""
    form = QKeySequence.SequenceFormat.NativeText
    return QKeySequence(command.keys[0]).toString(form) if command.keys else ""


def _combined(keys: str) -> int:
    first: QKeyCombination = QKeySequence(keys)[0]  # type: ignore[index]
    return first.toCombined()


def _without_keypad(combination: QKeyCombination) -> int:
    modifiers = combination.keyboardModifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return QKeyCombination(modifiers, combination.key()).toCombined()
