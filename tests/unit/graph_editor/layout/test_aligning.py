"""Boxes of different heights in line with each other."""

from graph_editor.layout.aligning import aligned, distributed
from graph_editor.layout.layered import arrange

PLACES = {"a": (0.0, 0.0), "b": (300.0, 100.0), "c": (600.0, 200.0)}
SLIM = {"b": 26.0}


def test_edges_and_middles_come_into_line() -> None:
    assert [y for _, y in aligned(PLACES, "top", SLIM).values()] == [0, 0, 0]
    assert [y for _, y in aligned(PLACES, "bottom", SLIM).values()] == [200, 224, 200]
    middles = {key: y + SLIM.get(key, 50.0) / 2 for key, (_, y) in aligned(PLACES, "middle", SLIM).items()}
    assert set(middles.values()) == {125}
    assert [x for x, _ in aligned(PLACES, "right", SLIM).values()] == [600, 600, 600]


def test_gaps_become_equal() -> None:
    places = distributed({**PLACES, "b": (300.0, 180.0)}, "down", SLIM)
    assert places == {"a": (0, 0), "b": (300, 112), "c": (600, 200)}  # 62 above and below the bar
    assert distributed({**PLACES, "b": (50.0, 100.0)}, "across", SLIM)["b"][0] == 300


def test_the_layout_gives_a_bar_less_room() -> None:
    edges = [("a", "b"), ("b", "c")]
    tall = arrange({"a": (172, 50), "b": (172, 50), "c": (172, 50)}, edges)
    slim = arrange({"a": (172, 50), "b": (172, 26), "c": (172, 50)}, edges)
    assert tall["c"][1] - slim["c"][1] == 24 and tall["b"] == slim["b"]
