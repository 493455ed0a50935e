"""Asking where to save: the ending is there before anybody is asked whether a file may be replaced."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QWidget

from app.project.choosers import Chooser
from resources.text import Text, tr

_RESERVED: Final = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


def ask_where(
    chooser: Chooser,
    parent: QWidget | None,
    title: str,
    kinds: str,
    proposal: Path,
    suffix: str,
    refuse: Callable[[Path], Text | None] = lambda _path: None,
) -> Path | None:
    """The file to write, whose name ends with `suffix`; None when the person thinks better of it.

    Whether a file that is there may be replaced is asked here, once, and about the file that would be: the dialog knows
    only the name that was typed. `refuse` says why a file is not to be replaced at all.
    """
    typed = chooser.file_to_save(parent, title, kinds, proposal)
    if typed is None:
        return None
    path = completed(typed, suffix)
    if isinstance(path, Text):
        chooser.show_error(parent, path)
        return None
    if path.is_dir():
        chooser.show_error(parent, Text("{file} is a folder.", {"file": str(path)}))
        return None
    refused = refuse(path)
    if refused is not None:
        chooser.show_error(parent, refused)
        return None
    if os.path.lexists(path):
        question = tr("Replace {file}?", file=path.name)
        if not chooser.confirm(parent, question, tr("It is there already; what is in it is lost."), tr("Replace it")):
            return None
    return path


def completed(path: Path, suffix: str) -> Path | Text:
    """The path with its ending, written as it should be; or why there can be no file of that name."""
    name = path.name.rstrip(" .")  # Windows would leave them out
    stem = _without(name, suffix).rstrip(" .")
    if not stem or not stem.strip(". "):
        return Text("The file needs a name before {suffix}.", {"suffix": suffix})
    if stem.split(".")[0].strip().lower() in _RESERVED:
        return Text("{name} is a name that Windows keeps for itself. Choose another one.", {"name": stem})
    return path.with_name(stem + suffix)


def _without(name: str, suffix: str) -> str:
    """The name before its ending. Of an ending of two parts, as in `.weights.h5`, either alone counts too."""
    *first, last = (f".{part}" for part in suffix[1:].split("."))
    for ending in (suffix, *(first and [last]), *first):
        if name.lower().endswith(ending.lower()):
            return name[: -len(ending)]
    return name
