"""Folders of files, each of which is a sample: which there are, and what their folders say.

Scripts hold this word by word (`resources/python_code/shared.py`).
"""

import collections
import dataclasses
import itertools
import os
import pathlib
import re
import unicodedata

SPLIT_FOLDERS = {"train": "training", "training": "training", "test": "test", "testing": "test"}
SPLIT_FOLDERS |= dict.fromkeys(("val", "valid", "validation"), "validation")
PARTS = ("", "training", "validation", "test")
NUMBERED = re.compile(r"(.*[^\s._(0-9-])[\s._(-]*[0-9]+\)?")
DEEPEST_FOLDER = 64


@dataclasses.dataclass
class Listing:
    """Paths below a folder, with "/". Nobody looked into `closed` folders, or behind `links`."""

    files: list[str] = dataclasses.field(default_factory=list)
    others: list[str] = dataclasses.field(default_factory=list)
    links: list[str] = dataclasses.field(default_factory=list)
    closed: list[str] = dataclasses.field(default_factory=list)
    empty: list[str] = dataclasses.field(default_factory=list)  # folders without a sample
    cut: bool = False  # whether there are more than were wanted


def list_files(folder: str, endings: tuple[str, ...], most: float = float("inf")) -> Listing:
    """All files with one of `endings` (lower case), by folder and name, but hidden ones.

    Links that lead elsewhere are none.
    """
    found = Listing()
    _list_below(folder, "", endings, found, most, [pathlib.Path(folder).resolve()])
    found.cut = found.cut or len(found.files) + len(found.others) > most
    return found


def _list_below(
    folder: str,
    prefix: str,
    endings: tuple[str, ...],
    found: Listing,
    most: float,
    above: list[pathlib.Path],
) -> None:
    try:
        with os.scandir(folder) as scan:
            some = itertools.islice(scan, None if most == float("inf") else int(most) + 1)
            entries = sorted(some, key=lambda entry: entry.name)
    except OSError:
        if not prefix:
            raise
        found.closed.append(prefix)
        return
    below = []
    for entry in entries:
        name, lower = prefix + entry.name, entry.name.lower()
        if lower.startswith((".", "__macosx")) or lower in ("thumbs.db", "desktop.ini"):
            continue
        if entry.is_dir(follow_symlinks=False):
            below.append(entry)
        elif entry.is_symlink() and not _leads_inside(entry.path, above[0]):
            found.links.append(name)
        else:
            (found.files if lower.endswith(endings) else found.others).append(name)
    for entry in below:
        found.cut = found.cut or len(found.files) + len(found.others) > most
        if found.cut:
            return
        here = pathlib.Path(entry.path).resolve()
        if len(above) > DEEPEST_FOLDER:
            found.closed.append(prefix + entry.name)
        elif here in above or not here.is_relative_to(above[0]):  # what is no link to the system
            found.links.append(prefix + entry.name)
        else:
            before = len(found.files)
            name = prefix + entry.name + "/"
            _list_below(entry.path, name, endings, found, most, [*above, here])
            if len(found.files) == before:
                found.empty.append(prefix + entry.name)


def _leads_inside(link: str, top: pathlib.Path) -> bool:
    target = pathlib.Path(os.path.realpath(link))
    return target.is_relative_to(top) and target.is_file()


@dataclasses.dataclass
class FilePath:
    """`folders` are those that say something; `stem` is the name without its ending."""

    file: str
    folders: list[str]
    stem: str
    part: str = ""

    def key(self, ending: re.Pattern[str] | None = None) -> tuple[str, ...]:
        """What a sample and a file that belongs to it have in common."""
        return (self.part, *self.folders, ending.sub("", self.stem) if ending else self.stem)


@dataclasses.dataclass
class Arranged:
    """Samples in order; `labels` and `masks` may be empty. `parts` are runs of samples."""

    layout: str
    files: list[str]
    labels: list[str]
    masks: list[str]
    parts: dict[str, tuple[int, int]]
    left_out: dict[str, list[str]]

    def part_of_each(self) -> list[int]:
        """0, 1 or 2 of each sample: whether it trains, validates or tests."""
        numbers = [0] * len(self.files)
        for name, (first, stop) in self.parts.items():
            numbers[first:stop] = [PARTS.index(name) - 1] * (stop - first)
        return numbers


def as_written(name: str) -> str:
    """A name as it is typed: file systems write letters such as 각 and é in two ways."""
    if name.isascii():
        return name
    return unicodedata.normalize("NFC", name).encode("utf-8", "backslashreplace").decode()


def arrange_files(files: list[str], layout: str | None = None) -> Arranged:
    """Samples by what folders say.

    `layout` is "classes" (a folder each), "names" (classes in the names of files) or "flat". None:
    found out.
    """
    paths = file_paths(files)
    left_out: dict[str, list[str]] = {}
    strip_wrapper(paths)
    return by_layout(in_parts(paths, left_out), layout, [], left_out)


def file_paths(files: list[str]) -> list[FilePath]:
    paths = []
    for file in files:
        *folders, name = as_written(file).split("/")
        paths.append(FilePath(file, folders, name.rpartition(".")[0]))
    return paths


def by_layout(
    paths: list[FilePath], layout: str | None, masks: list[str], left_out: dict[str, list[str]]
) -> Arranged:
    layout = layout or _found_layout(paths)
    labels: list[str] = []
    if layout in ("classes", "names"):
        left_out["class"] = [path.file for path in paths if not _label(path, layout)]
        paths = [path for path in paths if _label(path, layout)]
        labels = [_label(path, layout) for path in paths]
    counts = collections.Counter(path.part for path in paths)
    parts, first = {}, 0
    for part in PARTS:
        if part and counts[part]:
            parts[part] = (first, first + counts[part])
        first += counts[part]
    return Arranged(layout, [path.file for path in paths], labels, masks, parts, left_out)


def strip_wrapper(paths: list[FilePath]) -> None:
    """A folder that holds all other folders says nothing."""
    while len({"/".join(path.folders[:1]) for path in paths}) == 1:
        if not all(len(path.folders) > 1 for path in paths):
            return
        for path in paths:
            path.folders = path.folders[1:]


def in_parts(paths: list[FilePath], left_out: dict[str, list[str]]) -> list[FilePath]:
    """Folders train, val and test on top are parts of their own, in this order."""
    tops = {path.folders[0].lower() for path in paths if path.folders}
    parts = {SPLIT_FOLDERS[top] for top in tops if top in SPLIT_FOLDERS}
    if "training" not in parts or len(parts) < 2:
        return paths
    inside, outside = [], []
    for path in paths:
        part = SPLIT_FOLDERS.get(path.folders[0].lower()) if path.folders else None
        if part:
            inside.append(FilePath(path.file, path.folders[1:], path.stem, part))
        else:
            outside.append(path.file)
    left_out["part"] = [*left_out.get("part", []), *outside]
    return sorted(inside, key=lambda path: PARTS.index(path.part))


def _found_layout(paths: list[FilePath]) -> str:
    if len({path.folders[0] for path in paths if path.folders}) > 1:
        return "classes"
    labels = collections.Counter(_label(path, "names") for path in paths)
    several = 1 < len(labels) <= max(2, len(paths) // 4)
    return "names" if several and "" not in labels and min(labels.values()) > 1 else "flat"


def _label(path: FilePath, layout: str) -> str:
    """cat in cat/1.jpg, or in cat.1.jpg."""
    if layout == "classes":
        return path.folders[0] if path.folders else ""
    numbered = NUMBERED.fullmatch(path.stem)
    return numbered[1] if numbered else ""
