"""One training run, from its specification to a run folder with a model in it."""

import contextlib
import math
import signal
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

import keras

from resources.atomic import swap_in
from resources.os_reasons import os_reason
from resources.text import Text
from resources.training.metric_logs import best_values, directions
from resources.training.registry import arguments
from resources.training.setting import SettingError
from resources.training.settings.batch_size import SETTING as BATCH_SIZE
from resources.training.settings.device import SETTING as DEVICE
from resources.training.settings.epochs import SETTING as EPOCHS
from resources.training.settings.seed import SETTING as SEED
from resources.training.settings.shuffle import SETTING as SHUFFLE
from runtime.callback_specs import callback_module, chosen_directions
from runtime.evaluation.kept_data import write_kept
from runtime.events import CallbackNote, DirectionsKnown, ReportEvent, RunEnded, RunFailed, RunStarted
from runtime.frozen import marked_through
from runtime.messages.preparing import Preparing
from runtime.run_process import write_process
from runtime.spec import RunSpec, TrainingSettings
from runtime.splits import split_of
from runtime.store import MODEL_FILE
from runtime.worker.custom.loading import require_code
from runtime.worker.data.keeping.kept_facts import kept_of, parts_of
from runtime.worker.data.opening import open_data
from runtime.worker.data.prepared import prepared
from runtime.worker.data.preparing.known_states import KnownStates
from runtime.worker.data.source import Source
from runtime.worker.data.split import truths_of
from runtime.worker.data.stamps import change_note, changed_since
from runtime.worker.data.windowed import windowed
from runtime.worker.data.words_inside import holds_words, words_refusal
from runtime.worker.devices.placing import place
from runtime.worker.keras_models.build import build_model, keep_frozen
from runtime.worker.keras_models.describing import save_model
from runtime.worker.keras_models.error_places import whole_traces
from runtime.worker.keras_models.vocabularies import require_vocabularies
from runtime.worker.keras_models.weights import load_optimizer, load_weights
from runtime.worker.process.control import Control, WorkerError
from runtime.worker.process.failures import system_reason, writing_reason
from runtime.worker.training.adapting.model import Adapted, adapted
from runtime.worker.training.adapting.upstream import word_inputs
from runtime.worker.training.callback_list import RunCallbacks
from runtime.worker.training.callback_run import CallbackRun
from runtime.worker.training.compiling import call_before, compile_model
from runtime.worker.training.epoch_checkpoint import EpochCheckpoint
from runtime.worker.training.event_log import EventLog
from runtime.worker.training.feeding import FedData
from runtime.worker.training.reasons import failure_text
from runtime.worker.training.recorder import StepRecorder
from runtime.worker.training.shuffling import run_seed
from runtime.worker.training.steering import Steering
from runtime.worker.training.training_data import TrainingData, load, training_rows


def train(spec: RunSpec, folder: Path, control: Control, report_event: ReportEvent) -> None:
    """Trains, in the main thread. Every event is written to the run folder and passed to `report_event`.

    Ends with RunEnded or RunFailed and raises nothing: whatever goes wrong is told in an event.
    """
    log = EventLog(folder, report_event)
    run = _Run(spec, folder, control, log.report_event)
    with _signals_stop(control):
        try:
            write_process(folder)
            with whole_traces():
                run.run()
        except WorkerError as error:
            log.report_event(RunFailed(error.text, error.detail))
        except Exception as error:  # the last door: what no rule knows is told in Keras' own words
            log.report_event(RunFailed(failure_text(error, run.model), traceback.format_exc()))
    log.finish()


