"""A folder of sounds: each file is one, read as a wave when it is asked for."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from resources.os_reasons import os_reason
from resources.plain import shown_name
from resources.regular_files import require_regular
from resources.text import Text
from runtime.lazy import LazyModule
from runtime.messages.checking import DataProblem, OptionChange, ProposedMend
from runtime.spec import ColumnKind
from runtime.worker.data.columns import number_text
from runtime.worker.data.sample_files import listing as sample_files
from runtime.worker.data.sample_files.files_source import FileError, FilesSource
from runtime.worker.data.sounds.settings import CHANNELS, LAYOUT, MIXED, RATE, SECONDS, SKIP, WITH_AXIS
from runtime.worker.data.source import Array, DataError

if TYPE_CHECKING:
    import numpy as np

    from resources.python_code.in_scripts import folders, sounds
    from resources.python_code.in_scripts.folders import Listing
else:
    np = LazyModule("numpy")
    folders = LazyModule("resources.python_code.in_scripts.folders")
    sounds = LazyModule("resources.python_code.in_scripts.sounds")

AUDIO: Final = "audio"
LOOKED_AT: Final = 64
_SECONDS: Final = 1.0  # after which the files seen so far have to do
_LONGEST: Final = 10.0  # seconds: what is longer is cut, unless somebody says otherwise
_USUAL_RATE: Final = 16_000
_OTHERS: Final = Text("they are no sounds")
_NO_SOUNDS: Final = Text("there is no sound in these folders")
MISSING: Final = Text("FLAC, Ogg and some WAV files need soundfile: pip install lamella[audio]")
NOT_BUNDLED: Final = Text(
    "FLAC, Ogg and some WAV files need soundfile, which is not in this bundle: make them plain WAV (PCM)"
)
NO_LIBRARY: Final = Text("FLAC, Ogg and some WAV files need libsndfile, and soundfile finds none on this machine")
NO_SOUND: Final = Text("it is no sound that can be read, whatever its name says")
_TOO_EARLY: Final = Text("it ends too early")
_NOTHING: Final = Text("it holds no sound")


@dataclass(frozen=True)
class Found:
    """What some of the files are like: rates and how many have them, lengths in seconds, the most channels."""

    rates: dict[int, int]
    lengths: tuple[float, ...]
    channels: int

    @property
    def rate(self) -> int:
        return max(self.rates, key=lambda rate: (self.rates[rate], rate), default=_USUAL_RATE)

    @property
    def seconds(self) -> float:
        longest = min(max(self.lengths, default=1.0), _LONGEST)
        return max(round(longest, 3), SECONDS.minimum or 0.0)


def look(root: str, files: Sequence[str]) -> Found:
    """Files that cannot be read tell nothing."""
    until = time.monotonic() + _SECONDS
    rates: Counter[int] = Counter()
    lengths: list[float] = []
    channels = 1
    step = max(1, len(files) // LOOKED_AT)
    for file in files[::step]:
        try:
            rate, count, frames = _facts(Path(root, file))
        except FileError:
            continue
        rates[rate] += 1
        lengths += [frames / rate] if frames else []
        channels = max(channels, count)
        if time.monotonic() > until:
            break
    return Found(dict(rates), tuple(lengths), channels)


class SoundFiles(FilesSource):
    def __init__(self, path: str, options: dict[str, Any]) -> None:
        """Raises DataError."""
        listing = sample_files.list_folder(path, list_sounds, _nothing)
        found = folders.arrange_files(listing.files, options[LAYOUT.key])
        if not found.files:
            text = Text.of(
                "No sound in {folder} lies in a folder for its class, or has one in its name.", folder=Path(path).name
            )
            raise DataError(text)
        self._options = options
        self._looked = look(path, found.files)
        self._rate = options[RATE.key] or self._looked.rate
        self._seconds = options[SECONDS.key] or self._looked.seconds
        mixes = {MIXED: None, WITH_AXIS: 1}
        self._channels = mixes.get(options[CHANNELS.key], self._looked.channels)
        notes = list(sample_files.left_out(listing, found, _OTHERS, _NO_SOUNDS))
        super().__init__(path, AUDIO, found, notes, skip=options[SKIP.key])

    @property
    def file_kind(self) -> ColumnKind:
        return "audio"

    @property
    def file_shape(self) -> tuple[int, ...]:
        samples = round(self._seconds * self._rate)
        return (samples,) if self._channels is None else (samples, self._channels)

    @property
    def file_dtype(self) -> np.dtype[Any]:
        return np.dtype(np.float32)

    def file_format(self, name: str) -> dict[str, Any]:
        if name != AUDIO:
            return {}
        return {"kind": "sound", "rate": self._rate, "seconds": self._seconds, "channels": self._channels}

    def read_file(self, path: Path) -> Array:
        with _as_file_errors(path):
            sound: Array = sounds.read_sound(path, self._rate, self._seconds, self._channels)
        return sound

    def look_at(self, path: Path) -> None:
        rate, _, frames = _facts(path)
        if not frames:
            raise FileError(_NOTHING)
        with _as_file_errors(path):
            sounds.read_sound(path, rate, min(self._seconds, frames / rate), self._channels)

    def doubts(self, name: str) -> Iterator[DataProblem]:
        yield from super().doubts(name)
        if name != AUDIO:
            return
        rates, lengths = self._looked.rates, self._looked.lengths
        if len(rates) > 1 and self._options[RATE.key] is None:
            text = Text.of(
                "{file}: the sounds have different rates, {lowest} to {highest} Hz, and each is made {rate}.",
                file=self.title,
                lowest=min(rates),
                highest=max(rates),
                rate=self._rate,
            )
            mend = ProposedMend(Text.of("Keep {rate} Hz", rate=self._rate), (OptionChange(RATE.key, self._rate),))
            yield DataProblem("warning", text, column=name, kind="mixed_rates", mend=mend)
        if self._options[SECONDS.key] is None and lengths and max(lengths) - min(lengths) > 0.01:
            seconds = number_text(self._seconds)
            text = Text.of(
                "{file}: the sounds last {shortest} to {longest} seconds, and each is made {seconds}.",
                file=self.title,
                shortest=number_text(round(min(lengths), 2)),
                longest=number_text(round(max(lengths), 2)),
                seconds=seconds,
            )
            mend = ProposedMend(Text.of("Keep {seconds} s", seconds=seconds), (OptionChange("seconds", self._seconds),))
            yield DataProblem("warning", text, column=name, kind="mixed_lengths", mend=mend)


def list_sounds(folder: str, most: float = float("inf")) -> Listing:
    return folders.list_files(folder, sounds.SOUND_ENDINGS, most)


def _nothing(folder: str) -> Text:
    return Text.of("{folder} holds no sounds (WAV, FLAC or Ogg).", folder=folder)


def _facts(path: Path) -> tuple[int, int, int]:
    """Rate, channels and frames. Raises FileError."""
    with _as_file_errors(path):
        rate, channels, frames = sounds.sound_facts(path)
    if rate <= 0 or channels <= 0:
        raise FileError(NO_SOUND)
    return rate, channels, frames


@contextmanager
def _as_file_errors(path: Path) -> Iterator[None]:
    """What reading raises as a FileError."""
    try:
        require_regular(path)
        if not path.stat().st_size:
            raise FileError(Text("it is empty"))
        yield
    except FileError:
        raise
    except ModuleNotFoundError as error:
        raise FileError(NOT_BUNDLED if getattr(sys, "frozen", False) else MISSING) from error
    except ImportError as error:  # soundfile is there, what it stands on is not
        raise FileError(NO_LIBRARY, shown_name(str(error.__cause__ or error))) from error
    except OSError as error:
        raise FileError(Text("{reason}", {"reason": os_reason(error)})) from error
    except Exception as error:  # soundfile and wave have many
        raise FileError(_reason(str(error)), shown_name(str(error))) from error


def _reason(message: str) -> Text:
    if message.startswith("it has "):
        return Text("it has another number of channels than the first ones")
    return {"it ends too early": _TOO_EARLY, "it holds no sound": _NOTHING}.get(message, NO_SOUND)
