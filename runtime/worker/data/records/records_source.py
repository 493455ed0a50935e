"""Records as columns: numbers, lists of them, texts, and pictures, which are decoded when they are asked for."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from resources.text import Text
from runtime.lazy import LazyModule
from runtime.spec import ColumnKind, DataSource
from runtime.worker.data.arrays.array_source import MOST_WORDS, ArraySource
from runtime.worker.data.arrays.folders import option_of
from runtime.worker.data.arrays.stored import Stored
from runtime.worker.data.columns import Words
from runtime.worker.data.pictures import looking
from runtime.worker.data.pictures.decoding import Decoder
from runtime.worker.data.pictures.reading import PictureError
from runtime.worker.data.pictures.settings import PictureOptions
from runtime.worker.data.records.records import Records
from runtime.worker.data.records.settings import LENGTH
from runtime.worker.data.source import Array, DataError

if TYPE_CHECKING:
    import numpy as np

    from resources.python_code.in_scripts import examples, tfds
    from resources.python_code.in_scripts.examples import Feature
else:
    np = LazyModule("numpy")
    examples = LazyModule("resources.python_code.in_scripts.examples")
    tfds = LazyModule("resources.python_code.in_scripts.tfds")

_MOST_WORD_BYTES: Final = 256 << 20  # of all records: to find the words of a column, every record is read
# Why a feature is no column.
_LEFT_OUT: Final = {
    "different kinds": Text("its values are of different kinds"),
    "nothing": Text("it holds nothing"),
    "several texts": Text("it holds several texts a record"),
    "bytes of different lengths": Text("its bytes are neither text nor a picture"),
    "not flat": Text("it holds lists of more than one axis, which differ in length"),
    "encoded": Text("its numbers are packed in a way of their own"),
    "unknown": Text("it is of a kind that is not read"),
}
_SEQUENCES: Final = Text("it is a list of steps (tf.train.SequenceExample)")
# What a record can be wrong in, as `examples.value_in` says it.
_WRONG: Final = {
    text.template: text
    for text in (
        Text("it is of another kind than in the first records"),
        Text("it is missing"),
        Text("it has another number of values than in the first records"),
        Text("it is no text"),
    )
}


@dataclass(frozen=True)
class Planned:
    """What is known before a record is read: features of columns, names of classes, and what is said of all."""

    features: Mapping[str, Feature] = field(default_factory=dict)
    class_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[Text, ...] = ()


class RecordsSource(ArraySource):
    def __init__(self, title: str, records: Records, source: DataSource, planned: Planned) -> None:
        """Raises DataError."""
        self._records, self._class_names = records, planned.class_names
        looked = records.looked()
        features = examples.features_of(looked, option_of(source, LENGTH))
        if planned.features:
            features = {name: tfds.merged_feature(features.get(name), each) for name, each in planned.features.items()}
        arrays: dict[str, Stored] = {}
        left_out: dict[str, Text] = {}
        kinds: dict[str, ColumnKind] = {}
        for name, feature in features.items():
            if feature.form in _LEFT_OUT:
                left_out[name] = _LEFT_OUT[feature.form]
            elif feature.form == "picture":
                arrays[name], kinds[name] = _Pictures(records, name, feature, source, looked), "image"
            else:
                arrays[name] = _Values(records, name, feature)
                if feature.form == "list":
                    kinds[name] = "sequence"
        if any(message.feature_lists for message in looked):
            left_out["feature_lists"] = _SEQUENCES
        if not arrays and not left_out:
            raise DataError(Text.of("{file} holds records, but no tf.train.Example with features.", file=title))
        self._lists = [name for name, feature in features.items() if feature.form == "list"]
        notes = (*planned.notes, *records.left_out, *self._told_lists(features))
        super().__init__(
            title, arrays, left_out, records.parts, notes=notes, kinds=kinds, on_close=lambda: self._let_go(arrays)
        )

    def _told_lists(self, features: Mapping[str, Feature]) -> list[Text]:
        return [
            Text.of(
                "{column} holds lists of different lengths: shorter ones get zeros behind them, longer ones are cut to "
                "{count}.",
                column=name,
                count=features[name].shape[0],
            )
            for name in self._lists
        ]

    def is_stale(self) -> bool:
        return self._records.changed

    def categories(self, name: str) -> tuple[str, ...]:
        names = self._class_names.get(name)
        return super().categories(name) if names is None or self.dtype(name).kind not in "iu" else names

    def _words_of(self, name: str) -> Words | None:
        """Of few records only: of others, words are texts."""
        if self._records.count > MOST_WORDS or sum(file.size for file in self._records.files) > _MOST_WORD_BYTES:
            return None
        return super()._words_of(name)

    def _let_go(self, arrays: Mapping[str, Stored]) -> None:
        for array in arrays.values():
            if isinstance(array, _Pictures):
                array.close()
        self._records.close()


class _Column(Stored):
    def __init__(self, records: Records, name: str, feature: Feature) -> None:
        self._records, self._name, self._feature = records, name, feature
        self.shape: tuple[int, ...] = (records.count, *feature.shape)
        self.dtype = np.dtype(feature.dtype)

    @property
    def run_rows(self) -> int:
        return self._records.run_rows

    def part_at(self, row: int) -> tuple[str, int] | None:
        return self._records.part_at(row)

    def read(self, rows: slice) -> Array:
        return self.take(np.arange(*rows.indices(self.shape[0])))

    def take(self, rows: Array) -> Array:
        raise NotImplementedError

    def _value(self, message: Any, row: int) -> Any:
        """Raises DataError."""
        try:
            return examples.value_in(message, self._name, self._feature)
        except ValueError as error:
            reason = _WRONG.get(str(error)) or Text.of("{reason}", reason=str(error))
            raise self._wrong(row, reason) from error

    def _wrong(self, row: int, reason: Text | str) -> DataError:
        return self._records.damaged(row, Text.of("{column}: {reason}", column=self._name, reason=reason))


class _Values(_Column):
    def take(self, rows: Array) -> Array:
        taken = np.empty((len(rows), *self.shape[1:]), self.dtype)
        for place, (message, row) in enumerate(zip(self._records.take(rows), rows.tolist(), strict=True)):
            taken[place] = self._value(message, row)
        return taken


class _Pictures(_Column):
    """As `PictureOptions` say, or as those that were looked at are."""

    def __init__(self, records: Records, name: str, feature: Feature, source: DataSource, looked: list[Any]) -> None:
        """Raises DataError."""
        super().__init__(records, name, feature)
        found = looked_at(looked, name, feature)
        self._format = PictureOptions.of(source).pixels(found.size, found.colour, found.depth)
        self._decoder = Decoder(found.pixels)
        self.shape, self.dtype = (records.count, *self._format.shape), self._format.dtype

    def take(self, rows: Array) -> Array:
        taken = np.empty((len(rows), *self.shape[1:]), self.dtype)
        messages = self._records.take(rows)

        def decoded(place: int) -> Array:
            row = int(rows[place])
            try:
                return self._format.decode(self._value(messages[place], row))
            except PictureError as error:
                raise self._wrong(row, error.reason) from error

        self._decoder.fill(taken, range(len(rows)), decoded)
        return taken

    def close(self) -> None:
        self._decoder.close()


def looked_at(messages: list[Any], name: str, feature: Feature) -> looking.Found:
    """What the pictures of these records are."""
    pictures = []
    for message in messages:
        try:
            pictures.append(io.BytesIO(examples.value_in(message, name, feature)))
        except ValueError:
            continue  # a record without one: reading it names it
    return looking.look_into(pictures)
