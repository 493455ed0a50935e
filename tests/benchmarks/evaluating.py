"""Evaluating against plain `model.predict`, in one process: the same model, arrays and batch size, round by round.

10,000 samples of the digits' size; the first round of each side traces and is left out. Floors: at most 1.2 times
predict for the evaluation as a whole, figures and files included, and figures within 300 ms of predictions and truth.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import numpy as np

from tests.benchmarks._report import against_floor, machine, median, milliseconds

SAMPLES, CLASSES, ROUNDS = 10_000, 10, 7
FLOOR_RATIO, FLOOR_FIGURES = 1.2, 300.0


def trained_run(folder: Path) -> str:
    import keras

    from runtime.spec import Binding, DataSource, DataSpec, KerasObject, OutputTraining, RunSpec, TrainingSettings
    from runtime.store import MODEL_FILE, RunStore
    from runtime.worker.process.control import Control
    from runtime.worker.training.train import train

    random = np.random.default_rng(0)
    np.savez(
        folder / "data.npz",
        image=random.random((SAMPLES, 8, 8, 1), np.float32),
        label=random.integers(0, CLASSES, SAMPLES),
    )
    image = keras.Input((8, 8, 1), name="image")
    hidden = keras.layers.Conv2D(16, 3, activation="relu", padding="same")(image)
    hidden = keras.layers.Dense(64, "relu")(keras.layers.Flatten()(hidden))
    model = keras.Model(image, keras.layers.Dense(CLASSES, "softmax", name="label")(hidden))
    outputs = (OutputTraining("label", KerasObject("SparseCategoricalCrossentropy"), (KerasObject("accuracy"),)),)
    spec = RunSpec(
        "digits",
        keras.saving.serialize_keras_object(model),
        DataSpec((DataSource("npz", str(folder / "data.npz")),)),
        (Binding("image", ("image",)), Binding("label", ("label",))),
        TrainingSettings(outputs=outputs, epochs=1, validation_percent=0.0),
    )
    run = RunStore(folder / "runs").new_run(spec, b"{}")
    train(spec, run, Control(), lambda _event: None)
    assert (run / MODEL_FILE).is_file()
    return str(run)


def compare(run: str, batch_size: int) -> None:
    from runtime.messages.evaluating import Evaluate
    from runtime.messages.trained import On, Trained
    from runtime.store import MODEL_FILE
    from runtime.worker.evaluation.answers import evaluate
    from runtime.worker.evaluation.evaluator import Evaluator

    evaluator, trained = Evaluator(), Trained(run, f"{run}/{MODEL_FILE}", batch_size=batch_size)
    loaded = evaluator.loaded(trained)
    inputs = loaded.inputs_of(evaluator.samples(loaded, On("training")).inputs())
    plain: list[float] = []
    whole: list[float] = []
    after: list[float] = []
    for _ in range(ROUNDS + 1):
        start = time.perf_counter()
        loaded.model.predict(inputs, batch_size=batch_size, verbose=0)
        plain.append(time.perf_counter() - start)
        start = time.perf_counter()
        answer = evaluate.answer(evaluator, Evaluate(1, trained, On("training")))
        whole.append(time.perf_counter() - start)
        after.append(whole[-1] - answer.evaluation.seconds)
    print(f"batches of {batch_size}")
    print(f"  model.predict  {milliseconds(plain[1:])}")
    print(f"  evaluating     {milliseconds(whole[1:])}")
    print(f"  what follows   {milliseconds(after[1:])}   metrics, figures, files")
    ratios = [one / other for one, other in zip(whole[1:], plain[1:], strict=True)]
    print(f"  whole          {against_floor(median(ratios), FLOOR_RATIO, 'x predict')}")
    print(f"  figures        {against_floor(median(after[1:]) * 1e3, FLOOR_FIGURES, 'ms')}")


def main() -> None:
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        run = trained_run(Path(folder))
        for batch_size in (32, 128):
            compare(run, batch_size)


if __name__ == "__main__":
    main()
