"""Arrays that are parts of one column by their names: x_train, x_val and x_test become x, with parts of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from resources.python_code.in_scripts.own_parts import joined_names, stem_and_part
from resources.text import Text
from resources.training.choice_words import words_of
from resources.training.setting import Setting
from runtime.worker.data.arrays.stored import Joined, Stored
from runtime.worker.data.source import DataError, Part

Parts = Mapping[Part, tuple[slice, ...]]
PARTS: Final[tuple[Part, ...]] = ("training", "validation", "test")
JOINED: Final = "joined"
SETTING: Final = Setting(
    key="parts",
    title=Text("Parts"),
    help=Text("Joined: x_train, x_val and x_test become one column x, whose parts train, validate and test."),
    kind="choice",
    default="apart",
    order=10,
    section="option",
    choices=("apart", JOINED),
    words=words_of({"apart": Text("columns of their own"), JOINED: Text("joined to one column")}),
)
_NOT_IN_ALL: Final = Text("not every column has this part")


def join_parts(arrays: Mapping[str, Stored], title: str) -> tuple[dict[str, Stored], dict[str, Text], Parts]:
    """The columns, what is left out of them, and the samples of each part. Raises DataError."""
    columns = joined_names(arrays)
    if not columns:
        text = Text.of(
            "{file} has no arrays that are parts of a column (x_train and x_test): read it with parts apart.",
            file=title,
        )
        raise DataError(text)
    joined = {stem: _joined(stem, arrays, parts, title) for stem, parts in columns.items()}
    (first, column), *others = joined.items()
    for name, other in others:
        if other.bounds() != column.bounds():
            raise DataError(_other_counts(first, columns[first], name, columns[name], arrays, title))
    used = {name for parts in columns.values() for name in parts.values()}
    left_out = {name: _NOT_IN_ALL for name in arrays if name not in used and stem_and_part(name) is not None}
    kept = {name: array for name, array in arrays.items() if name not in used and name not in left_out}
    parts = {PARTS[part]: (rows,) for part, rows in zip(columns[first], column.bounds(), strict=True)}
    return {**joined, **kept}, left_out, parts


def _joined(stem: str, arrays: Mapping[str, Stored], parts: Mapping[int, str], title: str) -> Joined:
    """Raises DataError."""
    names = list(parts.values())
    pieces = [arrays[name] for name in names]
    for name, piece in zip(names, pieces, strict=True):
        if piece.shape[1:] != pieces[0].shape[1:] or piece.is_words != pieces[0].is_words:
            text = Text.of(
                "{file}: {first} and {second} cannot become one column {column}: their samples are {one} and {other}.",
                file=title,
                first=names[0],
                second=name,
                column=stem,
                one=_sample(pieces[0]),
                other=_sample(piece),
            )
            raise DataError(text)
    return Joined(pieces)


def _sample(array: Stored) -> Text | str:
    if array.is_words:
        return Text("words")
    return f"{'×'.join(map(str, array.shape[1:])) or '1'}, {array.dtype}"


def _other_counts(
    first: str,
    first_parts: Mapping[int, str],
    name: str,
    parts: Mapping[int, str],
    arrays: Mapping[str, Stored],
    title: str,
) -> Text:
    """The first two arrays of a part that have different numbers of samples."""
    for part, one in first_parts.items():
        other = parts[part]
        if arrays[one].shape[0] != arrays[other].shape[0]:
            return Text.of(
                "{file}: {first} has {most} samples, but {other} has {least}.",
                file=title,
                first=one,
                most=arrays[one].shape[0],
                other=other,
                least=arrays[other].shape[0],
            )
    raise AssertionError(first, name)
