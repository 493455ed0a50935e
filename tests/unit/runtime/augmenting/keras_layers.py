"""What augmentation makes of pictures by Keras' layers, in a process of its own.

`python -m tests.unit.runtime.augmenting.keras_layers` prints JSON: "public" -> Keras' layers for pictures, "layers" ->
facts of each by its name, "training" -> facts of a run's samples in memory and streamed, "boxes" -> how far boxes are
from what they are around, by layer and format, "silent" -> the parameters whose wrong values Keras does not refuse.
"""

import json
import os
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

from resources.training.augmentations import AUGMENTATIONS, AugmentationKind
from runtime.spec import Augmentation, Binding, DataSource, DataSpec, KerasObject, OutputTraining, RunSpec
from runtime.spec import TrainingSettings as Settings
from runtime.worker.data.augmenting.layers import Augmenter
from runtime.worker.data.augmenting.plan import Planned
from runtime.worker.data.source import Array
from runtime.worker.training.training_data import TrainingData, load
from tests.unit.runtime.preparing.table import Table

SIDE, COUNT = 12, 6
STRONGER: dict[str, dict[str, Any]] = {  # than at first, for pictures so small
    "RandomCrop": {"height": SIDE, "width": SIDE},
    "RandomZoom": {"height_factor": 0.4},
    "RandomElasticTransform": {"scale": 1.0},
    "RandomHue": {"factor": 0.5},
}
SLOW = ("RandAugment", "RandomElasticTransform")  # to be made a second time
_RNG = np.random.default_rng(1)


