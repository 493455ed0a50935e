"""Room above and below frames in an arranged graph."""

from itertools import pairwise

from graph_editor.document.sizes import BOX_HEIGHT, BOX_WIDTH
from graph_editor.layout.frame_room import FRAME_ABOVE, FRAME_BELOW, arrange_framed
from graph_editor.layout.layered import arrange

CHAIN = [f"c{number}" for number in range(6)]
NODES = dict.fromkeys([*CHAIN, "alone"], (BOX_WIDTH, BOX_HEIGHT))
EDGES = list(pairwise(CHAIN))


def test_without_frames_nothing_is_different() -> None:
    assert arrange_framed(NODES, EDGES, []) == arrange(NODES, EDGES)
    assert arrange_framed(NODES, EDGES, [["gone"], ["alone"]]) == arrange(NODES, EDGES)


def test_boxes_keep_off_the_frame_above_and_below_them() -> None:
    before, after = arrange(NODES, EDGES), arrange_framed(NODES, EDGES, [["c2", "c3"]])
    y = {key: place[1] for key, place in after.items()}
    assert y["c2"] - FRAME_ABOVE - (y["c1"] + BOX_HEIGHT) >= 20
    assert y["c4"] - (y["c3"] + BOX_HEIGHT + FRAME_BELOW) >= 20
    for a, b in (("c0", "c1"), ("c2", "c3"), ("c4", "c5")):
        assert y[b] - y[a] == before[b][1] - before[a][1]
    assert {key: place[0] for key, place in after.items()} == {key: place[0] for key, place in before.items()}


def test_two_frames_one_below_the_other_do_not_meet() -> None:
    after = arrange_framed(NODES, EDGES, [["c1", "c2"], ["c3", "c4"]])
    assert after["c3"][1] - FRAME_ABOVE - (after["c2"][1] + BOX_HEIGHT + FRAME_BELOW) >= 10
