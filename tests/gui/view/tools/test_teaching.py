"""Tooltips say what the parameters mean, in both languages."""

from __future__ import annotations

from app.panels.palette.model import layer_tooltip
from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.teaching import parameter_lines
from resources.text import use_language
from tests.gui.view.conftest import Bench


def test_a_box_tells_its_values_and_what_they_do(bench: Bench) -> None:
    bench.add("Conv2D", 300, 200)
    place = bench.view.mapToScene(bench.middle("c1"))
    tooltip = bench.view._mouse.hover.tooltip(place, 1.0)
    assert "filters = 32: Number of filters" in tooltip
    assert "kernel_size = 3×3: " in tooltip


def test_the_palette_tells_what_the_main_parameters_do(catalog: Catalog) -> None:
    spec = catalog.layer("Conv2D")
    assert spec is not None
    english = layer_tooltip(spec, catalog)
    assert "filters: Number of filters" in english
    assert "Shape out: height′ × width′ × filters" in english
    use_language("ko")
    assert "filters: " in layer_tooltip(spec, catalog)
    assert "Number of filters" not in layer_tooltip(spec, catalog)


def test_every_layer_of_the_palette_can_be_told_in_few_lines(catalog: Catalog) -> None:
    for spec in catalog.palette():
        lines = parameter_lines(catalog, spec, spec.defaults)
        assert len(lines) <= 4
        assert [line for line in lines if not line.partition(": ")[2]] == [], spec.class_name
