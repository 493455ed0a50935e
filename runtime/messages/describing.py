"""What a file or folder of data is, which columns it has, and how a set that Keras knows is fetched."""

from typing import Literal

import msgspec

from resources.text import Text
from runtime.messages.looking import ColumnPreview
from runtime.messages.parts import Json, Message, Part
from runtime.spec import ColumnKind, DataSpec


class DataCandidate(Part, frozen=True):
    """A kind of data that a path can be read as: with these `options`, as `what` says."""

    kind: str
    what: Text
    options: dict[str, Json] = msgspec.field(default_factory=dict)


class RecognizeData(Message, frozen=True):
    """What kind of data the file or folder `path` (absolute) holds. Little of it is read."""

    id: int
    path: str


class DataRecognized(Message, frozen=True):
    """`alternatives` are what else it can be read as, the likeliest first."""

    id: int
    kind: str
    what: Text
    options: dict[str, Json] = msgspec.field(default_factory=dict)
    alternatives: tuple[DataCandidate, ...] = ()


class Column(Part, frozen=True):
    """A column of a data source. `shape` is without the sample axis.

    `distinct` counts different whole numbers, if they are few. A column of words has `categories`: its values are read
    as their positions in it. `missing` counts NaN. `sampled`: minimum, maximum, distinct and missing are those of so
    many samples, spread over the data; 0: of all.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    samples: int
    kind: ColumnKind
    minimum: float | None = None
    maximum: float | None = None
    distinct: int | None = None
    categories: tuple[str, ...] = ()
    missing: int = 0
    note: Text | None = None
    sampled: int = 0


class DescribeData(Message, frozen=True):
    id: int
    data: DataSpec


class DataDescribed(Message, frozen=True):
    """`stamps` tell by source whether it is still what was described; see `runtime/worker/data/stamps.py`.

    `own_parts` counts the samples that the data itself puts into a part; nothing: it says of none where it goes.
    """

    id: int
    columns: tuple[Column, ...]
    samples: int
    note: Text | None = None
    stamps: tuple[str, ...] = ()
    own_parts: dict[str, int] = msgspec.field(default_factory=dict)


class PeekData(Message, frozen=True):
    """The first samples, at once: of data that takes long to describe."""

    id: int
    data: DataSpec


class DataPeeked(Message, frozen=True):
    """What the first samples say, which all of them may put right. No columns: describing it takes no longer."""

    id: int
    columns: tuple[Column, ...] = ()
    previews: tuple[ColumnPreview, ...] = ()


class GetKnownSet(Message, frozen=True):
    """Downloads what is missing of a set that Keras knows (`runtime/known_sets.py`): a person has said yes to it.

    It is answered when all is there. How much has arrived, `known_sets.bytes_here` tells meanwhile.
    """

    id: int
    name: str


class KnownSetReady(Message, frozen=True):
    """All files of the set are there, with the checksums that they should have."""

    id: int
    name: str


class DataProgress(Message, frozen=True):
    """How far the worker is with request `id`, whose answer is still to come. Told a few times a second.

    `total` None: nobody knows. `again`: the same is gone through once more.
    """

    id: int
    done: int
    total: int | None
    unit: Literal["bytes", "rows", "columns", "files"]
    again: bool = False
