"""What the documents name is there: files, verbs, links, and a picture that fits the imports."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import pytest
from PIL import Image

import dev
from tests.dev import architecture
from tests.dev.verbs import pictures
from tests.support.trees import PACKAGES, ROOT, python_files

DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / ".github").rglob("*.*"),
        ROOT / ".pre-commit-config.yaml",
    ]
)
MAPS = [ROOT / "CONTRIBUTING.md", ROOT / "docs" / "architecture.md"]


@pytest.mark.parametrize("document", MAPS, ids=lambda path: path.name)
def test_every_file_and_folder_that_is_named_is_there(document: Path) -> None:
    named = re.findall(r"`((?:app|graph_editor|runtime|resources|tests|docs)/[\w./-]*)", document.read_text("utf-8"))
    assert len(named) > 15
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_module_that_prose_names_is_there() -> None:
    """In documents and in the code: a file is named by the end of its path, as in `canvas/items.py`."""
    packages = python_files(*PACKAGES, "tests")
    there = [f"/{path.relative_to(ROOT).as_posix()}" for path in (*packages, *ROOT.glob("*.py"))]
    named = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in (*DOCUMENTS, *packages)
        for name in re.findall(r"`([A-Za-z_][\w/]*\.py)`", path.read_text("utf-8"))
    }
    assert len(named) > 50
    assert [item for item in sorted(named) if not any(path.endswith(f"/{item[1]}") for path in there)] == []


def test_what_a_file_of_a_registry_has_is_what_such_files_have() -> None:
    """The table of CONTRIBUTING: each name stands in at least one file of its folder, as a value or a function."""
    rows = re.findall(r"^\| [^|]+ \| `([\w/]+/)`[^|]* \| ([^|]*`[^|]*) \|", MAPS[0].read_text("utf-8"), re.MULTILINE)
    wanted = {folder: re.findall(r"`(\w+)`", names) for folder, names in rows if any((ROOT / folder).glob("*.py"))}
    assert len(wanted) >= 10
    for folder, names in wanted.items():
        texts = [path.read_text("utf-8") for path in (ROOT / folder).glob("*.py")]
        for name in names:
            assert any(re.search(rf"^(def )?{name}\b", text, re.MULTILINE) for text in texts), (folder, name)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_verb_that_is_named_can_be_called(document: Path) -> None:
    named = re.findall(r"\bdev\.py ([a-z]+)", document.read_text("utf-8"))
    assert set(named) - {*dev.verbs(), "setup"} == set()


@pytest.mark.parametrize("document", [path for path in DOCUMENTS if path.suffix == ".md"], ids=lambda path: path.name)
def test_every_link_and_picture_leads_somewhere(document: Path) -> None:
    text = document.read_text("utf-8")
    links = re.findall(r"\]\(([^)#\s]+)", text) + re.findall(r'(?:src|srcset)="([^"]+)"', text)
    assert [link for link in links if "://" not in link and not (document.parent / link).exists()] == []


def test_the_picture_of_the_layers_fits_the_imports() -> None:
    outdated = [path.name for path, svg in architecture.pictures().items() if path.read_text("utf-8") != svg]
    assert outdated == [], "the layers are other ones now: `python3 dev.py pictures architecture` draws them"


def test_the_folder_of_pictures_holds_what_the_verb_makes_and_is_small() -> None:
    found = sorted(architecture.PICTURES.iterdir())
    assert found == pictures.files()
    assert [path.name for path in found if path.stat().st_size > 100_000] == []


def graph(*edges: str) -> nx.DiGraph[str]:
    result: nx.DiGraph[str] = nx.DiGraph()
    result.add_edges_from((user, used) for user, used in (edge.split(">") for edge in edges))
    nx.set_node_attributes(result, {name: {"inner": set()} for name in result})
    return result


def test_each_row_imports_from_lower_ones_only() -> None:
    assert architecture.rows(graph("a>b", "a>c", "b>d", "c>e", "d>e")) == [["a"], ["b"], ["c", "d"], ["e"]]


def test_a_circle_is_drawn_as_one() -> None:
    circle = graph("app/a>app/b", "app/b>app/c", "app/c>app/b", "app/c>app/d")
    assert architecture.rows(circle) == [["app/a"], ["app/b", "app/c"], ["app/d"]]
    assert architecture.circle_members(circle) == {"app/b", "app/c"}
    colors = dict.fromkeys(("background", "panel", "raised", "line", "text", "dim", "accent", "accent.soft"), "#000")
    svg = architecture.draw(circle, {**colors, "error": "red", "error.text": "red"})
    assert svg.count('stroke="red"') == 2
    assert "import each other in a circle" in svg


def test_folders_are_drawn_one_level_deep_and_the_view_two() -> None:
    expected = {
        "app/panels/train/panel.py": "app/panels",
        "app/__main__.py": "app",
        "graph_editor/view/tools/cut.py": "graph_editor/view/tools",
        "graph_editor/document/changes/wires.py": "graph_editor/document",
        "runtime/worker/data/sources/csv.py": "runtime/worker/data",
        "runtime/launchers/local.py": "runtime/launchers",
        "runtime/clients/client.py": "runtime/clients",
        "runtime/spec.py": "runtime",
    }
    assert {name: architecture.folder_of(ROOT / name) for name in expected} == expected


def test_every_name_lies_within_the_picture() -> None:
    (svg, *_) = architecture.pictures().values()
    root = ElementTree.fromstring(svg)
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        size = float(text.attrib["font-size"]) * 0.5 * len(text.text or "")
        left = float(text.attrib["x"]) - (size / 2 if "text-anchor" in text.attrib else 0)
        assert left >= 0 and left + size <= width and float(text.attrib["y"]) < height, text.text


def test_a_compressed_picture_keeps_its_pixels(tmp_path: Path) -> None:
    image = Image.new("RGB", (64, 64), "#f4f5f8")
    for number in range(600):
        image.putpixel((number % 64, number // 64), (number % 256, number // 3, 7))
    image.save(tmp_path / "a.png")
    pictures.compress(tmp_path / "a.png", tmp_path / "b.webp")
    with Image.open(tmp_path / "b.webp") as smaller:
        assert smaller.tobytes() == image.tobytes()
