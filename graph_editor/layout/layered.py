"""Automatic layout: from top to bottom, parents above children, branches in the order in which they were made."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from graph_editor.document.document import Document, Point
from graph_editor.document.graph import Graph
from graph_editor.document.sizes import BOX_WIDTH, box_height
from graph_editor.layout.coordinates import row_centers
from graph_editor.layout.ranking import Edge, Rank, Rows, best_rows, longest_path_rows

COLUMN_GAP: Final = 28.0
STRAIGHT_GAP: Final = 38.0
BRANCH_GAP: Final = 56.0  # between rows where wires go sideways: their curves need room
PART_GAP: Final = 60.0
_SHELF_WIDTH: Final = 1600.0

Size = tuple[float, float]


def arrange(nodes: Mapping[str, Size], edges: Iterable[tuple[str, str]], rank: Rank = best_rows) -> dict[str, Point]:
    """The top left corner of every node, the whole beginning at (0, 0); the same input gives the same places.

    ``nodes`` says width and height in scene units. Edges to unknown nodes, loops, repetitions, and edges that close a
    cycle are left out of account. Sources stand in the topmost row.
    """
    names = list(nodes)
    number = {name: index for index, name in enumerate(names)}
    known = [(number[a], number[b]) for a, b in edges if a in number and b in number and a != b]
    links = _without_cycles(len(names), list(dict.fromkeys(known)))
    sizes = [nodes[name] for name in names]
    parts = rank(len(names), links) if links else []
    linked = {node for edge in links for node in edge}
    alone = [Rows(((node,),), ()) for node in range(len(names)) if node not in linked]
    placed = _shelves([_place(part, sizes) for part in [*parts, *alone]], sizes)
    return {names[node]: point for node, point in sorted(placed.items())}


def arrange_document(document: Document, graph: Graph | None = None) -> dict[str, Point]:
    """Places for all boxes of a graph (the root if none is named)."""
    graph = graph or document.graph
    return arrange(*graph_outline(graph))


def graph_outline(graph: Graph, slim: Collection[str] = ()) -> tuple[dict[str, Size], list[tuple[str, str]]]:
    """The graph for ``arrange``, with ``slim`` boxes, as plain values that another thread may read."""
    edges = [(edge.source.call, edge.target) for edge in graph.edges()]
    return {call_id: (BOX_WIDTH, box_height(call_id in slim)) for call_id in graph.calls}, edges


def arrange_plainly(nodes: Mapping[str, Size], edges: Iterable[tuple[str, str]]) -> dict[str, Point]:
    """``arrange`` without the library: more crossings, same promises."""
    return arrange(nodes, edges, longest_path_rows)


def _without_cycles(count: int, edges: Sequence[Edge]) -> list[Edge]:
    """The edges except those that lead back to a node on the way that led to them."""
    targets: list[list[int]] = [[] for _ in range(count)]
    for source, target in edges:
        targets[source].append(target)
    state = [0] * count  # 1: on the way, 2: finished
    back: set[Edge] = set()
    for root in range(count):
        if state[root]:
            continue
        state[root] = 1
        way = [(root, iter(targets[root]))]
        while way:
            node, following = way[-1]
            step = next(following, None)
            if step is None:
                state[node] = 2
                way.pop()
            elif state[step] == 1:
                back.add((node, step))
            elif state[step] == 0:
                state[step] = 1
                way.append((step, iter(targets[step])))
    return [edge for edge in edges if edge not in back]


def _place(part: Rows, sizes: Sequence[Size]) -> dict[int, Point]:
    """Top left corners within one part."""
    count = len(sizes)
    widths = {node: sizes[node][0] for row in part.rows for node in row if node < count}
    centers = row_centers(part, widths, COLUMN_GAP)
    row_of = {node: index for index, row in enumerate(part.rows) for node in row}
    slanted = {row_of[a] for a, b in part.edges if abs(centers[a] - centers[b]) > BOX_WIDTH / 3}
    placed: dict[int, Point] = {}
    top = 0.0
    for index, row in enumerate(part.rows):
        boxes = [node for node in row if node < count]
        for node in boxes:
            placed[node] = (float(round(centers[node] - widths[node] / 2)), float(round(top)))
        top += max(sizes[node][1] for node in boxes) + (BRANCH_GAP if index in slanted else STRAIGHT_GAP)
    return placed


def _shelves(parts: Sequence[dict[int, Point]], sizes: Sequence[Size]) -> dict[int, Point]:
    """The parts side by side, their tops level, starting a new shelf where one would become too wide."""
    placed: dict[int, Point] = {}
    left = top = height = 0.0
    for part in parts:
        start = min(x for x, _ in part.values())
        width = max(x + sizes[node][0] for node, (x, _) in part.items()) - start
        if left and left + width > _SHELF_WIDTH:
            left, top, height = 0.0, top + height + PART_GAP, 0.0
        placed.update({node: (x - start + left, y + top) for node, (x, y) in part.items()})
        left += width + PART_GAP
        height = max(height, max(y + sizes[node][1] for node, (_, y) in part.items()))
    return placed
