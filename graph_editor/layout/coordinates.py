"""Where the boxes of a row stand: as near to their neighbours above and below as order and distance allow.

Each row is a weighted isotonic regression (pool adjacent violators) of the places its boxes would like;
sweeps down and up repeat that until chains stand straight and branches stand symmetrically around them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import inf

from graph_editor.layout.ranking import Rows

_SWEEPS = 12
_CHAIN = 30.0  # the one wire between two boxes of neighbouring rows: the trunk of a model, kept straight
_BRANCH = 1.0
_BEND_TO_BEND = 4.0
_TO_BEND = 0.02  # where a long wire leaves and arrives may slant
_STAY = 0.01

Links = dict[int, list[tuple[int, float]]]


def row_centers(part: Rows, widths: Mapping[int, float], gap: float) -> dict[int, float]:
    """The centre of each node (and bend) of ``part``; neighbours in a row keep ``gap`` between them.

    Nodes that ``widths`` does not name are bends.
    """
    above, below = _links(part, widths)
    centers: dict[int, float] = {}
    steps = {row: _offsets(row, widths, gap) for row in part.rows}
    for row in part.rows:
        middle = steps[row][-1] / 2
        centers.update({node: step - middle for node, step in zip(row, steps[row], strict=True)})
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        links = above if down else below
        for row in part.rows if down else part.rows[::-1]:
            _settle(row, steps[row], links, centers)
    both = {node: above.get(node, []) + below.get(node, []) for row in part.rows for node in row}
    for rows in (part.rows, part.rows[::-1], part.rows):
        for row in rows:
            _settle(row, steps[row], both, centers)
    _straighten(part, steps, above, centers)
    return centers


def _straighten(
    part: Rows, steps: Mapping[tuple[int, ...], Sequence[float]], above: Links, centers: dict[int, float]
) -> None:
    """Put the boxes of each chain exactly below each other where their neighbours leave room for that."""
    place = {node: (row, index) for row in part.rows for index, node in enumerate(row)}
    for chain in _chains(part, above):
        low, high = -inf, inf
        for node in chain:
            row, index = place[node]
            offsets = steps[row]
            if index:
                low = max(low, centers[row[index - 1]] + offsets[index] - offsets[index - 1])
            if index + 1 < len(row):
                high = min(high, centers[row[index + 1]] - offsets[index + 1] + offsets[index])
        if low <= high:
            middle = sum(centers[node] for node in chain) / len(chain)
            centers.update(dict.fromkeys(chain, min(max(middle, low), high)))


def _chains(part: Rows, above: Links) -> list[list[int]]:
    """Runs of boxes, each the only one that the one before feeds in the next row."""
    chain_of: dict[int, list[int]] = {}
    for row in part.rows:
        for node in row:
            chain = next((chain_of[up] for up, weight in above.get(node, ()) if weight == _CHAIN), [])
            chain.append(node)
            chain_of[node] = chain
    return [chain for node, chain in chain_of.items() if chain[0] == node and len(chain) > 1]


def _links(part: Rows, widths: Mapping[int, float]) -> tuple[Links, Links]:
    """Return what each node is linked to above and below, and how strongly that pulls."""
    short = [(a, b) for a, b in part.edges if a in widths and b in widths]
    ways_out, ways_in = Counter(a for a, _ in short), Counter(b for _, b in short)
    above: Links = {}
    below: Links = {}
    for source, target in part.edges:
        bends = (source not in widths) + (target not in widths)
        if bends:
            weight = _TO_BEND if bends == 1 else _BEND_TO_BEND
        else:
            weight = _CHAIN if ways_out[source] == ways_in[target] == 1 else _BRANCH
        above.setdefault(target, []).append((source, weight))
        below.setdefault(source, []).append((target, weight))
    return above, below


def _offsets(row: Sequence[int], widths: Mapping[int, float], gap: float) -> list[float]:
    """Return how far each node of a tightly packed row is from the first one, centre to centre."""
    offsets = [0.0]
    for a, b in pairwise(row):
        offsets.append(offsets[-1] + (widths.get(a, 0.0) + widths.get(b, 0.0)) / 2 + gap)
    return offsets


def _settle(row: Sequence[int], steps: Sequence[float], links: Links, centers: dict[int, float]) -> None:
    """Move the nodes of one row as near as possible to the middle of the nodes they are linked to."""
    blocks: list[tuple[float, float, int]] = []  # mean of (wish - step), weight, number of nodes
    for node, step in zip(row, steps, strict=True):
        total, weight = centers[node] * _STAY, _STAY
        for other, strength in links.get(node, ()):
            total += centers[other] * strength
            weight += strength
        mean, size = total / weight - step, 1
        while blocks and blocks[-1][0] >= mean:
            other_mean, other_weight, other_size = blocks.pop()
            mean = (mean * weight + other_mean * other_weight) / (weight + other_weight)
            weight += other_weight
            size += other_size
        blocks.append((mean, weight, size))
    index = 0
    for mean, _, size in blocks:
        for _ in range(size):
            centers[row[index]] = mean + steps[index]
            index += 1
