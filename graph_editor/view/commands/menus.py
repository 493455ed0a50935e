"""Context menus: on a box, on a wire, on a note, on a frame, on the bare canvas.

What stands in them are commands of the table, by their places, and what belongs to the one thing that was clicked.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from graph_editor.document.canvas import notes
from graph_editor.document.canvas.frames import COLORS
from graph_editor.document.graph import Edge
from graph_editor.view.commands.command import LINE, CanvasCommand, CanvasMenu, Clicked, Place
from graph_editor.view.commands.table import CommandTable, first_key
from graph_editor.view.items.box_item import BoxItem
from graph_editor.view.items.frame_items import frame_colors
from graph_editor.view.items.note_items import card_colors
from graph_editor.view.items.scene import GraphScene
from graph_editor.view.items.spoken import wire_words
from graph_editor.view.painting.theme import CanvasTheme
from graph_editor.words.literal import on_button
from resources.text import tr

_MOST_WIRES: Final = 24  # in a menu
_SWATCH: Final = 48  # pixels: menus show it smaller, and sharp on any screen
_DISCONNECT: Final = 300  # where the wires of a box stand in its menu
_NO_BOX: Final = Clicked()
Act = Callable[[], object]
Run = Callable[[str], None]  # does what the table calls by that name
Entry = tuple[int, Callable[[QMenu], object]]  # the order, and what adds it to the menu


@dataclass(frozen=True, slots=True)
class Commands:
    """The table, and what does one of its commands."""

    table: CommandTable
    run: Run

    def entries(self, menu: CanvasMenu, clicked: Clicked = _NO_BOX) -> list[Entry]:
        return [
            (place.order, partial(self._add, place=place, command=command, clicked=clicked))
            for place, command in self.table.in_menu(menu)
            if place.when is None or place.when(clicked)
        ]

    def _add(self, menu: QMenu, place: Place, command: CanvasCommand, clicked: Clicked) -> None:
        text = place.text(clicked) if callable(place.text) else place.text or command.text
        entry = menu.addAction(f"{text}\t{first_key(command)}" if command.keys else str(text))
        entry.setObjectName(place.name or command.name)
        entry.triggered.connect(lambda _checked=False: self.run(command.name))


@dataclass(frozen=True, slots=True)
class FrameActs:
    """What can be done to one frame, collapsed or not."""

    theme: CanvasTheme
    rename: Act
    color: Callable[[str], object]
    remove: Act


def box_menu(
    commands: Commands, box: BoxItem, count: int, parent: QWidget, wires: Callable[[QMenu], object] | None = None
) -> QMenu:
    """For the selected boxes (``count`` of them), of which ``box`` was clicked; ``wires`` adds those of the one box."""
    entries = [*commands.entries("box", Clicked(box, count)), _selecting(commands)]
    if count > 1:
        entries.append((270, lambda menu: _submenu(menu, "alignMenu", tr("Align and distribute"), commands, "align")))
    if wires is not None:
        entries.append((_DISCONNECT, wires))
    return _filled(_menu("boxMenu", parent), entries)


def stand_in_menu(commands: Commands, acts: FrameActs, box: BoxItem, parent: QWidget) -> QMenu:
    """For the one box that stands in for those of a collapsed frame, which are selected."""
    own: list[Entry] = [(120, lambda menu: _add_frame_colors(menu.addMenu(tr("Colour")), acts)), _selecting(commands)]
    return _filled(_menu("collapsedFrameMenu", parent), [*commands.entries("collapsed_frame", Clicked(box)), *own])


def note_menu(
    commands: Commands, edit: Act, color: Callable[[str], object], theme: CanvasTheme, parent: QWidget
) -> QMenu:
    """For the selected notes, of which ``edit`` opens the one that was clicked."""
    names = (tr("Yellow"), tr("Blue"), tr("Green"), tr("Red"), tr("Grey"))
    swatches = (_swatch(*card_colors(theme, name)) for name in notes.COLORS)
    colors = list(zip(notes.COLORS, names, swatches, strict=True))
    own: list[Entry] = [
        (100, lambda menu: _add_acts(menu, [("edit_note", tr("Write"), edit)])),
        (200, lambda menu: _add_colors(menu, colors, color)),
    ]
    return _filled(_menu("noteMenu", parent), [*own, *commands.entries("note")])


def canvas_menu(commands: Commands, parent: QWidget, nested: bool = False) -> QMenu:
    """For the bare canvas; ``nested``: it shows a model that can be left."""
    leaving = commands.entries("nested") if nested else []
    return _filled(_menu("canvasMenu", parent), [*leaving, *commands.entries("canvas")])


def wire_menu(disconnect: Act, dots: Sequence[tuple[str, str, Act]], parent: QWidget) -> QMenu:
    """For a wire; ``dots`` are the entries for what lies on it."""
    menu = _menu("wireMenu", parent)
    _add_acts(menu, dots)
    menu.addSeparator()
    _add_acts(menu, [("disconnect", tr("Disconnect"), disconnect)])
    return menu


def frame_menu(acts: FrameActs, collapse: Act, key: str, parent: QWidget) -> QMenu:
    """``key`` does what ``collapse`` does."""
    menu = _menu("frameMenu", parent)
    _add_acts(menu, [("rename_frame", tr("Rename"), acts.rename)])
    _add_acts(menu, [("collapse_frame", f"{tr('Collapse')}\t{key}", collapse)])
    menu.addSeparator()
    _add_frame_colors(menu, acts)
    menu.addSeparator()
    _add_acts(menu, [("remove_frame", tr("Remove the frame"), acts.remove)])
    return menu


def add_wires(menu: QMenu, scene: GraphScene, call_id: str, disconnect: Callable[[Edge], object]) -> None:
    """The wires of a box, each of which can be taken away: what the mouse does at the wire itself."""
    graph = scene.graph
    edges = [*graph.edges_into(call_id), *graph.edges_from(call_id)]
    edges = [edge for edge in edges if edge.source.call in scene.boxes and edge.target in scene.boxes][:_MOST_WIRES]
    if not edges:
        return
    more = menu.addMenu(tr("Disconnect"))
    more.setObjectName("disconnectMenu")
    for edge in edges:
        entry = more.addAction(on_button(wire_words(scene, edge)))
        entry.setObjectName("disconnect")
        entry.triggered.connect(lambda _checked=False, edge=edge: disconnect(edge))


def _selecting(commands: Commands) -> Entry:
    return 260, lambda menu: _submenu(menu, "selectMenu", tr("Select"), commands, "select")


def _submenu(menu: QMenu, name: str, title: str, commands: Commands, place: CanvasMenu) -> None:
    more = menu.addMenu(title)
    more.setObjectName(name)
    _filled(more, commands.entries(place))


def _filled(menu: QMenu, entries: Iterable[Entry]) -> QMenu:
    """The menu with its entries in their order, and lines between the hundreds."""
    section = None
    for order, add in sorted(entries, key=lambda entry: entry[0]):
        if section not in (None, order // LINE):
            menu.addSeparator()
        section = order // LINE
        add(menu)
    return menu


def _add_acts(menu: QMenu, entries: Sequence[tuple[str, str, Act]]) -> None:
    for name, text, act in entries:
        entry = menu.addAction(text)
        entry.setObjectName(name)
        entry.triggered.connect(lambda _checked=False, act=act: act())


def _add_frame_colors(menu: QMenu, acts: FrameActs) -> None:
    names = (tr("Blue"), tr("Green"), tr("Teal"), tr("Purple"), tr("Grey"))
    swatches = (_swatch(*frame_colors(acts.theme, name)) for name in COLORS)
    _add_colors(menu, zip(COLORS, names, swatches, strict=True), acts.color)


def _add_colors(menu: QMenu, colors: Iterable[tuple[str, str, QIcon]], color: Callable[[str], object]) -> None:
    for name, text, swatch in colors:
        entry = menu.addAction(swatch, text)
        entry.setObjectName(name)
        entry.triggered.connect(lambda _checked=False, name=name: color(name))


def _swatch(fill: QColor, edge: QColor) -> QIcon:
    """A small card of a colour, as it is on the canvas."""
    return _card(fill.rgba(), edge.rgb())


@lru_cache(maxsize=32)  # two themes; Qt keeps what it made of each picture, and would keep one drawn anew again
def _card(fill: int, edge: int) -> QIcon:
    picture = QPixmap(_SWATCH, _SWATCH)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor.fromRgba(edge), 3.0))
    painter.setBrush(QColor.fromRgba(fill))
    painter.drawRoundedRect(QRectF(picture.rect()).adjusted(2, 2, -2, -2), 8, 8)
    painter.end()
    return QIcon(picture)


def _menu(name: str, parent: QWidget) -> QMenu:
    menu = QMenu(parent)
    menu.setObjectName(name)
    return menu
