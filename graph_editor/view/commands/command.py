"""What a command of the canvas is: all that keys, menus, palette and the sheet of shortcuts need to know of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from graph_editor.view.commands.canvas import CommandCanvas
from graph_editor.view.items.box_item import BoxItem
from resources.text import Text

Where = Literal["canvas", "anywhere", "goes there"]
WindowMenu = Literal["edit", "model", "view"]
CanvasMenu = Literal[
    "box", "collapsed_frame", "note", "canvas", "nested", "select", "align"
]  # the last three within others
LINE: Final = 100  # entries of a menu whose orders have different hundreds are parted by a line


@dataclass(frozen=True, slots=True)
class Clicked:
    """Where a context menu was called: at which box, if at one, and how many are selected."""

    box: BoxItem | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A command's place in a menu of the window or of the canvas.

    Entries lie in the order of ``order``. ``text`` is what it is called there, if not as elsewhere; ``name`` the object
    name of the entry; ``when`` whether it stands there at all.
    """

    menu: WindowMenu | CanvasMenu
    order: int
    text: Text | Callable[[Clicked], Text] | None = None
    name: str = ""
    when: Callable[[Clicked], bool] | None = None


@dataclass(frozen=True, slots=True)
class CanvasCommand:
    """One thing a person can do on the canvas.

    ``keys`` work on the canvas, ``window_keys`` in the whole window where a menu of that has a place for the command
    (both in Qt's portable notation). ``possible`` and ``checked`` are asked for menus and palette alone: ``run`` says
    itself what is missing. ``where`` tells the window whether it works while the canvas is out of sight, or brings it
    into sight. Every command is in the palette, every one with keys on the sheet of shortcuts; ``arrows`` is the row
    there for the four that differ in the arrow key only.
    """

    name: str
    text: Text
    run: Callable[[CommandCanvas], object]
    keys: tuple[str, ...] = ()
    window_keys: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    possible: Callable[[CommandCanvas], bool] | None = None
    checked: Callable[[CommandCanvas], bool] | None = None
    where: Where = "canvas"
    arrows: Text | None = None


def has_boxes(canvas: CommandCanvas) -> bool:
    return bool(canvas.selection)


def has_one_box(canvas: CommandCanvas) -> bool:
    return len(canvas.selection) == 1


def has_anything(canvas: CommandCanvas) -> bool:
    """Whether boxes are selected, or notes on a canvas that is seen."""
    return bool(canvas.selection or (canvas.view.isVisible() and canvas.graph_scene.notes.selected))


def single(clicked: Clicked) -> bool:
    return clicked.count == 1


def by_look(is_on: Callable[[BoxItem], bool], on: Text, off: Text) -> Callable[[Clicked], Text]:
    """The words of an entry that depend on the box clicked."""
    return lambda clicked: on if clicked.box is not None and is_on(clicked.box) else off
