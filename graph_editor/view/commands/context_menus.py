"""Which menu a place on the canvas has, and what is selected by calling it."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QMenu

from graph_editor.document.document import ROOT
from graph_editor.view.commands.canvas import CommandCanvas
from graph_editor.view.commands.menus import (
    Commands,
    FrameActs,
    add_wires,
    box_menu,
    canvas_menu,
    frame_menu,
    note_menu,
    stand_in_menu,
    wire_menu,
)
from graph_editor.view.commands.parts.dot_actions import DotActions
from graph_editor.view.commands.table import CommandTable, first_key
from graph_editor.view.items.box_item import BoxItem
from graph_editor.view.items.collapsed_frames import CollapsedFrame
from graph_editor.view.items.frame_items import FrameItem
from graph_editor.view.items.hits import box_at, dot_at, wire_at
from graph_editor.view.items.note_items import NoteItem
from graph_editor.view.items.wire_item import WireItem
from graph_editor.words.literal import on_button
from resources.text import tr


class ContextMenus:
    def __init__(self, canvas: CommandCanvas, table: CommandTable) -> None:
        self._canvas, self._table = canvas, table
        self._commands = Commands(table, canvas.run_action)

    def place_by_key(self) -> QPointF:
        """Return where a menu called by a key belongs: on what is selected, which has to be seen for that."""
        scene, view = self._canvas.graph_scene, self._canvas.view
        call_ids, notes = scene.selection, scene.notes.selected
        if not call_ids and not notes:
            return view.visible_area().center()
        rect = scene.shown(call_ids[-1]).rect() if call_ids else scene.notes.items[notes[-1]].rect()
        view.ensureVisible(rect, 20, 20)
        return rect.center()

    def open_at(self, place: QPointF, by_key: bool) -> None:
        """Show the menu of what lies at ``place``; a key asks for that of the selection, whatever lies over it."""
        view = self._canvas.view
        menu = self._menu(place, by_key)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(view.viewport().mapToGlobal(view.mapFromScene(place)))

    def _menu(self, place: QPointF, by_key: bool) -> QMenu:
        scene, zoom = self._canvas.graph_scene, self._canvas.zoom
        box = self._box(by_key, place)
        if box is not None:
            return self._box_menu(box)
        wire = wire_at(scene, place, zoom) if not by_key else None
        if wire is not None:
            return self._wire_menu(wire, place)
        note = self._note(by_key, place)
        if note is not None:
            return self._note_menu(note)
        frame = scene.frames.handle_at(place, zoom) if not by_key else None
        return self._frame_menu(frame) if frame is not None else self._canvas_menu(place, by_key)

    def _box(self, by_key: bool, place: QPointF) -> BoxItem | None:
        scene = self._canvas.graph_scene
        if not by_key:
            return box_at(scene, place)
        return scene.shown(scene.selection[-1]) if scene.selection else None

    def _note(self, by_key: bool, place: QPointF) -> NoteItem | None:
        notes = self._canvas.graph_scene.notes
        if not by_key:
            return notes.at(place)
        return notes.items[notes.selected[-1]] if notes.selected else None

    def _box_menu(self, box: BoxItem) -> QMenu:
        scene, view = self._canvas.graph_scene, self._canvas.view
        if not set(box.members) <= set(scene.selection):
            scene.select(box.members)
        if isinstance(box, CollapsedFrame) and len(scene.selection) == len(box.members):
            return stand_in_menu(self._commands, self._frame_acts(box.frame.id), box, view)
        if len(scene.selection) > 1:
            return box_menu(self._commands, box, len(scene.selection), view)
        disconnect = self._canvas.actions_on_boxes.disconnect
        return box_menu(self._commands, box, 1, view, lambda menu: add_wires(menu, scene, box.members[0], disconnect))

    def _wire_menu(self, wire: WireItem, place: QPointF) -> QMenu:
        canvas, edge = self._canvas, wire.edge
        dot = dot_at(canvas.graph_scene, place, canvas.zoom)
        entries = DotActions(canvas.actions_on_boxes).entries(dot.wire if dot else wire, place, dot)
        return wire_menu(lambda: canvas.actions_on_boxes.disconnect_seen(edge), entries, canvas.view)

    def _note_menu(self, note: NoteItem) -> QMenu:
        scene, notes, note_id = self._canvas.graph_scene, self._canvas.notes, note.note.id
        if note_id not in scene.notes.selected:
            scene.select((), [note_id])
        theme = scene.style_sheet.theme
        return note_menu(self._commands, lambda: notes.edit(note_id), notes.color, theme, self._canvas.view)

    def _canvas_menu(self, place: QPointF, by_key: bool) -> QMenu:
        """With what can be done to the frame in whose body the bare canvas was clicked."""
        scene = self._canvas.graph_scene
        menu = canvas_menu(self._commands, self._canvas.view, scene.graph_id != ROOT)
        around = None if by_key else scene.frames.body_at(place)
        if around is not None:
            entries = self._frame_menu(around, menu)  # goes with it
            entries.setTitle(tr("Frame “{title}”", title=on_button(around.frame.title, 40)))
            menu.addSeparator()
            menu.addMenu(entries)
        return menu

    def _frame_menu(self, item: FrameItem, parent: QMenu | None = None) -> QMenu:
        acts, key = self._frame_acts(item.frame.id), first_key(self._table["collapse_into_one"])
        return frame_menu(acts, lambda: self._collapse(item), key, parent or self._canvas.view)

    def _frame_acts(self, frame_id: str) -> FrameActs:
        actions = self._canvas.actions_on_boxes
        return FrameActs(
            self._canvas.graph_scene.style_sheet.theme,
            lambda: self._canvas.renaming.rename_frame(frame_id),
            lambda color: actions.change_frame(frame_id, color=color),
            lambda: actions.remove_frame(frame_id),
        )

    def _collapse(self, item: FrameItem) -> None:
        scene = self._canvas.graph_scene
        scene.select(box for box in item.frame.boxes if box in scene.boxes)
        self._canvas.run_action("collapse_into_one")