@contextmanager
def _signals_stop(control: Control) -> Iterator[None]:
    """Ctrl-C and SIGTERM stop gracefully; the second time they end the process as always."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def on_signal(number: int, _frame: object) -> None:
        control.stop()
        signal.signal(number, previous[signal.Signals(number)])

    for number in previous:
        signal.signal(number, on_signal)
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


class _Run:
    def __init__(self, spec: RunSpec, folder: Path, control: Control, report_event: ReportEvent) -> None:
        self._spec = spec
        self._folder = folder
        self._control = control
        self._report_event = report_event
        self.model: Any = None

    def run(self) -> None:
        """Raises WorkerError, or whatever Keras raises."""
        settings = self._spec.training
        with place(settings[DEVICE]), self._open_data() as opened:
            source = windowed(self._prepared(opened), self._spec.data.windows)
            call_before(settings)
            learnt = self._learnt(source)
            model = self.model = build_model(learnt.model)
            learnt.give(model)
            keep_frozen(model)
            self._load_weights(model)
            entries = compile_model(model, self._spec.model["config"], settings)
            self._load_optimizer(model)
            data = load(
                source, model, self._spec, lambda text: self._report_event(CallbackNote(text)), self._tell_progress
            )
            self._keep(source)
            callbacks = CallbackRun(self._folder, self._report_event, data.validation_samples > 0, entries)
            with contextlib.closing(data):
                self._announce(model, data)
                for note in learnt.notes:
                    self._report_event(CallbackNote(note))
                self._fit(model, data, callbacks)

    def _prepared(self, opened: Source) -> Source:
        """The data behind the steps of its columns."""
        data = self._spec.data
        how = Preparing(split_of(self._spec.training.by_key()), truths_of(self._spec))
        return prepared(opened, data, how, KnownStates.of_this_computer(), self._tell_progress)

    def _learnt(self, source: Source) -> Adapted:
        """The model's config with what its layers learn of the data; a file of weights has what they know already."""
        model = marked_through(self._spec.model)
        words = word_inputs(model)
        if words and not holds_words(keras.backend.backend()):
            raise WorkerError(words_refusal(words[0]))
        if self._spec.initial_weights is not None:
            return Adapted(model)
        bindings = {binding.target: binding.columns for binding in self._spec.bindings}
        return adapted(bindings, model, source, lambda: training_rows(source, self._spec), self._tell_progress)

    def _keep(self, source: Source) -> None:
        """What evaluations need of the data. A full disk is no reason not to train."""
        if source.fed_as_it_is:
            return
        try:
            write_kept(self._folder, kept_of(source, self._spec, parts_of(source, self._spec)))
        except OSError as error:
            text = Text("What the run knows of its data could not be kept: {reason}.", {"reason": os_reason(error)})
            self._report_event(CallbackNote(text))

    def _tell_progress(self, what: Text, part: float) -> None:
        """Raises WorkerError when the run is to stop."""
        if self._control.stopped:
            raise WorkerError(Text("The run was stopped before its first step."))
        if part == 0:
            self._report_event(CallbackNote(what))

    @contextmanager
    def _open_data(self) -> Iterator[Source]:
        """The project's own code runs first: it may make the data."""
        require_code(self._spec.custom_code)
        with open_data(self._spec.data) as source:
            yield source

    def _load_weights(self, model: Any) -> None:
        if self._spec.initial_weights is not None:
            for note in load_weights(model, Path(self._spec.initial_weights), self._spec.initial_names).notes():
                self._report_event(CallbackNote(note))
        require_vocabularies(model)

    def _load_optimizer(self, model: Any) -> None:
        if self._spec.initial_weights is not None:
            note = load_optimizer(model, Path(self._spec.initial_weights))
            if note is not None:
                self._report_event(CallbackNote(note))

    def _announce(self, model: Any, data: TrainingData) -> None:
        settings = self._spec.training
        trainable = sum(math.prod(variable.shape) for variable in model.trainable_variables)
        self._report_event(
            RunStarted(
                device=settings[DEVICE],
                steps_per_epoch=self._steps(data),
                epochs=settings[EPOCHS],
                samples=data.samples,
                validation_samples=data.validation_samples,
                parameters=model.count_params(),
                trainable=trainable,
            )
        )
        for changed in changed_since(self._spec.data, self._spec.data_stamps):
            self._report_event(CallbackNote(change_note(changed)))
        for note in data.notes:
            self._report_event(CallbackNote(note))
        if not model.trainable_variables:
            self._report_event(CallbackNote(Text("Every layer is frozen: there is nothing to be learnt.")))

    def _steps(self, data: TrainingData) -> int:
        return data.steps if data.steps is not None else math.ceil(data.samples / self._spec.training[BATCH_SIZE])

    def _fit(self, model: Any, data: TrainingData, callback_run: CallbackRun) -> None:
        settings = self._spec.training
        chosen_callbacks = [
            _build_callback(key, dict(values), callback_run) for key, values in settings.callbacks.items()
        ]
        known = directions(callback_run.entries) | chosen_directions(settings.callbacks)
        self._report_event(DirectionsKnown(known))
        steering = Steering(self._control, self._folder, self._report_event, lambda: recorder.step)
        recorder = StepRecorder(self._report_event, steering.look_into_folder)
        checkpoint = EpochCheckpoint(model, self._folder, self._report_event)
        callbacks = RunCallbacks(
            model,
            chosen_callbacks,
            recorder,
            steering,
            self._report_event,
            epochs=settings[EPOCHS],
            steps=self._steps(data),
            whole_epoch=checkpoint.epoch_ended,
        )
        start = time.monotonic()
        try:
            x, y, shuffle = _shuffled(data, settings)
            model.fit(
                x,
                y,
                batch_size=None if y is None else settings[BATCH_SIZE],
                verbose=0,
                callbacks=callbacks,
                validation_data=_fed(data.validation),
                # Else arrays are validated in batches of 32: Keras takes the size of training only if that has arrays.
                validation_batch_size=settings[BATCH_SIZE] if isinstance(data.validation, tuple) else None,
                shuffle=shuffle,
                **data.fit,
                **arguments("fit", settings.by_key(), handled=False),
            )
        except Exception:
            recorder.close()
            checkpoint.failed()
            if data.error is not None:  # Keras tells it in the words of its backend
                raise data.error from None
            raise
        finally:
            recorder.close()
        try:
            path = save_trained(model, self._folder)
        except Exception:
            checkpoint.failed()
            raise
        checkpoint.saved()
        finished = callbacks.epochs
        status: Literal["completed", "stopped", "early_stopped"] = "completed"
        if callback_run.ended_early:
            status = "early_stopped"
        elif len(finished) < settings[EPOCHS]:
            status = "stopped"
        seconds = time.monotonic() - start - steering.paused_seconds
        self._report_event(RunEnded(status, len(finished), seconds, str(path), best_values(finished, known)))


