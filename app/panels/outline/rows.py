"""What the outline lists: a row for each box, those of a nested model below its first box. Nothing here knows of Qt."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Literal, NamedTuple

from graph_editor.document.document import ROOT, Document

TOP = 0  # the place of the parent of the rows of the root, which is no row
State = Literal["", "own", "around", "partly", "learns"]  # how a row is frozen; "" has nothing to freeze


class Row(NamedTuple):
    """`parent` is a place in the list of all rows."""

    call: str
    graph: str
    operation: str
    parent: int


def read_rows(document: Document) -> list[Row]:
    """All rows, each behind its parent, siblings in the order of the data's flow. The first one is no row."""
    rows = [Row("", "", "", TOP)]

    def read(graph_id: str, parent: int, around: tuple[str, ...]) -> None:
        graph = document.graphs[graph_id]
        calls, operations = graph.calls, graph.operations
        for call_id in _in_flow(document, graph_id):
            operation = calls[call_id].operation
            rows.append(Row(call_id, graph_id, operation, parent))
            inner = operations[operation].graph
            if inner is not None and inner not in around and graph.calls_of(operation)[0] == call_id:
                read(inner, len(rows) - 1, (*around, inner))

    read(ROOT, TOP, (ROOT,))
    return rows


def _in_flow(document: Document, graph_id: str) -> list[str]:
    """Sources first; what lies on a circle of wires comes last."""
    graph = document.graphs[graph_id]
    order = graph.topological_order()
    if len(order) < len(graph.calls):
        known = set(order)
        order += [call_id for call_id in graph.calls if call_id not in known]
    return order


def below(rows: Sequence[Row], kept_places: Collection[int] | None = None) -> dict[int, list[int]]:
    """The places of the rows below each row that has some; only those `kept_places`, if told."""
    children: dict[int, list[int]] = {TOP: []}
    for place in range(1, len(rows)):
        if kept_places is None or place in kept_places:
            children.setdefault(rows[place].parent, []).append(place)
    return children


def kept_rows(rows: Sequence[Row], matches: Callable[[Row], bool]) -> tuple[set[int], set[int]]:
    """The rows that stay when only boxes that match are wanted, and those to unfold so that matches are seen.

    A match brings the models around it along, and a model that matches all that is in it.
    """
    unfolded: set[int] = set()
    whole: set[int] = set()  # what matches, and what is in a model that does
    for place in range(1, len(rows)):
        row = rows[place]
        if matches(row):
            whole.add(place)
            above = row.parent
            while above != TOP and above not in unfolded:
                unfolded.add(above)
                above = rows[above].parent
        elif row.parent in whole:
            whole.add(place)
    return whole | unfolded, unfolded


def freeze_state(
    rows: Sequence[Row],
    children: Mapping[int, Sequence[int]],
    place: int,
    flag: Callable[[int], bool],
) -> State:
    """Return how a row that can be frozen is; `flag` tells whether a row is marked itself."""
    if flag(place):
        return "own"
    above = rows[place].parent
    while above != TOP:
        if flag(above):
            return "around"
        above = rows[above].parent
    return "partly" if _any_below(children, place, flag) else "learns"


def _any_below(children: Mapping[int, Sequence[int]], place: int, flag: Callable[[int], bool]) -> bool:
    return any(flag(child) or _any_below(children, child, flag) for child in children.get(place, ()))


def painted(rows: Sequence[Row], place: int, paint: Mapping[str, bool]) -> bool | None:
    """Return what a stroke that is not finished makes of a row; None for nothing. What is in a model goes with it."""
    while place != TOP:
        if rows[place].operation in paint:
            return paint[rows[place].operation]
        place = rows[place].parent
    return None
