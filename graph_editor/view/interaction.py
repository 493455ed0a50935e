"""Turns mouse, keys and drags into gestures and actions; what they do to the document is said elsewhere."""

from abc import abstractmethod
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHelpEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QMenu, QWidget

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import ROOT, Changes, Document
from graph_editor.document.files.blocks import Block
from graph_editor.document.graph import Edge, TensorRef
from graph_editor.document.history import History
from graph_editor.view.commands.dot_actions import DotActions
from graph_editor.view.commands.menus import (
    FrameActs,
    add_disconnecting,
    box_menu,
    canvas_menu,
    frame_menu,
    note_menu,
    stand_in_menu,
    wire_menu,
)
from graph_editor.view.commands.shortcuts import action_for
from graph_editor.view.floating.navigation import NavigableView
from graph_editor.view.floating.search_popup import Ranking
from graph_editor.view.gestures import all_gestures, gesture_for
from graph_editor.view.items.box_item import BoxItem
from graph_editor.view.items.collapsed_frames import StandIn
from graph_editor.view.items.frame_items import FrameItem
from graph_editor.view.items.hits import box_at, dot_at, wire_at
from graph_editor.view.items.note_items import NoteItem
from graph_editor.view.items.scene import GraphScene
from graph_editor.view.tools.base import Gesture, Pointer
from graph_editor.view.tools.box_actions import BoxActions
from graph_editor.view.tools.canvas import TakeLayer
from graph_editor.view.tools.drop_block import DropBlock, dragged_block, dragged_file
from graph_editor.view.tools.drop_layer import DropLayer, dragged_spec
from graph_editor.view.tools.edge_pan import EdgePan
from graph_editor.view.tools.hover import Hover
from graph_editor.words.literal import on_button
from graph_editor.words.tooltips import show_tooltip
from resources.text import tr

if TYPE_CHECKING:
    from graph_editor.view.commands.building_blocks import BuildingBlocks
    from graph_editor.view.commands.notes import Notes


