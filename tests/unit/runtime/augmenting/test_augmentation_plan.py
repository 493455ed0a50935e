"""What augmentation changes of a model's samples, what it cannot change, and how batches come ahead of the model."""

from __future__ import annotations

import numpy as np
import pytest

from resources.text import Text
from resources.training.augmentations import AUGMENTATIONS, find_augmentation
from runtime.messages.checking import Endpoint, SettingChange
from runtime.spec import Augmentation, ColumnKind, ColumnSpec, DataSpec, KerasObject, OutputTraining, Step
from runtime.worker.data.augmenting.check import augmentation_problems, left_boxes
from runtime.worker.data.augmenting.feed import Augmented, InMemory
from runtime.worker.data.augmenting.plan import Planned, planned, range_problems
from runtime.worker.data.feed.reading import Arrays
from runtime.worker.data.fitting import Fit, fit
from runtime.worker.data.source import DataError, Source
from tests.unit.runtime.preparing.table import Table


class Leaves(Table):
    """Pictures with masks, and a table beside them."""

    def sample_kind(self, name: str) -> ColumnKind | None:
        kinds: dict[str, ColumnKind] = {"photo": "image", "grey": "image", "mask": "mask"}
        return kinds.get(name)


def leaves(count: int = 4) -> Leaves:
    random = np.random.default_rng(0)
    return Leaves(
        photo=random.integers(0, 255, (count, 8, 8, 3)).astype(np.uint8),
        grey=random.random((count, 8, 8)).astype(np.float32),
        mask=random.integers(0, 2, (count, 8, 8, 1)),
        size=random.random(count),
        kind=np.arange(count) % 3,
        box=np.array([[0, 1, 3, 2], [4, 4, 3, 2], [5, 1, 2, 6], [2, 2, 4, 4]], np.float32)[np.arange(count) % 4],
        four=np.eye(4, dtype=np.float32)[np.arange(count) % 4],
        one_hot=np.eye(3, dtype=np.float32)[np.arange(count) % 3],
    )


MIX = Augmentation("MixUp", {"alpha": 0.2})


def taken(source: Source, column: str, loss: str = "") -> Fit:
    """A column as an input of its own shape, or as the truth of an output with that loss."""
    shape = (None, *source.shape(column)[1:])
    if not loss:
        return fit(source, [column], Endpoint(column, shape, "float32"))
    sparse = loss.startswith("Sparse")
    trained = OutputTraining(column, KerasObject(loss))
    end = Endpoint(column, (*shape[: 3 if len(shape) > 2 else 1], 3) if sparse else shape, "float32", trained)
    return fit(source, [column], end, is_output=True)


def plan_of(layer: str, *fits: Fit, name: str = "", **config: object) -> Planned:
    return planned([Augmentation(layer, config, name)], leaves(), fits)[0]


def test_pictures_are_changed_and_masks_follow() -> None:
    source = leaves()
    fits = (taken(source, "photo"), taken(source, "size"), taken(source, "mask", "BinaryCrossentropy"))
    moved = plan_of("RandomRotation", *fits, factor=0.1)
    assert (moved.pictures, moved.masks, moved.targets, moved.labels) == (("photo",), ("mask",), (), ())
    assert plan_of("RandomHue", *fits, factor=0.1).masks == (), "where colours change, masks stay"
    both = (taken(source, "photo"), taken(source, "grey"), taken(source, "one_hot", "CategoricalCrossentropy"))
    assert plan_of("RandomFlip", *both).pictures == ("photo", "grey")
    assert plan_of("RandomFlip", *both, name="grey").pictures == ("grey",)
    copied = (taken(source, "photo"), taken(source, "grey", "MeanSquaredError"))
    assert plan_of("RandomFlip", *copied).targets == ("grey",), "a picture that is to come out moves along"
    mixed = plan_of("MixUp", taken(source, "photo"), taken(source, "one_hot", "CategoricalCrossentropy"))
    assert mixed.labels == ("one_hot",)


