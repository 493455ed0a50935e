"""Which row a box belongs to, and the order within each row (fast_sugiyama, or a plain longest path without it)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Edge = tuple[int, int]
Rank = Callable[[int, Sequence[Edge]], "list[Rows]"]


@dataclass(frozen=True, slots=True)
class Rows:
    """A connected part of the graph: ``rows`` from top to bottom, ``edges`` between neighbouring rows.

    Numbers from the count of nodes on are bends: places that a wire passes on its way through a row.
    """

    rows: tuple[tuple[int, ...], ...]
    edges: tuple[Edge, ...]


def best_rows(count: int, edges: Sequence[Edge]) -> list[Rows]:
    """``sugiyama_rows``, or ``longest_path_rows`` on a machine for which the library has not been built."""
    try:
        return sugiyama_rows(count, edges)
    except ImportError:
        return longest_path_rows(count, edges)


def sugiyama_rows(count: int, edges: Sequence[Edge]) -> list[Rows]:
    """Ranked as high as possible, with few crossings; nodes without edges are left out. Deterministic.

    The edges must be free of cycles, loops and repetitions: the library ends the process otherwise.
    """
    parts, bends = [], count
    for nodes, links in _connected(count, edges):
        part = _unmirrored(_sugiyama_part(nodes, links, bends, transpose=count < 2000), count)
        bends += sum(node >= count for row in part.rows for node in row)
        parts.append(part)
    return sorted(parts, key=lambda part: min(part.rows[0]))


def _sugiyama_part(nodes: Sequence[int], edges: Sequence[Edge], first_bend: int, transpose: bool) -> Rows:
    """The rows of a connected part by itself: with several, the library gives bends the numbers of boxes.

    Without ``transpose``, the slow step, there are a few more crossings; in a large graph nobody sees them.
    """
    from fast_sugiyama import from_edges  # imported late: the window is on screen before anything is laid out

    dense = {node: index for index, node in enumerate(nodes)}
    bends: dict[int, int] = {}
    ((positions, _, _, chain),) = from_edges(
        [(dense[a], dense[b]) for a, b in edges],
        minimum_length=1,
        vertex_spacing=1,
        dummy_vertices=True,
        dummy_size=0.25,
        ranking_type="up",
        crossing_minimization="barycenter",
        transpose=transpose,
        check_layout=False,
    )

    def own(node: int) -> int:
        return nodes[node] if node < len(nodes) else bends.setdefault(node, first_bend + len(bends))

    by_row: dict[float, list[tuple[float, int]]] = {}
    for node, (x, y) in sorted(positions):
        by_row.setdefault(-y, []).append((x, own(int(node))))
    rows = tuple(tuple(node for _, node in sorted(row)) for _, row in sorted(by_row.items()))
    return Rows(rows, tuple(sorted((own(int(a)), own(int(b))) for a, b in chain or ())))


def _connected(count: int, edges: Sequence[Edge]) -> list[tuple[list[int], list[Edge]]]:
    """The nodes and edges of each connected part; nodes without edges are in none."""
    root = list(range(count))

    def root_of(node: int) -> int:
        while root[node] != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for a, b in edges:
        root[root_of(a)] = root_of(b)
    parts: dict[int, tuple[list[int], list[Edge]]] = {}
    for node in sorted({node for edge in edges for node in edge}):
        parts.setdefault(root_of(node), ([], []))[0].append(node)
    for edge in edges:
        parts[root_of(edge[0])][1].append(edge)
    return list(parts.values())


def longest_path_rows(count: int, edges: Sequence[Edge]) -> list[Rows]:
    """Rows by the longest way from a source, in the order given; wires that skip rows get bends at the right end."""
    rank = _longest_paths(count, edges)
    linked = sorted({node for edge in edges for node in edge}, key=lambda node: (rank[node], node))
    rows: list[list[int]] = [[] for _ in range(max(rank) + 1)] if linked else []
    for node in linked:
        rows[rank[node]].append(node)
    chain, bend = [], count
    for source, target in edges:
        last = source
        for row in range(rank[source] + 1, rank[target]):
            rows[row].append(bend)
            chain.append((last, bend))
            last, bend = bend, bend + 1
        chain.append((last, target))
    return [Rows(tuple(map(tuple, rows)), tuple(chain))] if linked else []


def _longest_paths(count: int, edges: Sequence[Edge]) -> list[int]:
    rank, missing = [0] * count, [0] * count
    targets: list[list[int]] = [[] for _ in range(count)]
    for source, target in edges:
        targets[source].append(target)
        missing[target] += 1
    ready = [node for node in range(count) if not missing[node]]
    for node in ready:
        for target in targets[node]:
            rank[target] = max(rank[target], rank[node] + 1)
            missing[target] -= 1
            if not missing[target]:
                ready.append(target)
    return rank


def _unmirrored(part: Rows, count: int) -> Rows:
    """Turned left to right when that puts more siblings in the order in which they were made."""
    place = {node: index for row in part.rows for index, node in enumerate(row)}
    children: dict[int, list[int]] = {}
    for source, target in part.edges:
        children.setdefault(source, []).append(target)
    score = 0
    for siblings in children.values():
        known = sorted((_behind_bends(node, children, count), node) for node in siblings)
        for (_, a), (_, b) in pairwise(known):
            score += 1 if place[a] < place[b] else -1
    return part if score >= 0 else Rows(tuple(row[::-1] for row in part.rows), part.edges)


def _behind_bends(node: int, children: dict[int, list[int]], count: int) -> int:
    while node >= count:
        node = children[node][0]
    return node
