"""How a tensor is shown on its box: which view, which channels, what numbers. No Keras is needed."""

import numpy as np
import pytest

from runtime.messages.inside import CallAt, Line, Tiles, Tokens, Vector
from runtime.messages.views import Heat
from runtime.worker.evaluation.inside.figures import figures_of, histogram_of
from runtime.worker.evaluation.inside.views import Manner, activation_of, heat_of, view_of


def test_maps_come_with_the_most_active_first_in_one_scale() -> None:
    maps = np.zeros((40, 20, 3), np.float32)
    maps[:, :10, 1] = 2.0
    maps[:, 10:, 2] = -4.0
    view = view_of(maps, Manner(size=10, most=2))
    assert isinstance(view, Tiles) and view.channels == (2, 1) and view.of == 3
    assert {(one.width, one.height, one.channels) for one in view.maps} == {(5, 10, 1)}
    dark, bright = (np.frombuffer(one.data, np.uint8).reshape(10, 5) for one in view.maps)
    assert dark[0, 4] == 0 and bright[0, 0] == 255 and dark[0, 0] == bright[0, 4] == 170  # -4, 2 and 0 between them


def test_channels_in_order_are_pages() -> None:
    view = view_of(np.ones((2, 2, 9)), Manner(most=4, first=4, in_order=True))
    assert isinstance(view, Tiles) and view.channels == (4, 5, 6, 7)
    last = view_of(np.ones((2, 2, 9)), Manner(most=4, first=8, in_order=True))
    assert isinstance(last, Tiles) and last.channels == (8,)


def test_channels_may_come_first() -> None:
    view = view_of(np.ones((5, 2, 3)), Manner(channels_first=True))
    assert isinstance(view, Tiles) and view.of == 5 and (view.maps[0].height, view.maps[0].width) == (2, 3)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (np.float32(3), Vector),
        (np.ones(7), Vector),
        (np.ones((4, 7)), Line),
        (np.ones((4, 5, 7)), Tiles),
        (np.ones((3, 4, 5, 7)), Tiles),
        (np.ones((2, 3, 4, 5, 7), bool), Tiles),
        (np.arange(4), Tokens),
        (np.array(["tea", "cup"], object), Tokens),
        (np.ones(3, np.complex64), Vector),
        (np.full((4, 4, 2), np.nan), Tiles),
        (np.full(4, np.inf), Vector),
    ],
)
def test_the_axes_say_what_is_drawn(values: np.ndarray, kind: type) -> None:
    view = view_of(np.asarray(values), Manner())
    assert isinstance(view, kind)


def test_long_vectors_are_means_of_neighbours() -> None:
    view = view_of(np.arange(512, dtype=np.float32), Manner())
    assert isinstance(view, Vector) and view.of == 512 and view.values[:2] == (0.5, 2.5) and len(view.values) == 256


def test_names_go_with_an_output_of_classes() -> None:
    view = view_of(np.array([0.25, 0.75]), Manner(names=("cat", "dog")))
    assert view == Vector((0.25, 0.75), ("cat", "dog"), 2)


def test_a_sequence_has_a_line_for_each_feature() -> None:
    view = view_of(np.array([[1.0, 5.0], [2.0, 6.0]]), Manner(most=1))
    assert view == Line(((5.0, 6.0),), (1,), 2)


def test_attention_of_long_sequences_is_averaged() -> None:
    heat = heat_of(np.arange(16.0).reshape(4, 4), 2, (("a", "b", "c", "d"), ()))
    assert heat == Heat(((2.5, 4.5), (10.5, 12.5)))
    assert heat_of(np.eye(2), 2, (("a", "b"), ("c", "d"))).columns == ("c", "d")


def test_figures_leave_out_what_is_no_number() -> None:
    values = np.array([0.0, 0.0, -1.0, 3.0, np.nan, np.inf])
    found = figures_of(values)
    assert (found.low, found.high, found.mean, found.nans) == (-1.0, 3.0, 0.5, 1)
    assert found.zeros == pytest.approx(2 / 6)
    assert figures_of(np.full(3, np.nan))[:3] == (None, None, None)
    assert figures_of(np.array(["a"], object)) == figures_of(np.zeros(0))


def test_an_empty_tensor_says_so() -> None:
    shown = activation_of(CallAt("layer"), 0, np.zeros((0, 3)), "float32", Manner())
    assert str(shown.error) == "There is nothing in it: one of its sizes is 0." and shown.shape == (0, 3)


def test_a_histogram_counts_all_finite_values() -> None:
    found = histogram_of(np.array([0.0, 1.0, 1.0, np.nan, 4.0]), bins=4)
    assert found.values == (1.0, 2.0, 0.0, 1.0) and found.edges == (0.0, 1.0, 2.0, 3.0, 4.0)
    assert histogram_of(np.full(3, 2.0)).values == (3.0,) and not histogram_of(np.array([np.inf])).values