@pytest.mark.parametrize(
    ("layer", "columns", "truth", "loss", "said"),
    [
        ("Dense", ("photo",), "one_hot", "CategoricalCrossentropy", "Dense"),
        ("RandomFlip", ("size",), "one_hot", "CategoricalCrossentropy", "no input of the model takes any"),
        ("RandomHue", ("grey",), "one_hot", "CategoricalCrossentropy", "three colours, but grey comes as 8×8"),
        ("MixUp", ("photo",), "kind", "SparseCategoricalCrossentropy", "the number of a class cannot say"),
        ("CutMix", ("photo",), "mask", "BinaryCrossentropy", "have the shape 8×8×1"),
        ("MixUp", ("photo", "size"), "one_hot", "CategoricalCrossentropy", "size would stay as it is"),
        ("AugMix", ("photo",), "mask", "BinaryCrossentropy", "masks cannot follow"),
    ],
)
def test_what_cannot_be_done_is_said(layer: str, columns: tuple[str, ...], truth: str, loss: str, said: str) -> None:
    source = leaves()
    with pytest.raises(DataError) as refused:
        plan_of(layer, *(taken(source, column) for column in columns), taken(source, truth, loss))
    assert said in refused.value.text.english()


def test_what_is_not_to_follow_stays() -> None:
    fits = (taken(leaves(), "photo"), taken(leaves(), "mask", "BinaryCrossentropy"))
    (alone,) = planned([Augmentation("RandomFlip", {}, follow=False)], leaves(), fits)
    assert alone.changed == ("photo",)


def test_boxes_follow_where_it_is_said_how_they_are_written() -> None:
    fits = (taken(leaves(), "photo"), taken(leaves(), "box", "MeanSquaredError"))
    assert plan_of("RandomFlip", *fits, bounding_box_format="xyxy").boxes == ("box",)
    assert plan_of("RandomFlip", *fits).boxes == ()
    assert plan_of("RandomHue", *fits, bounding_box_format="xyxy").boxes == (), "nothing moves"
    with pytest.raises(DataError, match="boxes cannot follow"):
        plan_of("RandomElasticTransform", *fits, bounding_box_format="xyxy")


def test_boxes_that_stay_are_remarked_on_and_told_to_follow_by_one_click() -> None:
    source = leaves()
    fits = (taken(source, "photo"), taken(source, "box", "MeanSquaredError"))
    layers = (Augmentation("RandomFlip", {"mode": "horizontal"}), Augmentation("RandomElasticTransform"))
    (odd,) = left_boxes(planned(layers, source, fits), source, fits)
    assert odd.severity == "warning" and odd.text.english().startswith("RandomFlip moves what is in the pictures")
    assert odd.mend is not None
    (change,) = odd.mend.changes  # the other layer can take none along
    assert isinstance(change, SettingChange) and change.path == ("augmentation", "0", "config")
    assert change.value == {"mode": "horizontal", "bounding_box_format": "xywh"}
    still = [Augmentation("RandomFlip", follow=False), Augmentation("RandomHue")]
    assert not list(left_boxes(planned(still, source, fits), source, fits))
    classes = (fits[0], taken(source, "four", "MeanSquaredError"))
    assert not list(left_boxes(planned(layers[:1], source, classes), source, classes)), "ones and zeros are no boxes"


def test_a_value_that_keras_does_not_know_is_named_and_mended() -> None:
    source = leaves()
    fits = (taken(source, "photo"), taken(source, "one_hot", "CategoricalCrossentropy"))
    layers = (Augmentation("RandomHue"), Augmentation("RandomFlip", {"mode": "Vertikal"}))
    (wrong,) = augmentation_problems(DataSpec((), augmentation=layers), source, fits)
    assert wrong.severity == "error"
    assert wrong.text.english() == (
        "mode of RandomFlip must be one of horizontal, vertical, horizontal_and_vertical, not Vertikal."
    )
    assert wrong.mend is not None
    assert wrong.mend.changes == (SettingChange("data", ("augmentation", "1", "config", "mode"), "vertical"),)


