"""Tiny files of sound."""

import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray


def soundfile_or_skip() -> Any:
    """The library soundfile. Skips the test where it, or its library libsndfile, is missing."""
    try:
        import soundfile
    except (ImportError, OSError) as error:
        pytest.skip(f"soundfile cannot be loaded: {error}")
    return soundfile


def tone(number: int, samples: int = 80, channels: int = 1) -> NDArray[Any]:
    """int16 of shape (samples, channels), which no other number has."""
    generator = np.random.default_rng(number)
    return generator.integers(-20_000, 20_000, (samples, channels)).astype(np.int16)


def save_wave(path: Path, values: NDArray[Any], rate: int = 800, width: int = 2) -> Path:
    """Whole numbers of `width` bytes; folders on the way are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(values.shape[1])
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(values.tobytes())
    return path
