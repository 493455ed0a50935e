"""The picture of the processes and the layers, drawn from the imports: `python3 dev.py pictures architecture`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Final

import networkx as nx

from dev import ROOT
from tests.dev.imports import Source, read_sources

PICTURES: Final = ROOT / "docs" / "pictures"
BLOCKS: Final = ("app", "graph_editor", "runtime", "runtime/worker", "resources")
OPENED: Final = ("graph_editor/view",)  # drawn as the folders in it, as they have an order of their own
LINE, GAP, PAD, HEAD = 20, 8, 14, 44


def block_of(folder: str) -> str:
    return max((block for block in BLOCKS if folder == block or folder.startswith(block + "/")), key=len)


def folder_of(path: Path, root: Path = ROOT) -> str:
    """The folder as which a file is drawn: one level below its block, two where that one is opened."""
    parts = path.relative_to(root).parent.parts
    place = "/".join(parts)
    depth = len(block_of(place).split("/")) + 1
    if any(place.startswith(opened) for opened in OPENED):
        depth += 1
    return "/".join(parts[:depth])


def folder_graph(sources: Mapping[str, Source], root: Path = ROOT) -> nx.DiGraph[str]:
    """An edge from each folder to each that it imports. Inner folders are noted, to be named in the box."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    for source in sources.values():
        folder = folder_of(source.path, root)
        place = source.path.relative_to(root).parent.as_posix()
        graph.add_node(folder)
        if source.path.name != "__init__.py":
            inner = graph.nodes[folder].setdefault("inner", set())
            inner.update({place[len(folder) + 1 :].partition("/")[0]} - {""})
        graph.add_edges_from((folder, folder_of(sources[used].path, root)) for used in source.imports)
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    graph.remove_nodes_from([name for name in graph if "inner" not in graph.nodes[name]])  # nothing but __init__.py
    return graph


def rows(graph: nx.DiGraph[str]) -> list[list[str]]:
    """Folders by floor, the top one first: each imports from lower rows only. Those of a circle share a row."""
    circles = nx.condensation(graph)
    floors: dict[int, int] = {}
    for circle in reversed(list(nx.topological_sort(circles))):
        floors[circle] = 1 + max((floors[lower] for lower in circles[circle]), default=-1)
    result: list[list[str]] = [[] for _ in range(1 + max(floors.values(), default=-1))]
    for circle, floor in floors.items():
        result[floor].extend(circles.nodes[circle]["members"])
    return [sorted(row) for row in reversed(result)]


def circle_members(graph: nx.DiGraph[str]) -> set[str]:
    return {name for circle in nx.strongly_connected_components(graph) if len(circle) > 1 for name in circle}


@dataclass
class Drawing:
    """Parts of an SVG in the colours of one theme."""

    colors: Mapping[str, str]
    parts: list[str] = field(default_factory=list)

    def box(self, x: float, y: float, width: float, height: float, fill: str, line: str, radius: int = 8) -> None:
        self.parts.append(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius}"'
            f' fill="{self.colors[fill]}" stroke="{self.colors[line]}"/>'
        )

    def text(self, x: float, y: float, text: str, size: int = 13, color: str = "text", middle: bool = False) -> None:
        anchor = ' text-anchor="middle"' if middle else ""
        weight = ' font-weight="600"' if size > 13 else ""
        self.parts.append(
            f'<text x="{x:g}" y="{y:g}" font-size="{size}"{anchor}{weight} fill="{self.colors[color]}">'
            f"{escape(text)}</text>"
        )

    def arrow(self, points: Sequence[tuple[float, float]], both: bool = False) -> None:
        path = " L".join(f"{x:g},{y:g}" for x, y in points)
        start = ' marker-start="url(#tip)"' if both else ""
        self.parts.append(
            f'<path d="M{path}" fill="none" stroke="{self.colors["accent"]}" stroke-width="1.5"'
            f' marker-end="url(#tip)"{start}/>'
        )

    def svg(self, width: float, height: float, title: str) -> str:
        tip = (
            '<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8"'
            f' orient="auto-start-reverse"><path d="M0,0 L8,4 L0,8 z" fill="{self.colors["accent"]}"/></marker>'
        )
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}"'
            f' height="{height:g}" font-family="system-ui, Segoe UI, Noto Sans, sans-serif" role="img">\n'
            f"<title>{escape(title)}</title>\n<defs>{tip}</defs>\n"
            f'<rect width="{width:g}" height="{height:g}" fill="{self.colors["background"]}"/>\n'
        )
        return head + "\n".join(self.parts) + "\n</svg>\n"


def label(folder: str, block: str, inner: Iterable[str]) -> list[str]:
    """The lines in a folder's box: its name in the block, and the folders in it, a few to a line."""
    name = folder.removeprefix(block + "/") if folder != block else f"{block}/*.py"
    lines, line = [name], ""
    for word in sorted(inner):
        if line and len(line) + len(word) > 44:
            lines.append(line)
            line = ""
        line += f" · {word}" if line else word
    return [*lines, line] if line else lines


def box_width(lines: Sequence[str]) -> float:
    return max(max(map(len, lines)) * 7.0 + 24, 84.0)


