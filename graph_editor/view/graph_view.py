"""The canvas: shows the graph of a document; what a person does there becomes steps of its history."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPalette, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGraphicsView, QWidget

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.specs import LayerSpec
from graph_editor.document.canvas.notes import note_in
from graph_editor.document.changes.freezing import Freezing, Weights
from graph_editor.document.checking.validation import Problem
from graph_editor.document.document import ROOT, Changes, Document
from graph_editor.document.graph import TensorRef
from graph_editor.document.history import History
from graph_editor.document.nesting import lineage, owner, title
from graph_editor.document.sizes import BOX_WIDTH
from graph_editor.layout.layered import arrange
from graph_editor.view.access.aids import Aids
from graph_editor.view.commands.building_blocks import BuildingBlocks
from graph_editor.view.commands.collapsing import Collapsing
from graph_editor.view.commands.editing import Editing
from graph_editor.view.commands.layer_search import LayerSearch
from graph_editor.view.commands.notes import Notes
from graph_editor.view.commands.reveal_after_undo import ComingBack
from graph_editor.view.commands.tidy_job import TidyJobs
from graph_editor.view.commands.tidying import Tidying
from graph_editor.view.floating.name_field import NameField
from graph_editor.view.floating.overlays import Overlays
from graph_editor.view.floating.search_popup import Ranking
from graph_editor.view.interaction import InteractiveView
from graph_editor.view.items.background import DottedGround
from graph_editor.view.items.render import PictureKind, render_graph
from graph_editor.view.items.scene import GraphScene
from graph_editor.view.painting.content import CallDisplay
from graph_editor.view.painting.metrics import NUDGE, TEXT_ZOOM
from graph_editor.view.painting.style import Style
from graph_editor.view.painting.theme import CanvasTheme
from graph_editor.view.tools.canvas import TakeLayer
from resources.text import tr

_FRAME = "frame:"  # before the id of a frame whose title is being edited


class GraphView(InteractiveView):
    """Shows one graph of ``document``, the root at first; what a person does becomes one step of ``history``.

    What cannot be done is said by ``problem_reported``. Accepts layers dragged from a palette (``LAYER_MIME``).
    """

    selection_changed = Signal(object)  # tuple[str, ...] of call ids
    graph_shown = Signal(str)  # graph id: another graph of the document shows

    def __init__(
        self,
        document: Document,
        history: History,
        catalog: Catalog,
        theme: CanvasTheme,
        parent: QWidget | None = None,
    ) -> None:
        scene = GraphScene(document, catalog, Style(theme), patient=True)
        super().__init__(scene, document, history, catalog, parent)
        scene.setParent(self)
        self._theme = theme
        self._results: Mapping[str, CallDisplay] = {}
        self._problems: Sequence[Problem] = ()
        self._ground = DottedGround()
        self._to_be_fitted = True
        self._fit_when_placed = False
        self._looks: dict[str, tuple[float, QPointF]] = {}  # where one looked in graphs that do not show
        self._line = [ROOT]  # the graphs down to the one that shows
        self._aids = Aids(self, theme)
        self.building_blocks = BuildingBlocks(self, theme)
        self.notes = Notes(self, theme)
        self._collapsing = Collapsing(self)
        self._commands = self.notes.commands(self._collapsing.commands(self._make_commands()))
        self._overlays = Overlays(scene, theme, self)
        self._search = LayerSearch(self, theme)
        self._name_field = NameField(theme, self)
        self._tidying, self._place_jobs = Tidying(self), TidyJobs()
        jobs = (self._tidying.jobs, self._place_jobs)
        self._set_up()
        self._connect()
        self._coming_back = ComingBack(self, document, history)
        history.shown_at = scene.own_place
        unlisten = document.listen(self._on_document_changed)
        self.destroyed.connect(lambda: _release(unlisten, jobs))

    def _set_up(self) -> None:
        self.setObjectName("canvas")
        self.setAccessibleName(tr("Canvas"))
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        self.setOptimizationFlags(
            QGraphicsView.OptimizationFlag.DontSavePainterState
            | QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing
        )
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setMinimumSize(240, 180)
        self._show_ground_color()
        self._show_line()
        self._show_hint()

    def _connect(self) -> None:
        bar = self._overlays.zoom_bar
        bar.zoomed_in.connect(self.zoom_in)
        bar.zoomed_out.connect(self.zoom_out)
        bar.reset.connect(self.reset_zoom)
        bar.fitted.connect(self.fit)
        self._overlays.breadcrumbs.graph_chosen.connect(self._on_graph_chosen)
        self._overlays.minimap.place_chosen.connect(self.centerOn)
        self._name_field.name_entered.connect(self._on_name_entered)
        self._name_field.closed.connect(self.setFocus)
        self._scene.selection_changed.connect(self.selection_changed)
        self.reason_changed.connect(self._overlays.show_reason)
        self.zoom_changed.connect(self._on_zoom_changed)
        self._place_jobs.arranged.connect(self._on_placed)
        self._place_jobs.failed.connect(self._on_no_places)
        self._scene.layout_wanted.connect(self._on_layout_wanted)
        if self._scene.waiting:
            self._on_layout_wanted()
        for scroll_bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            scroll_bar.valueChanged.connect(self._on_scrolled)

    def _make_commands(self) -> dict[str, Callable[[], object]]:
        """What the names of the shortcut table stand for."""
        nudge = self._actions.nudge
        weights = Weights(self.document, self.catalog, self.graph_scene.counted)
        freezing = Freezing(self.document, weights, self.actions_on_boxes.do, self.problem_reported.emit)
        ways = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
        own = "fit fit_selection zoom_in zoom_out reset_zoom tidy tidy_selection open_search select_all select_nothing"
        boxes = "rename_selected delete_selection share_selected"
        nested = "enter_selected leave_graph group_selection dissolve_selected"
        return {
            **Editing(self).commands(),
            **freezing.commands(lambda: self.selection),
            **{name: getattr(self, name) for name in (*own.split(), *boxes.split(), *nested.split())},
            **self._aids.commands(),
            **self.building_blocks.commands(),
            **{f"nudge_{way}": partial(nudge, x * NUDGE, y * NUDGE) for way, (x, y) in ways.items()},
            **{f"nudge_{way}_finely": partial(nudge, x, y) for way, (x, y) in ways.items()},
        }

    # What shows

    def set_shapes(self, results: Mapping[str, CallDisplay]) -> None:
        """Show shapes and parameter counts, by call id; boxes that are not named show none."""
        self._results = results
        self._scene.set_displays(results)

    def set_problems(self, problems: Sequence[Problem]) -> None:
        self._problems = problems
        self._scene.set_problems(problems)
        self._aids.set_problems(problems)

    def set_theme(self, theme: CanvasTheme) -> None:
        self._theme = theme
        self._scene.set_style(Style(theme))
        self._overlays.set_theme(theme)
        self._search.popup.set_theme(theme)
        self._name_field.set_theme(theme)
        self.notes.field.set_theme(theme)
        self._aids.set_theme(theme)
        self.building_blocks.set_theme(theme)
        self._show_ground_color()
        self.viewport().update()

    def render_image(
        self,
        path: str | Path,
        kind: PictureKind | None = None,
        light: bool = False,
        scale: float = 2.0,
        theme: CanvasTheme | None = None,
        transparent: bool = False,
    ) -> None:
        """Write a picture of the whole graph that shows, in ``theme`` or as it is seen. Raises OSError.

        ``kind`` follows the name of the file; ``transparent`` leaves out the ground.
        """
        kind = kind or ("svg" if Path(path).suffix.lower() == ".svg" else "png")
        render_graph(
            self._document,
            self._catalog,
            theme or self._theme,
            self._results,
            path,
            kind,
            light,
            scale,
            self._problems,
            self._scene.graph_id,
            transparent,
        )

    # The selection

    @property
    def selection(self) -> tuple[str, ...]:
        return self._scene.selection

    def select(self, call_ids: Iterable[str]) -> None:
        """Select these boxes and nothing else; nothing happens when they are."""
        chosen = tuple(call_ids)
        if chosen != self._scene.selection:
            self._scene.select(chosen)

    def select_all(self) -> None:
        self._scene.select(self._scene.graph.calls, self._scene.notes.items)

    def select_nothing(self) -> None:
        self._scene.select(())

    # Which graph shows

    @property
    def graph_id(self) -> str:
        return self._scene.graph_id

    def show_graph(self, graph_id: str) -> None:
        """Show another graph of the document, from where it was last looked at."""
        if graph_id == self._scene.graph_id or graph_id not in self._document.graphs:
            return
        self.end_gesture()
        self._looks[self._scene.graph_id] = (self.zoom, self.visible_area().center())
        self._hover.clear()
        self._scene.show_graph(graph_id)
        self._hover.forget()
        self._look_again()
        self._show_line()
        self._show_hint()
        self.graph_shown.emit(graph_id)

    def enter_selected(self) -> None:
        """Open the one selected box, if it is a nested model."""
        if len(self._scene.selection) == 1:
            inner = self._scene.graph.operation_of(self._scene.selection[0]).graph
            if inner is not None:
                self.show_graph(inner)

    def leave_graph(self) -> None:
        """Show the graph in which the one that shows is a box, with that box selected."""
        left = owner(self._document, self._scene.graph_id)
        if left is not None:
            self._go_up(left[0])

    def group_selection(self) -> None:
        self._actions.group()

    def dissolve_selected(self) -> None:
        self._actions.dissolve()

    def reveal(self, call_id: str) -> None:
        """Bring a box of any graph (or a note, by its name) into the middle, and select it; its frame opens."""
        self.glance_at(call_id)
        if self._collapsing.reveal(call_id):
            self.glance_at(call_id)

    def glance_at(self, call_id: str) -> None:
        """As ``reveal``, but frames stay as they are: this may happen with every letter that is typed."""
        note = note_in(call_id)
        if note is not None:
            self.notes.show(note)
        elif self._document.has_call(call_id):
            self.show_graph(self._document.graph_id_of_call(call_id))
            self.select([call_id])
            self.center_on(call_id)

    # Where one looks

    def center_on(self, call_id: str) -> None:
        """Bring a box into the middle of the view, large enough to be read."""
        self._scene.finish()
        if call_id in self._scene.boxes:
            self._fit_when_placed = False
            self._to_be_fitted = False
            self.zoom_to(max(self.zoom, 0.75))
            self.centerOn(self._scene.shown(call_id).rect().center())

    def fit(self) -> None:
        """Show the whole graph."""
        self._fit_when_placed = self._scene.waiting
        if not self._scene.content_rect().isEmpty():
            self.fit_rect(self._scene.content_rect())
        else:
            self.zoom_to(1.0)
            self.centerOn(BOX_WIDTH / 2, 200)

    def fit_selection(self) -> None:
        """Show the selected boxes; the whole graph when none is."""
        area = QRectF()
        for call_id in self._scene.selection:
            area |= self._scene.shown(call_id).rect()
        for note_id in self._scene.notes.selected:
            area |= self._scene.notes.items[note_id].rect()
        if area.isNull():
            self.fit()
        else:
            self.fit_rect(area.adjusted(-20, -20, 20, 40), most=1.5)

    # What a person can do

    def run_action(self, name: str) -> None:
        self._commands[name]()

    def open_search(self, place: QPointF | None = None) -> None:
        """Let the user search for a layer, to add it at ``place``, or below the selected box and wired to that."""
        self._search.open(place)

    def ask_for_layer(
        self, place: QPointF, take: TakeLayer, ranking: Ranking | None = None, feed: TensorRef | None = None
    ) -> None:
        self._search.ask(place, take, ranking, feed)

    def add_layer(self, spec: LayerSpec) -> None:
        """Add a layer below the selected box and wired to it, or in the middle of what is seen."""
        self._search.add(spec)

    def tidy(self) -> None:
        """Arrange all boxes anew: worked out on another thread, then one step of the history."""
        self._tidying.tidy()

    def tidy_selection(self) -> None:
        """The same for the selected boxes alone."""
        self._tidying.tidy_selection()

    def call_off(self) -> bool:
        return self.end_gesture() or self._tidying.cancel()

    def delete_selection(self) -> None:
        """Delete the selected boxes, or the dot of a wire that the mouse is on."""
        if self._hover.dot is not None:
            self._dots.remove(self._hover.dot)
        else:
            self._actions.delete()

    def share_selected(self) -> None:
        self._actions.share()
        for call_id in self._scene.selection:
            self.ensureVisible(self._scene.shown(call_id).sceneBoundingRect())

    def rename_selected(self) -> None:
        """Edit the name of the one selected box in place."""
        if len(self._scene.selection) != 1:
            return
        call_id = self._scene.selection[0]
        box = self._scene.boxes[call_id]
        self.ensureVisible(box.rect(), 20, 20)
        corner = self.mapFromScene(box.pos() + QPointF(12, 2))
        height = self._name_field.sizeHint().height()
        width = max(150, round((BOX_WIDTH - 18) * self.zoom))
        self._name_field.edit(call_id, box.look.name, QRectF(corner.x(), corner.y(), width, height).toRect())

    def rename_frame(self, frame_id: str) -> None:
        """Edit the title of a frame in place."""
        item = self._scene.stand_ins.of_frame(frame_id) or self._scene.frames.items.get(frame_id)
        if item is not None:
            bar = self.mapFromScene(item.bar()).boundingRect()
            bar.setSize(QSize(max(150, bar.width()), self._name_field.sizeHint().height()))
            self._name_field.edit(_FRAME + frame_id, item.frame.title, bar)

    # Slots

    def _on_document_changed(self, changes: Changes) -> None:
        line = self._line
        if changes.everything:
            self._looks.clear()
            self._scene.graph_id = ROOT
        elif self._scene.graph_id not in self._document.graphs:
            self.show_graph(next(place for place in reversed(line) if place in self._document.graphs))
        self.follow(changes)
        self._aids.follow(changes)
        self._search.follow(changes)
        if changes.everything:
            self.fit()
        self._show_line()
        self._show_hint()
        if changes.everything and line != [ROOT]:
            self.graph_shown.emit(ROOT)

    def _on_graph_chosen(self, graph_id: str) -> None:
        self._go_up(graph_id)
        self.setFocus()

    def _on_name_entered(self, call_id: str, name: str) -> None:
        if call_id.startswith(_FRAME):
            self._actions.change_frame(call_id.removeprefix(_FRAME), title=name.strip())
        elif call_id in self._scene.boxes:
            self._actions.rename(call_id, name)

    def _on_layout_wanted(self) -> None:
        self._place_jobs.begin(partial(arrange, *self._scene.outline()))

    def _on_no_places(self) -> None:
        self._on_placed(self._tidying.in_a_column())

    def _on_placed(self, places: Mapping[str, tuple[float, float]]) -> None:
        self._scene.take_places(places)
        self._show_hint()
        if self._fit_when_placed:
            self.fit()

    def _on_zoom_changed(self, factor: float) -> None:
        self._scene.notes.show_from_afar(factor < TEXT_ZOOM)
        self._overlays.zoom_bar.show_zoom(factor)
        self._on_scrolled()

    def _on_scrolled(self) -> None:
        self._overlays.minimap.show_visible(self.visible_area())

    # Qt

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        size = self.viewport().size()
        self._ground.paint(painter, QRectF(rect), self._scene.style_sheet, size.width(), size.height())

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        self._aids.paint(painter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._overlays.place(self.viewport().rect())
        if self._to_be_fitted:
            self.fit()
        self._on_scrolled()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._to_be_fitted:
            self.fit()
            self._to_be_fitted = False

    def _go_up(self, graph_id: str) -> None:
        """Show a graph further up, with the box selected that leads to the one that showed."""
        line = self._line
        below = line[line.index(graph_id) + 1]
        self.show_graph(graph_id)
        graph = self._scene.graph
        model = next((operation for operation in graph.operations.values() if operation.graph == below), None)
        self.select(graph.calls_of(model.id)[:1] if model else ())

    def _look_again(self) -> None:
        """Look where one looked when the graph was last shown; at all of it the first time."""
        known = self._looks.get(self._scene.graph_id)
        if known is None:
            self.fit()
        else:
            self.zoom_to(known[0])
            self.centerOn(known[1])

    def _show_line(self) -> None:
        self._line = lineage(self._document, self._scene.graph_id)
        names = [(graph_id, title(self._document, graph_id)) for graph_id in self._line]
        self._overlays.breadcrumbs.show_line(names)

    def _show_hint(self) -> None:
        self._overlays.show_hint(not self._scene.graph.calls and not self._scene.notes.items, self.viewport().rect())
        self._overlays.show_waiting(self._scene.waiting)

    def _show_ground_color(self) -> None:
        """What shows for an instant before the first paint."""
        palette = self.viewport().palette()
        palette.setColor(QPalette.ColorRole.Base, self._theme.color("background"))
        self.viewport().setPalette(palette)


def _release(unlisten: Callable[[], None], jobs: Iterable[TidyJobs]) -> None:
    """When the view is gone: hear no more of the document, and leave no thread behind."""
    unlisten()
    for job in jobs:
        job.stop()
