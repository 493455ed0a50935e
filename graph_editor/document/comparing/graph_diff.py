"""How one graph became another: which boxes were added, removed and changed, and in what. Pure: two documents are read.

Boxes are the same when they have the same id and class (two states of one project), else the same name and class, else
when they stand in the same place of the order in which data flow (longest common subsequence of the classes).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Final, Literal

from graph_editor.document.document import ROOT, Document
from graph_editor.document.graph import Graph, Json, Operation

Kind = Literal["added", "removed", "changed"]
NOTHING: Final = "–"
_NO_NAME: Final = "name"
_MOST_ALIGNED: Final = 1000  # boxes; aligning more by their order takes seconds
_LONGEST: Final = 60  # characters of a value


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs in a box: a parameter by its path, or "class", "inputs", "name", "mode", "inside"."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class BoxChange:
    """`before` and `after` are ids of calls; an added one has none before, a removed one none after.

    `inside` are the nested models that it lies in, the outermost first.
    """

    kind: Kind
    before: str | None
    after: str | None
    title: str
    class_name: str
    differences: tuple[Difference, ...] = ()
    inside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GraphDiff:
    """Changes in the order in which data flow; `unchanged` counts the boxes of the root that are the same."""

    changes: tuple[BoxChange, ...] = ()
    unchanged: int = 0
    kinds_before: Mapping[str, Kind] = field(default_factory=dict)  # by ids of calls of the root
    kinds_after: Mapping[str, Kind] = field(default_factory=dict)

    def count(self, kind: Kind) -> int:
        return sum(change.kind == kind for change in self.changes)


def compare_graphs(before: Document, after: Document) -> GraphDiff:
    changes = tuple(_compared(_Pair(before, ROOT, after, ROOT), (), frozenset()))
    root = [change for change in changes if not change.inside]
    kinds_before = {change.before: change.kind for change in root if change.before is not None}
    kinds_after = {change.after: change.kind for change in root if change.after is not None}
    return GraphDiff(changes, len(after.graph.calls) - len(kinds_after), kinds_before, kinds_after)


@dataclass(frozen=True, slots=True)
class _Pair:
    before: Document
    before_id: str
    after: Document
    after_id: str

    @property
    def graphs(self) -> tuple[Graph, Graph]:
        return self.before.graphs[self.before_id], self.after.graphs[self.after_id]


def _compared(pair: _Pair, inside: tuple[str, ...], seen: frozenset[tuple[str, str]]) -> Iterator[BoxChange]:
    old, new = pair.graphs
    matches = match_calls(old, new)
    back = {after: before for before, after in matches.items()}
    for call_id in new.topological_order():
        operation = new.operation_of(call_id)
        partner = back.get(call_id)
        if partner is None:
            yield BoxChange("added", None, call_id, operation.shown_name, operation.class_name, (), inside)
            continue
        nested = list(_nested(pair, old.operation_of(partner), operation, inside, seen))
        found = _differences(old, partner, new, call_id, matches)
        if nested:
            found = (*found, Difference("inside", "", str(len(nested))))
        if found:
            yield BoxChange("changed", partner, call_id, operation.shown_name, operation.class_name, found, inside)
        yield from nested
    for call_id in old.topological_order():
        if call_id not in matches:
            operation = old.operation_of(call_id)
            yield BoxChange("removed", call_id, None, operation.shown_name, operation.class_name, (), inside)


def _nested(
    pair: _Pair, before: Operation, after: Operation, inside: tuple[str, ...], seen: frozenset[tuple[str, str]]
) -> Iterator[BoxChange]:
    if before.graph is None or after.graph is None or (before.graph, after.graph) in seen:
        return
    if before.graph in pair.before.graphs and after.graph in pair.after.graphs:
        deeper = _Pair(pair.before, before.graph, pair.after, after.graph)
        yield from _compared(deeper, (*inside, after.shown_name), seen | {(before.graph, after.graph)})


def match_calls(old: Graph, new: Graph) -> dict[str, str]:
    """Calls of the new graph by those of the old one that became them."""
    found: dict[str, str] = {}
    left_old, left_new = dict.fromkeys(old.topological_order()), dict.fromkeys(new.topological_order())

    def take(before: str, after: str) -> None:
        found[before] = after
        del left_old[before], left_new[after]

    for call_id in list(left_old):
        if call_id in left_new and _kind(old, call_id) == _kind(new, call_id):
            take(call_id, call_id)
    by_name = {(_kind(new, call_id), _name(new, call_id)): call_id for call_id in reversed(left_new)}
    for call_id in list(left_old):
        partner = by_name.get((_kind(old, call_id), _name(old, call_id)))
        if partner in left_new:
            take(call_id, partner)
    if max(len(left_old), len(left_new)) <= _MOST_ALIGNED:
        olds, news = list(left_old), list(left_new)
        aligned = SequenceMatcher(None, [_kind(old, i) for i in olds], [_kind(new, i) for i in news], autojunk=False)
        for block in aligned.get_matching_blocks():
            for step in range(block.size):
                take(olds[block.a + step], news[block.b + step])
    for call_id in list(left_old):  # another class in the same box
        if call_id in left_new:
            take(call_id, call_id)
    return found


def _kind(graph: Graph, call_id: str) -> str:
    return graph.operation_of(call_id).class_name


def _name(graph: Graph, call_id: str) -> tuple[str, int]:
    """A shared layer has the same name in each of its calls: they are told apart by their order."""
    call = graph.calls[call_id]
    return graph.operation_of(call_id).name, graph.calls_of(call.operation).index(call_id)


def _differences(
    old: Graph, before_id: str, new: Graph, after_id: str, matches: Mapping[str, str]
) -> tuple[Difference, ...]:
    before, after = old.operation_of(before_id), new.operation_of(after_id)
    found: list[Difference] = []
    if before.class_name != after.class_name:
        found.append(Difference("class", before.class_name, after.class_name))
    if before.shown_name != after.shown_name:
        found.append(Difference("name", before.shown_name, after.shown_name))
    found += config_differences(before.config, after.config)
    calls = old.calls[before_id], new.calls[after_id]
    wires = tuple(_sources(old, before_id, matches)), tuple(_sources(new, after_id, None))
    if wires[0] != wires[1]:
        found.append(Difference("inputs", _titles(old, before_id), _titles(new, after_id)))
    if calls[0].mode != calls[1].mode:
        found.append(Difference("mode", calls[0].mode or NOTHING, calls[1].mode or NOTHING))
    return tuple(found)


def _sources(graph: Graph, call_id: str, matches: Mapping[str, str] | None) -> Iterator[tuple[object, ...]]:
    """Where the wires into a box come from, by the ids of the new graph; what has none there keeps its own."""
    for path, tensor in graph.calls[call_id].tensors():
        source = tensor.call if matches is None else matches.get(tensor.call, f"removed {tensor.call}")
        yield (*path, source, tensor.index)


def _titles(graph: Graph, call_id: str) -> str:
    names = [graph.operation_of(tensor.call).shown_name for _, tensor in graph.calls[call_id].tensors()]
    return ", ".join(names) or NOTHING


def config_differences(before: Mapping[str, Json], after: Mapping[str, Json]) -> list[Difference]:
    """Parameters that differ, by their paths ("kernel_regularizer.l2"); the layer's name is told elsewhere."""
    old, new = dict(flat(before)), dict(flat(after))
    names = dict.fromkeys([*old, *new])
    pairs = [(name, old.get(name, NOTHING), new.get(name, NOTHING)) for name in names if name != _NO_NAME]
    return [Difference(name, first, second) for name, first, second in pairs if first != second]


def flat(value: Mapping[str, Json], path: str = "") -> Iterator[tuple[str, str]]:
    """Each plain value with its path. What Keras writes around an object ("module", "config") is left out."""
    for key, item in value.items():
        name = f"{path}.{key}" if path else str(key)
        if isinstance(item, Mapping) and "class_name" in item:
            yield name, short(item["class_name"])
            if isinstance(item.get("config"), Mapping):
                yield from flat({k: v for k, v in item["config"].items() if k != "name"}, name)
        elif isinstance(item, Mapping) and item:
            yield from flat(item, name)
        else:
            yield name, short(item)


def short(value: Json) -> str:
    """As people write it: true as in JSON, lists in brackets; a long one ends in an ellipsis."""
    if value is None or isinstance(value, bool):
        text = {None: "null", True: "true", False: "false"}[value]
    elif isinstance(value, float):
        text = f"{value:g}" if float(f"{value:g}") == value else repr(value)
    elif isinstance(value, list | tuple):
        text = f"({', '.join(short(item) for item in value[:20])}{', …' if len(value) > 20 else ''})"
    else:
        text = str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
