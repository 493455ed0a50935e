"""How strong each pitch of a sound is over time, with pitches apart as ears tell them: Keras' MelSpectrogram."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from resources.python_code.parts import StepCode
from resources.python_code.preparing import by_layer, of_column
from resources.text import Text
from resources.training.setting import Setting
from runtime.lazy import LazyModule
from runtime.step_kinds import StepKind
from runtime.step_samples import (
    Array,
    Json,
    Layer,
    Sample,
    State,
    StepError,
    is_layer,
    keras_layer,
)
from runtime.worker.data.preparing.eager import by_keras
from runtime.worker.data.steps.spectrogram import wave_shape

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

# Keras cuts what is `top_db` below the loudest sound of a batch, so that a sound would depend on its neighbours. At
# this distance nothing is cut: `min_power` is the floor.
_NEVER_CUT: Final = 1000.0
_BATCH: Final = 64
STEP: Final = StepKind(
    "mel_spectrogram",
    Text("Mel spectrogram"),
    Text("How strong each pitch is over time, with pitches apart as ears tell them: for speech and music."),
    ("audio", "number", "sequence"),
    231,
    (
        Setting[int]("sampling_rate", Text("rate"), Text("Samples of the wave in a second."), "int", 16_000, order=10,
                     section="step", minimum=100, maximum=1_000_000),
        Setting[int]("num_mel_bins", Text("pitches"), Text("So many bands of pitch."), "int", 64, order=20,
                     section="step", minimum=1, maximum=1024),
        Setting[int]("fft_length", Text("frame"), Text("So many samples of the wave are looked at together."), "int",
                     512, order=30, section="step", minimum=16, maximum=65_536),
        Setting[int]("sequence_stride", Text("step"),
                     Text("So many samples lie between the beginnings of two frames."), "int", 256, order=40,
                     section="step", minimum=1, maximum=65_536),
    ),
)  # fmt: skip


def result(sample: Sample, values: Mapping[str, Json], _state: State | None) -> Sample:
    time, channels = wave_shape(sample, STEP.title)
    if channels != 1:
        raise StepError(
            Text.of("{step} takes sound of one channel, but this has {count}: mix them in the options of the data.",
                    step=STEP.title, count=channels)
        )  # fmt: skip
    if time <= values["fft_length"] // 2:
        raise StepError(
            Text.of("{step} looks at {count} samples of a wave together, but a sound has {length}.",
                    step=STEP.title, count=values["fft_length"], length=time)
        )  # fmt: skip
    return Sample((values["num_mel_bins"], time // values["sequence_stride"] + 1), "float32", "image")


def apply(array: Array, sample: Sample, values: Mapping[str, Json], _state: State | None) -> Array:
    if not len(array):
        return np.zeros((0, *result(sample, values, None).shape), np.float32)
    waves = array.reshape(array.shape[:2]).astype(np.float32, copy=False)
    pieces = [waves[first : first + _BATCH] for first in range(0, len(waves), _BATCH)]
    return np.concatenate([by_keras(_layer(values), piece) for piece in pieces])


def layer(sample: Sample, values: Mapping[str, Json], _state: State | None) -> Layer | None:
    """None for a wave with an axis for channels, which the layer does not take."""
    return _layer(values) if len(sample.shape) == 1 else None


def _layer(values: Mapping[str, Json]) -> Layer:
    keys = ("sampling_rate", "num_mel_bins", "fft_length", "sequence_stride")
    return keras_layer("MelSpectrogram", {key: values[key] for key in keys} | {"top_db": _NEVER_CUT})


def code(values: Mapping[str, Json]) -> StepCode:
    given = of_column("without_channels")
    return by_layer("MelSpectrogram", _layer(values)["config"], given=given, functions=("without_channels",))


def settings_of(written: Layer) -> dict[str, Json] | None:
    config = written["config"]
    if not is_layer(written, "MelSpectrogram") or config.get("top_db") != _NEVER_CUT:
        return None
    length = config.get("fft_length", 2048)
    usual = {
        "window": "hann", "sequence_length": length, "min_freq": 20.0, "power_to_db": True, "mag_exp": 2.0,
        "min_power": 1e-10, "ref_power": 1.0,
    }  # fmt: skip
    rate = config.get("sampling_rate", 16_000)
    if any(config.get(key) not in (None, value) for key, value in usual.items()):
        return None
    if config.get("max_freq") not in (None, rate // 2, rate / 2):
        return None
    values = {"sampling_rate": rate, "fft_length": length, "num_mel_bins": config.get("num_mel_bins", 128)}
    values["sequence_stride"] = config.get("sequence_stride", 512)
    fits = all(STEP.setting(key).takes(value) for key, value in values.items())  # type: ignore[union-attr]
    return values if fits else None
