"""Context menus: on a box, on a wire, on the bare canvas."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from graph_editor.document.canvas import notes
from graph_editor.document.canvas.frames import COLORS
from graph_editor.document.graph import BYPASSED, MUTED, Edge
from graph_editor.view.commands.shortcuts import SHORTCUTS, keys_of
from graph_editor.view.items.box_item import BoxItem
from graph_editor.view.items.frame_items import frame_colors
from graph_editor.view.items.note_items import card_colors
from graph_editor.view.items.scene import GraphScene
from graph_editor.view.items.spoken import wire_words
from graph_editor.view.painting.theme import CanvasTheme
from graph_editor.words.literal import on_button
from resources.text import tr

_MOST_WIRES = 24  # in a menu
Act = Callable[[], object]
_SWATCH = 48  # pixels: menus show it smaller, and sharp on any screen
Run = Callable[[str], None]  # does what the shortcut table calls by that name


def box_menu(run: Run, box: BoxItem, count: int, parent: QWidget) -> QMenu:
    """For the selected boxes (``count`` of them), of which ``box`` was clicked."""
    menu = _menu("boxMenu", parent)
    if count == 1 and box.look.nested:
        _add(menu, run, "enter_selected", tr("Open"))
    if count == 1:
        _add(menu, run, "rename_selected", tr("Rename"))
    _add(menu, run, "toggle_frozen", tr("Unfreeze") if box.look.frozen else tr("Freeze"))
    _add(menu, run, "freeze_above", tr("Freeze everything above"))
    _add_modes(menu, run, box.mode)
    _add(menu, run, "toggle_output", tr("No longer an output") if any(box.look.outputs) else tr("Mark as output"))
    _add(menu, run, "collapse_selection", tr("Expand") if box.look.collapsed else tr("Collapse"))
    _add(menu, run, "replace_selection", tr("Replace by…"))
    menu.addSeparator()
    _add(menu, run, "cut_selection", tr("Cut"))
    _add(menu, run, "copy_selection", tr("Copy"))
    _add(menu, run, "duplicate_selection", tr("Duplicate"))
    _add(menu, run, "repeat_selection", tr("Repeat…"))
    if count == 1:
        _add(menu, run, "share_selected", tr("Use again (share the weights)"))
    _add_choosing(menu, run)
    if count > 1:
        _add_arranging(menu, run)
    menu.addSeparator()
    _add(menu, run, "frame_selection", tr("Put a frame around the selection"))
    _add(menu, run, "unframe_selection", tr("Take the selection out of its frame"))
    _add(menu, run, "collapse_into_one", tr("Collapse the selection into one box"))
    _add(menu, run, "group_selection", tr("Make a nested model"))
    _add(menu, run, "save_block", tr("Save as a block…"))
    if count == 1 and box.look.nested:
        _add(menu, run, "dissolve_selected", tr("Dissolve"))
    menu.addSeparator()
    _add(menu, run, "bridge_selection", tr("Delete and reconnect"))
    _add(menu, run, "delete_selection", tr("Delete"))
    return menu


def _add_modes(menu: QMenu, run: Run, mode: str) -> None:
    _add(menu, run, "toggle_bypassed", tr("No longer bypass") if mode == BYPASSED else tr("Bypass"))
    _add(menu, run, "toggle_muted", tr("No longer mute") if mode == MUTED else tr("Mute"))


def add_disconnecting(menu: QMenu, scene: GraphScene, call_id: str, disconnect: Callable[[Edge], object]) -> None:
    """The wires of a box, each of which can be taken away: what the mouse does at the wire itself."""
    graph = scene.graph
    edges = [*graph.edges_into(call_id), *graph.edges_from(call_id)]
    edges = [edge for edge in edges if edge.source.call in scene.boxes and edge.target in scene.boxes][:_MOST_WIRES]
    if not edges:
        return
    more = QMenu(tr("Disconnect"), menu)
    more.setObjectName("disconnectMenu")
    menu.insertMenu(next(entry for entry in menu.actions() if entry.objectName() == "frame_selection"), more)
    for edge in edges:
        entry = more.addAction(on_button(wire_words(scene, edge)))
        entry.setObjectName("disconnect")
        entry.triggered.connect(lambda _checked=False, edge=edge: disconnect(edge))


def _add_choosing(menu: QMenu, run: Run) -> None:
    more = menu.addMenu(tr("Select"))
    more.setObjectName("selectMenu")
    _add(more, run, "select_upstream", tr("Select all before it as well"))
    _add(more, run, "select_downstream", tr("Select all behind it as well"))
    _add(more, run, "select_connected", tr("Select all that is connected"))
    _add(more, run, "invert_selection", tr("Select all others instead"))


def _add_arranging(menu: QMenu, run: Run) -> None:
    more = menu.addMenu(tr("Align and distribute"))
    more.setObjectName("alignMenu")
    _add(more, run, "tidy_selection", tr("Tidy the selection"))
    for shortcut in SHORTCUTS:
        if shortcut.action.startswith(("align_", "distribute_")):
            _add(more, run, shortcut.action, str(shortcut.text))


def wire_menu(disconnect: Act, dots: Sequence[tuple[str, str, Act]], parent: QWidget) -> QMenu:
    """For a wire; ``dots`` are the entries for what lies on it."""
    menu = _menu("wireMenu", parent)
    _add_entries(menu, dots)
    menu.addSeparator()
    _add_entries(menu, [("disconnect", tr("Disconnect"), disconnect)])
    return menu


def _add_entries(menu: QMenu, entries: Sequence[tuple[str, str, Act]]) -> None:
    for name, text, act in entries:
        entry = menu.addAction(text)
        entry.setObjectName(name)
        entry.triggered.connect(lambda _checked=False, act=act: act())


@dataclass(frozen=True, slots=True)
class FrameActs:
    """What can be done to one frame, collapsed or not."""

    theme: CanvasTheme
    rename: Act
    color: Callable[[str], object]
    remove: Act


def frame_menu(acts: FrameActs, collapse: Act, parent: QWidget) -> QMenu:
    menu = _menu("frameMenu", parent)
    _add_entries(menu, [("rename_frame", tr("Rename"), acts.rename)])
    entry = menu.addAction(f"{tr('Collapse')}\t{keys_of('collapse_into_one')}")
    entry.setObjectName("collapse_frame")
    entry.triggered.connect(lambda _checked=False: collapse())
    menu.addSeparator()
    _add_frame_colors(menu, acts)
    menu.addSeparator()
    _add_entries(menu, [("remove_frame", tr("Remove the frame"), acts.remove)])
    return menu


def note_menu(run: Run, edit: Act, color: Callable[[str], object], theme: CanvasTheme, parent: QWidget) -> QMenu:
    """For the selected notes, of which ``edit`` opens the one that was clicked."""
    menu = _menu("noteMenu", parent)
    entry = menu.addAction(tr("Write"))
    entry.setObjectName("edit_note")
    entry.triggered.connect(lambda _checked=False: edit())
    menu.addSeparator()
    names = (tr("Yellow"), tr("Blue"), tr("Green"), tr("Red"), tr("Grey"))
    swatches = (_swatch(*card_colors(theme, name)) for name in notes.COLORS)
    _add_colors(menu, zip(notes.COLORS, names, swatches, strict=True), color)
    menu.addSeparator()
    _add(menu, run, "cut_selection", tr("Cut"))
    _add(menu, run, "copy_selection", tr("Copy"))
    _add(menu, run, "duplicate_selection", tr("Duplicate"))
    menu.addSeparator()
    _add(menu, run, "delete_selection", tr("Delete"))
    return menu


def stand_in_menu(run: Run, acts: FrameActs, box: BoxItem, parent: QWidget) -> QMenu:
    """For the one box that stands in for those of a collapsed frame, which are selected."""
    menu = _menu("standInMenu", parent)
    _add(menu, run, "collapse_into_one", tr("Open the frame"))
    _add(menu, run, "rename_selected", tr("Rename"))
    _add_frame_colors(menu.addMenu(tr("Colour")), acts)
    _add(menu, run, "toggle_frozen", tr("Unfreeze") if box.look.frozen else tr("Freeze"))
    _add_modes(menu, run, box.mode)
    menu.addSeparator()
    _add(menu, run, "cut_selection", tr("Cut"))
    _add(menu, run, "copy_selection", tr("Copy"))
    _add(menu, run, "duplicate_selection", tr("Duplicate"))
    _add(menu, run, "repeat_selection", tr("Repeat…"))
    _add_choosing(menu, run)
    menu.addSeparator()
    _add(menu, run, "unframe_selection", tr("Remove the frame"))
    _add(menu, run, "group_selection", tr("Make a nested model"))
    menu.addSeparator()
    _add(menu, run, "bridge_selection", tr("Delete and reconnect"))
    _add(menu, run, "delete_selection", tr("Delete"))
    return menu


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


@lru_cache(
    maxsize=32
)  # two themes; Qt keeps what it made of each picture: one drawn at every opening would be kept again
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


def canvas_menu(run: Run, parent: QWidget, nested: bool = False) -> QMenu:
    """For the bare canvas; ``nested``: it shows a model that can be left."""
    menu = _menu("canvasMenu", parent)
    if nested:
        _add(menu, run, "leave_graph", tr("Leave the nested model"))
        menu.addSeparator()
    _add(menu, run, "open_search", tr("Add a layer…"))
    _add(menu, run, "add_note", tr("Add a note"))
    _add(menu, run, "paste", tr("Paste"))
    _add(menu, run, "paste_with_links", tr("Paste with the links that led here"))
    menu.addSeparator()
    _add(menu, run, "select_all", tr("Select all"))
    _add(menu, run, "unfreeze_all", tr("Unfreeze all layers"))
    _add(menu, run, "tidy", tr("Tidy"))
    _add(menu, run, "fit", tr("Show the whole graph"))
    return menu


def _menu(name: str, parent: QWidget) -> QMenu:
    menu = QMenu(parent)
    menu.setObjectName(name)
    return menu


def _add(menu: QMenu, run: Run, action: str, text: str) -> None:
    entry = menu.addAction(f"{text}\t{keys_of(action)}")
    entry.setObjectName(action)
    entry.triggered.connect(lambda _checked=False: run(action))
