"""What tooltips say of shapes is what Keras does."""

from __future__ import annotations

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.shapes_taught import shape_lines
from resources.text import use_language
from tests.support.fresh_python import answer_of


def test_keras_gives_the_shapes_that_are_taught() -> None:
    answer = answer_of("-m", "tests.unit.graph_editor.catalog.shapes_check")
    assert answer["wrong"] == {}
    assert len(answer["checked"]) >= 70


def test_lines_are_in_both_languages() -> None:
    spec = Catalog.load().layer("Conv2D")
    assert spec is not None
    assert shape_lines(spec) == ["Shape in: height × width × channels", "Shape out: height′ × width′ × filters"]
    use_language("ko")
    assert shape_lines(spec)[0] == "들어오는 형상: 높이 × 너비 × 채널"
