"""What the boxes of a graph say: kept as long as it holds, and made anew where a change tells otherwise."""

from collections.abc import Mapping, Sequence

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.canvas.collapsing import collapsed_boxes
from graph_editor.document.checking.built_model import built_model
from graph_editor.document.checking.validation import Problem
from graph_editor.document.document import ROOT, Document
from graph_editor.document.graph import Edge
from graph_editor.document.nesting import frozen_model
from graph_editor.view.items.wire_item import WireKey
from graph_editor.view.painting.content import BoxLook, CallDisplay, GraphLook, box_look, by_call, with_reason


class BoxLooks:
    """The looks of the boxes of one graph of ``document``, with what the engine and the checks found out."""

    def __init__(self, document: Document, catalog: Catalog) -> None:
        self._document, self._catalog = document, catalog
        self.displays: Mapping[str, CallDisplay] = {}
        self._problems: Mapping[str, list[Problem]] = {}
        self._wire_problems: dict[WireKey, str] = {}
        self._common = GraphLook(document, catalog, ROOT, frozenset())

    def of(self, call_id: str) -> BoxLook:
        return box_look(self._common, call_id, self.displays.get(call_id), self._problems.get(call_id, ()))

    def with_reason(self, call_id: str, before: BoxLook) -> BoxLook:
        """The same where nothing else is different but why a box is left out: much cheaper for all that follows one."""
        return with_reason(before, self._common, call_id, self.displays.get(call_id))

    @property
    def collapsed(self) -> frozenset[str]:
        return self._common.collapsed

    def is_idle(self, edge: Edge) -> bool:
        """Whether nothing runs through a wire."""
        model = self._common.model
        return model is not None and bool(model.left_out) and not model.flows(edge)

    def problem_of(self, wire: WireKey) -> str:
        return self._wire_problems.get(wire, "")

    # What is different now

    def show_displays(self, displays: Mapping[str, CallDisplay]) -> set[str]:
        """The boxes of which the engine found out something else."""
        before, self.displays = self.displays, dict(displays)
        return _different(before, self.displays)

    def show_problems(self, problems: Sequence[Problem]) -> set[str]:
        """The boxes with other problems."""
        before, self._problems = self._problems, by_call(problems)
        self._wire_problems = {(p.edge.target, p.edge.path): str(p.text) for p in problems if p.edge is not None}
        return _different(before, self._problems)

    def follow(self, graph_id: str) -> tuple[set[str], set[str]]:
        """Learn what all boxes have in common: which look different, and which are left out for other reasons now."""
        before, graph = self._common, self._document.graphs[graph_id]
        frozen_by, slim = frozen_model(self._document, graph_id), collapsed_boxes(self._document)
        outputs, model = frozenset(graph.output_refs()), built_model(self._document, self._catalog)
        self._common = GraphLook(self._document, self._catalog, graph_id, outputs, frozen_by, slim, model)
        different = {ref.call for ref in before.outputs ^ outputs} | (before.collapsed ^ slim)
        if before.frozen_by != frozen_by:
            different |= graph.calls.keys()
        return different, _different(before.model.left_out if before.model else {}, model.left_out)


def _different(before: Mapping[str, object], now: Mapping[str, object]) -> set[str]:
    return {key for key in before.keys() | now.keys() if before.get(key) != now.get(key)}
