"""Which Python files a project names as its own code. Nothing here reads or runs them."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePath
from typing import Final

from graph_editor.document.document import Document
from graph_editor.document.edits import Edit, SetExtra
from graph_editor.document.graph import Operation
from resources.training.sections import sources_of

KEY: Final = "custom_code"
_MADE_BY_CODE: Final = "python"  # the kind of data that a file of Python makes
_OURS: Final = ("keras", "tf_keras", "tensorflow")


def code_files(document: Document) -> tuple[str, ...]:
    """As the project file writes them, relative to it, or absolute: those that are named, and those of its data."""
    return tuple(dict.fromkeys((*named_code_files(document), *_data_files(document))))


def named_code_files(document: Document) -> tuple[str, ...]:
    """Those that the project names as its code."""
    section = document.extra.get(KEY)
    files = section.get("files") if isinstance(section, Mapping) else None
    if not isinstance(files, (list, tuple)):
        return ()
    return tuple(dict.fromkeys(file for file in files if isinstance(file, str) and file))


def _data_files(document: Document) -> Iterator[str]:
    """Those that make samples."""
    for source in sources_of(document.data):
        path = source.get("path")
        if source.get("kind") == _MADE_BY_CODE and isinstance(path, str) and path:
            yield path


def set_code_files(document: Document, files: Iterable[str]) -> list[Edit]:
    """Name these files; other keys of the section are kept."""
    section = document.extra.get(KEY)
    other_keys = (
        {key: value for key, value in section.items() if key != "files"} if isinstance(section, Mapping) else {}
    )
    names = list(dict.fromkeys(files))
    return [SetExtra(KEY, {**other_keys, "files": names} if names or other_keys else None)]


def code_paths(document: Document, folder: Path | None) -> tuple[Path, ...]:
    """Return where the files lie; ``folder`` is that of the project."""
    base = folder or Path.cwd()
    return tuple(Path(file) if PurePath(file).is_absolute() else base / file for file in code_files(document))


def is_own_code(operation: Operation) -> bool:
    """Whether the class is none of Keras, so that code of the project may have it."""
    return operation.graph is None and operation.module.split(".")[0] not in _OURS
