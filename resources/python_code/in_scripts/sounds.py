"""Files of sound as waves of one length. Scripts hold this word by word."""

import fractions
import os
import pathlib
import typing
import wave

import numpy as np

SOUND_ENDINGS = (".flac", ".oga", ".ogg", ".wav", ".wave")
WAVE_TYPES = {1: "u1", 2: "<i2", 4: "<i4"}


def import_soundfile() -> typing.Any:
    """Raises ImportError, also where there is no libsndfile: importing says so by an OSError."""
    try:
        import soundfile
    except OSError as error:
        raise ImportError("soundfile finds no libsndfile that it can load") from error
    return soundfile


def sound_facts(path: str | os.PathLike[str]) -> tuple[int, int, int]:
    """Rate, channels and frames of a file. Raises ImportError where soundfile is needed."""
    try:
        with pathlib.Path(path).open("rb") as stream, wave.open(stream) as file:
            return file.getframerate(), file.getnchannels(), file.getnframes()
    except (wave.Error, EOFError):  # what is no plain WAV
        facts = import_soundfile().info(path)
        return facts.samplerate, facts.channels, facts.frames


def read_wave(path: str | os.PathLike[str], seconds: float) -> tuple[int, typing.Any]:
    """Rate, and the beginning as float32 of -1 to 1: (frames, channels)."""
    try:
        with pathlib.Path(path).open("rb") as stream, wave.open(stream) as file:
            rate, width = file.getframerate(), file.getsampwidth()
            frames = min(file.getnframes(), int(seconds * rate) + 1)
            data = file.readframes(frames)
            if len(data) < frames * width * file.getnchannels():
                raise ValueError("it ends too early")
            return rate, as_floats(data, width).reshape(frames, file.getnchannels())
    except (wave.Error, EOFError):
        with import_soundfile().SoundFile(path) as file:
            frames = min(file.frames, int(seconds * file.samplerate) + 1)
            values = file.read(frames, "float32", always_2d=True)
            if len(values) < frames:
                raise ValueError("it ends too early") from None
            return file.samplerate, values


def as_floats(data: bytes, width: int) -> typing.Any:
    """Whole numbers of `width` bytes as float32 of -1 to 1."""
    if width == 3:
        padded = np.zeros((len(data) // 3, 4), np.uint8)
        padded[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
        numbers, width = padded.view("<i4").ravel(), 4
    else:
        numbers = np.frombuffer(data, WAVE_TYPES[width])
    if width == 1:
        return (numbers.astype(np.float32) - 128) / 128
    return numbers.astype(np.float32) / np.float32(2 ** (8 * width - 1))


def read_sound(
    path: str | os.PathLike[str], rate: int, seconds: float, channels: int | None
) -> typing.Any:
    """The beginning of a sound at `rate`, with zeros behind if it is shorter.

    Shape (samples, channels); None mixes the channels to one without an axis.
    """
    found, values = read_wave(path, seconds)
    if not len(values):
        raise ValueError("it holds no sound")
    if channels in (None, 1):
        values = values.mean(axis=1, keepdims=True, dtype=np.float32)
    elif values.shape[1] == 1:
        values = np.repeat(values, channels, axis=1)
    elif values.shape[1] != channels:
        raise ValueError(f"it has {values.shape[1]} channels, not {channels}")
    if found != rate:
        from scipy.signal import resample_poly

        ratio = fractions.Fraction(rate, found)
        values = resample_poly(values, ratio.numerator, ratio.denominator, axis=0)
    samples = round(seconds * rate)
    sound = np.zeros((samples, values.shape[1]), np.float32)
    sound[: len(values)] = values[:samples]
    return sound[:, 0] if channels is None else sound
