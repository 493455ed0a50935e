"""Licences and notices of everything in the bundle, laid into its folder `licenses`. Used by build.spec.

What is inside is worked out from the files that go in: each belongs to an installed distribution, to Python, to Lamella
or to the system that the bundle was built on. A distribution without a licence text ends the build.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Final

from dev import ROOT
from tests.dev.bundle.environment import normal

FOLDER: Final = "licenses"
INDEX: Final = "README.txt"
TEXTS: Final = ROOT / "resources" / "licenses"
SHARED: Final = Path("/usr/share/common-licenses")
APACHE: Final = ROOT / "LICENSE"
QT: Final = (TEXTS / "QT.txt", TEXTS / "LGPL-3.0.txt", TEXTS / "GPL-3.0.txt")
# Distributions whose wheel holds no text of the licence that its metadata names, and the text of that licence.
WITHOUT_TEXT: Final[dict[str, tuple[Path, ...]]] = {
    "flatbuffers": (APACHE,),
    "pyside6-essentials": QT,
    "shiboken6": QT,
    "tensorboard-data-server": (APACHE,),
}
# PyInstaller's loader is in every bundle; its licence allows that whatever the licence of the program.
ALWAYS: Final = ("pyinstaller", "lamella")
_IS_TEXT = re.compile(r"(^|/)(licen[cs]e|copying|notice|authors|third.?party)[^/]*$|/licenses/", re.IGNORECASE)
_IS_HOME = re.compile("home|source|repo", re.IGNORECASE)
_PROGRAM_SUFFIXES = (".py", ".pyc", ".pyi", ".h", ".so", ".json")


class NoticeError(Exception):
    """A part of the bundle has no licence text."""


@dataclass
class Component:
    """One thing with a licence of its own: `texts` are pairs of a name in its folder and the file with the text."""

    name: str
    version: str
    licence: str
    home: str
    texts: list[tuple[str, Path]] = field(default_factory=list)

    @property
    def folder(self) -> str:
        return f"{self.name}-{self.version}" if self.version else self.name


def files_of(found: Distribution) -> list[tuple[str, Path]]:
    """Its files: the place below the folder that it is installed in, and the path."""
    home = Path(str(found.locate_file(""))).resolve()  # once: there are thirty thousand files
    return [(file.as_posix(), Path(os.path.normpath(home / file))) for file in found.files or ()]


def licence_texts(found: Distribution) -> list[tuple[str, Path]]:
    """The texts that a distribution brings along, else those of the licence that it names."""
    texts = [
        (re.sub(r"^[^/]+\.dist-info/(licenses/)?", "", place), path)
        for place, path in files_of(found)
        if _IS_TEXT.search(place) and not place.lower().endswith(_PROGRAM_SUFFIXES) and "/__pycache__/" not in place
        if path.is_file()
    ]
    return texts or [(path.name, path) for path in WITHOUT_TEXT.get(normal(found.name), ())]


def component(found: Distribution) -> Component:
    """Raises NoticeError if there is no text."""
    meta = found.metadata.json

    def lines(key: str) -> list[str]:
        value = meta.get(key) or []
        return [value] if isinstance(value, str) else value

    classifiers = [text.split(" :: ")[-1] for text in lines("classifier") if text.startswith("License ::")]
    said = [text.strip() for text in lines("license")]  # a name, or the whole text
    names = [text for text in said if "\n" not in text]
    licence = [*lines("license_expression"), *names, *classifiers, *(text.split("\n")[0] for text in said)]
    homes = [*lines("home_page"), *(text.split(", ", 1)[-1] for text in lines("project_url") if _IS_HOME.match(text))]
    texts = licence_texts(found)
    if not texts:
        raise NoticeError(
            f"{found.name} {found.version} brings no licence text; add one to {TEXTS} and to WITHOUT_TEXT."
        )
    return Component(normal(found.name), found.version, next(iter(licence), ""), next(iter(homes), ""), texts)


def python_itself() -> Component:
    homes = (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix))
    texts = [path for home in homes for path in (home / "LICENSE.txt", home / "LICENSE") if path.is_file()]
    if not texts:
        raise NoticeError(f"Python's licence is in none of {', '.join(map(str, homes))}.")
    version = ".".join(map(str, sys.version_info[:3]))
    return Component("python", version, "PSF-2.0", "https://www.python.org", [(texts[0].name, texts[0])])


def system_component(library: Path) -> Component:
    """The package of this system that a library is from, with its copyright file where dpkg knows it."""
    unknown = Component(f"system-{library.name}", "", "not known: taken from the system it was built on", "")
    if not shutil.which("dpkg-query"):
        return unknown
    for path in dict.fromkeys([str(library), str(library.resolve()), re.sub("^/usr/", "/", str(library.resolve()))]):
        done = subprocess.run(["dpkg-query", "-S", path], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            package = done.stdout.split(":")[0]
            text = Path("/usr/share/doc") / package / "copyright"
            show = ["dpkg-query", "-W", "-f", "${Version}", package]
            version = subprocess.run(show, capture_output=True, text=True, check=False).stdout
            texts = [("copyright", text)] if text.is_file() else []
            return Component(
                f"system-{package}", re.sub(r"[^\w.+~-]", "_", version), "see its copyright file", "", texts
            )
    return unknown


def owners(sources: Iterable[str], made_in: Path) -> tuple[list[Distribution], list[Component]]:
    """What the files are from: installed distributions, and packages of this system.

    What PyInstaller has made in `made_in` is of Python's own library.
    """
    everything = list(distributions())
    owner_of = {str(path): found for found in everything for _, path in files_of(found)}
    inside = {found.name: found for found in everything if normal(found.name) in ALWAYS}
    system: dict[str, Component] = {}
    known = [
        ROOT,
        made_in.resolve(),
        *(Path(path).resolve() for path in (sys.base_prefix, sys.prefix, sysconfig.get_path("stdlib"))),
    ]
    for source in sources:
        path = Path(source).resolve()
        if (found := owner_of.get(str(path))) is not None:
            inside[found.name] = found
        elif not any(path.is_relative_to(home) for home in known):
            one = system_component(Path(source))
            system.setdefault(one.name, one)
    return list(inside.values()), list(system.values())


def components(libraries: Iterable[Distribution], system: Iterable[Component]) -> list[Component]:
    """All that has a licence, by name. Raises NoticeError for a distribution without a licence text."""
    result = [python_itself(), *(component(found) for found in libraries), *system]
    return sorted(result, key=lambda one: one.name)


def index(found: Sequence[Component]) -> str:
    lines = [
        "Lamella is under the Apache License 2.0 (lamella-*/LICENSE). Beside it there are the works of others that are",
        "listed here, each with its licence in the folder of its name. The fonts and the handwritten digits have",
        "theirs beside them in `resources`.",
        "",
    ]
    for one in found:
        lines.append(f"{one.folder}: {one.licence or 'see its text'}{f' ({one.home})' if one.home else ''}")
        if not one.texts:
            lines.append("    its text is not here: the system that this was built on does not say where it lies")
    return "\n".join(lines) + "\n"


def shared_texts(folder: Path) -> set[str]:
    """The licences that texts in a folder refer to instead of quoting them, as Debian's do with the long ones."""
    refer = re.compile(rf"{SHARED}/([\w.-]*\w)")
    texts = (path.read_text("utf-8", "replace") for path in folder.rglob("*") if path.is_file())
    return {name for text in texts for name in refer.findall(text) if (SHARED / name).is_file()}


def write(found: Sequence[Component], folder: Path) -> list[tuple[str, str]]:
    """Copies all texts into a fresh folder; returns PyInstaller's pairs (file, folder in the bundle)."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / INDEX).write_text(index(found), "utf-8")
    for one in found:
        for inside, text in one.texts:
            target = folder / one.folder / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(text, target)
    for name in sorted(shared_texts(folder)):
        (folder / SHARED.name).mkdir(exist_ok=True)
        shutil.copyfile(SHARED / name, folder / SHARED.name / name)
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [(str(path), str(Path(FOLDER, path.parent.relative_to(folder)))) for path in files]
