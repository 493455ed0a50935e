"""Training runs in a process with Keras; `python -m tests.unit.runtime.training.scenarios FOLDER` writes what they
did as JSON.

One process for all of them, because importing Keras takes seconds. test_scenarios.py says what must have happened.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import h5py
import keras
import numpy as np
import tensorflow as tf
from PIL import Image

from runtime.event_file import EVENTS_FILE
from runtime.events import Paused, RunStarted, Steps, TrainingEvent
from runtime.messages.control import STOP_FILE
from runtime.spec import SAMPLES_FOLDER, RunSpec
from runtime.store import BEST_FILE, MODEL_FILE, RunStore, read_run
from runtime.worker.data import blocks as data_blocks
from runtime.worker.data.opening import open_data
from runtime.worker.data.source import DataError
from runtime.worker.data.windowed import windowed
from runtime.worker.devices import tensorflow_devices
from runtime.worker.keras_models.build import build_model
from runtime.worker.process.control import Control
from runtime.worker.training import train
from runtime.worker.training.callback_list import RunCallbacks
from runtime.worker.training.compiling import compile_model
from runtime.worker.training.recorder import StepRecorder
from runtime.worker.training.steering import Steering
from runtime.worker.training.training_data import load
from tests.support.events import read_events
from tests.unit.runtime.pictures import alike
from tests.unit.runtime.training.scenario_specs import (
    FROZEN_OUTPUTS,
    OUTPUTS,
    Hook,
    at_epoch,
    frozen_inside,
    light_spec,
    make_spec,
    model_config,
    pause_in_second_epoch,
    refused_specs,
    spying,
)

Json = Any


class Scenarios:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._store = RunStore(folder / "x{1}.runs")  # Keras takes paths with braces for format strings

    def trial(
        self, spec: RunSpec, hook: Hook | None = None, prepare: Callable[[Path], None] | None = None
    ) -> tuple[list[TrainingEvent], Path]:
        """Trains. `hook` sees every event when it happens."""
        folder = self._store.new_run(spec, b"")
        if prepare is not None:
            prepare(folder)
        control, events = Control(), []

        def emit(event: TrainingEvent) -> None:
            events.append(event)
            if hook is not None:
                hook(event, control, folder)

        train.train(spec, folder, control, emit)
        return events, folder

    def facts(self, *args: Any, **kwargs: Any) -> dict[str, Json]:
        """The events of a trial as JSON, and how the run stands in its folder."""
        events, folder = self.trial(*args, **kwargs)
        if (folder / EVENTS_FILE).is_symlink():  # the device that stood for a full disk
            (folder / EVENTS_FILE).unlink()
        run = read_run(folder)
        assert run is not None
        steps = [event for event in events if isinstance(event, Steps)]
        return {
            "folder": str(folder),
            "events": [_plain(event) for event in events if not isinstance(event, Steps)],
            "steps": sum(len(event.values) for event in steps),
            "last_step": dict(zip(steps[-1].names, steps[-1].values[-1], strict=True)) if steps else {},
            "in_order": [event.first_step for event in steps] == _firsts(steps),
            "files": sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()),
            "status": run.status,
            "best": run.result.best,
            "written": [event.seq for event in read_events(folder)],
        }

    def complete_run(self) -> Json:
        """In the order of the file: with a seed, Keras' own shuffling repeats one order, and Lamella's does not."""
        callbacks = {"best_checkpoint": {"monitor": "val_digit_accuracy"}, "tensorboard": {}}
        spec = make_spec({"shuffle": False}, {"callbacks": callbacks})
        facts = self.facts(spec)
        folder = Path(facts["folder"])
        model, best = (keras.saving.load_model(folder / name) for name in (MODEL_FILE, BEST_FILE))
        with h5py.File(SAMPLES_FOLDER / "digits.h5") as file:
            image = file["image"][1437:].astype("float32")
            truth = [file["digit"][1437:], file["is_even"][1437:][:, None]]
        evaluated = model.evaluate(image, truth, batch_size=32, verbose=0, return_dict=True)
        best_accuracy = best.evaluate(image, truth, verbose=0, return_dict=True)["digit_accuracy"]
        return facts | {
            "iterations": int(model.optimizer.iterations),
            "evaluated": evaluated,
            "best_accuracy": best_accuracy,
            "plain": self._plain_fit(spec),
        }

    def two_outputs_of_one_model(self) -> Json:
        """What each is told as, and what the file says of them, which is what Keras says."""
        image, given = keras.Input((8, 8, 1), name="image"), keras.Input((64,), name="given")
        digit = keras.layers.Dense(10, "softmax", name="digit")(given)
        even = keras.layers.Dense(1, "sigmoid", name="even")(given)
        heads = keras.Model(given, [digit, even], name="heads")
        drawn = keras.Model(image, heads(keras.layers.Flatten(name="flat")(image)), name="drawn")
        bindings = {"image": ["image"], "heads": ["digit"], "heads_1": ["is_even"]}
        outputs = {"heads": OUTPUTS["digit"], "heads_1": OUTPUTS["even"]}
        facts = self.facts(make_spec({"bindings": bindings}, {"outputs": outputs}, json.loads(drawn.to_json())))
        saved = keras.saving.load_model(Path(facts["folder"]) / MODEL_FILE)
        written, wanted = (json.loads(model.to_json())["config"] for model in (saved, drawn))
        return facts | {"same": written == wanted, "names": saved.output_names}

    def batches_of_one_size(self) -> Json:
        """A model that takes 3 samples at a time, no fewer and no more: in validation, too."""
        image = keras.Input(batch_shape=(3, 8, 8, 1), name="image")
        rows = keras.layers.Reshape((8, 8), name="rows")(image)
        state = keras.layers.SimpleRNN(4, stateful=True, name="state")(rows)
        model = keras.Model(image, keras.layers.Dense(10, "softmax", name="digit")(state))
        outputs = {"digit": OUTPUTS["digit"]}
        bindings = {"image": ["image"], "digit": ["digit"]}
        training = {"outputs": outputs, "batch_size": 3, "epochs": 1}
        return self.facts(make_spec({"bindings": bindings}, training, json.loads(model.to_json())))

    def _plain_fit(self, spec: RunSpec) -> list[dict[str, float]]:
        """The same with nothing but Keras, which splits by itself."""
        keras.utils.set_random_seed(7)
        model = keras.models.model_from_json(json.dumps(spec.model))
        losses = ["sparse_categorical_crossentropy", "binary_crossentropy"]
        metrics = [["accuracy"], [keras.metrics.AUC(name="auc")]]
        model.compile("adam", losses, loss_weights=[1.0, 0.5], metrics=metrics)
        with h5py.File(SAMPLES_FOLDER / "digits.h5") as file:
            image, truth = file["image"][:].astype("float32"), [file["digit"][:], file["is_even"][:][:, None]]
        history = model.fit(
            image, truth, epochs=2, batch_size=32, validation_split=0.2, shuffle=False, verbose=0
        ).history
        return [{name: values[epoch] for name, values in history.items()} for epoch in range(2)]

    def stopped_in_second_epoch(self) -> Json:
        return self.facts(light_spec(training={"epochs": 9}), at_epoch(1, lambda control, _: control.stop()))

    def stopped_by_signal(self) -> Json:
        return self.facts(light_spec(), at_epoch(1, lambda *_: os.kill(os.getpid(), signal.SIGTERM)))

    def stopped_by_file(self) -> Json:
        spec = light_spec(training={"epochs": 5000})
        return self.facts(spec, at_epoch(1, lambda _, folder: (folder / STOP_FILE).touch()))

    def stopped_in_validation(self) -> Json:
        """Through a callback that counts the batches of validation."""
        control, counted = Control(), []
        events: list[TrainingEvent] = []

        class Stopper(keras.callbacks.Callback):  # type: ignore[misc,unused-ignore]
            def on_test_batch_begin(self, batch: int, logs: Json = None) -> None:
                counted.append(batch)
                control.stop()

        spec = make_spec()
        model = keras.models.model_from_json(json.dumps(spec.model))
        compile_model(model, spec.model["config"], spec.training)
        with open_data(spec.data) as source:
            data = load(source, model, spec)
        recorder = StepRecorder(events.append, lambda: None)
        steering = Steering(control, self._folder, events.append, lambda: recorder.step)
        callbacks = RunCallbacks(model, [Stopper()], recorder, steering, events.append, epochs=2, steps=45)
        model.fit(data.x, data.y, epochs=2, verbose=0, callbacks=callbacks, validation_data=data.validation)
        recorder.close()
        return {"validated": counted, "epochs": callbacks.epochs}

    def failed_in_fourth_epoch(self) -> Json:
        """In the middle of it: the weights have gone on since the third."""

        def hook(event: TrainingEvent, control: Control, _: Path) -> None:
            if isinstance(event, Steps) and event.epoch == 3:
                control.pause()
            elif isinstance(event, Paused):
                raise RuntimeError("the moon is in the wrong place")

        facts = self.facts(make_spec(training={"epochs": 500}), hook)
        run = read_run(Path(facts["folder"]))
        assert run is not None and run.model is not None
        model = keras.saving.load_model(run.model)
        with h5py.File(SAMPLES_FOLDER / "digits.h5") as file:
            image = file["image"][1437:].astype("float32")
            truth = [file["digit"][1437:], file["is_even"][1437:][:, None]]
        evaluated = model.evaluate(image, truth, batch_size=32, verbose=0, return_dict=True)
        return facts | {"model": run.model.name, "model_epoch": run.model_epoch, "evaluated": evaluated}

    def paused(self) -> Json:
        return self.facts(light_spec(), pause_in_second_epoch(lambda control: control.resume()))

    def stopped_while_paused(self) -> Json:
        return self.facts(light_spec(), pause_in_second_epoch(lambda control: control.stop()))

    def learning_rate_changed(self) -> Json:
        return self.facts(make_spec(), at_epoch(1, lambda control, _: control.set_learning_rate(0.0)))

    def learning_rate_of_a_schedule(self) -> Json:
        schedule = keras.optimizers.schedules.ExponentialDecay(0.01, 100, 0.9)
        optimizer = {"class_name": "SGD", "config": {"learning_rate": keras.saving.serialize_keras_object(schedule)}}
        spec = light_spec(training={"optimizer": optimizer})
        return self.facts(spec, at_epoch(1, lambda control, _: control.set_learning_rate(0.5)))

    def nothing_improves(self) -> Json:
        """A learning rate of 0: early stopping and the plateau callback have to act."""
        callbacks = {
            "early_stopping": {"patience": 2},
            "reduce_on_plateau": {"patience": 1, "factor": 0.5, "monitor": "loss", "min_delta": 1.0},
        }
        optimizer = {"class_name": "SGD", "config": {"learning_rate": 1e-12}}
        return self.facts(light_spec(training={"optimizer": optimizer, "epochs": 9, "callbacks": callbacks}))

    def unknown_monitor(self) -> Json:
        callbacks = {
            key: {"monitor": "val_nonsense"} for key in ("early_stopping", "best_checkpoint", "reduce_on_plateau")
        }
        return self.facts(make_spec(training={"callbacks": callbacks}))

    def without_validation(self) -> Json:
        return self.facts(light_spec({"validation_percent": 0}, {"callbacks": {"early_stopping": {}}, "epochs": 1}))

    def loss_is_lost(self) -> Json:
        optimizer = {"class_name": "SGD", "config": {"learning_rate": 1e30}}
        return self.facts(make_spec(training={"optimizer": optimizer}))

    def all_frozen_with_named_outputs(self) -> Json:
        return self.facts(make_spec(model=model_config(frozen=True, named=True), training={"epochs": 1}))

    def frozen_inside(self) -> Json:
        """What is frozen whole, by its own mark alone: models, wrappers, and a layer that makes others."""
        spec = make_spec(
            {"bindings": {"x": ["image"], "digit": ["digit"]}}, {"outputs": FROZEN_OUTPUTS}, frozen_inside()
        )
        events, folder = self.trial(spec)
        keras.utils.set_random_seed(7)
        fresh = build_model(spec.model)
        trained = keras.saving.load_model(folder / MODEL_FILE)
        pairs = list(zip(fresh.weights, trained.weights, strict=True))
        changed = {new.path.split("/")[0] for old, new in pairs if not np.array_equal(old.numpy(), new.numpy())}
        return {"changed": sorted(changed), "status": events[-1].status}  # type: ignore[union-attr]

    def continued(self) -> Json:
        """The second run starts where the first one ended."""
        first, folder = self.trial(make_spec())
        settings = {"initial_weights": str(folder / MODEL_FILE), "epochs": 1}
        optimizer = {"class_name": "SGD", "config": {"learning_rate": 0.0}}
        second, _ = self.trial(make_spec(training=settings | {"optimizer": optimizer}))
        ends = [[_plain(e) for e in events if type(e).__name__ == "EpochEnded"][-1] for events in (first, second)]
        return {"val_loss": [end["logs"]["val_loss"] for end in ends]}

    def events_on_a_full_disk(self) -> Json:
        return self.facts(light_spec(), prepare=lambda folder: (folder / EVENTS_FILE).symlink_to("/dev/full"))

    def model_on_a_full_disk(self) -> Json:
        return self.facts(light_spec(), prepare=lambda folder: (folder / f".new-{MODEL_FILE}").symlink_to("/dev/full"))

    def best_on_a_full_disk(self) -> Json:
        spec = light_spec(training={"callbacks": {"best_checkpoint": {}}})
        return self.facts(spec, prepare=lambda folder: (folder / f".new-{BEST_FILE}").symlink_to("/dev/full"))

    def log_on_a_full_disk(self) -> Json:
        """In TensorFlow's words for it, which begin with those for a lack of memory."""
        words = "/runs/tensorboard/train/events.v2; No space left on device"

        def fail(*_: Any, **__: Any) -> None:
            raise tf.errors.ResourceExhaustedError(None, None, words)

        with patch.object(keras.callbacks.TensorBoard, "on_epoch_end", fail):
            return self.facts(light_spec(training={"callbacks": {"tensorboard": {}}}))

    def mirrored_on_two_devices(self) -> Json:
        def place(_: str) -> Any:
            return tensorflow_devices.mirrored(["CPU:0", "CPU:1"])

        with patch.object(train, "place", place):
            return self.facts(make_spec(training={"callbacks": {"reduce_on_plateau": {}}}))

    def refusals(self) -> Json:
        """What each bad input is answered with."""
        return {name: self._refusal(spec) for name, spec in refused_specs(self._folder).items()}

    def _refusal(self, spec: RunSpec) -> Json:
        events, folder = self.trial(spec)
        run = read_run(folder)
        assert run is not None
        return {
            "events": [type(event).__name__ for event in events],
            "error": str(run.result.error),
            "status": run.status,
        }

    def streamed(self) -> Json:
        """Streamed without shuffling, an epoch is the same as with arrays; shuffled, every sample comes once."""
        spec = make_spec({"shuffle": False})
        histories = []
        model: Any = None
        for budget in (0, None):
            keras.utils.set_random_seed(7)
            model = keras.models.model_from_json(json.dumps(spec.model))
            compile_model(model, spec.model["config"], spec.training)
            with open_data(spec.data) as source:
                data = load(source, model, spec, budget=budget, buffer_bytes=64 * 1000)
                batch = None if data.streamed else 32
                fitted = model.fit(
                    data.x, data.y, batch, epochs=2, verbose=0, validation_data=data.validation, shuffle=False
                )
            histories.append((data.streamed, fitted.history))
        return {"histories": histories, "orders": self._orders(model), "error": self._streamed_nan(model)}

    def _orders(self, model: Any) -> Json:
        path = self._folder / "numbered.h5"
        with h5py.File(path, "w") as file:
            file["image"] = np.broadcast_to(np.arange(500.0)[:, None, None], (500, 8, 8)).copy()
            file["digit"], file["is_even"] = np.arange(500) % 10, np.arange(500) % 2
        spec = make_spec({"sources": [{"kind": "hdf5", "path": str(path)}]})
        orders = []
        with open_data(spec.data) as source:
            stream = load(source, model, spec, budget=0, buffer_bytes=64 * 300 * 4).x
            for _ in range(2):
                batches = [stream[index] for index in range(len(stream))]
                assert all(np.array_equal(x[:, 0, 0, 0] % 10, y[0]) for x, y in batches)
                orders.append(np.concatenate([x[:, 0, 0, 0] for x, _ in batches]).tolist())
                stream.on_epoch_end()
        return orders

    def orders(self) -> Json:
        """The samples of each epoch in the order in which they came: in memory and streamed, with a seed and without.

        A layer that writes down what it is given sees batches as the model does, those of validation included.
        """
        path = self._folder / "ordered.h5"
        with h5py.File(path, "w") as file:
            file["number"] = file["truth"] = np.arange(103.0)
        seen: list[float] = []
        spy = spying(seen)
        number = keras.Input((1,), name="number")
        model = json.loads(keras.Model(number, keras.layers.Dense(1, name="truth")(number)).to_json())
        columns = {"number": ["number"], "truth": ["truth"]}
        numbers = {"sources": [{"kind": "hdf5", "path": str(path)}], "bindings": columns}
        pictures = {"sources": [self._numbered_pictures(103)], "bindings": {name: ["image"] for name in columns}}
        training = {"outputs": {"truth": {"loss": "MeanSquaredError"}}, "epochs": 3, "batch_size": 8}
        orders: dict[str, Json] = {}
        for way, budget, read in (("memory", None, numbers), ("streamed", 0, numbers), ("kept", None, pictures)):
            data = read | {"validation_percent": 20}
            small = partial(load, budget=budget, buffer_bytes=4 * 2 * 24)
            for name, seed in (("first", 7), ("again", 7), ("none", None)):
                spec = make_spec(data, training | {"seed": seed}, model)
                with patch.object(train, "load", small), patch.object(train, "build_model", spy):
                    self.trial(spec)
                orders[f"{way} {name}"] = list(seen)
            spec = make_spec(data | {"split": "random", "test_percent": 10}, training, model)
            with patch.object(train, "load", small), patch.object(train, "build_model", spy):
                self.trial(spec)
            orders[f"split {way}"] = list(seen)
        return orders

    def _numbered_pictures(self, count: int) -> Json:
        """The first one black, each of the others a bit brighter."""
        folder = self._folder / "numbered"
        folder.mkdir()
        for number in range(count):
            Image.new("L", (1, 1), number).save(folder / f"{number:03}.png")
        return {"kind": "pictures", "path": str(folder), "options": {"layout": "flat", "colour": "grey"}}

    def pictures_alike(self) -> Json:
        return alike.compare()

    def windows(self) -> Json:
        """A time series trains, in windows that Keras makes as well."""
        values = np.arange(60.0) % 7
        np.savez(self._folder / "series.npz", value=values)
        inputs = keras.Input((5, 1), name="value")
        hidden = keras.layers.SimpleRNN(2)(inputs)
        model = json.loads(keras.Model(inputs, keras.layers.Dense(1, name="next")(hidden)).to_json())
        data = {
            "sources": [{"kind": "npz", "path": str(self._folder / "series.npz")}],
            "windows": {"length": 5, "horizon": 1, "stride": 2},
            "bindings": {"value": ["value"], "next": ["value"]},
            "validation_percent": 30,
        }
        spec = make_spec(data, {"outputs": {"next": {"loss": "MeanSquaredError"}}, "epochs": 1}, model)
        theirs = keras.utils.timeseries_dataset_from_array(
            values[:-5], values[5:], sequence_length=5, sequence_stride=2, batch_size=99
        )
        wanted = [array.numpy().tolist() for array in next(iter(theirs))]
        with open_data(spec.data) as rows:
            source = windowed(rows, spec.data.windows)
            count = source.shape("value")[0]
            ours = [source.read(name, slice(0, count)) for name in ("value", source.truth_of("value"))]
        events, _ = self.trial(spec)
        started = next(event for event in events if isinstance(event, RunStarted))
        return {
            "same": [array.tolist()[: len(other)] == other for array, other in zip(ours, wanted, strict=True)],
            "counts": [started.samples, started.validation_samples],
            "end": type(events[-1]).__name__,
        }

    def _streamed_nan(self, model: Any) -> str:
        """NaN behind what was checked before training."""
        path = self._folder / "nan.h5"
        with h5py.File(path, "w") as file:
            file["image"] = np.where(np.arange(500)[:, None, None] == 321, np.nan, np.ones((500, 8, 8)))
            file["digit"], file["is_even"] = np.arange(500) % 10, np.arange(500) % 2
        spec = make_spec({"sources": [{"kind": "hdf5", "path": str(path)}]})
        unchecked = patch.object(data_blocks, "CHECKED_BYTES", 8 * 64 * 100)
        streaming = patch.object(train, "load", lambda *args: load(*args, budget=0))
        with unchecked, streaming:
            events, _ = self.trial(spec)
        with open_data(spec.data) as source:
            try:
                load(source, model, spec)
            except DataError as error:
                return f"{events[-1].error} | {error.text}"  # type: ignore[union-attr]
        return ""


def _firsts(steps: list[Steps]) -> list[int]:
    counts = [0, *(len(event.values) for event in steps)]
    return [sum(counts[: index + 1]) for index in range(len(steps))]


def _plain(event: TrainingEvent) -> dict[str, Json]:
    fields = {name: getattr(event, name) for name in event.__struct_fields__}
    texts = {name: str(value) for name, value in fields.items() if type(value).__name__ == "Text"}
    return {"type": type(event).__name__} | fields | texts


def main() -> None:
    tf.config.set_logical_device_configuration(
        tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 2
    )
    folder = Path(sys.argv[1])
    scenarios = Scenarios(folder)
    names = sys.argv[2:] or [
        name for name in vars(Scenarios) if not name.startswith("_") and name not in ("trial", "facts")
    ]
    results = {name: getattr(scenarios, name)() for name in names}
    (folder / "results.json").write_text(json.dumps(results), "utf-8")


if __name__ == "__main__":
    main()
