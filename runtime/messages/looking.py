"""Samples of data to be looked at: as they are, behind their steps, and augmented."""

import msgspec

from resources.text import Text
from runtime.messages.parts import Message, Part
from runtime.messages.preparing import Preparing
from runtime.spec import ColumnKind, DataSpec


class Thumbnail(Part, frozen=True):
    """A small picture of 8 bits a channel: rows of `width` pixels of 1, 3 or 4 channels, from the top."""

    width: int
    height: int
    channels: int
    data: bytes


class SmallWave(Part, frozen=True):
    """The lowest and the highest value of each piece of a sound, from -127 to 127, a signed byte each."""

    low: bytes
    high: bytes


class ColumnPreview(Part, frozen=True):
    """Values of a column: `count` samples of `shape` in C order and little endian, or `texts` for text columns.

    Pictures that were asked for as thumbnails are `pictures` instead, and sounds are `waves`; None for one that cannot
    be read, of which `unreadable` tells why, by its place in the preview. `places` says where single samples that were
    asked for are.
    """

    name: str
    kind: ColumnKind
    shape: tuple[int, ...]
    dtype: str
    count: int
    data: bytes = b""
    texts: tuple[str, ...] = ()
    pictures: tuple[Thumbnail | None, ...] = ()
    waves: tuple[SmallWave | None, ...] = ()
    unreadable: dict[int, Text] = msgspec.field(default_factory=dict)
    places: tuple[Text, ...] = ()


class PreviewData(Message, frozen=True):
    """With `how`, samples come as they are behind the steps of their columns.

    `rows` are asked for in place of the `count` samples from `first` on, where there are any.

    With `thumbnails` it is for looking: pictures come that many pixels long at most, and long samples are cut.
    """

    id: int
    data: DataSpec
    columns: tuple[str, ...]
    count: int = 16
    first: int = 0
    rows: tuple[int, ...] = ()
    thumbnails: int = 0
    how: Preparing | None = None


class DataPreviewed(Message, frozen=True):
    id: int
    columns: tuple[ColumnPreview, ...]


class CountWindows(Message, frozen=True):
    """How many windows come of the rows of `data`, whose `windows` say how they are made."""

    id: int
    data: DataSpec


class WindowsCounted(Message, frozen=True):
    id: int
    windows: int
    rows: int


class AugmentData(Message, frozen=True):
    """Pictures of `column`, the samples `rows`, as all layers of the data's augmentation make them `times` over.

    They come to the layers behind the steps of the column. `size` is the longest side, `seed` says what is drawn.
    """

    id: int
    data: DataSpec
    column: str
    rows: tuple[int, ...]
    times: int = 4
    size: int = 96
    seed: int = 0
    how: Preparing = Preparing()


class DataAugmented(Message, frozen=True):
    """`pictures` has for each sample of `originals` as many as were asked for; both are shown alike."""

    id: int
    originals: tuple[Thumbnail, ...]
    pictures: tuple[tuple[Thumbnail, ...], ...]
