"""What changed since the branch began, and the test files that are nearest to it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from dev import ROOT, SetupError
from tests.dev.imports import Source, module_name, read_sources, used_by
from tests.support.trees import PACKAGES

BASES: Final = ("@{upstream}", "origin/HEAD", "main", "master")
FARTHEST: Final = 4  # imports between a change and a test; what is farther away shows seldom, and is nearly everything


def _git(root: Path, *arguments: str) -> str | None:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, encoding="utf-8", check=False)
    return done.stdout if done.returncode == 0 else None


def changed_files(root: Path = ROOT) -> list[Path]:
    """Files that differ from where this branch left the main one, in commits or not yet; new ones as well."""
    try:
        bases = (_git(root, "merge-base", "HEAD", base) for base in BASES)
        base = next((base.strip() for base in bases if base), "HEAD")
        changed = _git(root, "diff", "--name-only", "--no-renames", "--relative", "-z", base)
        new = _git(root, "ls-files", "--others", "--exclude-standard", "-z")
    except FileNotFoundError as error:
        raise SetupError("`--fast` asks git what changed, and git is not installed. Run all tests instead.") from error
    if changed is None or new is None:
        raise SetupError("`--fast` asks git what changed, and this folder is no git repository. Run all tests instead.")
    paths = {root / name for name in (changed + new).split("\0") if name}
    return sorted(path for path in paths if path.is_file())


def is_test(source: Source) -> bool:
    return source.path.name.startswith("test_")


def _naming(path: Path, sources: dict[str, Source], root: Path) -> list[str]:
    """The modules that name a file which is none; where there are none, those that name its folder."""
    for part in (path.name, *reversed(path.relative_to(root).parts[:-1])):
        texts = {name: [text for text in source.texts if len(text) < 200] for name, source in sources.items()}
        named = [name for name in texts if any(text == part or part == path.name in text for text in texts[name])]
        if named and len(part) > 2:
            return named
    return []


def _about(path: Path, sources: dict[str, Source], root: Path) -> Iterator[str]:
    """The modules that a change of a file changes: itself, the tests of a conftest, or whoever names the file."""
    name = module_name(path, root) if path.suffix == ".py" else ""
    if name in sources:
        yield name
    if path.name == "conftest.py":
        yield from (name for name, source in sources.items() if is_test(source) and path.parent in source.path.parents)
    if path.suffix != ".py":
        yield from _naming(path, sources, root)


def nearest_tests(changed: Iterable[Path], root: Path = ROOT) -> list[Path]:
    """Test files from which imports lead to what changed, each at most ``FARTHEST`` imports away.

    The nearest come first; of equally near ones, those that are named after a change, then those that import least.
    """
    paths = list(changed)
    sources = read_sources((*PACKAGES, "tests", "dev"), root)
    users = used_by(sources)
    at = dict.fromkeys((name for path in paths for name in _about(path, sources, root)), 0)
    edge = set(at)
    for distance in range(1, FARTHEST + 1):
        edge = {user for name in edge for user in users[name]} - at.keys()
        at.update(dict.fromkeys(edge, distance))
    names = {f"test_{path.stem}.py" for path in paths}

    def place(name: str) -> tuple[int, bool, int, str]:
        source = sources[name]
        return at[name], source.path.name not in names, len(source.imports), name

    return [sources[name].path for name in sorted((name for name in at if is_test(sources[name])), key=place)]
