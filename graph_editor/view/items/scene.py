"""The items of a graph: made from the document, and refreshed where a ``Changes`` says that something is different."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QGraphicsScene

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.canvas.collapsing import collapsed_boxes
from graph_editor.document.canvas.wire_dots import Wire
from graph_editor.document.checking.validation import Problem
from graph_editor.document.document import ROOT, Changes, Document, Point
from graph_editor.document.graph import Edge, Graph, TensorRef
from graph_editor.document.nesting import nested_operations
from graph_editor.document.sizes import BOX_WIDTH, box_height
from graph_editor.layout.layered import Size, arrange, graph_outline
from graph_editor.view.items.box_item import BoxItem
from graph_editor.view.items.box_layer import BoxLayer
from graph_editor.view.items.box_looks import BoxLooks
from graph_editor.view.items.collapsed_frames import CollapsedFrames
from graph_editor.view.items.dot_places import DotPlaces
from graph_editor.view.items.frame_items import FrameItems
from graph_editor.view.items.grid_index import Bounds
from graph_editor.view.items.item_store import ItemStore
from graph_editor.view.items.note_items import NoteItems
from graph_editor.view.items.time_slices import TimeSlices
from graph_editor.view.items.wire_item import WireItem
from graph_editor.view.items.wire_layer import WireLayer
from graph_editor.view.items.wire_routes import WireRoutes
from graph_editor.view.painting.content import CallDisplay
from graph_editor.view.painting.metrics import BELOW, OVERHANG
from graph_editor.view.painting.style import Style

_MANY = 300  # more boxes are placed on another thread, and made in slices of time


class GraphScene(QGraphicsScene):
    """Shows one graph of ``document`` and changes nothing there; all it holds can be made anew from that.

    A ``patient`` scene lets many boxes appear one after the other. Those that have no place it makes only when it is
    given places: ``layout_wanted`` asks for them, ``take_places`` brings them.
    """

    selection_changed = Signal(object)  # tuple[str, ...] of call ids
    layout_wanted = Signal()
    notes_selected = Signal(object)  # tuple[str, ...] of note ids
    filled = Signal()  # all boxes and wires are there, after some were made in slices
    content_changed = Signal()  # boxes, wires or places: whatever an overview shows

    def __init__(
        self, document: Document, catalog: Catalog, style: Style, graph_id: str = ROOT, patient: bool = False
    ) -> None:
        super().__init__()
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)  # few items, many of them moving
        self.waiting = False  # for places
        self._patient = patient
        self._slices = TimeSlices(self)
        self._slices.sliced.connect(self._show_slice)
        self._slices.finished.connect(self._on_filled)
        self.document = document
        self.catalog = catalog
        self.style_sheet = style
        self._operations: dict[str, str] = {}  # of the boxes
        self._selection: dict[str, None] = {}
        self._looks = BoxLooks(document, catalog)
        self._content_rect: QRectF | None = None
        self.wire_layer = WireLayer(style)
        self.box_layer = BoxLayer(style, self._boxes_near, self)
        self.addItem(self.wire_layer)
        self.addItem(self.box_layer)
        self._store = ItemStore(document, graph_id, self.wire_layer, self.box_layer)
        self.boxes, self.wires, self.index = self._store.boxes, self._store.wires, self._store.index
        self.collapsed_frames = CollapsedFrames(self._store, catalog, style)
        self.frames = FrameItems(self, document, self.boxes, style)
        self.dots = DotPlaces(document)
        self._routes = WireRoutes(self._store, self.collapsed_frames, self.dots)
        self.notes = NoteItems(self, self._store, self.collapsed_frames, style)
        self.rebuild()

    @property
    def graph_id(self) -> str:
        return self._store.graph_id

    @property
    def graph(self) -> Graph:
        return self._store.graph

    def show_graph(self, graph_id: str) -> None:
        """Show another graph of the document; nothing is selected in it."""
        self.select(())
        self._store.graph_id = graph_id
        self.rebuild()

    def go_to_root(self) -> None:
        """Another document has come: its root shows as soon as the scene follows that change."""
        self._store.graph_id = ROOT

    # From the document

    def rebuild(self, at_once: bool = False) -> None:
        """Make everything anew, as for a document that has just been opened."""
        self._slices.stop()
        self._defer_painting(True)
        self._store.clear()
        self.collapsed_frames.clear()
        self._operations.clear()
        self.dots.refresh()
        self._looks.follow(self.graph_id)
        homeless = [call_id for call_id in self.graph.calls if call_id not in self.document.positions]
        patient = self._patient and not at_once
        self.waiting = patient and len(homeless) > _MANY
        if self.waiting:
            self._defer_painting(False)
            self._announce()
            self.layout_wanted.emit()
            return
        self._store.own_places = self._below(arrange(*self.outline()), homeless) if homeless else {}
        self._begin()
        if not patient or len(self.graph.calls) <= _MANY:
            self._slices.finish()

    def take_places(self, places: Mapping[str, Point]) -> None:
        """Show the boxes that waited for places."""
        if self.waiting:
            self.waiting = False
            homeless = [call_id for call_id in self.graph.calls if call_id not in self.document.positions]
            self._store.own_places = self._below(places, [call_id for call_id in homeless if call_id in places])
            self._begin()

    @property
    def filling(self) -> bool:
        """Whether boxes are still to come."""
        return self.waiting or self._slices.active

    def finish(self) -> None:
        """Let all boxes be there, unless they wait for places."""
        self._slices.finish()

    def _begin(self) -> None:
        self._defer_painting(True)
        self._slices.start(self._fill())
        self._content_rect = None

    def _fill(self) -> Iterator[None]:
        """Make all items; the document must not change meanwhile (``apply`` sees to that)."""
        for call_id in self.graph.calls:
            self._add_box(call_id)
            yield
        for call_id in self.graph.calls:
            for edge in self.graph.edges_into(call_id):
                self._add_wire(edge)
            self._routes.lead([key for key in self._store.wires_at[call_id] if key[0] == call_id])
            yield

    def _defer_painting(self, deferred: bool) -> None:
        self.wire_layer.defer_painting(deferred)
        self.box_layer.defer_painting(deferred)

    def _show_slice(self) -> None:
        """Let what is there so far be painted."""
        self._defer_painting(False)
        self._defer_painting(True)

    def _on_filled(self) -> None:
        self._follow_stand_ins()
        self._defer_painting(False)
        self._announce()
        self._keep_selection()
        self.filled.emit()

    def apply(self, changes: Changes) -> None:
        """Follow a change of the document."""
        if changes.everything or self.waiting:
            self.rebuild()
            return
        if self._slices.active:
            self.rebuild(at_once=True)
            return
        self._defer_painting(len(changes.calls_added) + len(changes.calls_removed) + len(changes.moved) > _MANY)
        self._follow(changes)
        self._defer_painting(False)

    def _follow(self, changes: Changes) -> None:
        bent = self.dots.refresh() if changes.canvas or changes.moved else ()
        follows = changes.structure or changes.canvas
        different, reasons = self._looks.follow(self.graph_id) if follows else (set(), set())
        touched = changes.calls_added | changes.calls_removed | changes.calls_changed
        operations = {call.operation for call_id in touched if (call := self.graph.calls.get(call_id))}
        looks = touched | self._touched_with(touched, operations)
        moved_ids = self._follow_places(changes.moved | changes.calls_added)
        added = self._follow_boxes(touched)
        stale = added | moved_ids
        self._follow_wires(touched)
        for operation in operations | changes.operations_changed:
            looks.update(self.graph.calls_of(operation))
        self._follow_reasons(reasons)
        if changes.structure:  # what goes on inside a nested model shows at its boxes
            for model in nested_operations(self.graph):
                looks.update(self.graph.calls_of(model.id))
        stale |= self._refresh_looks((looks | different) - added)
        here = changes.structure or changes.moved or changes.canvas
        keys, areas = self.collapsed_frames.refresh(self._looks.displays, self._selection) if here else ({}, [])
        self._routes.lead_near(stale | (touched & self.boxes.keys()), keys, areas)
        self._routes.bend(bent)
        if changes.structure or changes.moved or changes.canvas:
            self._announce()
            self._keep_selection()

    def set_displays(self, displays: Mapping[str, CallDisplay]) -> None:
        """Show what the engine found out."""
        different = self._looks.show_displays(displays)
        self._defer_painting(self._slices.active or len(different) > _MANY)
        self._follow_stand_ins(self._refresh_looks(different))
        self._defer_painting(self._slices.active)

    def set_problems(self, problems: Sequence[Problem]) -> None:
        different = self._looks.show_problems(problems)
        for key, wire in self.wires.items():
            wire.show_state(problem=self._looks.problem_of(key))
        self._refresh_looks(different)
        self._follow_stand_ins()

    def set_style(self, style: Style) -> None:
        self.style_sheet = style
        for box in self.boxes.values():
            box.set_style(style)
        for wire in self.wires.values():
            wire.set_style(style)
        self.wire_layer.set_style(style)
        self.box_layer.set_style(style)
        self.collapsed_frames.set_style(style)
        self.frames.set_style(style)
        self.notes.set_style(style)
        self.update()

    def spec_of(self, tensor: TensorRef) -> tuple[tuple[int | None, ...], str] | None:
        """The shape and dtype of a tensor, when the engine has told them."""
        display = self._looks.displays.get(tensor.call)
        if display is None or tensor.index >= min(len(display.shapes), len(display.dtypes)):
            return None
        return display.shapes[tensor.index], display.dtypes[tensor.index]

    def counted(self, call_id: str) -> int | None:
        """Return how many parameters a box has, when the engine has told it."""
        display = self._looks.displays.get(call_id)
        return display.parameters if display is not None else None

    # Selection: the view's own, since it is in no document

    @property
    def selection(self) -> tuple[str, ...]:
        return tuple(self._selection)

    def select(self, call_ids: Iterable[str], notes: Iterable[str] = ()) -> None:
        """Let boxes be selected, and notes with them; nothing else is any more."""
        if self.notes.select(notes):
            self.notes_selected.emit(self.notes.selected)
        requested = list(call_ids)
        if self._slices.active and not self.boxes.keys() >= set(requested):
            self._slices.finish()
        selection = dict.fromkeys(call_id for call_id in requested if call_id in self.boxes)
        if list(selection) == list(self._selection):
            return
        for call_id in self._selection.keys() ^ selection.keys():
            if call_id in self.boxes:
                self.boxes[call_id].show_state(selected=call_id in selection)
        self._selection = selection
        self.collapsed_frames.show_selection(selection)
        self.selection_changed.emit(self.selection)

    # Places

    def content_rect(self) -> QRectF:
        """Return what the boxes take up, those still to come too, with what is written below them, and notes."""
        if self._content_rect is None:
            self._content_rect = self.notes.rect()
            areas = self._areas()
            if areas:
                left, top = min(area[0] for area in areas), min(area[1] for area in areas)
                right, bottom = max(area[2] for area in areas), max(area[3] for area in areas)
                rect = QRectF(left, top, right - left, bottom - top)
                rect.adjust(-OVERHANG, -OVERHANG, OVERHANG, BELOW * 0.7)
                self._content_rect |= rect | self.frames.rect() | self.dots.rect(self.graph.calls)
        return QRectF(self._content_rect)

    def _areas(self) -> list[Bounds]:
        if not self._slices.active:
            return [box.area() for box in self.shown_boxes()]
        slim = self._looks.collapsed
        places = [(*self.place_of(call_id), box_height(call_id in slim)) for call_id in self.graph.calls]
        return [(x, y, x + BOX_WIDTH, y + height) for x, y, height in places]

    def outline(self) -> tuple[dict[str, Size], list[tuple[str, str]]]:
        """Return what the layout needs to know to arrange all boxes, hidden ones too."""
        return graph_outline(self.graph, collapsed_boxes(self.document))

    def preview_places(self, places: Mapping[str, Point]) -> None:
        """Show boxes elsewhere while a gesture goes on; the document does not know of it."""
        moves = [(self.boxes[call_id], x, y) for call_id, (x, y) in places.items()]
        shifts = {box.call_id: (x - box.x, y - box.y) for box, x, y in moves}
        self.box_layer.carry([move for move in moves if not move[0].hidden])
        for box, x, y in moves:
            box.setPos(x, y)
            self._store.put(box)
        self.collapsed_frames.follow(places)
        self.frames.follow(places)
        self.dots.follow(self.place_of, places)
        self._routes.lead_along(shifts)
        self._content_rect = None

    def preview_dots(self, wire: Wire, places: tuple[Point, ...] | None) -> None:
        """Let a wire run through other dots while a gesture goes on; None: through its own."""
        self.dots.show_elsewhere(wire, places)
        self._routes.bend((wire,))

    def shown(self, key: str) -> BoxItem:
        """The box that shows for a call, or in the index under a key: its own, or the one that stands in for it."""
        return self.collapsed_frames.shown_for(key) or self.boxes[key]

    def shown_boxes(self) -> Iterable[BoxItem]:
        return self.collapsed_frames.shown_boxes()

    def shown_wires(self) -> Iterable[WireItem]:
        return self._store.shown_wires()

    def place_of(self, call_id: str) -> Point:
        """The top left corner of a box according to the document, or where it is put for want of a place there."""
        return self._store.place_of(call_id)

    def own_place(self, call_id: str) -> Point | None:
        """Return where a box is put for which the document has no place."""
        return self._store.own_places.get(call_id)

    def wires_at(self, call_id: str) -> list[WireItem]:
        return self._store.wires_of(call_id)

    def expand(self, call_id: str, expanded: bool) -> None:
        """Show the optional inputs of a box too, or no longer."""
        box = self.boxes.get(call_id)
        if box is not None and box.state.expanded != expanded:
            box.show_state(expanded=expanded)
            self._routes.lead(self._store.wires_at[call_id])

    def wires_in(self, area: QRectF) -> list[WireItem]:
        """The wires that come near ``area``."""
        return self.wire_layer.within((area.left(), area.top(), area.right(), area.bottom()))

    def _boxes_near(self, area: Bounds) -> list[BoxItem]:
        near = self.index.within(area)
        if len(near) * 4 > len(self.boxes):
            inside = set(near)
            return [box for box in self.shown_boxes() if box.call_id in inside]
        return [self.shown(key) for key in near]

    # The steps of ``apply``

    def _below(self, places: Mapping[str, Point], homeless: Iterable[str]) -> dict[str, Point]:
        """Places for boxes that the document gives none: as in ``places``, below all that have one."""
        placed = [self.document.positions[key] for key in self.graph.calls if key in self.document.positions]
        below = max((y for _, y in placed), default=None)
        shift = 0.0 if below is None else below + 120.0
        return {call_id: (places[call_id][0], places[call_id][1] + shift) for call_id in homeless}

    def _follow_boxes(self, touched: Iterable[str]) -> set[str]:
        added = set()
        for call_id in touched:
            exists = call_id in self.graph.calls
            if exists and call_id not in self.boxes:
                self._add_box(call_id)
                added.add(call_id)
            elif not exists and call_id in self.boxes:
                self._store.drop_box(call_id)
        return added

    def _follow_wires(self, touched: Iterable[str]) -> None:
        for call_id in touched:
            edges = {}
            if call_id in self.graph.calls:
                edges = {(edge.target, edge.path): edge for edge in self.graph.edges_into(call_id)}
            for key in [key for key in self._store.wires_at.get(call_id, ()) if key[0] == call_id]:
                if edges.get(key) != self.wires[key].edge:
                    self._store.drop_wire(key)
            for key, edge in edges.items():
                if key not in self.wires:
                    self._add_wire(edge)
        for call_id in touched:
            if call_id not in self.graph.calls:
                for key in list(self._store.wires_at.pop(call_id, ())):
                    self._store.drop_wire(key)

    def _touched_with(self, touched: Iterable[str], operations: set[str]) -> set[str]:
        """The boxes that feed, or fed, those touched; ``operations`` get what these used, which others may share."""
        feeding: set[str] = set()
        for call_id in touched:
            feeding.update(wire.edge.source.call for wire in self.wires_at(call_id))
            before, call = self._operations.pop(call_id, None), self.graph.calls.get(call_id)
            if before is not None:
                operations.add(before)
            if call is not None:
                self._operations[call_id] = call.operation
        return feeding

    def _follow_places(self, moved_ids: Iterable[str]) -> set[str]:
        stale, left = set(), list[Bounds]()
        for call_id in moved_ids:
            box = self.boxes.get(call_id)
            if box is None or call_id not in self.graph.calls:
                continue
            if not box.hidden:
                left.append(box.area())
                stale.add(call_id)
            box.setPos(*self.place_of(call_id))
            self._store.put(box)
        return (stale | self._routes.others_near_all(left)) & self.boxes.keys()

    def _follow_reasons(self, call_ids: set[str]) -> None:
        """Show why boxes are left out now, or that they no longer are, and which wires are idle for it."""
        if len(call_ids) > _MANY:
            self._defer_painting(True)
        for box in [self.boxes[call_id] for call_id in call_ids if call_id in self.boxes]:
            box.show_look(self._looks.with_reason(box.call_id, box.look))
        for key in {key for call_id in call_ids for key in self._store.wires_at.get(call_id, ())}:
            self.wires[key].show_state(idle=self._looks.is_idle(self.wires[key].edge))

    def _refresh_looks(self, call_ids: Iterable[str]) -> set[str]:
        """Show boxes as they are now; those whose ports have changed come back, with those that wires must go round."""
        stale = set()
        for call_id in call_ids:
            if call_id in self.boxes and call_id in self.graph.calls:
                box = self.boxes[call_id]
                before = box.area()
                if box.show_look(self._looks.of(call_id)):
                    stale.add(call_id)
                if box.area() != before and not box.hidden:
                    stale |= set(self._routes.others_near(before)) & self.boxes.keys()
                    self._store.put(box)
        return stale

    def _add_box(self, call_id: str) -> None:
        box = BoxItem(call_id, self._looks.of(call_id), self.style_sheet)
        box.hidden = self.collapsed_frames.takes(call_id)
        self._store.add_box(box)

    def _add_wire(self, edge: Edge) -> None:
        wire = WireItem(edge, self.style_sheet)
        wire.problem = self._looks.problem_of((edge.target, edge.path))
        wire.idle = self._looks.is_idle(edge)
        wire.hidden = self.collapsed_frames.hides(edge)
        self._store.add_wire(wire)

    def _follow_stand_ins(self, stale: Iterable[str] = ()) -> None:
        """Let boxes stand in for those of collapsed frames, and the wires follow."""
        keys, areas = ({}, []) if self.filling else self.collapsed_frames.refresh(self._looks.displays, self._selection)
        self._routes.lead_near(stale, keys, areas)

    def _announce(self) -> None:
        self._content_rect = None
        self.frames.refresh()
        self.notes.refresh()
        self.content_changed.emit()

    def _keep_selection(self) -> None:
        """Forget selected boxes that are gone; those made anew show that they are selected."""
        for call_id in self._selection:
            if call_id in self.boxes:
                self.boxes[call_id].show_state(selected=True)
        self.select(self._selection, self.notes.selected)