def blocks() -> Array:
    """Pictures of large squares, dark or bright and of one tone, uint8 as a model may take them."""
    coarse = _RNG.integers(0, 2, (COUNT, 3, 3, 1)) * 160 + 40
    fine = np.repeat(np.repeat(coarse, SIDE // 3, 1), SIDE // 3, 2)
    toned: Array = (fine * np.array([1.0, 0.7, 0.5])).astype(np.uint8)
    return toned


def planned(kind: AugmentationKind) -> Planned:
    config = {**kind.start, **STRONGER.get(kind.layer, {})}
    masks = ("mask",) if kind.moves and kind.masks else ()
    labels = ("label",) if kind.mixes else ()
    return Planned(kind, Augmentation(kind.layer, dict(config)), ("picture",), masks, labels=labels)


def facts(kind: AugmentationKind) -> dict[str, Any]:
    pictures = blocks()
    masks = (pictures[..., 0] > 128).astype(np.int32)
    arrays = {"picture": pictures, "mask": masks, "label": np.eye(3, dtype=np.float32)[np.arange(COUNT) % 3]}
    first = Augmenter([planned(kind)], 5)
    batches = [first.batch(arrays, 0, index) for index in range(4)]
    later = (first if kind.layer in SLOW else Augmenter([planned(kind)], 5)).batch(arrays, 0, 3)
    pixels = np.concatenate([batch["picture"][..., 0] for batch in batches])
    found = np.concatenate([batch["mask"] for batch in batches])
    return {
        "changed": any(not np.array_equal(batch["picture"], pictures) for batch in batches),
        "again": all(np.array_equal(later[name], batches[3][name]) for name in arrays),
        "types": all(batch[name].dtype == arrays[name].dtype and batch[name].shape == arrays[name].shape
                     for batch in batches for name in arrays),
        "mask_moved": not np.array_equal(found, np.concatenate([masks] * 4)),
        "mask_fits": float(np.mean((pixels > 128) == (found == 1))),
        "mask_values": sorted(set(found.reshape(-1).tolist())),
        "label_sums": np.concatenate([batch["label"] for batch in batches]).sum(axis=1).round(4).tolist(),
        "labels_mixed": any(not np.array_equal(batch["label"], arrays["label"]) for batch in batches),
    }  # fmt: skip


def boxes_off(kind: AugmentationKind, way: str) -> dict[str, Any]:
    """In pixels, of one bright rectangle in each picture; `none` is what became of a place without a box."""
    edge, count = 48, 6
    pictures = np.zeros((count, edge, edge, 3), np.uint8)
    corners = _RNG.integers(10, 16, (count, 4)) * [1, 1, 2, 2]  # so that none leaves the picture
    for picture, (left, top, right, bottom) in zip(pictures, corners, strict=True):
        picture[top:bottom, left:right] = 255
    written = {"xyxy": corners, "rel_xywh": (corners - [[0, 0, 1, 1]] * corners[:, [0, 1, 0, 1]]) / edge}[way]
    boxes = np.stack([written, np.zeros_like(written)], 1) if way == "xyxy" else written
    sized = {"height": edge, "width": edge} if kind.layer == "RandomCrop" else {}
    filled = {} if kind.layer in ("RandomFlip", "RandomCrop", "RandomPerspective") else {"fill_mode": "constant"}
    config = {**kind.start, **sized, **filled, "bounding_box_format": way}
    layer = Planned(kind, Augmentation(kind.layer, config), ("picture",), boxes=("box",))
    found = Augmenter([layer], 3).batch({"picture": pictures, "box": boxes.astype(np.float32)}, 0, 0)
    around = np.array([_around(picture) for picture in found["picture"]], np.float32)
    made = found["box"][:, 0] if way == "xyxy" else found["box"] * edge
    if way == "rel_xywh":
        made = np.concatenate([made[:, :2], made[:, :2] + made[:, 2:]], 1)
    return {
        "moved": float(np.abs(around - corners).max()),
        "off": float(np.abs(around - made).max()),
        "none": float(np.abs(found["box"][:, 1]).max()) if way == "xyxy" else 0.0,
    }


def _around(picture: Array) -> list[int]:
    rows, columns = np.nonzero(picture.max(-1) > 127)
    return [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]


def let_through(kind: AugmentationKind) -> list[str]:
    """Of the parameters that are one of a few, those of which Keras takes anything."""
    found = []
    for name in ("mode", "fill_mode", "interpolation", "data_format", "dtype"):
        try:
            getattr(keras.layers, kind.layer)(**{**kind.start, name: "sideways"})
        except (ValueError, TypeError, NotImplementedError):
            continue
        found.append(name)
    return found


def training() -> dict[str, Any]:
    """Samples of a run that flips and brightens: in memory and streamed, asked for twice."""
    inputs = keras.Input((SIDE, SIDE, 3), name="picture")
    outputs = keras.layers.Dense(2, name="label")(keras.layers.Flatten()(inputs))
    model = keras.Model(inputs, outputs)
    written = json.loads(json.dumps(keras.saving.serialize_keras_object(model), default=str))
    layers = (Augmentation("RandomFlip"), Augmentation("RandomBrightness", {"factor": 0.3}))
    trained = OutputTraining("label", KerasObject("SparseCategoricalCrossentropy"))
    settings = Settings(outputs=(trained,), batch_size=4, seed=9, shuffle=True)
    bound = (Binding("picture", ("picture",)), Binding("label", ("label",)))

    def loaded(layers: tuple[Augmentation, ...], budget: int | None) -> TrainingData:
        data = DataSpec((DataSource("random", "", {"rows": 1}),), augmentation=layers)
        spec = RunSpec("r", written, data, bound, settings)
        return load(Table(picture=_PICTURES, label=np.arange(COUNT) % 2), model, spec, budget=budget)

    facts = {}
    for name, budget in (("memory", None), ("streamed", 0)):
        plain = loaded((Augmentation("RandomContrast", {"factor": [0.0, 0.0]}),), budget)
        one, other = loaded(layers, budget), loaded(layers, budget)
        ones = [one.x[index][0] for index in range(len(one.x))]
        truths = [one.x[0][1].tolist(), plain.x[0][1].tolist()]
        one.x.on_epoch_end()
        next_epoch = one.x[0][0]
        others = [other.x[index][0] for index in reversed(range(len(other.x)))][::-1]
        facts[name] = {
            "again": all(np.array_equal(a, b) for a, b in zip(ones, others, strict=True)),
            "next_epoch": not np.array_equal(next_epoch, ones[0]),
            "truths": truths,
            "changed": not np.array_equal(ones[0], plain.x[0][0]),
            "validation": float(np.abs(_validation(one) - _PICTURES[-len(_validation(one)):]).max()),
        }  # fmt: skip
        for each in (plain, one, other):
            each.close()
    return facts


def _validation(data: TrainingData) -> Array:
    found: Array = data.validation[0] if isinstance(data.validation, tuple) else data.validation[0][0]
    return found


_PICTURES = blocks()


def main() -> None:
    base = next(one for one in keras.layers.RandomFlip.__mro__ if one.__name__ == "BaseImagePreprocessingLayer")
    public = [name for name, one in vars(keras.layers).items() if isinstance(one, type) and issubclass(one, base)]
    layers = {kind.layer: facts(kind) for kind in AUGMENTATIONS}
    boxes = {kind.layer: boxes_off(kind, "xyxy") for kind in AUGMENTATIONS if kind.boxes}
    boxes["parts"] = boxes_off(AUGMENTATIONS[0], "rel_xywh")
    silent = {kind.layer: let_through(kind) for kind in AUGMENTATIONS}
    print(json.dumps({
        "public": public, "layers": layers, "training": training(), "boxes": boxes,
        "silent": {layer: names for layer, names in silent.items() if names},
    }))  # fmt: skip


if __name__ == "__main__":
    main()
