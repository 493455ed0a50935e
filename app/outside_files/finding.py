"""Which files a project names that do not lie in its own folder. For this, nothing outside of it is looked at."""

from __future__ import annotations

import re
from pathlib import Path, PurePath
from typing import Final

from graph_editor.document.custom_code import code_files
from graph_editor.document.document import Document
from resources.training.sections import INITIAL_WEIGHTS, sources_of
from runtime.spec import SAMPLE_PREFIX, SAMPLES_FOLDER

FILE: Final = "agreed_files.json"  # in the state folder: by project, the names that a person has said yes to
READ: Final = "read"
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:[\\/]{2}")  # two letters or more: C:\ is a disk
_AUTOMOUNTED: Final = ("/net/", "/afs/")


def named_files(document: Document) -> tuple[str, ...]:
    """Data, weights to start from and code, as the project writes them."""
    paths = [source.get("path") for source in sources_of(document.data)]
    names = (*paths, document.training.get(INITIAL_WEIGHTS), *code_files(document))
    return tuple(dict.fromkeys(name for name in names if isinstance(name, str) and name))


def outside_files(document: Document, folder: Path) -> tuple[str, ...]:
    """Those of `named_files` that lie outside of `folder`, the project's."""
    return tuple(name for name in named_files(document) if is_outside(name, folder))


def network_files(document: Document) -> tuple[str, ...]:
    """Those that lead to another machine."""
    return tuple(name for name in named_files(document) if is_network(name))


def written_name(path: str, folder: Path | None) -> str:
    """Return how a project in `folder` names a file, worked out from the words alone: relative where it lies below."""
    words = PurePath(path)
    for base in (folder.absolute(), folder.resolve()) if folder is not None else ():
        if ".." not in words.parts and words.is_relative_to(base):
            return words.relative_to(base).as_posix()
    return path


def is_network(name: str) -> bool:
    r"""Whether only to look at it may ask another machine: \\host\share, //host/share, file://…, /net/host."""
    plain = name.replace("\\", "/")
    return plain.startswith(("//", *_AUTOMOUNTED)) or _SCHEME.match(name) is not None


def is_outside(name: str, folder: Path) -> bool:
    """Whether the way leads out of the folder, by its words or by a link on it. Samples of our own are at home."""
    if name.startswith(SAMPLE_PREFIX):
        return False
    if name.startswith("~") or is_network(name) or "\0" in name or ".." in PurePath(name).parts:
        return True
    base = folder.absolute()
    full = base / name
    if full.parent == SAMPLES_FOLDER:
        return False
    if not full.is_relative_to(base):
        return True
    place = base
    for part in full.relative_to(base).parts:
        place /= part
        if place.is_symlink():  # looks at the link, not at where it leads; what comes before it is at home
            return True
    return False
