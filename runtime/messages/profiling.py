"""What columns of data hold, as people look at it."""

import msgspec

from resources.text import Text
from runtime.messages.looking import Thumbnail
from runtime.messages.parts import Message, Part
from runtime.spec import DataSpec


class Bars(Part, frozen=True, tag="bars"):
    """How often values come: most often first where they are words, else in their order.

    `others` counts what has no bar. `parts` splits the counts by part ("training"), where that is known. `rows` has a
    few samples of each bar. `seen`: in how many samples they were counted, if that is not that of the profile.
    """

    title: Text
    labels: tuple[str, ...]
    counts: tuple[int, ...]
    others: int = 0
    parts: dict[str, tuple[int, ...]] = msgspec.field(default_factory=dict)
    rows: tuple[tuple[int, ...], ...] = ()
    seen: int = 0


class Histogram(Part, frozen=True, tag="histogram"):
    """How many values lie between neighbouring `edges`, of which there is one more than counts.

    `dates`: the values are seconds since 1970.
    """

    title: Text
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    parts: dict[str, tuple[int, ...]] = msgspec.field(default_factory=dict)
    dates: bool = False


class Pictures(Part, frozen=True, tag="pictures"):
    """Pictures with a name each, such as the mean of each class."""

    title: Text
    names: tuple[str, ...]
    pictures: tuple[Thumbnail, ...]


class Fact(Part, frozen=True, tag="fact"):
    """One thing that is known of a column: "missing", "12". `odd`: it deserves a look."""

    title: Text
    value: Text | str
    odd: bool = False


class Wave(Part, frozen=True, tag="wave"):
    """The lowest and highest value of each piece of a sound, from -1 to 1, and how long it is in seconds."""

    title: Text
    low: tuple[float, ...]
    high: tuple[float, ...]
    seconds: float | None = None


ProfilePart = Bars | Histogram | Pictures | Fact | Wave


class ColumnProfile(Part, frozen=True):
    """What a column holds, found in `seen` of its `samples`. `failure` says why nothing was found."""

    name: str
    samples: int
    seen: int
    parts: tuple[ProfilePart, ...] = ()
    failure: Text | None = None


class ProfileData(Message, frozen=True):
    """What columns hold, looked at in a part of the samples that is spread over all of them.

    `target` is the column whose classes, or values, the others are held against.
    """

    id: int
    data: DataSpec
    columns: tuple[str, ...]
    target: str | None = None


class DataProfiled(Message, frozen=True):
    id: int
    columns: tuple[ColumnProfile, ...]
