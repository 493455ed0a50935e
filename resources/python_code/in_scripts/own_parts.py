"""Arrays that are parts of a column by their names.

Scripts hold this word by word (`resources/python_code/shared.py`).
"""

import re
import typing

# What parts are called, and their order. Compared in lower case.
PART_WORDS = {
    "train": 0,
    "training": 0,
    "val": 1,
    "valid": 1,
    "validation": 1,
    "dev": 1,
    "test": 2,
    "testing": 2,
}
NAME_PIECES = re.compile(
    r"([_./ -]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-z])(?=[0-9]))"
)


def stem_and_part(name: str) -> tuple[str, int] | None:
    """x_train, train/x and trainX are parts of x and X: the rest of the name, and which part."""
    pieces = NAME_PIECES.split(name)
    found = [place for place in range(0, len(pieces), 2) if pieces[place].lower() in PART_WORDS]
    if len(found) != 1:
        return None
    place = found[0]
    part = PART_WORDS[pieces[place].lower()]
    del pieces[max(0, place - 1) : place + (1 if place else 2)]
    return "".join(pieces), part


def joined_names(names: typing.Iterable[str]) -> dict[str, dict[int, str]]:
    """The columns that arrays make together, each with its arrays by part, training first.

    A part that not all of them have makes none: pictures without their labels are of no use.
    """
    found: dict[str, dict[int, str]] = {}
    for name in names:
        stem, part = stem_and_part(name) or ("", 0)
        if stem:
            found.setdefault(stem, {}).setdefault(part, name)
    common = set.intersection(*map(set, found.values())) if found else set()
    if 0 not in common or len(common) < 2:
        return {}
    return {stem: {part: parts[part] for part in sorted(common)} for stem, parts in found.items()}


def file_order(name: str, by_part: bool) -> list[typing.Any]:
    """In which order files are read: a2 before a10, and by part the files of training first."""
    part = stem_and_part(name.rpartition(".")[0]) if by_part else None
    numbers = [
        (0, int(piece), "") if piece.isdecimal() else (1, 0, piece)
        for piece in re.split("([0-9]+)", name)
    ]
    return [part[1] if part else 0, *numbers]
