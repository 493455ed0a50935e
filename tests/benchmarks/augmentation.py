"""How fast pictures are augmented on their way to the model, beside Keras' layers in a `tf.data` pipeline.

All train the same small model on the same arrays in one process, in turns: without augmentation, as Lamella feeds,
with the same layers mapped over whole batches and over single samples by `tf.data`, and inside the model. Processor
time tells more than the clock where other things run. `LAMELLA_BENCH_ROUNDS` and `LAMELLA_BENCH_EPOCHS` are as in
`data.py`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from tests.benchmarks._report import machine, median

SAMPLES, SIDE, BATCH = 2048, 64, 64
ROUNDS, EPOCHS = int(os.environ.get("LAMELLA_BENCH_ROUNDS", "2")), int(os.environ.get("LAMELLA_BENCH_EPOCHS", "3"))
LAYERS: Final[dict[str, dict[str, Any]]] = {
    "RandomFlip": {"mode": "horizontal"},
    "RandomRotation": {"factor": 0.05},
    "RandomBrightness": {"factor": 0.2, "value_range": (0, 1)},
}


def made_layers() -> list[Any]:
    import keras

    return [getattr(keras.layers, name)(**config) for name, config in LAYERS.items()]


def small_model(layers: list[Any]) -> Any:
    import keras

    tensor = given = keras.Input((SIDE, SIDE, 3), name="x")
    for layer in layers:
        tensor = layer(tensor)
    tensor = keras.layers.GlobalAveragePooling2D()(keras.layers.Conv2D(8, 3, strides=4)(tensor))
    model = keras.Model(given, keras.layers.Dense(10)(tensor))
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def feeds(x: Any, y: Any) -> dict[str, Callable[[], object]]:
    """What is compared: each call trains for all epochs."""
    import tensorflow as tf

    from resources.training.augmentations import find_augmentation
    from runtime.spec import Augmentation
    from runtime.worker.data.augmenting.feed import Augmented, InMemory
    from runtime.worker.data.augmenting.layers import Augmenter
    from runtime.worker.data.augmenting.plan import Planned
    from runtime.worker.training.feeding import FedData

    plan = []
    for name, config in LAYERS.items():
        kind = find_augmentation(name)
        assert kind is not None
        plan.append(Planned(kind, Augmentation(name, dict(config)), ("x",)))
    augmenter, layers = Augmenter(plan, 1), made_layers()

    def changed(pictures: Any, truth: Any) -> Any:
        for layer in layers:
            pictures = layer(pictures, training=True)
        return pictures, truth

    shuffled = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(SAMPLES)
    whole = shuffled.batch(BATCH).map(changed, num_parallel_calls=tf.data.AUTOTUNE).prefetch(2)
    single = shuffled.map(changed, num_parallel_calls=tf.data.AUTOTUNE).batch(BATCH).prefetch(2)
    models = {name: small_model([]) for name in ("none", "lamella", "whole", "single")}
    inside = small_model(made_layers())

    def lamella() -> None:
        feed = Augmented(InMemory({"x": x, "y": y}, BATCH, 3), augmenter.batch)
        data = FedData(feed, (["x", 0, 0], ["y", 0, 0]))
        models["lamella"].fit(data, verbose=0, epochs=EPOCHS)
        data.close()

    return {
        "without": lambda: models["none"].fit(x, y, batch_size=BATCH, verbose=0, epochs=EPOCHS),
        "Lamella": lamella,
        "tf.data, whole batches": lambda: models["whole"].fit(whole, verbose=0, epochs=EPOCHS),
        "tf.data, single samples": lambda: models["single"].fit(single, verbose=0, epochs=EPOCHS),
        "inside the model": lambda: inside.fit(x, y, batch_size=BATCH, verbose=0, epochs=EPOCHS),
    }


def main() -> None:
    print(machine())
    print(
        f"{', '.join(LAYERS)} of {SAMPLES:,} pictures of {SIDE}x{SIDE}, batch {BATCH}; {ROUNDS} rounds, {EPOCHS} epochs"
    )
    x = np.random.default_rng(0).random((SAMPLES, SIDE, SIDE, 3), dtype=np.float32)
    ways = feeds(x, np.zeros(SAMPLES, "int32"))
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for number in range(ROUNDS + 1):
        for name, train in ways.items():
            clock, processor = time.perf_counter(), time.process_time()
            train()
            if number:  # the first one makes graphs
                found[name].append((time.perf_counter() - clock, time.process_time() - processor))
    speeds = {name: [EPOCHS * SAMPLES / median(times) for times in zip(*pairs, strict=True)]
              for name, pairs in found.items()}  # fmt: skip
    anchor = speeds["tf.data, whole batches"]
    for name, (clock, processor) in speeds.items():
        print(
            f"{name:24} {clock:8,.0f} a second ({clock / anchor[0]:.2f} of tf.data), "
            f"{processor:8,.0f} a second of the processor ({processor / anchor[1]:.2f})"
        )


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    main()
