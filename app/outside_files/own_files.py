"""The files that a project lives on: its own, its data, its weights, its code. Nothing is ever written over them."""

from __future__ import annotations

import os
from pathlib import Path

from app.outside_files.finding import is_network
from graph_editor.document.custom_code import code_paths
from graph_editor.document.document import Document
from resources.text import Text
from resources.training.sections import sources_of
from runtime.spec import initial_weights, resolve_data_path


def refusal(target: Path, document: Document, project: Path | None, saving: bool = False) -> Text | None:
    """Why nothing may be written to `target`: it is a file of the project, under whatever name. None when it is not.

    `saving`: the project itself is written, which may replace its own file.
    """
    folder = project.absolute().parent if project is not None else None
    weights = initial_weights(document.training, folder)
    paths = [source.get("path") for source in sources_of(document.data)]
    all_data = [Path(resolve_data_path(path, folder)) for path in paths if isinstance(path, str) and path]
    if project is not None and not saving and is_same(target, project):
        return Text("{file} is the project itself. It is never replaced by something else.", {"file": str(target)})
    if any(is_same(target, data) or _is_in(target, data) for data in all_data):
        return Text("{file} is the project's own data. It is never replaced.", {"file": str(target)})
    if weights and is_same(target, Path(weights)):
        return Text(
            "{file} holds the weights that the project starts from. It is never replaced.", {"file": str(target)}
        )
    if any(is_same(target, path) for path in code_paths(document, folder)):
        return Text("{file} is the project's own code. It is never replaced.", {"file": str(target)})
    return None


def is_same(one: Path, other: Path) -> bool:
    """Whether both lead to one file: through links, hard links and other spellings too."""
    if is_network(str(other)):  # what a project names there is not looked at for a comparison
        return os.path.normcase(os.path.normpath(one)) == os.path.normcase(os.path.normpath(other))
    try:
        return os.path.samefile(one, other)  # noqa: PTH121 - either may be missing
    except (OSError, ValueError):
        return os.path.normcase(os.path.realpath(one)) == os.path.normcase(os.path.realpath(other))


def _is_in(target: Path, folder: Path) -> bool:
    """Whether `target` is there already, among the files of a folder of data."""
    if is_network(str(folder)):
        return target.absolute().is_relative_to(folder)
    try:
        return target.exists() and folder.is_dir() and target.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError):
        return False