class InteractiveView(NavigableView):
    """A view of ``scene`` in which one gesture at a time may go on; Esc, or a change of the document, ends it."""

    building_blocks: "BuildingBlocks"
    problem_reported = Signal(str)  # what could not be done, in one sentence
    pressed_with_alt = Signal()  # so that Alt was not pressed for a menu
    reason_changed = Signal(str, QPoint)  # why a wire cannot end here, and where the mouse is; empty: it can

    notes: "Notes"  # what one does with them

    def __init__(
        self, scene: GraphScene, document: Document, history: History, catalog: Catalog, parent: QWidget | None
    ) -> None:
        super().__init__(scene, parent)
        self._scene = scene
        self._document, self._catalog = document, catalog
        self._actions = BoxActions(document, history, catalog, scene, self.problem_reported.emit)
        self._gestures = all_gestures()
        self._gesture: Gesture | None = None
        self._starting = self._overtaken = False
        self._pressed_at = QPoint()
        self._button = Qt.MouseButton.NoButton  # the one whose release finishes the gesture
        self._drop: DropLayer | DropBlock | None = None
        self._space = False
        self._toggled = False  # the last click has collapsed or opened a frame
        self._edge_pan = EdgePan(self)
        self._edge_pan.scrolled.connect(self._on_edge_scrolled)
        self._last_pointer: Pointer | None = None  # of the gesture that goes on
        self._hover = Hover(scene, catalog)
        scene.selection_changed.connect(self._hover.leave_dot)
        self._dots = DotActions(self._actions)
        self._pointed = QPointF()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)

    # What gestures may ask (the Canvas protocol)

    @property
    def document(self) -> Document:
        return self._document

    @property
    def catalog(self) -> Catalog:
        return self._catalog

    @property
    def graph_scene(self) -> GraphScene:
        return self._scene

    @property
    def actions_on_boxes(self) -> BoxActions:
        return self._actions

    @property
    def pointed_place(self) -> QPointF:
        """Where on the canvas the mouse is; the middle of what is seen when it is elsewhere."""
        pixel = self.pointed_pixel
        return self.at_pixel(pixel) if pixel is not None else self.visible_area().center()

    @property
    def pointed_pixel(self) -> QPointF | None:
        """Where the mouse is; None when it is elsewhere."""
        return self._pointed if self.viewport().underMouse() and not self._pointed.isNull() else None

    def report_problem(self, text: str) -> None:
        self.problem_reported.emit(text)

    def drop_block(self, block: Block, at: QPointF, into: Edge | None, file: Path | None) -> None:
        self.building_blocks.drop(block, at, into, file)

    def show_reason(self, text: str, at: QPoint | None = None) -> None:
        self.reason_changed.emit(text, at or QPoint())

    @abstractmethod
    def run_action(self, name: str) -> None:
        """Do what the shortcut table calls ``name``."""

    @abstractmethod
    def open_search(self, place: QPointF | None = None) -> None: ...

    @abstractmethod
    def ask_for_layer(
        self, place: QPointF, take: TakeLayer, ranking: Ranking | None = None, feed: TensorRef | None = None
    ) -> None: ...

    @abstractmethod
    def fit(self) -> None:
        """Show the whole graph."""

    @abstractmethod
    def rename_frame(self, frame_id: str) -> None: ...

    def end_gesture(self) -> bool:
        """Cancel what is going on; whether anything was."""
        self._edge_pan.stop()
        gesture, self._gesture = self._gesture, None
        drop, self._drop = self._drop, None
        for going_on in (gesture, drop):
            if going_on is not None:
                going_on.cancel()
        self._show_cursor()
        return gesture is not None or drop is not None

    def call_off(self) -> bool:
        """Esc: let nothing come of what is going on; whether anything was."""
        return self.end_gesture()

    def begin_gesture(self, gesture: Gesture) -> None:
        """Let a gesture go on that no mouse button ends."""
        self.end_gesture()
        self._gesture, self._button = gesture, Qt.MouseButton.NoButton
        self._hover.clear()

    def drop_gesture(self) -> None:
        """It has ended by itself."""
        self._gesture = None
        self._show_cursor()

    def follow(self, changes: Changes) -> None:
        """The document has changed under whatever is going on."""
        if self._starting:
            self._overtaken = True
        else:
            self.end_gesture()
        self._scene.apply(changes)
        self._hover.forget()

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.pressed_with_alt.emit()
        if self._gesture is not None:
            return
        self._hover.clear()
        at = self._pointer(event)
        self._gesture = gesture_for(self._gestures, self, at)
        if self._gesture is not None:
            self._button, self._pressed_at = event.button(), at.view
            self._start(self._gesture, at)
            self._show_cursor()

    def _start(self, gesture: Gesture, at: Pointer) -> None:
        """What a gesture selects may take over what is typed in a form: that change ends it, when it has begun."""
        self._starting, self._overtaken = True, False
        try:
            gesture.start(at)
        finally:
            self._starting = False
        if self._overtaken:
            self.end_gesture()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointed = event.position()
        at = self._pointer(event)
        if self._gesture is not None:
            self._gesture.update(at)
            self._last_pointer = at
            if self._gesture.pans_at_edges and (at.view - self._pressed_at).manhattanLength() > 4:
                self._edge_pan.follow(at.view, self.viewport().rect())
        elif not self._space:
            self.viewport().setCursor(self._hover.update(at.scene, self.zoom))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        gesture = self._gesture
        if gesture is None or event.button() != self._button:
            return
        self._edge_pan.stop()
        self._gesture = None  # finishing changes the document, which would cancel it
        at, collapsed = self._pointer(event), list(self._scene.stand_ins.items)
        gesture.finish(at)
        self._toggled = collapsed != list(self._scene.stand_ins.items)
        self._show_cursor()
        if dot_at(self._scene, at.scene, self.zoom) is not None:
            self.viewport().setCursor(self._hover.update(at.scene, self.zoom))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at = self._pointer(event)
        if event.button() != Qt.MouseButton.LeftButton or self._space:
            self.mousePressEvent(event)
            return
        self.end_gesture()
        if self._toggled:
            return  # the first click was on the arrow of a frame, and something else lies here by now
        box = box_at(self._scene, at.scene)
        if box is not None:
            self._scene.select(box.members)
            self.run_action("enter_selected" if box.look.nested else "rename_selected")
        elif (note := self._scene.notes.at(at.scene)) and wire_at(self._scene, at.scene, self.zoom) is None:
            self.notes.edit(note.note.id)
        elif (item := self._scene.frames.handle_at(at.scene, self.zoom)) is not None:
            self.rename_frame(item.frame.id)
        elif (dot := dot_at(self._scene, at.scene, self.zoom)) is not None:
            self._dots.remove(dot)
        elif (wire := wire_at(self._scene, at.scene, self.zoom)) is not None:
            self._dots.add(wire, at.scene)
        else:
            self.open_search(at.scene)

    def _on_edge_scrolled(self, dx: int, dy: int) -> None:
        """The mouse stays where it is, and is somewhere else on the canvas."""
        at = self._last_pointer
        if self._gesture is None or at is None:
            self._edge_pan.stop()
            return
        self.scroll_by(dx, dy)
        self._gesture.update(replace(at, scene=self.at_pixel(QPointF(at.view))))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover.clear()
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        if self.end_gesture() and not by_key:
            return
        place = self._menu_place() if by_key else self.at_pixel(QPointF(event.pos()))
        self._pointed = QPointF(self.mapFromScene(place))
        box = self._box_for_menu(by_key, place)
        wire = wire_at(self._scene, place, self.zoom) if box is None and not by_key else None
        if box is not None:
            if not set(box.members) <= set(self._scene.selection):
                self._scene.select(box.members)
            menu = self._box_menu(box)
        elif wire is not None:
            edge, dot = wire.edge, dot_at(self._scene, place, self.zoom)
            entries = self._dots.entries(dot.wire if dot else wire, place, dot)
            menu = wire_menu(lambda: self._actions.disconnect_seen(edge), entries, self)
        elif (note := self._note_for_menu(by_key, place)) is not None:
            note_id = note.note.id
            if note_id not in self._scene.notes.selected:
                self._scene.select((), [note_id])
            theme = self._scene.style_sheet.theme
            menu = note_menu(self.run_action, lambda: self.notes.edit(note_id), self.notes.color, theme, self)
        elif not by_key and (item := self._scene.frames.handle_at(place, self.zoom)) is not None:
            menu = self._frame_menu(item)
        else:
            menu = canvas_menu(self.run_action, self, self._scene.graph_id != ROOT)
            around = None if by_key else self._scene.frames.body_at(place)
            if around is not None:
                self._add_frame_menu(menu, around)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.viewport().mapToGlobal(self.mapFromScene(place)))

    def _box_menu(self, box: BoxItem) -> QMenu:
        if isinstance(box, StandIn) and len(self._scene.selection) == len(box.members):
            return stand_in_menu(self.run_action, self._frame_acts(box.frame.id), box, self)
        menu = box_menu(self.run_action, box, len(self._scene.selection), self)
        if len(self._scene.selection) == 1:
            add_disconnecting(menu, self._scene, box.members[0], self._actions.disconnect)
        return menu

    def _frame_acts(self, frame_id: str) -> FrameActs:
        return FrameActs(
            self._scene.style_sheet.theme,
            lambda: self.rename_frame(frame_id),
            lambda color: self._actions.change_frame(frame_id, color=color),
            lambda: self._actions.remove_frame(frame_id),
        )

    def _frame_menu(self, item: FrameItem, parent: QWidget | None = None) -> QMenu:
        return frame_menu(self._frame_acts(item.frame.id), lambda: self._collapse(item), parent or self)

    def _add_frame_menu(self, menu: QMenu, around: FrameItem) -> None:
        """What can be done to the frame in whose body the bare canvas was clicked."""
        frame_entries = self._frame_menu(around, menu)  # goes with it
        frame_entries.setTitle(tr("Frame “{title}”", title=on_button(around.frame.title, 40)))
        menu.addSeparator()
        menu.addMenu(frame_entries)

    def _collapse(self, item: FrameItem) -> None:
        self._scene.select(box for box in item.frame.boxes if box in self._scene.boxes)
        self.run_action("collapse_into_one")

    def _menu_place(self) -> QPointF:
        """Where a menu called by a key belongs: on what is selected, which has to be seen for that."""
        chosen = self._scene.selection
        notes = self._scene.notes.selected
        if not chosen and not notes:
            return self.visible_area().center()
        rect = self._scene.shown(chosen[-1]).rect() if chosen else self._scene.notes.items[notes[-1]].rect()
        self.ensureVisible(rect, 20, 20)
        return rect.center()

    def _box_for_menu(self, by_key: bool, place: QPointF) -> BoxItem | None:
        """The selected box when a key asks, though another may lie over it; else the one at ``place``."""
        if not by_key:
            return box_at(self._scene, place)
        chosen = self._scene.selection
        return self._scene.shown(chosen[-1]) if chosen else None

    def _note_for_menu(self, by_key: bool, place: QPointF) -> NoteItem | None:
        chosen = self._scene.notes.selected
        if not by_key:
            return self._scene.notes.at(place)
        return self._scene.notes.items[chosen[-1]] if chosen else None

    # Keys

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and action_for(event):
            event.accept()  # the canvas' own keys come before those of the window while it has the focus
            return True
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab opens the search; Shift+Tab leaves the canvas."""
        return False if forward else super().focusNextPrevChild(forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.call_off():
            return
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._space = True
                self._show_cursor()
            return
        action = action_for(event)
        if action is None:
            event.ignore()
        elif self._gesture is None:
            self.run_action(action)
            if event.modifiers() & Qt.KeyboardModifier.AltModifier:
                event.ignore()  # the window opens its menu for Alt alone, so it has to see that this was more

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self._show_cursor()
            return
        event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._space = False
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.end_gesture()
        super().hideEvent(event)

    # Layers and blocks dragged here

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        drop = self._drop_for(event.mimeData())
        if drop is None:
            event.ignore()
            return
        self.end_gesture()
        self._drop = drop
        drop.start(self.at_pixel(event.position()))
        event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if self._drop is None:
            event.ignore()
            return
        self._drop.update(self.at_pixel(event.position()))
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.end_gesture()

    def dropEvent(self, event: QDropEvent) -> None:
        drop, self._drop = self._drop, None
        if drop is None:
            event.ignore()
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)  # before a form may open and take it
        drop.finish(self.at_pixel(event.position()))
        event.acceptProposedAction()

    def _drop_for(self, mime: QMimeData) -> DropLayer | DropBlock | None:
        spec = dragged_spec(self._catalog, mime)
        if spec is not None:
            return DropLayer(self, spec)
        block = dragged_block(self, mime)
        return DropBlock(self, block, dragged_file(mime)) if block is not None else None

    # The rest

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            text = self._hover.tooltip(self.at_pixel(QPointF(event.pos())), self.zoom) if not self._gesture else ""
            show_tooltip(event.globalPos(), text, self.viewport())
            return True
        return super().viewportEvent(event)

    def _pointer(self, event: QMouseEvent) -> Pointer:
        return Pointer(
            self.at_pixel(event.position()),
            event.position().toPoint(),
            event.button(),
            event.modifiers(),
            self._space,
        )

    def _show_cursor(self) -> None:
        shape = self._gesture.cursor if self._gesture else None
        if shape is None:
            shape = Qt.CursorShape.OpenHandCursor if self._space else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
