"""Sounds as people look at them: the lowest and the highest value of each piece."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from runtime.messages.looking import SmallWave

if TYPE_CHECKING:
    from runtime.worker.data.source import Array

_PIECES: Final = 120
_FULL: Final = 127


def mono(sample: Array) -> Array:
    """A wave of -1 to 1, whatever its channels and its range are; what is no number is silence."""
    values = np.nan_to_num(np.asarray(sample, np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    values = values.mean(axis=-1) if values.ndim > 1 else values
    return values / max(1.0, float(np.abs(values).max(initial=0.0)))


def ends_of_pieces(wave: Array, most: int) -> tuple[Array, Array]:
    """The lowest and the highest value of up to `most` pieces, each as long as the others but for one value."""
    if not len(wave):
        return np.zeros(1), np.zeros(1)
    starts = np.arange(min(most, len(wave))) * len(wave) // min(most, len(wave))
    return np.minimum.reduceat(wave, starts), np.maximum.reduceat(wave, starts)


def small_wave(sample: Array) -> SmallWave:
    """As loud as it is: a quiet sound among loud ones looks quiet."""
    low, high = (np.rint(each * _FULL).astype(np.int8).tobytes() for each in ends_of_pieces(mono(sample), _PIECES))
    return SmallWave(low, high)
