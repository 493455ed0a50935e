"""What people are shown of columns: counted here by hand, on arrays small enough for that."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import pytest
from numpy.typing import NDArray

from resources.text import Text
from runtime.messages.looking import PreviewData
from runtime.messages.profiling import Bars, ColumnProfile, Fact, Histogram, Pictures, Wave
from runtime.spec import ColumnKind, DataSpec
from runtime.worker.data.answering.view import preview
from runtime.worker.data.looking.rows import MOST_ROWS, spread_rows
from runtime.worker.data.profile.profiles import profiles
from runtime.worker.data.source import DataError, Source
from runtime.worker.process.control import CancelledError

Array = NDArray[Any]
P = TypeVar("P", Bars, Histogram, Pictures, Wave)


class Arrays(Source):
    """Columns of arrays; words by their places. A picture of `broken` cannot be read."""

    title = "arrays"

    def __init__(self, kinds: dict[str, ColumnKind] | None = None, words: tuple[str, ...] = (), **columns: Any) -> None:
        self._columns = {name: np.asarray(values) for name, values in columns.items()}
        self._kinds, self._words = kinds or {}, words
        self.broken: int | None = None
        self.memory = True

    def names(self) -> tuple[str, ...]:
        return tuple(self._columns)

    def shape(self, name: str) -> tuple[int, ...]:
        return self._columns[name].shape

    def dtype(self, name: str) -> np.dtype[Any]:
        return self._columns[name].dtype

    def read(self, name: str, rows: slice) -> Array:
        if self._columns[name].ndim > 2 and self.broken in range(*rows.indices(10**9)):
            raise DataError(Text("three.png is broken."))
        read: Array = self._columns[name][rows]
        return read

    def categories(self, name: str) -> tuple[str, ...]:
        return self._words if name == "word" else ()

    def sample_kind(self, name: str) -> ColumnKind | None:
        return self._kinds.get(name)

    def in_memory(self) -> bool:
        return self.memory


def profile(source: Source, name: str, target: str | None = None) -> ColumnProfile:
    (found,) = profiles(source, (name,), target, lambda: True)
    assert found.failure is None
    return found


def the(kind: type[P], found: ColumnProfile) -> P:
    (one,) = [part for part in found.parts if isinstance(part, kind)]
    return one


def facts(found: ColumnProfile) -> dict[str, str]:
    told = [part for part in found.parts if isinstance(part, Fact)]
    return {part.title.english(): part.value.english() if isinstance(part.value, Text) else part.value for part in told}


def test_classes_are_counted_with_some_of_their_samples() -> None:
    found = profile(Arrays(word=np.array([1, 0, 1, -1, 1]), words=("cat", "dog")), "word")
    bars = the(Bars, found)
    assert (bars.labels, bars.counts, bars.rows) == (("cat", "dog"), (1, 3), ((1,), (0, 2, 4)))
    assert facts(found) == {"missing": "1 of 5", "different values": "2"}


def test_class_numbers_are_counted_in_their_order() -> None:
    bars = the(Bars, profile(Arrays(digit=np.array([3, 0, 3, 7], np.uint8)), "digit"))
    assert (bars.labels, bars.counts) == (("0", "3", "7"), (1, 2, 1))


def test_numbers_are_spread_and_counted() -> None:
    values = np.array([*np.linspace(0, 1, 99), 50.0, np.nan])
    found = profile(Arrays(size=values), "size")
    histogram = the(Histogram, found)
    assert (sum(histogram.counts), histogram.edges[0], histogram.edges[-1]) == (100, 0, 50)
    told = facts(found)
    assert told["missing"] == "1 of 101"
    assert told["far from the others"] == "1, such as 50"
    assert told["least and greatest"] == "0 … 50"


def test_dates_are_told_as_dates() -> None:
    """Seconds since 1970 are what data holds, and nobody reads them: 5.53e+06 … 1.699e+09."""
    days = np.array([0.0, 86400.0, 3 * 86400.0 + 3600, np.nan])
    found = profile(Arrays({"built": "date"}, built=days), "built")
    assert the(Histogram, found).dates
    told = facts(found)
    assert told["least and greatest"] == "1970-01-01 … 1970-01-04 01:00:00"
    assert told["mean"] == "1970-01-02" and "deviation" not in told
    far = facts(profile(Arrays({"built": "date"}, built=np.array([0.0, 1e15])), "built"))
    assert far["least and greatest"] == "1970-01-01 … 1e+15", "a year that there is not"


def test_whole_numbers_get_a_bar_each() -> None:
    histogram = the(Histogram, profile(Arrays(size=np.array([[-2], [0], [0], [3]])), "size"))
    assert (histogram.edges, histogram.counts) == ((-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5), (1, 0, 2, 0, 0, 1))


def test_what_columns_tell_of_the_target() -> None:
    rng = np.random.default_rng(1)
    size = rng.normal(size=200)
    source = Arrays(size=size, price=-3 * size, noise=rng.normal(size=200), word=(size > 0).astype(np.int64),
                    words=("no", "yes"))  # fmt: skip
    assert facts(profile(source, "size", "price"))["correlation with price"] == "-1.00"
    assert abs(float(facts(profile(source, "noise", "price"))["correlation with price"])) < 0.2
    assert 0.7 < float(facts(profile(source, "size", "word"))["correlation with word"]) < 0.9
    assert "correlation with price" not in facts(profile(source, "price", "price"))


def test_the_mean_picture_of_each_class() -> None:
    pictures = np.zeros((6, 8, 8), np.uint8)
    pictures[0::2, :4] = 200
    pictures[4] = 100
    source = Arrays(picture=pictures, digit=np.array([0, 1] * 3))
    means = the(Pictures, profile(source, "picture", "digit"))
    assert means.names == ("0", "1")
    first, second = (np.frombuffer(mean.data, np.uint8).reshape(8, 8) for mean in means.pictures)
    assert (first[0, 0], first[7, 7], second.max()) == (166, 33, 0)
    source.broken, source.memory = 4, False  # it is left out of the mean
    again = the(Pictures, profile(source, "picture", "digit"))
    assert max(again.pictures[0].data) == 200


def test_texts_are_measured_in_words() -> None:
    texts = np.array(["one", "two words", "two words", "and now three", ""], object)
    found = profile(Arrays({"text": "text"}, text=texts), "text")
    assert the(Histogram, found).counts == (1, 1, 2, 1)
    assert the(Bars, found).labels[0] == "two words"
    assert facts(found)["missing"] == "1 of 5"


def test_sound_is_a_wave_and_a_spectrogram() -> None:
    tone = np.sin(np.arange(8000) * 2 * np.pi * 2000 / 8000).astype(np.float32)
    found = profile(Arrays({"sound": "audio"}, sound=tone[None, :, None]), "sound")
    wave, spectrum = the(Wave, found), the(Pictures, found).pictures[0]
    assert (round(min(wave.low)), round(max(wave.high))) == (-1, 1)
    pixels = np.frombuffer(spectrum.data, np.uint8).reshape(spectrum.height, spectrum.width)
    assert abs(int(pixels.mean(axis=1).argmax()) / spectrum.height - 0.5) < 0.05  # half of the highest frequency


def test_of_much_data_a_part_is_looked_at_that_is_spread_over_all() -> None:
    source = Arrays(size=np.arange(MOST_ROWS * 5))
    for memory in (True, False):
        source.memory = memory
        rows = spread_rows(source, "size")
        assert len(rows) <= MOST_ROWS
        assert (rows[0], rows[-1]) == (0, MOST_ROWS * 5 - 1)
        assert profile(source, "size").seen == len(rows)
        assert memory or len(np.flatnonzero(np.diff(rows) != 1)) < 50, "in few runs: a disk reads one by one slowly"


def test_nobody_waits() -> None:
    with pytest.raises(CancelledError):
        profiles(Arrays(size=np.arange(3)), ("size",), None, lambda: False)


def test_a_column_that_cannot_be_read_says_so() -> None:
    source = Arrays(picture=np.zeros((3, 8, 8), np.float32))
    source.broken = 1
    (found,) = profiles(source, ("picture",), None, lambda: True)
    assert found.failure == Text("three.png is broken.")


def test_what_is_looked_at_is_small() -> None:
    """Thumbnails for pictures, the first numbers of long samples; a broken one is marked, the others are there."""
    pictures = np.full((3, 64, 32, 3), 7, np.uint8)
    source = Arrays(picture=pictures, long=np.arange(300.0).reshape(3, 100))
    source.column("picture")
    source.broken = 1
    asked = PreviewData(0, DataSpec(()), ("picture", "long"), rows=(2, 1), thumbnails=16)
    shown, long = preview(source, asked)
    assert [picture and (picture.width, picture.height, picture.channels) for picture in shown.pictures] == [
        (8, 16, 3), None,
    ]  # fmt: skip
    assert shown.unreadable == {1: Text("three.png is broken.")}
    assert shown.places[0] == Text("index {row}", {"row": 2})
    assert (long.shape, np.frombuffer(long.data, long.dtype)[0]) == ((8,), 200.0)
