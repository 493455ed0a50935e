"""Weights that a project starts from, kept beside it: one that is moved does not find a file elsewhere. No Qt here."""

import filecmp
import os
from pathlib import Path
from typing import Final

from resources.atomic import copy_atomically

_FOLDER: Final = "{name}.weights"
_WEIGHTS: Final = ".weights.h5"


def lies_beside(file: Path, project: Path) -> bool:
    """Whether a file lies in the project's folder or below it, and so moves with it."""
    return file.resolve().is_relative_to(project.resolve().parent)


def keep_beside(file: Path, project: Path) -> Path:
    """Copy ``file`` beside the project, unless it lies there; where it lies then.

    The copy goes to ``NAME.weights/``, under another name where one with other content has it already. Raises OSError
    with nothing written.
    """
    if lies_beside(file, project):
        return file
    folder = project.resolve().parent / _FOLDER.format(name=project.stem)
    target, number = folder / file.name, 1
    while os.path.lexists(target):
        if target.is_file() and filecmp.cmp(file, target, shallow=False):
            return target
        number += 1
        target = folder / _numbered(file.name, number)
    folder.mkdir(exist_ok=True)
    copy_atomically(file, target)
    return target


def _numbered(name: str, number: int) -> str:
    """The number before the ending, which may have two parts: base-2.weights.h5."""
    ending = _WEIGHTS if name.endswith(_WEIGHTS) else Path(name).suffix
    return f"{name.removesuffix(ending)}-{number}{ending}"
