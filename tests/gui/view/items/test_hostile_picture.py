"""Names from a file within a picture: text of it and nothing else, in a file that every XML reader takes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from app.project.templates import TEMPLATES
from graph_editor.catalog.catalog import Catalog
from graph_editor.view.items.render import render_graph
from graph_editor.view.painting.theme import CanvasTheme
from tests.fuzz.hostile_projects import PAYLOADS
from tests.gui.view.conftest import Bench

_TAGS = {"svg", "title", "desc", "defs", "g", "path", "rect", "circle", "text"}
_MARKUP = (
    "</title><script>alert(1)</script>",
    '<image href="file:///dev/zero"/>',
    "]]><!ENTITY x SYSTEM 'file:///etc/hostname'>&x;",
    "a\"b'c&d<e>&#0;",
    "\ufffe\uffff\x1b[2J",
    *[text for text in PAYLOADS if len(text) < 100][::4],
)


@pytest.mark.parametrize("text", _MARKUP, ids=range(len(_MARKUP)))
def test_names_are_text(text: str, bench: Bench, catalog: Catalog, tmp_path: Path) -> None:
    document = TEMPLATES[0].open()
    for graph in document.graphs.values():
        graph.name = text
        for operation in list(graph.operations.values()):
            graph.replace_operation(replace(operation, config={**operation.config, "name": text + operation.id}))
    path = tmp_path / "graph.svg"
    render_graph(document, catalog, CanvasTheme.named("dark"), {}, path, "svg")
    root = ElementTree.parse(path).getroot()
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= _TAGS
    assert not [key for element in root.iter() for key in element.attrib if key.startswith("on") or "href" in key]
    title = root.findtext("{http://www.w3.org/2000/svg}title")
    assert title is not None
    if text.isprintable() and text.strip():
        assert title.strip() == text.strip()