def _fed(data: Any) -> Any:
    """The same data, as the backend takes it fastest."""
    if not isinstance(data, FedData) or keras.backend.backend() != "tensorflow":
        return data
    return import_module("runtime.worker.training.tensorflow_kept").kept_batches(data)


def _shuffled(data: TrainingData, settings: TrainingSettings) -> tuple[Any, Any, bool]:
    """`x`, `y` and `shuffle` for `fit`: with TensorFlow, Keras would repeat one order where a seed is set."""
    if data.streamed or not settings[SHUFFLE] or keras.backend.backend() != "tensorflow":
        return _fed(data.x), data.y, settings[SHUFFLE] and not data.streamed
    shuffling = import_module("runtime.worker.training.tensorflow_shuffling")
    arrays = shuffling.ShuffledArrays(data.x, data.y, settings[BATCH_SIZE], run_seed(settings[SEED]))
    return arrays, None, False


def save_trained(model: Any, folder: Path) -> Path:
    """The file of the trained model in a run folder. Raises WorkerError with an earlier one untouched."""
    path, beside = folder / MODEL_FILE, folder / f".new-{MODEL_FILE}"
    try:
        save_model(model, beside)
        swap_in(beside, path)
    except Exception as error:
        with contextlib.suppress(OSError):  # the first error is the one to tell; a later start sweeps
            beside.unlink(missing_ok=True)
        if not isinstance(error, OSError) and system_reason(error) is None:
            raise
        raise WorkerError(
            Text.of(
                "The trained model could not be saved in {folder}: {reason}.",
                folder=str(folder),
                reason=writing_reason(error),
            )
        ) from error
    return path


def _build_callback(key: str, values: dict[str, Any], run: CallbackRun) -> Any:
    try:
        module = callback_module(key)
    except ModuleNotFoundError as error:
        raise WorkerError(Text("There is no callback {name}.", {"name": key})) from error
    try:
        module.SPEC.check(values)
        return module.build(module.SPEC.values(values), run)
    except SettingError as error:
        raise WorkerError(error.text) from error
    except (TypeError, ValueError) as error:
        raise WorkerError(
            Text.of("{name} does not take these settings: {reason}", name=module.SPEC.title, reason=str(error)),
            str(error),
        ) from error
