"""Texts become rows of word numbers, or a vector of the words they hold: Keras' TextVectorization, run as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from resources.python_code.parts import StepCode
from resources.python_code.pieces import call, name
from resources.python_code.preparing import TRAINING_ROWS, by_layer, of_column
from resources.text import Text
from resources.training.choice_words import words_of
from resources.training.setting import Setting
from runtime.lazy import LazyModule
from runtime.step_kinds import StepKind
from runtime.step_samples import (
    Array,
    Json,
    Layer,
    Sample,
    State,
    StepError,
    is_layer,
    keras_layer,
    require_words,
    some,
)
from runtime.worker.data.preparing.eager import by_keras, learnt_words
from runtime.worker.data.preparing.lookup import COUNT, INT, MAX_TOKENS, MULTI_HOT, output_words

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

TF_IDF: Final = "tf_idf"
_MODES: Final = (INT, MULTI_HOT, COUNT, TF_IDF)
_NONE: Final = "none"
_STANDARDS: Final = ("lower_and_strip_punctuation", "lower", "strip_punctuation", _NONE)
_SPLITS: Final = ("whitespace", "character", _NONE)
_STANDARD_WORDS: Final = {
    "lower_and_strip_punctuation": Text("small letters, no punctuation"),
    "lower": Text("small letters"),
    "strip_punctuation": Text("no punctuation"),
    _NONE: Text("no change"),
}
_SPLIT_WORDS: Final = {
    "whitespace": Text("at spaces"), "character": Text("into characters"), _NONE: Text("not at all"),
}  # fmt: skip


def _rows(values: Mapping[str, Json]) -> bool:
    return bool(values.get("output_mode", INT) == INT)


STEP: Final = StepKind(
    "text_vectorization",
    Text("Text vectorization"),
    Text("Cuts texts into words and gives each word its number. An Embedding takes them."),
    ("text", "category"),
    130,
    (
        Setting[int | None](
            "max_tokens", MAX_TOKENS.title,
            Text("The largest size of the vocabulary: the most frequent "
"ones are kept."), "int", 20_000, order=10, section="step", minimum=3,
        ),
        Setting[str]("output_mode", Text("output"),
                     Text("int: a row of word numbers; multi_hot, count and tf_idf: one vector with a place for each "
                          "word."),
                     "choice", INT, order=20, section="step", choices=_MODES, words=output_words),
        Setting[int]("output_sequence_length", Text("length"),
                     Text("So many words of each text: longer ones are cut, shorter ones get zeros."),
                     "int", 200, order=30, section="step", minimum=1, maximum=100_000, applies=_rows),
        Setting[str]("standardize", Text("standardize"),
                     Text("What happens to a text before it is cut. Punctuation and capitals are those of English; "
                          "words of other languages stay as they are."),
                     "choice", _STANDARDS[0], order=40, section="step", choices=_STANDARDS,
                     words=words_of(_STANDARD_WORDS)),
        Setting[str]("split", Text("cut"),
                     Text("At spaces, or into single characters, which suits languages without spaces."),
                     "choice", _SPLITS[0], order=50, section="step", choices=_SPLITS,
                     words=words_of(_SPLIT_WORDS)),
        Setting[int | None]("ngrams", Text("n-grams"),
                            Text("Also groups of up to so many words that follow each other. Empty: single "
"words only."),
                            "int", None, order=60, section="step", minimum=2, maximum=10),
    ),
    adapts=True,
)  # fmt: skip


def adapt(blocks: Iterable[Array], sample: Sample, values: Mapping[str, Json]) -> State:
    """Raises StepError where no word is found."""
    state = learnt_words(layer(sample, values, None), (_column(block) for block in some(blocks, STEP.title)))
    if not state["vocabulary"]:
        raise StepError(Text.of("{step} finds nothing to look up: all values are missing.", step=STEP.title))
    return state


def result(sample: Sample, values: Mapping[str, Json], state: State | None) -> Sample:
    require_words(sample, STEP.title)
    if sample.size != 1:
        raise StepError(Text.of("{step} takes one text a sample.", step=STEP.title))
    if _rows(values):
        return Sample((values["output_sequence_length"],), "int64", "sequence")
    return Sample(((len(state["vocabulary"]) if state else 1) + 1,), "float32", "number")


def apply(array: Array, sample: Sample, values: Mapping[str, Json], state: State | None) -> Array:
    if not len(array):
        shape = result(sample, values, state).shape
        return np.zeros((0, *shape), np.int64 if _rows(values) else np.float32)
    found = by_keras(layer(sample, values, state), _column(array))
    return found.astype(np.int64 if _rows(values) else np.float32)


def layer(_sample: Sample, values: Mapping[str, Json], state: State | None) -> Layer:
    config: dict[str, Json] = {key: values[key] for key in ("max_tokens", "output_mode", "ngrams")}
    config |= {key: None if values[key] == _NONE else values[key] for key in ("standardize", "split")}
    if _rows(values):
        config["output_sequence_length"] = values["output_sequence_length"]
    if state is not None:
        config["vocabulary"] = list(state["vocabulary"])
        if values["output_mode"] == TF_IDF:
            config["idf_weights"] = list(state["idf_weights"])
    return keras_layer("TextVectorization", config)


def code(values: Mapping[str, Json]) -> StepCode:
    config = {key: values[key] for key in ("max_tokens", "output_mode", "ngrams")}
    config |= {key: None if values[key] == _NONE else values[key] for key in ("standardize", "split")}
    if _rows(values):
        config["output_sequence_length"] = values["output_sequence_length"]
    usual = {"max_tokens": None, "output_mode": INT, "ngrams": None, "standardize": _STANDARDS[0], "split": _SPLITS[0]}
    learns = call(name("words_in"), TRAINING_ROWS)
    return by_layer("TextVectorization", config, usual=usual, given=of_column("words_in"), learns=learns)


def settings_of(written: Layer) -> dict[str, Json] | None:
    config = written["config"]
    if not is_layer(written, "TextVectorization"):
        return None
    values = {"max_tokens": config.get("max_tokens"), "output_mode": config.get("output_mode", INT)}
    values |= {key: config.get(key, choices[0]) or _NONE
               for key, choices in (("standardize", _STANDARDS), ("split", _SPLITS))}  # fmt: skip
    grams = config.get("ngrams")
    values["ngrams"] = max(grams) if isinstance(grams, list | tuple) else grams
    length = config.get("output_sequence_length")
    if values["output_mode"] == INT:
        values["output_sequence_length"] = length
    odd = config.get("ragged") or config.get("sparse") or config.get("pad_to_max_tokens")
    fits = not odd and all(STEP.setting(key).takes(value) for key, value in values.items())  # type: ignore[union-attr]
    return values if fits else None


def _column(array: Array) -> Array:
    return array.reshape(-1, 1)
