"""What a project may say of how sounds are read. An option that is None is found out."""

from __future__ import annotations

from typing import Any, Final

from resources.text import Text
from resources.training.choice_words import words_of
from resources.training.setting import FOUND_OUT, Setting
from runtime.worker.data.sample_files.settings import (
    CLASSES,
    FLAT,
    LAYOUT_WORDS,
    NAMES,
    layout_setting,
    skip_setting,
)

MIXED, WITH_AXIS, AS_FILES = "mixed", "with_axis", "as_files"
_WORDS: Final = {
    **LAYOUT_WORDS,
    MIXED: Text("mixed to one"),
    WITH_AXIS: Text("mixed to one, with an axis for it"),
    AS_FILES: Text("as in the files"),
}


_words = words_of(_WORDS)


def _rate(value: int | None) -> Text:
    return FOUND_OUT if value is None else Text.of("{count} Hz", count=value)


def _seconds(value: float | None) -> Text:
    return FOUND_OUT if value is None else Text.of("{count} s", count=value)


LAYOUT = layout_setting((CLASSES, NAMES, FLAT), _words)
RATE = Setting[int | None](
    "rate",
    Text("Rate"),
    Text(
        "Samples of the wave in a second. Files with another rate are resampled. Empty: the rate that most files have."
    ),
    "int",
    None,
    order=20,
    section="option",
    minimum=100,
    maximum=384_000,
    words=_rate,
)
SECONDS = Setting[float | None](
    "seconds",
    Text("Length"),
    Text(
        "In seconds. Longer sounds are cut, shorter ones get silence behind them. Empty: as long as the "
        "longest one, but no longer than 10 seconds."
    ),
    "float",
    None,
    order=30,
    section="option",
    minimum=0.001,
    maximum=3600,
    words=_seconds,
)
CHANNELS = Setting[str](
    "channels",
    Text("Channels"),
    Text("Conv1D and the step Spectrogram take an axis for channels, the step Mel spectrogram takes none."),
    "choice",
    MIXED,
    order=40,
    section="option",
    choices=(MIXED, WITH_AXIS, AS_FILES),
    words=_words,
)
SKIP = skip_setting(
    Text("Skip unreadable sounds"),
    Text("Sounds that cannot be read are left out. Otherwise training does not start with them."),
    order=50,
)
SETTINGS: Final[tuple[Setting[Any], ...]] = (LAYOUT, RATE, SECONDS, CHANNELS, SKIP)
