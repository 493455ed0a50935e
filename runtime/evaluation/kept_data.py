"""What a run keeps of its data (`data.json` in its folder): enough to make a sample as training did, without it."""

from pathlib import Path
from typing import Any, Final

import msgspec

from resources.atomic import write_atomically
from runtime.model_configs import keras_json
from runtime.run_files import read_checked
from runtime.spec import ColumnKind

DATA_FILE: Final = "data.json"
_MOST: Final = 256 << 20  # bytes: vocabularies are in it


class FileFormat(msgspec.Struct, frozen=True):
    """How the files of a column are read: a picture's or sound's settings by name, as its source has them."""

    kind: str
    settings: dict[str, Any]


class KeptColumn(msgspec.Struct, frozen=True):
    """A column before its steps: `shape` is without the sample axis, `categories` are its words in training's order.

    `classes` are the words behind its steps, where words come out of them. `low`, `high` and `mean` are those of
    numbers, of pictures in arrays without the mean. `example` is the value of a training sample, of numbers, words
    and texts.
    """

    kind: ColumnKind
    shape: tuple[int, ...]
    dtype: str
    categories: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    mean: float | None = None
    example: float | str | None = None
    file: FileFormat | None = None


class KeptData(msgspec.Struct, frozen=True):
    """`states` is what steps have learnt, by column and steps (`runtime/worker/data/keeping/kept_facts.py`).

    `parts` counts the samples of each part, `fingerprint` stands for what they hold.
    """

    columns: dict[str, KeptColumn]
    states: dict[str, Any] = {}
    parts: dict[str, int] = {}
    fingerprint: str = ""
    format_version: int = 1


def write_kept(folder: Path, kept: KeptData) -> None:
    """Raises OSError."""
    write_atomically(folder / DATA_FILE, keras_json.encode(kept))


def read_kept(folder: Path) -> KeptData | None:
    """None for a run that kept nothing. Raises DamagedError."""
    return read_checked(folder / DATA_FILE, KeptData, _MOST)
