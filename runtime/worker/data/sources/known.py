"""The sets of samples that Keras knows (`keras.datasets`), from the files that Keras itself keeps. Never downloads.

Their own parts are kept: Keras' training samples train, its test samples test.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from resources.python_code.parts import Constant, Loading
from resources.python_code.pieces import SourceError, literal
from resources.text import Text
from resources.training.choice_words import words_of
from resources.training.setting import Setting
from runtime.data_kinds import DataKind
from runtime.known_sets import KnownSet, known_set, known_sets
from runtime.lazy import LazyModule
from runtime.spec import ColumnKind, DataSource
from runtime.worker.data.arrays.array_source import ArraySource
from runtime.worker.data.arrays.folders import option_of
from runtime.worker.data.arrays.stored import Held, Stored
from runtime.worker.data.columns import Words
from runtime.worker.data.known.reading import Loaded, Options, load
from runtime.worker.data.source import Array, DataError, Part, Source

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

_OF_TEXTS: Final = ("imdb", "reuters")
_COARSE: Final = "cifar100"


def _has_texts(values: Mapping[str, Any]) -> bool:
    return values.get(NAME.key) in _OF_TEXTS


def _has_coarse(values: Mapping[str, Any]) -> bool:
    return values.get(NAME.key) == _COARSE


NAME: Final = Setting(
    key="name",
    title=Text("Set"),
    help=Text("Which of the sets that Keras knows."),
    kind="choice",
    default="mnist",
    order=10,
    section="option",
    choices=tuple(one.name for one in known_sets()),
)
_NUM_WORDS: Final = Setting[int | None](
    key="num_words",
    title=Text("Words"),
    help=Text(
        "So many of the most frequent words count; rarer ones become the one for unknown words. Empty: all words count."
    ),
    kind="int",
    default=None,
    order=20,
    section="option",
    none=Text("all"),
    minimum=4,
    applies=_has_texts,
)
_MAXLEN: Final = Setting(
    key="maxlen",
    title=Text("Length"),
    help=Text("So many words of each text, the last ones; before shorter texts stand zeros."),
    kind="int",
    default=200,
    order=30,
    section="option",
    minimum=1,
    maximum=10_000,
    applies=_has_texts,
)
_LABELS: Final = Setting(
    key="labels",
    title=Text("Labels"),
    help=Text("100 fine classes, or 20 coarse ones."),
    kind="choice",
    default="fine",
    order=40,
    section="option",
    choices=("fine", "coarse"),
    words=words_of({"fine": Text("100 fine ones"), "coarse": Text("20 coarse ones")}),
    applies=_has_coarse,
)
KIND = DataKind("known", Text("A set that Keras knows"), (), options=(NAME, _NUM_WORDS, _MAXLEN, _LABELS))
_JOINED: Final = '''def load_data():
    """Keras' training samples, and its test samples behind them, and which sample is in which part."""
    (x_train, y_train), (x_test, y_test) = known_set()
    part = np.repeat([0, 2], [len(x_train), len(x_test)])
    return {"x": np.concatenate([x_train, x_test]), "y": np.concatenate([y_train, y_test]), "(part)": part}
'''
_PADDED: Final = '''def load_data():
    """Keras' training samples, and its test samples behind them, and which sample is in which part."""
    (x_train, y_train), (x_test, y_test) = known_set()
    x = [keras.utils.pad_sequences(texts, maxlen=MAXLEN) for texts in (x_train, x_test)]
    part = np.repeat([0, 2], [len(x_train), len(x_test)])
    return {"x": np.concatenate(x), "y": np.concatenate([y_train, y_test]), "(part)": part}
'''
_WORDS: Final = '''def load_data():
    """Keras' training samples, and its test samples behind them, their texts as words, and which part each is in."""
    (x_train, y_train), (x_test, y_test) = known_set()
    x = np.concatenate([keras.utils.pad_sequences(texts, maxlen=MAXLEN) for texts in (x_train, x_test)])
    words = {place + 3: word for word, place in word_index().items()} | {1: "[START]", 2: "[OOV]"}
    texts = [" ".join(words.get(number, "?") for number in numbers if number) for numbers in x.tolist()]
    part = np.repeat([0, 2], [len(x_train), len(x_test)])
    return {"x": x, "text": np.array(texts, object), "y": np.concatenate([y_train, y_test]), "(part)": part}
