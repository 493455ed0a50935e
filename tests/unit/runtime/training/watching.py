"""What callbacks make of the values that they watch; `python -m tests.unit.runtime.training.watching FOLDER` writes it
as JSON. test_watching.py says what must have come of it.
"""

import json
import math
import sys
import types
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras.src.utils.naming import auto_name

from resources.training.metric_logs import Logged, directions
from runtime.callback_specs import callback_module
from runtime.events import CallbackNote, CheckpointSaved, TrainingEvent
from runtime.spec import KerasObject, OutputTraining, TrainingSettings
from runtime.store import BEST_FILE
from runtime.worker.custom.describe import describe
from runtime.worker.custom.package import PACKAGE
from runtime.worker.process.control import WorkerError
from runtime.worker.training.callback_run import CallbackRun
from runtime.worker.training.compiling import compile_model, make_metric

Json = Any
NAN, INF = math.nan, math.inf
SERIES: dict[str, tuple[str, list[float]]] = {
    "never": ("min", [NAN, NAN, NAN, NAN]),
    "late": ("min", [NAN, 3.0, 2.0, 4.0]),
    "lost": ("min", [3.0, 2.0, NAN, NAN]),
    "infinite": ("min", [INF, INF, INF, INF]),
    "below_all": ("min", [2.0, -INF, 1.0, 3.0]),
    "up": ("max", [0.2, 0.4, NAN, 0.3]),
    "above_all": ("max", [0.2, INF, 0.4, 0.3]),
    "up_lost": ("max", [-INF, -INF, -INF, -INF]),
}
PLAIN: tuple[Json, ...] = (
    "acc", "AUC", "mse", "MeanAbsoluteError", "FalsePositives", "TruePositives", "CosineSimilarity", "R2Score", "Hinge",
    {"class_name": "MeanIoU", "config": {"num_classes": 2}}, {"class_name": "F1Score", "config": {"threshold": 0.5}},
    {"class_name": "FBetaScore", "config": {"threshold": 0.5}}, "LogCoshError",
    {"class_name": "BinaryIoU", "config": {"name": "loss_rate"}}, "MeanSquaredLogarithmicError",
    {"class_name": "MeanSquaredError", "config": {"name": "accuracy_of_auc"}}, "PearsonCorrelation", "Poisson",
)  # fmt: skip


def watch(folder: Path, mode: str, values: list[float]) -> Json:
    """What the three callbacks do in epochs that have these values."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(1.0), "mse")
    events: list[TrainingEvent] = []
    run = CallbackRun(folder, events.append, True, [Logged("score", "min" if mode == "min" else "max")])
    given: dict[str, Json] = {
        "best_checkpoint": {},
        "early_stopping": {"patience": 2, "verbose": 0},
        "reduce_on_plateau": {"patience": 2, "factor": 0.5},
    }
    callbacks = []
    for key, values_given in given.items():
        module = callback_module(key)
        callbacks.append(module.build(module.SPEC.values({"monitor": "val_score", **values_given}), run))
    for callback in callbacks:
        callback.set_model(model)
        callback.on_train_begin()
    stopped = None
    for epoch, value in enumerate(values):
        model.layers[0].set_weights([np.full((1, 1), epoch, "float32"), np.zeros(1, "float32")])
        for callback in callbacks:
            callback.on_epoch_begin(epoch)
            callback.on_epoch_end(epoch, {"val_score": value})
        if model.stop_training:
            stopped = epoch
            break
    for callback in callbacks:
        callback.on_train_end()
    saved = [event.epoch for event in events if isinstance(event, CheckpointSaved)]
    return {
        "saved": saved,
        "file": (folder / BEST_FILE).exists(),
        "stopped": stopped,
        "weights": float(model.layers[0].get_weights()[0][0, 0]),
        "rate": float(model.optimizer.learning_rate.numpy()),
        "notes": [event.text.english() for event in events if isinstance(event, CallbackNote)],
    }


def as_keras_has_it() -> Json:
    """Names and directions that are told before training, beside those of a training with Keras' own mode "auto"."""
    metrics = tuple(KerasObject(m) if isinstance(m, str) else KerasObject(**m) for m in PLAIN)
    settings = TrainingSettings(outputs=(OutputTraining("y", KerasObject("MeanSquaredError"), metrics),))
    given = keras.Input((2,), name="x")
    model = keras.Model(given, keras.layers.Dense(1, "sigmoid", name="y")(given))
    entries = compile_model(model, json.loads(model.to_json())["config"], settings)
    x, y = np.random.rand(8, 2), np.random.randint(0, 2, (8, 1)).astype("float32")
    history = model.fit(x, y, verbose=0, validation_data=(x, y)).history
    ours, keras_says = directions(entries), {}
    for entry in entries:
        callback = keras.callbacks.EarlyStopping(f"val_{entry.name}")
        callback.set_model(model)
        try:
            callback._set_monitor_op()
        except ValueError:
            continue
        keras_says[entry.name] = "max" if callback.monitor_op is keras.ops.greater else "min"
    return {"names": [entry.name for entry in entries], "history": list(history), "ours": ours, "keras": keras_says}