def draw_block(drawing: Drawing, graph: nx.DiGraph[str], block: str, at: tuple[float, float], width: float) -> float:
    """A block with its rows of folders; its height."""
    x, top = at
    inside = graph.subgraph([name for name in graph if block_of(name) == block])
    circles, boxes, y = circle_members(inside), [], top + HEAD - 8
    for row in rows(inside):
        line: list[tuple[str, list[str]]] = []
        for name in [*row, ""]:
            lines = label(name, block, inside.nodes[name]["inner"]) if name else []
            wide = sum(box_width(each) + GAP for _, each in line)
            if line and (not name or wide + box_width(lines) > width - 2 * PAD):
                left = x + (width - wide + GAP) / 2
                height = max(len(each) for _, each in line) * LINE + 10
                for folder, each in line:
                    boxes.append((folder, each, left, y, box_width(each), height))
                    left += box_width(each) + GAP
                y, line = y + height + GAP, []
            if name:
                line.append((name, lines))
    drawing.box(x, top, width, y - top + PAD - GAP, "panel", "line", 10)
    drawing.text(x + PAD, top + 24, f"{block}/", 15)
    if circles:
        drawing.text(x + width - PAD - 270, top + 24, "red: these import each other in a circle", 12, "error.text")
    for folder, lines, left, upper, wide, height in boxes:
        drawing.box(left, upper, wide, height, "raised", "error" if folder in circles else "line")
        for number, text in enumerate(lines):
            middle = upper + (height - len(lines) * LINE) / 2 + LINE * number + 15
            drawing.text(left + wide / 2, middle, text, 13 if number == 0 else 12, "dim" if number else "text", True)
    return y - top + PAD - GAP


LEFT, WIDE, RIGHT, NARROW = 24.0, 700.0, 856.0, 350.0
MIDDLE: Final = (LEFT + WIDE + RIGHT) / 2


def draw(graph: nx.DiGraph[str], colors: Mapping[str, str]) -> str:
    """The whole picture: the desktop on the left, workers on the right, and what goes between them."""
    drawing = Drawing(colors)
    drawing.text(LEFT, 38, "Desktop: the window, and each verb of the command line", 16)
    drawing.text(
        LEFT, 58, "A folder imports from the rows below it, and from blocks to which an arrow leads.", 12, "dim"
    )
    y, tops, ends = 38.0, {}, {}
    for block in ("app", "graph_editor", "runtime"):
        tops[block] = y + 34
        y = ends[block] = tops[block] + draw_block(drawing, graph, block, (LEFT, tops[block]), WIDE)
    known = {(block_of(name), block_of(used)) for name, used in graph.edges}
    center = LEFT + WIDE / 2
    for upper, lower in (("app", "graph_editor"), ("graph_editor", "runtime")):
        if (upper, lower) in known:
            drawing.arrow([(center, ends[upper]), (center, tops[lower])])
    if ("app", "runtime") in known:
        side, start, end = LEFT + WIDE + 18, (tops["app"] + ends["app"]) / 2, tops["runtime"] + 20
        drawing.arrow([(LEFT + WIDE, start), (side, start), (side, end), (LEFT + WIDE, end)])
    bottom = draw_workers(drawing, graph)
    draw_between(drawing, tops["runtime"], ends["runtime"], bottom)
    drawing.box(LEFT, y + 24, RIGHT + NARROW - LEFT, 40, "panel", "line", 10)
    drawing.text(LEFT + PAD, y + 49, "resources/", 15)
    words = "catalogue of Keras, themes, translations, safe ways to files: all may import it, it imports none"
    drawing.text(LEFT + 120, y + 49, words, 12, "dim")
    return drawing.svg(RIGHT + NARROW + 24, y + 88, "The processes of Lamella, and the layers of its folders")


def draw_workers(drawing: Drawing, graph: nx.DiGraph[str]) -> float:
    """The processes that hold Keras, and the code that they share; where it ends."""
    drawing.text(RIGHT, 38, "Workers: one program, two tasks", 16)
    drawing.text(RIGHT, 58, "python -m runtime.worker: only here is Keras imported", 12, "dim")
    y = 72.0
    for name, task in (
        ("engine", "one, kept warm: shapes, counts, errors, import, export"),
        ("trainer", "one for each run: from its spec to its results"),
    ):
        drawing.box(RIGHT, y, NARROW, 50, "accent.soft", "accent")
        drawing.text(RIGHT + PAD, y + 21, name, 14)
        drawing.text(RIGHT + PAD, y + 39, task, 12, "dim")
        y += 58
    return y + 8 + draw_block(drawing, graph, "runtime/worker", (RIGHT, y + 8), NARROW)


def draw_between(drawing: Drawing, top: float, end: float, bottom: float) -> None:
    """Messages and the run folder, between the desktop's `runtime/` and the workers that end at ``bottom``."""
    middle, level = RIGHT + NARROW / 2, (top + end) / 2 + 8
    drawing.box(RIGHT, level - 36, NARROW, 72, "accent.soft", "accent")
    drawing.text(middle, level - 13, "the folder of a run", 14, "text", True)
    drawing.text(middle, level + 8, "spec, events, checkpoints, results, figures:", 12, "dim", True)
    drawing.text(middle, level + 25, "the truth, whatever becomes of a process", 12, "dim", True)
    drawing.arrow([(middle, bottom), (middle, level - 36)])
    drawing.text(middle + 10, (bottom + level - 36) / 2, "every event, numbered", 12, "dim")
    drawing.arrow([(RIGHT, level), (LEFT + WIDE, level)])
    drawing.text(MIDDLE + 8, level - 8, "is read", 12, "dim", True)
    across, talk = MIDDLE, top + 8
    drawing.arrow([(LEFT + WIDE, talk), (across, talk), (across, 130), (RIGHT, 130)], both=True)
    drawing.text(MIDDLE - 24, 122, "messages", 12, "dim")


def pictures(root: Path = ROOT) -> dict[Path, str]:
    """The files that the picture is, as they should be."""
    graph = folder_graph(read_sources(root=root), root)
    result = {}
    for theme in ("dark", "light"):
        colors = json.loads((ROOT / "resources" / "themes" / f"{theme}.json").read_text("utf-8"))["colors"]
        result[PICTURES / f"architecture-{theme}.svg"] = draw(graph, colors)
    return result
