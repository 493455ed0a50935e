"""The graph as a picture file."""

import os
import stat
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QColor, QImage

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from graph_editor.document.files.file_format import load
from graph_editor.view.items.render import render_graph
from graph_editor.view.painting.content import CallDisplay
from graph_editor.view.painting.theme import CanvasTheme
from tests.gui.view.conftest import Bench

DIGITS = Path(__file__).parents[4] / "resources" / "templates" / "digits.lamella"
SVG = "{http://www.w3.org/2000/svg}"
DARK = CanvasTheme.named("dark")


@pytest.mark.parametrize("light", [False, True])
def test_png_shows_the_whole_graph(bench: Bench, catalog: Catalog, tmp_path: Path, light: bool) -> None:
    path = tmp_path / "graph.png"
    render_graph(load(DIGITS), catalog, DARK, {}, path, "png", light=light, scale=1.0)
    image = QImage(str(path))
    assert image.width() > 500 and image.height() > 700
    assert (image.pixelColor(2, 2).lightnessF() > 0.5) == light
    assert (image.pixelColor(2, 2) == QColor("white")) == light
    larger = tmp_path / "larger.png"
    render_graph(load(DIGITS), catalog, DARK, {}, larger, "png", light=light, scale=2.0)
    assert abs(QImage(str(larger)).width() - 2 * image.width()) <= 1


def test_svg_holds_readable_text(bench: Bench, catalog: Catalog, tmp_path: Path) -> None:
    document = load(DIGITS)
    path = tmp_path / "graph.svg"
    displays = dict.fromkeys(document.graph.calls, CallDisplay(((None, 8, 8, 1),), ("float32",), 25600))
    render_graph(document, catalog, DARK, displays, path, "svg")
    root = ElementTree.parse(path).getroot()
    texts = list(root.iter(f"{SVG}text"))
    said = {"".join(element.itertext()).strip() for element in texts}
    assert {"inception", "25.6k", "8×8×1"} <= said
    families = {element.get("font-family", "") for element in texts}
    assert all("sans-serif" in family or "monospace" in family for family in families)


def test_the_view_renders_what_it_shows(chain: Bench, tmp_path: Path) -> None:
    chain.view.set_shapes({"c1": CallDisplay(((None, 7, 5),))})
    for name in ("graph.png", "graph.svg"):
        chain.view.render_image(tmp_path / name)
    assert not QImage(str(tmp_path / "graph.png")).isNull()
    assert ">7×5<" in (tmp_path / "graph.svg").read_text("utf-8").replace("\n", "").replace(" ", "")


def test_an_empty_graph_is_an_empty_picture(bench: Bench, catalog: Catalog, tmp_path: Path) -> None:
    render_graph(Document(), catalog, DARK, {}, tmp_path / "empty.png", "png")
    assert not QImage(str(tmp_path / "empty.png")).isNull()


def test_a_picture_that_cannot_be_written_leaves_the_old_one(chain: Bench, tmp_path: Path) -> None:
    with pytest.raises(OSError):
        chain.view.render_image(tmp_path / "nowhere" / "graph.png")
    target = tmp_path / "graph.png"
    target.mkdir()
    with pytest.raises(OSError):
        chain.view.render_image(target)
    assert list(tmp_path.iterdir()) == [target], "no half-written file stays behind"


def test_a_picture_can_be_read_by_others(chain: Bench, tmp_path: Path) -> None:
    path = tmp_path / "graph.png"
    chain.view.render_image(path)
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o644
