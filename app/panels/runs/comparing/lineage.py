"""Which run started from the weights of which other one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from runtime.store import RunInfo


@dataclass(frozen=True, slots=True)
class Start:
    """What a run started from: a file in the folder of the run `parent`, None where the file lies elsewhere."""

    file: str
    parent: Path | None


def starts_of(runs: Iterable[RunInfo]) -> dict[Path, Start]:
    """What each run that started from weights started from, by its folder.

    A project may have been moved, or come from another machine, with its runs: folders are compared by their names
    and that of the folder around them, whose own name follows the project's.
    """
    listed = list(runs)
    folders = {run.folder.name: run.folder for run in listed}
    found: dict[Path, Start] = {}
    for run in listed:
        weights = run.spec.initial_weights
        if weights:
            found[run.folder] = Start(*_file_and_parent(weights, run.folder, folders))
    return found


def _file_and_parent(weights: str, own: Path, folders: Mapping[str, Path]) -> tuple[str, Path | None]:
    path = PureWindowsPath(weights) if "\\" in weights else PurePosixPath(weights)
    parent = folders.get(path.parent.name)
    around = path.parent.parent.name
    if parent is None or parent == own or not (around == parent.parent.name or around.endswith(".runs")):
        return path.name, None
    return path.name, parent


@dataclass(frozen=True, slots=True)
class Branch:
    """A run in the tree, with the runs that started from it. `file` is what it started from itself."""

    run: RunInfo
    file: str
    children: tuple[Branch, ...] = ()


def trees_of(runs: Iterable[RunInfo], chosen: Iterable[Path] = ()) -> list[Branch]:
    """The trees that have more than one run, or start from a file elsewhere; with `chosen`, those that these
    stand in, if there are any.

    A circle, which only a damaged or forged folder can make, ends where it would begin again.
    """
    listed = {run.folder: run for run in runs}
    starts = starts_of(listed.values())
    children: dict[Path, list[Path]] = {}
    for folder, start in starts.items():
        if start.parent is not None:
            children.setdefault(start.parent, []).append(folder)
    roots = [folder for folder in listed if folder not in starts or starts[folder].parent is None]
    chosen_roots = {_root_of(folder, starts) for folder in chosen if folder in listed}
    related = [root for root in roots if root in children or root in starts]
    shown = [root for root in related if root in chosen_roots] or related
    return [_branch(root, listed, starts, children, frozenset()) for root in shown]


def _root_of(folder: Path, starts: Mapping[Path, Start]) -> Path:
    seen = {folder}
    while (start := starts.get(folder)) is not None and start.parent is not None and start.parent not in seen:
        folder = start.parent
        seen.add(folder)
    return folder


def _branch(
    folder: Path,
    runs: Mapping[Path, RunInfo],
    starts: Mapping[Path, Start],
    children: Mapping[Path, list[Path]],
    above: frozenset[Path],
) -> Branch:
    start = starts.get(folder)
    below = [child for child in children.get(folder, ()) if child not in above and child != folder]
    branches = tuple(_branch(child, runs, starts, children, above | {folder}) for child in below)
    return Branch(runs[folder], start.file if start is not None else "", branches)
