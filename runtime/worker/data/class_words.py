"""Columns of words, which become numbers by their places in the alphabet: for classes, and where that was chosen."""

from typing import Final

from resources.plain import listed
from resources.python_code.in_scripts.words import are_free_texts
from resources.text import Text
from resources.training.class_numbers import CLASS_NUMBER_LOSSES, PROBABILITY_LOSSES
from runtime.messages.checking import DataProblem, Endpoint
from runtime.worker.data.fitting import loss_key
from runtime.worker.data.source import Source

# Of Keras' losses those that compare classes; the others compare numbers, and a word is none.
CLASS_LOSSES: Final = CLASS_NUMBER_LOSSES | PROBABILITY_LOSSES | {"hinge", "squaredhinge", "circle"}
NUMBER_LOSSES: Final = frozenset(
    {
        "meansquarederror", "mse", "meanabsoluteerror", "mae", "meanabsolutepercentageerror", "mape",
        "meansquaredlogarithmicerror", "msle", "huber", "logcosh", "cosinesimilarity", "kldivergence", "kld", "poisson",
        "categoricalcrossentropy", "categoricalfocalcrossentropy", "categoricalhinge", "ctc", "dice", "tversky",
    }
)  # fmt: skip
_SHOWN: Final = 8


def words_problem(source: Source, name: str, endpoint: Endpoint, is_output: bool) -> DataProblem:
    """Why the words of a column cannot be used at this end, or a note that says which number each becomes."""
    if source.dtype(name).kind == "O":
        text = Text.of("{file}: {column} is free text, neither a number nor a class.", file=source.title, column=name)
        return DataProblem("error", text, endpoint.name, name, kind="words")
    number_row = source.number_among_words(name)
    if is_output and endpoint.training is not None and loss_key(endpoint.training.loss.class_name) in NUMBER_LOSSES:
        word, place = _word(source, name, number_row)
        text = Text.of(
            "{file}: {column} holds “{word}” at {place}, but {loss} compares numbers.",
            file=source.title,
            column=name,
            word=word,
            place=place,
            loss=endpoint.training.loss.class_name,
        )
    elif not is_output and number_row is not None:
        word, place = _word(source, name, number_row)
        text = Text.of(
            "{file}: “{word}” in {column} at {place} looks like a number, but the column cannot be read as numbers.",
            file=source.title,
            column=name,
            word=word,
            place=place,
        )
    else:
        return _as_places(source, name, endpoint, is_output)
    return DataProblem("error", text, endpoint.name, name, kind="words")


def _as_places(source: Source, name: str, endpoint: Endpoint, is_output: bool) -> DataProblem:
    """A remark where an input is given places of what was meant as numbers: 12:30, <5, ~5, 1/2."""
    words = source.categories(name)
    if are_free_texts(len(words), source.shape(name)[0]):
        text = Text.of(
            "{file}: {column} is free text with {count} different values, not a class.",
            file=source.title,
            column=name,
            count=len(words),
        )
        return DataProblem("error", text, endpoint.name, name, kind="words")
    listing = listed([f"{index} = {word}" for index, word in enumerate(words)], _SHOWN)
    note = Text.of("The words of {column} are read as numbers: {words}.", column=name, words=listing)
    without_letters = len(words) > 2 and not any(sign.isalpha() for word in words for sign in word)
    is_odd = without_letters and not is_output and endpoint.ids is None
    return DataProblem("warning" if is_odd else "note", note, endpoint.name, name, kind="words")


def _word(source: Source, name: str, row: int | None) -> tuple[str, Text]:
    """The word of this row, of the first row that has one without it, and its place."""
    values = source.read(name, slice(0, source.shape(name)[0]))
    row = next(at for at, value in enumerate(values) if value >= 0) if row is None else row
    return source.categories(name)[values[row]], source.place(row)