'''
_MNIST: Final = """def known_set():
    return keras.datasets.mnist.load_data()
"""
_FASHION: Final = """def known_set():
    return keras.datasets.fashion_mnist.load_data()
"""
_CIFAR10: Final = """def known_set():
    return keras.datasets.cifar10.load_data()
"""
_HOUSING: Final = """def known_set():
    return keras.datasets.california_housing.load_data()
"""
_CIFAR100: Final = """def known_set():
    return keras.datasets.cifar100.load_data(label_mode=LABELS)
"""
_IMDB: Final = """def known_set():
    return keras.datasets.imdb.load_data(num_words=NUM_WORDS)
"""
_REUTERS: Final = """def known_set():
    return keras.datasets.reuters.load_data(num_words=NUM_WORDS)
"""
_IMDB_WORDS: Final = """def word_index():
    return keras.datasets.imdb.get_word_index()
"""
_REUTERS_WORDS: Final = """def word_index():
    return keras.datasets.reuters.get_word_index()
"""


class _Texts(Stored):
    """The words of sequences, as people read them."""

    def __init__(self, sequences: Array, words: Mapping[int, str]) -> None:
        self._sequences, self._words = sequences, words
        self.shape, self.dtype, self.in_memory = (len(sequences),), np.dtype(object), True

    def read(self, rows: slice) -> Array:
        return self._written(self._sequences[rows])

    def take(self, rows: Array) -> Array:
        return self._written(self._sequences[rows])

    def _written(self, sequences: Array) -> Array:
        texts: Array = np.empty(len(sequences), object)
        for row, numbers in enumerate(sequences.tolist()):
            texts[row] = " ".join(self._words.get(number, "?") for number in numbers if number)
        return texts


class KnownSource(ArraySource):
    """The words of a set's texts are texts, however few they are: `x` has their numbers."""

    def _words_of(self, name: str) -> Words | None:
        return None if isinstance(self._arrays[name], _Texts) else super()._words_of(name)


def source_name(source: DataSource) -> str:
    one = known_set(str(source.options.get(NAME.key) or NAME.default))
    return one.title if one is not None else ""


def open_source(source: DataSource) -> Source:
    """Raises DataError."""
    one = known_set(option_of(source, NAME))
    assert one is not None  # the option takes no others
    loaded = load(one, Options(option_of(source, _NUM_WORDS), option_of(source, _MAXLEN), option_of(source, _LABELS)))
    return _source(one, loaded)


def _source(one: KnownSet, loaded: Loaded) -> Source:
    x, y = np.concatenate([loaded.x_train, loaded.x_test]), np.concatenate([loaded.y_train, loaded.y_test])
    arrays: dict[str, Stored] = {"x": Held(x), "y": Held(y)}
    kinds: dict[str, ColumnKind] = {}
    if loaded.words is not None:
        arrays["text"] = _Texts(x, loaded.words)
        kinds["x"] = "sequence"
    count = len(loaded.x_train)
    parts: dict[Part, tuple[slice, ...]] = {"training": (slice(0, count),), "test": (slice(count, len(x)),)}
    return KnownSource(one.title, arrays, {}, parts, kinds=kinds)


def source_code(source: DataSource, columns: Sequence[str]) -> Loading:
    """Raises SourceError."""
    try:
        name, words = option_of(source, NAME), Constant("NUM_WORDS", literal(option_of(source, _NUM_WORDS)))
        labels, maxlen = Constant("LABELS", literal(option_of(source, _LABELS))), option_of(source, _MAXLEN)
    except DataError as error:
        raise SourceError(error.text) from error
    texts = (words, Constant("MAXLEN", literal(maxlen)))
    as_words = "text" in columns
    if name == "imdb":
        reviews = (_IMDB, _IMDB_WORDS, _WORDS) if as_words else (_IMDB, _PADDED)
        return Loading((), texts, reviews, has_parts=True)
    if name == "reuters":
        news = (_REUTERS, _REUTERS_WORDS, _WORDS) if as_words else (_REUTERS, _PADDED)
        return Loading((), texts, news, has_parts=True)
    if name == _COARSE:
        return Loading((), (labels,), (_CIFAR100, _JOINED), has_parts=True)
    if name == "fashion_mnist":
        return Loading((), (), (_FASHION, _JOINED), has_parts=True)
    if name == "cifar10":
        return Loading((), (), (_CIFAR10, _JOINED), has_parts=True)
    if name == "california_housing":
        return Loading((), (), (_HOUSING, _JOINED), has_parts=True)
    return Loading((), (), (_MNIST, _JOINED), has_parts=True)