def own_metrics() -> Json:
    """Metrics by a function, by a class that says what is better, and by one that does not."""

    def spread(y_true: Any, y_pred: Any) -> Any:
        return keras.ops.max(y_pred - y_true, axis=-1)

    class Steady(keras.metrics.MeanAbsoluteError):  # type: ignore[misc,unused-ignore]
        pass

    class Skill(keras.metrics.Mean):  # type: ignore[misc,unused-ignore]
        def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
            super().update_state(y_pred)

    registered = {"spread": spread, "Steady": Steady, "Skill": Skill}
    found = {}
    with keras.saving.custom_object_scope(registered):
        from runtime.worker.custom.metrics import known_metric

        for metric in (spread, Steady(), Skill(name="skill"), keras.metrics.MeanMetricWrapper(keras.losses.huber)):
            known = known_metric(metric)
            found[known.logged] = known.direction
    return found


def numbered_metrics() -> Json:
    """The names that metrics of one's own get, in a process that has made others of their classes before."""

    @keras.saving.register_keras_serializable("numbered")
    class Hits(keras.metrics.MeanAbsoluteError):  # type: ignore[misc,unused-ignore]
        def __init__(self, name: str = "hits_5", **settings: Any) -> None:
            super().__init__(name=name, **settings)

    @keras.saving.register_keras_serializable("numbered")
    class Misses(keras.metrics.Mean):  # type: ignore[misc,unused-ignore]
        def __init__(self, name: str | None = None, **settings: Any) -> None:
            super().__init__(name=name or auto_name("Misses"), **settings)

    for one in (Hits, Misses):
        one.__module__ = f"{PACKAGE}.own"  # as if a file of the project had made them

    names = [make_metric(KerasObject(name)).name for name in ("Hits", "Misses", "Misses", "Hits", "AUC", "AUC")]
    told, problems = describe([(types.ModuleType(f"{PACKAGE}.own"), "own.py")])
    return {"made": names, "told": {entry.class_name: entry.logged for entry in told}, "problems": len(problems)}


def undecided() -> Json:
    """A metric of which nobody says what is better: refused, unless a person says it."""
    run = CallbackRun(Path(), lambda _: None, True, [Logged("score", None)])
    answers = {}
    for mode in ("auto", "min", "max"):
        try:
            answers[mode] = run.watched({"monitor": "val_score", "mode": mode})["mode"]
        except WorkerError as error:
            answers[mode] = error.text.english()
    return answers


def main(folder: Path) -> None:
    results: dict[str, Json] = {}
    for name, (mode, values) in SERIES.items():
        (folder / name).mkdir()
        results[name] = watch(folder / name, mode, values)
    results |= {
        "auto": as_keras_has_it(),
        "own": own_metrics(),
        "numbered": numbered_metrics(),
        "undecided": undecided(),
    }
    (folder / "results.json").write_text(json.dumps(results), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
