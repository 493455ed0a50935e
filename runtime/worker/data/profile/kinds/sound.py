"""The first sounds as a wave and as a spectrogram."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from resources.text import Text
from runtime.messages.looking import Thumbnail
from runtime.messages.profiling import Pictures, ProfilePart, Wave
from runtime.worker.data.looking.thumbnails import packed
from runtime.worker.data.looking.waves import ends_of_pieces, mono
from runtime.worker.data.profile.looked import Looked
from runtime.worker.data.source import Array

ORDER: Final = 15
_PIECES: Final = 400
_SHOWN: Final = 3
_WINDOW: Final = 256
_HEIGHT, _WIDTH = 96, 300
_FLOOR: Final = 1e-5  # 100 decibels below the loudest


def _sound(looked: Looked) -> Iterator[ProfilePart]:
    if looked.column.kind != "audio" or not len(looked.rows):
        return
    spectra: list[Thumbnail] = []
    names: list[str] = []
    for row in looked.rows[:_SHOWN].tolist():
        wave = mono(looked.source.take(looked.name, np.array([row]))[0])
        title = Text.of("Sample {row}", row=row + 1)
        if not spectra:
            yield _wave(wave, title)
        spectra.append(packed(_spectrogram(wave)))
        names.append(str(row + 1))
    yield Pictures(Text("Spectrograms"), tuple(names), tuple(spectra))


def _wave(wave: Array, title: Text) -> Wave:
    low, high = ends_of_pieces(wave, _PIECES)
    return Wave(title, tuple(low.tolist()), tuple(high.tolist()))


def _spectrogram(wave: Array) -> Array:
    """Loud is bright, low is at the bottom: uint8 of (height, width, 1)."""
    wave = np.pad(wave, (0, max(0, _WINDOW - len(wave))))
    starts = np.linspace(0, len(wave) - _WINDOW, min(_WIDTH, max(1, len(wave) // (_WINDOW // 4)))).astype(np.int64)
    pieces = wave[starts[:, None] + np.arange(_WINDOW)] * np.hanning(_WINDOW)
    loudness = np.abs(np.fft.rfft(pieces, axis=1)).T[1:][::-1]
    scaled = np.log10(np.maximum(loudness / max(float(loudness.max(initial=0.0)), 1e-9), _FLOOR))
    brightness = (scaled / -np.log10(_FLOOR) + 1) * 255
    rows = np.arange(_HEIGHT) * len(brightness) // _HEIGHT
    shown: Array = brightness[rows].astype(np.uint8)[..., None]
    return shown


PROFILE = _sound