def test_class_numbers_become_one_hot_by_one_click() -> None:
    source = leaves()
    mixing = DataSpec((), {"kind": ColumnSpec("category", (Step("clip", {"low": 0}),))}, augmentation=(MIX,))
    fits = (taken(source, "photo"), taken(source, "kind", "SparseCategoricalCrossentropy"))
    (wrong,) = augmentation_problems(mixing, source, fits)
    assert wrong.severity == "error" and wrong.mend is not None
    assert wrong.mend.changes == (
        SettingChange("data", ("columns", "kind", "steps"), [{"step": "clip", "low": 0}, {"step": "one_hot"}]),
        SettingChange("training", ("outputs", "kind", "loss"), {"class_name": "CategoricalCrossentropy", "config": {}}),
        SettingChange("training", ("outputs", "kind", "metrics"), []),
    )
    few = leaves(2)  # a class of the model is not among the labels
    few_fits = (taken(few, "photo"), taken(few, "kind", "SparseCategoricalCrossentropy"))
    (wrong,) = augmentation_problems(mixing, few, few_fits)
    assert wrong.mend is None


def test_an_input_that_is_not_there_is_named() -> None:
    with pytest.raises(DataError, match="nobody, which the model does not have"):
        plan_of("RandomFlip", taken(leaves(), "photo"), name="nobody")


def test_a_range_that_values_do_not_have_is_odd_and_mended() -> None:
    source = leaves()
    fits = [taken(source, "grey"), taken(source, "one_hot", "CategoricalCrossentropy")]
    layers = [Augmentation("RandomFlip"), Augmentation("RandomContrast", {"factor": 0.1})]
    (odd,) = range_problems(planned(layers, source, fits), source, fits)
    assert odd.severity == "warning" and "from 0 to 255, but those of grey" in odd.text.english()
    assert odd.mend is not None
    (change,) = odd.mend.changes
    assert (change.path, change.value) == (("augmentation", "1", "config", "value_range"), [0.0, 1.0])  # type: ignore[union-attr]
    told = [layers[0], Augmentation("RandomContrast", {"factor": 0.1, "value_range": [0, 1]})]
    assert not list(range_problems(planned(told, source, fits), source, fits))
    coloured = [taken(source, "photo"), fits[1]]
    assert not list(range_problems(planned(layers, source, coloured), source, coloured))


def test_batches_come_by_their_number_one_ahead() -> None:
    asked: list[tuple[int, int]] = []

    def changed(arrays: Arrays, epoch: int, index: int) -> Arrays:
        asked.append((epoch, index))
        if arrays["x"][0] == 99:
            raise DataError(Text("no picture"))
        return {"x": arrays["x"] + 100 * epoch}

    feed = Augmented(InMemory({"x": np.arange(5)}, 2, None), changed)
    assert feed.batches == 3
    assert [feed.batch(1, index)["x"].tolist() for index in range(3)] == [[100, 101], [102, 103], [104]]
    with pytest.raises(IndexError):
        feed.batch(0, 3)
    feed.close()
    assert asked[:3] == [(1, 0), (1, 1), (1, 2)] and set(asked[3:]) <= {(2, 0)}
    shuffled = InMemory({"x": np.arange(50)}, 8, 3)
    orders = [np.concatenate([shuffled.batch(epoch, index)["x"] for index in range(7)]) for epoch in (0, 1, 0)]
    assert orders[0].tolist() == orders[2].tolist() != orders[1].tolist()
    assert sorted(orders[1].tolist()) == list(range(50))
    broken = Augmented(InMemory({"x": np.array([99])}, 1, None), changed)
    with pytest.raises(DataError, match="no picture"):
        broken.batch(0, 0)
    broken.close()


def test_each_layer_is_known_by_its_name() -> None:
    assert all(find_augmentation(kind.layer) is kind for kind in AUGMENTATIONS)
    assert len({kind.layer for kind in AUGMENTATIONS}) == len(AUGMENTATIONS)
