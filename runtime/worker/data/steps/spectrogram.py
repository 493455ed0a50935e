"""How strong each pitch of a sound is over time: Keras' STFTSpectrogram, run as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from resources.python_code.parts import StepCode
from resources.python_code.preparing import by_layer, of_column
from resources.text import Text
from resources.training.choice_words import words_of
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

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

_MODES: Final = ("log", "magnitude", "psd")
_MODE_WORDS: Final = {
    "log": Text("logarithm (log)"), "magnitude": Text("magnitude"), "psd": Text("power density (psd)"),
}  # fmt: skip
STEP: Final = StepKind(
    "spectrogram",
    Text("Spectrogram"),
    Text("How strong each pitch is over time: a picture that convolutions read like any other."),
    ("audio", "number", "sequence"),
    230,
    (
        Setting[str]("mode", Text("values"), Text("log: as ears hear it; magnitude; psd: power for each hertz."),
                     "choice", "log", order=10, section="step", choices=_MODES,
                     words=words_of(_MODE_WORDS)),
        Setting[int]("frame_length", Text("frame"), Text("So many samples of the wave are looked at together."),
                     "int", 256, order=20, section="step", minimum=2, maximum=65_536),
        Setting[int]("frame_step", Text("step"), Text("So many samples lie between the beginnings of two frames."),
                     "int", 128, order=30, section="step", minimum=1, maximum=65_536),
        Setting[bool]("picture", Text("as a picture"), Text("With an axis for channels behind, as Conv2D takes it."),
                      "bool", True, order=40, section="step"),
    ),
)  # fmt: skip


def result(sample: Sample, values: Mapping[str, Json], _state: State | None) -> Sample:
    time, channels = wave_shape(sample, STEP.title)
    if values["frame_length"] > time:
        raise StepError(
            Text.of("{step} looks at {count} samples of a wave together, but a sound has {length}.",
                    step=STEP.title, count=values["frame_length"], length=time)
        )  # fmt: skip
    frames = (time - values["frame_length"]) // values["frame_step"] + 1
    pitches = (1 << (values["frame_length"] - 1).bit_length()) // 2 + 1  # Keras takes the next power of two
    if values["picture"]:
        return Sample((frames, pitches, channels), "float32", "image")
    return Sample((frames, pitches * channels), "float32", "sequence")


def apply(array: Array, sample: Sample, values: Mapping[str, Json], _state: State | None) -> Array:
    if not len(array):
        return np.zeros((0, *result(sample, values, None).shape), np.float32)
    waves = array[..., None] if len(sample.shape) == 1 else array
    return by_keras(_layer(values), waves.astype(np.float32, copy=False))


def layer(sample: Sample, values: Mapping[str, Json], _state: State | None) -> Layer | None:
    """None for a wave without an axis for channels, which the layer asks for."""
    return _layer(values) if len(sample.shape) == 2 else None


def _layer(values: Mapping[str, Json]) -> Layer:
    config = {key: values[key] for key in ("mode", "frame_length", "frame_step")}
    return keras_layer("STFTSpectrogram", config | {"expand_dims": values["picture"]})


def code(values: Mapping[str, Json]) -> StepCode:
    config = {key: values[key] for key in ("mode", "frame_length", "frame_step")} | {"expand_dims": values["picture"]}
    given = of_column("with_channels")
    return by_layer("STFTSpectrogram", config, usual={"expand_dims": False}, given=given, functions=("with_channels",))


def settings_of(written: Layer) -> dict[str, Json] | None:
    config = written["config"]
    if not is_layer(written, "STFTSpectrogram"):
        return None
    usual = {"window": "hann", "periodic": False, "scaling": "density", "padding": "valid"}
    odd = any(config.get(key, value) != value for key, value in usual.items())
    if odd or config.get("fft_length") is not None or config.get("data_format") == "channels_first":
        return None
    length = config.get("frame_length", 256)
    values = {"mode": config.get("mode", "log"), "frame_length": length, "picture": config.get("expand_dims", False)}
    values["frame_step"] = config.get("frame_step") or length // 2
    fits = all(STEP.setting(key).takes(value) for key, value in values.items())  # type: ignore[union-attr]
    return values if fits else None


def wave_shape(sample: Sample, step: Text) -> tuple[int, int]:
    """Time and channels. Raises StepError for what is no wave."""
    if sample.words or len(sample.shape) not in (1, 2):
        shape = "×".join(map(str, sample.shape)) or "1"
        raise StepError(
            Text.of("{step} takes waves: numbers over time, with or without an axis for channels. Samples of {shape} "
                    "come to it.", step=step, shape=shape)
        )  # fmt: skip
    return sample.shape[0], sample.shape[1] if len(sample.shape) == 2 else 1
