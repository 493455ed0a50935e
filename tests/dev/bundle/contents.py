"""What goes into the bundle, found by listing folders, and what is left out of it and why. Used by build.spec.

Registries list their folders at run time, so nothing here is named file by file: what is added to a folder is bundled.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from dev import ROOT
from tests.support.trees import PACKAGES

FOR_DEVELOPERS: Final = (
    "app.generators",
    "graph_editor.catalog.generate",
    "resources.samples.make_digits",
    "resources.samples.make_houses",
    "resources.samples.make_leaves",
    "resources.samples.make_sentences",
)
READ_AS_TEXT: Final = "in_scripts"  # the folder whose modules are written into scripts word by word
# Programs, tests and toys of the standard library, and what is for other systems or under the GPL (readline, gdbm).
NOT_FOR_CODE: Final = frozenset(
    {"antigravity", "ensurepip", "idlelib", "lib2to3", "test", "this", "tkinter", "turtle", "turtledemo", "venv"}
    | {"dbm.gnu", "readline", "rlcompleter"}
)
EXCLUDED: Final = (*sorted(NOT_FOR_CODE), "_gdbm", "_tkinter", "tests", "PyInstaller", "hatchling")

# A pattern for the place in the bundle, and why such a file is left out. Measured with TensorFlow 2.21 and Qt 6.9.
LEFT_OUT: Final[dict[str, str]] = {
    r"^tensorflow/(include|xla_aot_runtime_src)/": "TensorFlow's C++ headers and sources: to compile against it",
    r"\.(a|lib|h|hpp|cc|cpp|cu|inc|pyi|pxd|pyx|proto|cmake|c)$": "headers, import libraries, sources and stubs",
    r"(^|/)(tests|testdata)/": "tests of the libraries",
    r"^tensorflow/compiler/mlir/stablehlo/": "an interface to StableHLO that no other part of TensorFlow imports",
    r"^tensorboard/webfiles\.zip$|^tensorboard_data_server/": "the server of TensorBoard, which Lamella never starts",
    r"^pyarrow/((lib)?arrow_(python_)?flight|(lib)?arrow_s3|_(flight|s3fs|gcsfs|azurefs|hdfs)\.)": (
        "Arrow's ways to files in clouds and on servers, which Lamella never reads"
    ),
    r"^PySide6/(Qt/)?plugins/(egldeviceintegrations|generic|networkinformation|platforminputcontexts/libqtvirtualkeyboard"
    r"|printsupport|qmltooling|sqldrivers|tls)": "plugins of Qt for databases, printers, networks, kiosks",
    r"^PySide6/(Qt/)?plugins/platforms/[^/]*(eglfs|linuxfb|minimal|vkkhr|vnc|direct2d)": "screens without a desktop",
    r"^PySide6/(Qt/)?plugins/imageformats/[^/]*(pdf|tga|tiff|wbmp|webp|icns)": "kinds of pictures that Lamella has not",
    r"^PySide6/(Qt/)?translations/(?!qtbase_(en|ko)\.)": "Qt's words in languages that Lamella does not speak",
    r"^PySide6/(Qt/)?(qml|metatypes|libexec)/": "Qt Quick and Qt's tools",
    r"/libqgtk3\.so$|^lib(at[ks]|cairo|datrie|epoxy|fribidi|g[dt]k[-_]|graphite|harfbuzz|pango|pixman|thai)\S*\.so": (
        "the look of GTK 3, which would need a second GTK beside the system's"
    ),
    r"(^|/)(lib)?Qt6?(Pdf|Qml|Quick|VirtualKeyboard|Network|Sql|EglF|Test|PrintSupport)": "unused parts of Qt",
}
_PATTERNS: Final = [(re.compile(pattern), why) for pattern, why in LEFT_OUT.items()]


def why_left_out(place: str) -> str | None:
    """Why a file with this place in the bundle is not taken along, None if it is. For all but modules in Python."""
    place = place.replace("\\", "/")
    return next((why for pattern, why in _PATTERNS if pattern.search(place)), None)


def is_test_module(name: str) -> bool:
    """Whether a module tests its library. TensorFlow's are not told apart: `tensorflow.test` is for its users."""
    return bool(re.search(r"(^|\.)tests?(\.|$)|_test$", name)) and not name.startswith("tensorflow.")


def modules(package: str, folder: Path) -> Iterator[str]:
    """All modules in the folder of a package, without importing any."""
    yield package
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".py" or re.search(r"\.(so|pyd)$", path.name):
            parts = [*path.relative_to(folder).parent.parts, path.name.split(".")[0]]
            if all(part.isidentifier() for part in parts) and parts[-1] not in ("__init__", "__main__"):
                yield ".".join([package, *parts])
            elif parts[-1] == "__init__" and len(parts) > 1:
                yield ".".join([package, *parts[:-1]])


def product_modules(root: Path = ROOT) -> list[str]:
    """Every module of Lamella, the worker's included, less those that write the repository's own files."""
    found = (name for package in PACKAGES for name in modules(package, root / package))
    return [name for name in found if not any(f"{name}.".startswith(f"{mine}.") for mine in FOR_DEVELOPERS)]


def product_data(root: Path = ROOT) -> list[tuple[str, str]]:
    """Every file of Lamella that is read as one, with the folder in the bundle that it goes to."""
    files = (path for package in PACKAGES for path in sorted((root / package).rglob("*")) if path.is_file())
    return [
        (str(path), path.parent.relative_to(root).as_posix())
        for path in files
        if (path.suffix not in (".py", ".pyc") or (path.suffix == ".py" and path.parent.name == READ_AS_TEXT))
        and not any(part.startswith(".") for part in path.relative_to(root).parts)
    ]


def standard_library() -> list[str]:
    """What a project's own code may import: of the standard library all that is of use without a terminal."""
    found: list[str] = []
    for name in sorted(sys.stdlib_module_names):
        spec = None if name.startswith("_") or name in NOT_FOR_CODE else find_spec(name)
        if spec is not None and spec.submodule_search_locations:
            found += modules(name, Path(spec.submodule_search_locations[0]))
        elif spec is not None:
            found.append(name)
    return [name for name in found if name not in NOT_FOR_CODE and not is_test_module(name)]


def library_modules(name: str) -> list[str]:
    """All modules of a library that imports its own parts by name, less its tests."""
    spec = find_spec(name)
    assert spec is not None and spec.submodule_search_locations, f"{name} is a package"
    folder = Path(next(iter(spec.submodule_search_locations)))
    return [found for found in modules(name, folder) if not is_test_module(found)]


def kept(entries: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """PyInstaller's entries (place, source, kind), less those that are left out."""
    return [entry for entry in entries if why_left_out(entry[0]) is None]


def left_out_of(files: Iterable[tuple[str, Path]]) -> dict[str, int]:
    """Of files (place, where it lies): the bytes that are left out, for each reason that there is."""
    left = dict.fromkeys(LEFT_OUT.values(), 0)
    for place, path in files:
        why = why_left_out(place)
        if why is not None and path.is_file():
            left[why] += path.stat().st_size
    return left
