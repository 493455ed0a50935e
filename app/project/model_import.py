"""Model files that become projects: what File > Open and ``lamella import`` share. Knows no Qt."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.model_files.reader import ModelReader
from graph_editor.document.document import Document
from graph_editor.document.files.file_format import load, loads
from graph_editor.keras_format.files.names import SUFFIXES, is_model_file
from resources.text import Text
from resources.training.sections import INITIAL_WEIGHTS, without_weights

PATTERNS = " ".join(f"*{suffix}" for suffix in SUFFIXES)


@dataclass(frozen=True, slots=True)
class Opened:
    """``notes`` say what of a model file could not be kept; ``model`` is whether it was one and no project."""

    document: Document
    model: bool
    notes: tuple[Text, ...] = ()


def open_any(path: Path, reader: ModelReader) -> Opened:
    """A project, or a model file as a new project whose training starts from the weights in it.

    Raises FileError, and CancelledError when the reader was told to stop.
    """
    if not is_model_file(path):
        return Opened(load(path), False)
    contents = reader.read(path)
    document = loads(contents.project, path.name)
    document.source = None  # it has never been a file
    if contents.weights:
        document.training = with_initial_weights(document.training, path, None)
    return Opened(document, True, contents.notes)


def with_initial_weights(training: Mapping[str, Any], file: Path, project_folder: Path | None) -> dict[str, Any]:
    """The training section that starts from the weights of ``file``, in which layers have the names they have now."""
    return {**without_weights(training), INITIAL_WEIGHTS: stored_path(file, project_folder)}


def stored_path(file: Path, project_folder: Path | None) -> str:
    """Return how a project names a file: relative where it lies below the project."""
    file = file.resolve()
    folder = project_folder.resolve() if project_folder else None
    return file.relative_to(folder).as_posix() if folder and file.is_relative_to(folder) else str(file)


def settled_training(training: Mapping[str, Any], before: Path | None, project: Path) -> Mapping[str, Any]:
    """The training section as it is to be saved in ``project``; ``before`` is the folder where that was until now."""
    weights = training.get(INITIAL_WEIGHTS)
    if not isinstance(weights, str) or before == project.parent:
        return training
    if not Path(weights).is_absolute() and before is None:
        return training
    return {**training, INITIAL_WEIGHTS: stored_path((before or Path()) / weights, project.parent)}
