"""The canvas: shows the graph of a document; what a person does there becomes steps of its history."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
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
    QPainter,
    QPalette,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QGraphicsView, QWidget

from graph_editor.background.background import Background
from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.specs import LayerSpec
from graph_editor.document.changes.freezing import Freezing, Weights
from graph_editor.document.changes.modes import Modes
from graph_editor.document.checking.validation import Problem
from graph_editor.document.clips.blocks import Block
from graph_editor.document.document import ROOT, Changes, Document
from graph_editor.document.graph import Edge, TensorRef
from graph_editor.document.history import History
from graph_editor.view.commands.context_menus import ContextMenus
from graph_editor.view.commands.parts.building_blocks import BuildingBlocks
from graph_editor.view.commands.parts.clipboard import Clipboard
from graph_editor.view.commands.parts.collapsing import Collapsing
from graph_editor.view.commands.parts.layer_search import LayerSearch
from graph_editor.view.commands.parts.levels import Levels
from graph_editor.view.commands.parts.looking import Looking
from graph_editor.view.commands.parts.notes import Notes
from graph_editor.view.commands.parts.placing import Placing
from graph_editor.view.commands.parts.renaming import Renaming
from graph_editor.view.commands.parts.reveal_after_undo import RevealAfterUndo
from graph_editor.view.commands.parts.tidying import Tidying
from graph_editor.view.commands.parts.wiring import Wiring
from graph_editor.view.commands.table import CommandTable, all_commands
from graph_editor.view.drops import Drops
from graph_editor.view.floating.find_bar import FindBar
from graph_editor.view.floating.focus_frame import FocusFrame
from graph_editor.view.floating.navigation import NavigableView
from graph_editor.view.floating.overlays import Overlays
from graph_editor.view.floating.search_popup import Ranking
from graph_editor.view.items.background import DottedGround
from graph_editor.view.items.hits import DotHit
from graph_editor.view.items.pictures.format import picture_formats
from graph_editor.view.items.render import render_graph
from graph_editor.view.items.scene import GraphScene
from graph_editor.view.mouse import Mouse
from graph_editor.view.painting.content import CallDisplay, by_call
from graph_editor.view.painting.look import Look
from graph_editor.view.painting.metrics import TEXT_ZOOM
from graph_editor.view.painting.style import Style
from graph_editor.view.painting.theme import CanvasTheme
from graph_editor.view.tools.base import Gesture
from graph_editor.view.tools.box_actions import BoxActions
from graph_editor.view.tools.canvas import TakeLayer
from graph_editor.words.tooltips import show_tooltip
from resources.text import tr


class GraphView(NavigableView):
    """Shows one graph of ``document``, the root at first; what a person does becomes one step of ``history``.

    What cannot be done is said by ``problem_reported``. Accepts layers dragged from a palette (``LAYER_MIME``).
    It is the ``CommandCanvas`` that all its parts work on.
    """

    selection_changed = Signal(object)  # tuple[str, ...] of call ids
    graph_shown = Signal(str)  # graph id: another graph of the document shows
    problem_reported = Signal(str)  # what could not be done, in one sentence
    pressed_with_alt = Signal()  # so that Alt was not pressed for a menu
    reason_changed = Signal(str, QPoint)  # why a wire cannot end here, and where the mouse is; empty: it can
    problems_shown = Signal()
    followed = Signal(object)  # Changes of the document, which now show

    def __init__(
        self,
        document: Document,
        history: History,
        catalog: Catalog,
        theme: CanvasTheme,
        background: Background,
        parent: QWidget | None = None,
    ) -> None:
        scene = GraphScene(document, catalog, Style(theme), patient=True)
        super().__init__(scene, parent)
        scene.setParent(self)
        self._scene, self._document, self._catalog = scene, document, catalog
        self._look = Look(theme, self)
        self._results: Mapping[str, CallDisplay] = {}
        self._problems: Sequence[Problem] = ()
        self._ground = DottedGround()
        self._actions = BoxActions(document, history, catalog, scene, self.report_problem)
        self.commands = CommandTable(all_commands())
        self._make_parts(self._look, background)
        self._mouse, self._drops, self._menus = Mouse(self), Drops(self), ContextMenus(self, self.commands)
        self._set_up()
        self._connect()
        self._reveal_after_undo = RevealAfterUndo(self, document, history)
        history.shown_at = self._scene.own_place
        unlisten = document.listen(self._on_document_changed)
        self.destroyed.connect(lambda: unlisten())

    def _make_parts(self, look: Look[CanvasTheme], background: Background) -> None:
        self.find_bar = FindBar(self._document, self._scene, look, self)
        self._focus_frame = FocusFrame(look, self)
        self.wiring = Wiring(self, look)
        self.building_blocks = BuildingBlocks(self, look)
        self.notes = Notes(self, look)
        self.collapsing = Collapsing(self)
        self._overlays = Overlays(self._scene, look, self)
        self.search = LayerSearch(self, self.building_blocks, look)
        self.renaming = Renaming(self, self.collapsing, self.notes, look)
        self.clipboard = Clipboard(self._scene, self._actions)
        weights = Weights(self._document, self._catalog, self._scene.counted)
        self.freezing = Freezing(self._document, weights, self._actions.do, self.report_problem)
        self.modes = Modes(self._document, self._catalog, self._actions.do)
        self.levels = Levels(self, self._overlays.breadcrumbs)
        self.looking = Looking(self, self.collapsing, self.notes)
        self.tidying = Tidying(self, background)
        self._placing = Placing(self, self.tidying, background)

    def _set_up(self) -> None:
        self.setObjectName("canvas")
        self.setAccessibleName(tr("Canvas"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        self.setOptimizationFlags(
            QGraphicsView.OptimizationFlag.DontSavePainterState
            | QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing
        )
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setMinimumSize(240, 180)
        self._show_ground_color()
        self.levels.show_line()
        self._show_hint()

    def _connect(self) -> None:
        bar = self._overlays.zoom_bar
        bar.zoomed_in.connect(self.zoom_in)
        bar.zoomed_out.connect(self.zoom_out)
        bar.reset.connect(self.reset_zoom)
        bar.fitted.connect(self.fit)
        self._overlays.minimap.place_chosen.connect(self.centerOn)
        self._scene.selection_changed.connect(self.selection_changed)
        self._mouse.pressed_with_alt.connect(self.pressed_with_alt)
        self.reason_changed.connect(self._overlays.show_reason)
        self.graph_shown.connect(self.building_blocks.close_form)
        self.zoom_changed.connect(self._on_zoom_changed)
        self.find_bar.jumped.connect(self.reveal)
        self.find_bar.seen.connect(self.glance_at)
        self.find_bar.found_changed.connect(self.viewport().update)
        self.find_bar.closed.connect(self.setFocus)
        self._placing.placed.connect(self._on_placed)
        for scroll_bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            scroll_bar.valueChanged.connect(self._on_scrolled)

    # What shows

    def set_shapes(self, results: Mapping[str, CallDisplay]) -> None:
        """Show shapes and parameter counts, by call id; boxes that are not named show none."""
        self._results = results
        self._scene.set_displays(results)

    def set_problems(self, problems: Sequence[Problem]) -> None:
        self._problems = problems
        self._scene.set_problems(problems)
        self.find_bar.set_sentences(
            {call_id: [str(problem.text) for problem in found] for call_id, found in by_call(problems).items()}
        )
        self.problems_shown.emit()

    def set_theme(self, theme: CanvasTheme) -> None:
        self._scene.set_style(Style(theme))
        self._look.show(theme)
        self._show_ground_color()
        self.viewport().update()

    def render_image(
        self,
        path: str | Path,
        kind: str | None = None,
        light: bool = False,
        scale: float = 2.0,
        theme: CanvasTheme | None = None,
        transparent: bool = False,
    ) -> None:
        """Write a picture of the whole graph that shows, in ``theme`` or as it is seen. Raises OSError.

        ``kind`` is the key of a PictureFormat, by default that of the file's ending, or PNG; ``transparent`` leaves out
        the ground.
        """
        suffix = Path(path).suffix.lower()
        kind = kind or next((entry.key for entry in picture_formats() if entry.suffix == suffix), "png")
        render_graph(
            self._document,
            self._catalog,
            theme or self._look.theme,
            self._results,
            path,
            kind,
            light,
            scale,
            self._problems,
            self._scene.graph_id,
            transparent,
        )

    # What gestures and commands may ask (the Canvas protocols)

    @property
    def view(self) -> NavigableView:
        return self

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
        pixel = self.pointed_pixel
        return self.at_pixel(pixel) if pixel is not None else self.visible_area().center()

    @property
    def pointed_pixel(self) -> QPointF | None:
        pointed = self._mouse.pointed
        return pointed if self.viewport().underMouse() and not pointed.isNull() else None

    @property
    def hovered_dot(self) -> DotHit | None:
        return self._mouse.hover.dot if self.isVisible() else None

    def report_problem(self, text: str) -> None:
        self.problem_reported.emit(text)

    def show_reason(self, text: str, at: QPoint | None = None) -> None:
        self.reason_changed.emit(text, at or QPoint())

    def run_action(self, name: str) -> None:
        self.commands[name].run(self)

    def ask_for_layer(
        self, place: QPointF, take: TakeLayer, ranking: Ranking | None = None, feed: TensorRef | None = None
    ) -> None:
        self.search.ask(place, take, ranking, feed)

    def add_layer(self, spec: LayerSpec) -> None:
        """Add a layer below the selected box and wired to it, or in the middle of what is seen."""
        self.search.add(spec)

    def drop_block(self, block: Block, at: QPointF, into: Edge | None, file: Path | None) -> None:
        self.building_blocks.drop(block, at, into, file)

    # The selection

    @property
    def selection(self) -> tuple[str, ...]:
        return self._scene.selection

    def select(self, call_ids: Iterable[str]) -> None:
        """Select these boxes and nothing else; nothing happens when they are."""
        selection = tuple(call_ids)
        if selection != self._scene.selection:
            self._scene.select(selection)

    # Which graph shows, and where one looks

    @property
    def graph_id(self) -> str:
        return self._scene.graph_id

    def show_graph(self, graph_id: str) -> None:
        """Show another graph of the document, from where it was last looked at."""
        if graph_id == self._scene.graph_id or graph_id not in self._document.graphs:
            return
        self.end_gesture()
        self._mouse.hover.clear()
        self.levels.show(graph_id)
        self._mouse.hover.forget()
        self._show_hint()
        self.graph_shown.emit(graph_id)

    def fit(self) -> None:
        """Show the whole graph."""
        self.looking.fit()

    def first_look(self) -> None:
        """Show the whole graph, or, where nothing of it could be read then, its inputs."""
        self.looking.first_look()

    def reveal(self, call_id: str) -> None:
        """Bring a box of any graph (or a note, by its name) into the middle, and select it; its frame opens."""
        self.looking.reveal(call_id)

    def glance_at(self, call_id: str) -> None:
        """As ``reveal``, but frames stay as they are: this may happen with every letter that is typed."""
        self.looking.glance_at(call_id)

    def center_on(self, call_id: str) -> None:
        """Bring a box into the middle of the view, large enough to be read."""
        self.looking.center_on(call_id)

    # What goes on

    def begin_gesture(self, gesture: Gesture) -> None:
        """Let a gesture go on that no mouse button ends."""
        self.end_gesture()
        self._mouse.begin(gesture)

    def end_gesture(self) -> bool:
        """Cancel what is going on; whether anything was."""
        ended = self._mouse.end()
        return self._drops.end() or ended

    def drop_gesture(self) -> None:
        """It has ended by itself."""
        self._mouse.drop()

    def call_off(self) -> bool:
        """Esc: let nothing come of what is going on; whether anything was."""
        return self.end_gesture() or self.tidying.cancel()

    # Slots

    def _on_document_changed(self, changes: Changes) -> None:
        left = self.levels.follow(changes)
        if not self._mouse.is_starting():
            self.end_gesture()
        self._scene.apply(changes)
        self._mouse.hover.forget()
        if changes.structure or changes.operations_changed or changes.canvas or changes.everything:
            self.find_bar.look_again()
        self.followed.emit(changes)
        self.search.follow(changes)
        if changes.everything:
            self.looking.first_look()
        elif changes.calls_added and not self.isVisible() and changes.calls_added.issuperset(self._scene.graph.calls):
            self.looking.look_anew()  # Data has begun a model, say: nobody has seen a box of it
        self.levels.show_line()
        self._show_hint()
        if left:
            self.graph_shown.emit(ROOT)

    def _on_placed(self) -> None:
        self._show_hint()
        self.looking.follow_placing()

    def _on_zoom_changed(self, factor: float) -> None:
        self._scene.notes.show_from_afar(factor < TEXT_ZOOM)
        self._overlays.zoom_bar.show_zoom(factor)
        self._on_scrolled()

    def _on_scrolled(self) -> None:
        self._overlays.minimap.show_visible(self.visible_area())

    # Mouse, and what is dragged here

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._mouse.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._mouse.double_click(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._mouse.hover.clear()
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        if self.end_gesture() and not by_key:
            return
        place = self._menus.place_by_key() if by_key else self.at_pixel(QPointF(event.pos()))
        self._mouse.pointed = QPointF(self.mapFromScene(place))
        self._menus.open_at(place, by_key)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            at = self.at_pixel(QPointF(event.pos()))
            text = "" if self._mouse.busy else self._mouse.hover.tooltip(at, self.zoom)
            show_tooltip(event.globalPos(), text, self.viewport())
            return True
        return super().viewportEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._drops.enter(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._drops.move(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.end_gesture()

    def dropEvent(self, event: QDropEvent) -> None:
        self._drops.drop(event)

    # Keys

    def event(self, event: QEvent) -> bool:
        override = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and self.commands.for_key(event) is not None:
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
                self._mouse.hold_space(True)
            return
        command = self.commands.for_key(event)
        if command is None:
            event.ignore()
        elif not self._mouse.busy:
            self.run_action(command.name)
            if event.modifiers() & Qt.KeyboardModifier.AltModifier:
                event.ignore()  # the window opens its menu for Alt alone, so it has to see that this was more

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._mouse.hold_space(False)
            return
        event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._mouse.forget_space()
        super().focusOutEvent(event)

    # How it is seen

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        size = self.viewport().size()
        self._ground.paint(painter, QRectF(rect), self._scene.style_sheet, size.width(), size.height())

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        if self.find_bar.found:
            self.find_bar.paint_found(painter, self.zoom)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._overlays.place(self.viewport().rect())
        self.looking.follow_size()
        self._on_scrolled()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.looking.follow_showing()

    def hideEvent(self, event: QHideEvent) -> None:
        self.end_gesture()
        super().hideEvent(event)

    def _show_hint(self) -> None:
        self._overlays.show_hint(not self._scene.graph.calls and not self._scene.notes.items, self.viewport().rect())
        self._overlays.show_waiting(self._scene.waiting)

    def _show_ground_color(self) -> None:
        """Set the colour that shows for an instant before the first paint."""
        palette = self.viewport().palette()
        palette.setColor(QPalette.ColorRole.Base, self._look.theme.color("background"))
        self.viewport().setPalette(palette)
