"""A folder in which each file is a sample: listed, and what is said of what was left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from resources.os_reasons import os_reason
from resources.plain import listed
from resources.regular_files import shown_path
from resources.text import Text
from runtime.lazy import LazyModule
from runtime.worker.data.source import DataError

if TYPE_CHECKING:
    from resources.python_code.in_scripts import folders
    from resources.python_code.in_scripts.folders import Arranged, Listing
else:
    folders = LazyModule("resources.python_code.in_scripts.folders")

LEFT_OUT: Final[Mapping[str, Text]] = {
    "class": Text("they are in no folder of a class, or have none in their names"),
    "part": Text("they are in none of the folders for training, validation and test"),
}
_LINKS: Final = Text("they are links that lead elsewhere")
_CLOSED: Final = Text("these folders cannot be opened")


def list_folder(path: str, list_files: Callable[[str], Listing], nothing: Callable[[str], Text]) -> Listing:
    """Raises DataError where there is no folder that can be listed, and with `nothing(its name)` if no file fits."""
    folder = Path(path)
    try:
        if not folder.is_dir():
            raise DataError(_no_folder(folder))
        listing = list_files(str(folder))
    except (OSError, ValueError) as error:
        reason = os_reason(error) if isinstance(error, OSError) else str(error)
        raise DataError(Text.of("{file} could not be read: {reason}.", file=shown_path(path), reason=reason)) from error
    if not listing.files:
        raise DataError(nothing(folder.name))
    return listing


def _no_folder(folder: Path) -> Text:
    if folder.exists():
        return Text.of("{file} is no folder: choose the folder that the files are in.", file=folder.name)
    return Text.of("The folder {folder} is not there any more.", folder=shown_path(folder))


def left_out(
    listing: Listing, found: Arranged, others: Text, empty: Text, reasons: Mapping[str, Text] = LEFT_OUT
) -> Iterator[Text]:
    """Sentences on what is no sample, and why: `others` of files that do not fit, `empty` of folders without any."""
    lines = [(found.left_out.get(key, ()), text) for key, text in reasons.items()]
    lines += [(listing.links, _LINKS), (listing.others, others), (listing.closed, _CLOSED), (listing.empty, empty)]
    for names, reason in lines:
        if names:
            yield Text.of("Left out: {names}. Reason: {reason}.", names=named(names), reason=reason)


def named(files: Sequence[str]) -> str:
    return listed([folders.as_written(file) for file in files])


def folders_of(listing: Listing) -> set[str]:
    """All folders that were looked into, "" for the one on top."""
    found = {"", *listing.empty}
    for path in (*listing.files, *listing.others):
        folder = path.rpartition("/")[0]
        while folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def folder_times(root: str, names: Iterable[str]) -> dict[str, int]:
    """When each folder was changed last: by that files that come and go are noticed."""
    return {name: _changed(f"{root}/{name}") for name in names}


def _changed(folder: str) -> int:
    try:
        return Path(folder).stat().st_mtime_ns
    except OSError:
        return -1


def sentences(texts: Sequence[Text]) -> Text | None:
    """Several as one."""
    if not texts:
        return None
    first, *others = texts
    rest = sentences(others)
    return first if rest is None else Text("{first} {second}", {"first": first, "second": rest})
