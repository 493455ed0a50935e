"""What the bundle holds, without building it: modules, files, licences, and what is left out."""

from __future__ import annotations

import ast
import importlib.util
import re
import shutil
import sys
from email.message import Message
from functools import cache
from importlib.metadata import Distribution, distribution
from os import PathLike
from pathlib import Path

import pytest

from dev import LOCK, ROOT, SetupError
from tests.dev.bundle import building, contents, environment, notices, proof
from tests.dev.imports import Source, read_sources
from tests.dev.verbs import bundle
from tests.support.trees import PACKAGES

LISTS = "resources.registry"  # lists the folder that it is given


@cache
def sources() -> dict[str, Source]:
    return read_sources()


def listing_files() -> dict[str, set[str]]:
    """The modules that look through a folder of modules, and all packages of ours that each of them names."""
    packages = {name for name, source in sources().items() if source.path.name == "__init__.py"}
    found = {}
    for name, source in sources().items():
        if name != LISTS and re.search(r"iter_modules|(modules_with|module_names)\(", source.path.read_text("utf-8")):
            found[name] = (set(source.imports) | set(source.texts)) & packages
    return found


def test_every_registry_is_bundled_with_all_that_lies_in_its_folder() -> None:
    bundled = set(contents.product_modules())
    registries = listing_files()
    assert len(registries) >= 7, "verbs, providers, editors, exporters, gestures, callbacks, kinds of data"
    for listing, packages in registries.items():
        assert packages, f"{listing} lists a folder; which one is not said in a way that this test understands"
        for package in packages:
            folder = sources()[package].path.parent
            inside = {f"{package}.{path.stem}" for path in folder.glob("[!_]*.py")}
            assert inside <= bundled, f"{listing} would not find these in a bundle: {sorted(inside - bundled)}"


def test_modules_are_listed_in_the_one_way_that_works_in_a_bundle() -> None:
    """There they lie in an archive: `pkgutil` sees them, a look at the folder does not."""
    wrong = [
        f"{source.path.relative_to(ROOT)}:{node.lineno}"
        for name, source in sources().items()
        if not any(f"{name}.".startswith(f"{mine}.") for mine in contents.FOR_DEVELOPERS)
        if "glob(" in (text := source.path.read_text("utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("glob", "rglob")
        if any(isinstance(one, ast.Constant) and str(one.value).endswith(".py") for one in node.args)
    ]
    assert not wrong


def test_a_module_that_is_added_to_a_folder_is_bundled(tmp_path: Path) -> None:
    for package in PACKAGES:
        (tmp_path / package / "new").mkdir(parents=True)
        (tmp_path / package / "__init__.py").touch()
        (tmp_path / package / "new" / "__init__.py").touch()
        (tmp_path / package / "new" / "thing.py").touch()
    (tmp_path / "resources" / "new" / "words.json").touch()
    assert {"app.new", "app.new.thing", "runtime.new.thing"} <= set(contents.product_modules(tmp_path))
    assert contents.product_data(tmp_path) == [(str(tmp_path / "resources" / "new" / "words.json"), "resources/new")]


def test_libraries_that_are_imported_late_are_found_by_the_builder() -> None:
    """PyInstaller sees `import` wherever it stands, and no name in a text."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "LazyModule(" not in (text := path.read_text("utf-8")):
                continue
            tree = ast.parse(text)
            late = {
                str(node.args[0].value)
                for node in ast.walk(tree)
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "LazyModule"
                if isinstance(node.args[0], ast.Constant)
            }
            written = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom) and node.module:
                    written |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
            assert late <= written, (
                f"{path.relative_to(ROOT)}: import {sorted(late - written)} under TYPE_CHECKING, too"
            )


def test_nobody_imports_what_is_for_developers_only() -> None:
    def is_for_developers(name: str) -> bool:
        return any(f"{name}.".startswith(f"{mine}.") for mine in contents.FOR_DEVELOPERS)

    bundled = contents.product_modules()
    assert not [name for name in bundled if is_for_developers(name)]
    wrong = {
        name: [one for one in sources()[name].imports if is_for_developers(one)]
        for name in bundled
        if name in sources()
    }
    assert not {name: found for name, found in wrong.items() if found}


def test_own_code_finds_the_standard_library_but_nothing_under_the_gpl() -> None:
    found = set(contents.standard_library())
    assert {"asyncio.subprocess", "statistics", "sqlite3.dbapi2", "unittest.mock", "xml.dom.minidom"} <= found
    assert not found & {"readline", "dbm.gnu", "tkinter", "test", "idlelib.idle", "sqlite3.test.dbapi"}
    assert {"readline", "_gdbm"} <= set(contents.EXCLUDED)


@pytest.mark.parametrize(
    "place",
    [
        "tensorflow/include/Eigen/Core",
        "tensorflow/lite/python/schema.h",
        "tensorflow/compiler/tf2xla/tf2xla.lib",
        "numpy/_core/lib/libnpymath.a",
        "numpy/ma/tests/data.npy",
        "tensorboard\\webfiles.zip",
        "PySide6/Qt/plugins/sqldrivers/libqsqlite.so",
        "PySide6/plugins/platforms/qdirect2d.dll",
        "PySide6/Qt/translations/qtbase_de.qm",
        "PySide6/Qt/lib/libQt6Qml.so.6",
        "PySide6/Qt6Network.dll",
        "pyarrow/libarrow_flight.so.2600",
        "pyarrow/arrow_python_flight.dll",
        "pyarrow/_s3fs.cpython-311-x86_64-linux-gnu.so",
    ],
)
def test_what_nobody_needs_is_left_out_with_a_reason(place: str) -> None:
    assert contents.why_left_out(place)


@pytest.mark.parametrize(
    "place",
    [
        "tensorflow/libtensorflow_cc.so.2",
        "tensorflow/python/_pywrap_tensorflow_internal.so",
        "tensorflow/THIRD_PARTY_NOTICES.txt",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/plugins/platforms/qwindows.dll",
        "PySide6/Qt/plugins/imageformats/libqsvg.so",
        "PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so",
        "PySide6/Qt/translations/qtbase_ko.qm",
        "PySide6/Qt/lib/libQt6Core.so.6",
        "PySide6/Qt/lib/libQt6XcbQpa.so.6",
        "h5py.libs/libhdf5.so",
        "pyarrow/libarrow_python.so.2600",
        "pyarrow/_fs.cpython-311-x86_64-linux-gnu.so",
        "pyarrow/_parquet.cpython-311-x86_64-linux-gnu.so",
        "pillow.libs/libwebp-51b0b3f7.so.7.2.0",
    ],
)
def test_what_the_program_needs_stays(place: str) -> None:
    assert contents.why_left_out(place) is None


def test_all_files_of_ours_and_all_parts_of_qt_that_are_imported_stay() -> None:
    for file, folder in contents.product_data():
        assert contents.why_left_out(f"{folder}/{Path(file).name}") is None
    parts = {
        part for source in sources().values() for part in re.findall(r"PySide6\.(\w+)", source.path.read_text("utf-8"))
    }
    assert {"QtCore", "QtGui", "QtWidgets", "QtSvg"} <= parts
    for part in parts:
        assert contents.why_left_out(f"PySide6/{part}.abi3.so") is None
        assert contents.why_left_out(f"PySide6/Qt/lib/lib{part.replace('Qt', 'Qt6')}.so.6") is None


def test_what_is_left_out_is_counted_by_reason(tmp_path: Path) -> None:
    (source := tmp_path / "Core").write_bytes(b"x" * 1000)
    entries = [("tensorflow/include/Core", str(source), "DATA"), ("keras/Core", str(source), "DATA")]
    assert [entry[0] for entry in contents.kept(entries)] == ["keras/Core"]
    left = contents.left_out_of((place, Path(path)) for place, path, _ in entries)
    assert {why: count for why, count in left.items() if count} == {
        contents.why_left_out("tensorflow/include/Core"): 1000
    }


# ----------------------------------------------------------------------------------------------------- the environment


def test_the_environment_has_what_lamella_needs_and_nothing_to_develop_with() -> None:
    pins = environment.wanted_pins()
    names = {line.split("==")[0] for line in pins.splitlines() if "==" in line and not line.startswith(" ")}
    assert {"keras", "tensorflow", "pyside6-essentials", "pyinstaller", "hatchling"} <= names
    assert {"pillow", "pyarrow", "python-calamine", "scipy", "h5py"} <= names  # which read data
    assert "soundfile" not in names  # an extra: it brings libsndfile along, which is under the LGPL
    assert not names & {"pytest", "mypy", "ruff", "hypothesis", "import-linter", "lamella"}
    assert all("--hash=sha256:" in block for block in pins.split("\n\n") if "==" in block)


def test_a_name_that_is_pinned_for_several_pythons_keeps_all_its_pins() -> None:
    lines = [
        'a==1 ; python_version < "3.12" \\',
        "    --hash=sha256:0",
        "a==2 \\",
        "    --hash=sha256:1",
        "b==1 \\",
        "    --hash=2",
    ]
    lock = "\n".join([*lines, ""])
    assert environment.pins(lock, {"a"}) == lock[: lock.index("b==1")]
    with pytest.raises(SetupError, match="does not pin c;"):
        environment.pins(lock, {"a", "c"})


def test_the_lock_pins_all_that_lamella_needs_here() -> None:
    environment.pins(LOCK.read_text("utf-8"), environment.closure(["lamella", "pyinstaller"]) - {"lamella"})


# ---------------------------------------------------------------------------------------------------------- licences


class Pretended(Distribution):
    """A distribution with these files and lines of metadata."""

    def __init__(self, folder: Path, name: str, files: list[str], **meta: str) -> None:
        self._folder, self._files = folder, files
        self._meta = Message()
        for key, value in {"Name": name, "Version": "1.0", **meta}.items():
            self._meta[key.replace("_", "-")] = value

    def read_text(self, filename: str) -> str | None:
        if filename in ("METADATA", "PKG-INFO"):
            return self._meta.as_string()
        return "\n".join(f"{file},," for file in self._files) if filename == "RECORD" else None

    def locate_file(self, path: str | PathLike[str]) -> Path:
        return self._folder / path


def test_every_distribution_that_can_be_inside_has_a_licence_with_a_text() -> None:
    for name in environment.closure(["lamella", "pyinstaller"]):
        found = notices.component(distribution(name))
        assert all(text.read_bytes().strip() for _, text in found.texts)


def test_nothing_that_lamella_needs_is_under_the_gpl_alone() -> None:
    for name in environment.closure(["lamella", "soundfile"]):  # which the extra `audio` brings
        licence = notices.component(distribution(name)).licence
        assert "GPL" not in licence or "LGPL" in licence, f"{name}: {licence}"


def test_a_licence_is_called_by_its_name_where_the_whole_text_stands_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text("words", "utf-8")
    told = {"License": "Copyright (c) 2001\n        All rights", "Classifier": "License :: OSI Approved :: BSD License"}
    assert notices.component(Pretended(tmp_path, "A", ["LICENSE"], **told)).licence == "BSD License"
    told["Classifier"] = "Programming Language :: C"
    assert notices.component(Pretended(tmp_path, "A", ["LICENSE"], **told)).licence == "Copyright (c) 2001"


def test_qt_comes_with_its_notice_and_the_texts_of_the_lgpl_and_the_gpl() -> None:
    for name in ("PySide6-Essentials", "shiboken6"):
        found = notices.component(distribution(name))
        assert "LGPL-3.0" in found.licence
        texts = {inside: text.read_text("utf-8") for inside, text in found.texts}
        assert "GNU LESSER GENERAL PUBLIC LICENSE" in texts["LGPL-3.0.txt"]
        assert "GNU GENERAL PUBLIC LICENSE" in texts["GPL-3.0.txt"]
        assert "You may replace them" in texts["QT.txt"] and "download.qt.io" in texts["QT.txt"]


def test_texts_in_the_folder_of_licences_and_beside_the_package_are_found(tmp_path: Path) -> None:
    files = [
        "a-1.0.dist-info/licenses/LICENSE",
        "a/NOTICE.txt",
        "a/licence.py",
        "a-1.0.dist-info/licenses/lib/z.txt",
        "a/b.so",
    ]
    for file in files:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("words", "utf-8")
    found = notices.component(Pretended(tmp_path, "A", files, License_Expression="MIT", Home_page="https://a.example"))
    assert [inside for inside, _ in found.texts] == ["LICENSE", "a/NOTICE.txt", "lib/z.txt"]
    assert (found.folder, found.licence, found.home) == ("a-1.0", "MIT", "https://a.example")


def test_a_distribution_without_a_text_ends_the_build_by_name(tmp_path: Path) -> None:
    with pytest.raises(notices.NoticeError, match=r"nobody 1\.0 brings no licence text"):
        notices.component(Pretended(tmp_path, "nobody", ["nobody.py"], License="MIT"))


def test_what_is_inside_is_worked_out_from_the_files(tmp_path: Path) -> None:
    spec = importlib.util.find_spec("msgspec")
    assert spec is not None and spec.origin is not None
    (stray := tmp_path / "libstray.so.1").touch()
    sources = [spec.origin, str(ROOT / "dev.py"), ast.__file__, str(stray), str(tmp_path / "work" / "base_library.zip")]
    libraries, system = notices.owners(sources, made_in=tmp_path / "work")
    found = {one.name: one for one in notices.components(libraries, system)}
    assert {"msgspec", "python", "lamella"} <= set(found)
    assert not {"numpy", "keras"} & set(found)
    assert [name for name in found if name.startswith("system-")] == ["system-libstray.so.1"]
    assert found["python"].version == ".".join(map(str, sys.version_info[:3]))
    listed = notices.index(list(found.values()))
    assert all(f"\n{one.folder}: " in listed for one in found.values())


def test_a_bundle_whose_licences_lack_one_is_found_out(tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("words", "utf-8")
    inside = [notices.Component(name, "1", "MIT", "", [("LICENSE", text)]) for name in ("a", "b")]
    written = notices.write(inside, tmp_path / "dist" / "_internal" / "licenses")
    assert [folder for _, folder in written] == ["licenses", str(Path("licenses", "a-1")), str(Path("licenses", "b-1"))]
    assert building.missing_notices(tmp_path / "dist", ["a-1", "b-1"]) == []
    assert building.missing_notices(tmp_path / "dist", ["a-1", "c-1"]) == ["c-1"]
    (tmp_path / "dist" / "_internal" / "licenses" / "b-1" / "LICENSE").unlink()
    assert building.missing_notices(tmp_path / "dist", ["a-1", "b-1"]) == ["b-1"]
    assert building.missing_notices(tmp_path / "nothing", ["a-1"]) == ["a-1"]


# --------------------------------------------------------------------------------------------------------- the proof


def program(folder: Path, text: str) -> proof.Bundle:
    (folder / "program.py").write_text(text, "utf-8")
    return proof.Bundle((sys.executable, str(folder / "program.py")), folder)


def test_the_program_is_started_without_a_python_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    said = program(tmp_path, "import os, shutil\nprint(shutil.which('python3'), sorted(os.environ))").run()
    assert said.startswith("None ") and "PYTHON" not in said and "VIRTUAL_ENV" not in said


def test_a_program_that_ends_otherwise_than_it_should_is_told_with_its_words(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"what it said\n\nThe bundle's `a b` ended with 3\."):
        program(tmp_path, "print('what it said')\nraise SystemExit(3)").run("a", "b")
    with pytest.raises(SetupError, match="Traceback"):
        program(tmp_path, "print('Traceback (most recent call last)')").run()


def test_waiting_ends_with_what_did_not_happen() -> None:
    assert proof.until("it is there", lambda: "it", 5) == "it"
    with pytest.raises(SetupError, match="this did not happen: it comes"):
        proof.until("it comes", lambda: None, 0.2)


# ---------------------------------------------------------------------------------------------------------- the verb


def test_without_room_nothing_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10**10, 10**10, 10**9))
    with pytest.raises(SetupError, match=r"needs 6 GB to be built; in .* there are 0\.9 GB"):
        building.build(tmp_path / "bundle")
    assert list((tmp_path / "bundle").iterdir()) == []


def test_the_report_says_the_size_and_what_was_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "library.so").write_bytes(b"x" * 3_000_000)
    bundle.report(building.Built(tmp_path, tmp_path / "lamella", {"headers": 1_000_000, "symbols": 2_000_000, "-": 0}))
    assert [line.split() for line in capsys.readouterr().out.splitlines()[1:]] == [
        ["2.0", "symbols"],
        ["1.0", "headers"],
        ["==", f"{tmp_path}:", "3", "MB"],
    ]


def test_a_failed_proof_keeps_what_it_worked_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tmp_path / "made"
    made.mkdir()
    monkeypatch.setattr(bundle, "build", lambda into: building.Built(into, into / "lamella", {}))
    monkeypatch.setattr("tempfile.mkdtemp", lambda prefix: str(made))

    def fail(command: list[str], folder: Path) -> None:
        folder.mkdir()
        raise SetupError("no window")

    monkeypatch.setattr(bundle, "prove", fail)
    with pytest.raises(SetupError, match="no window"):
        bundle.main(["--into", str(tmp_path)])
    assert (made / "proof").is_dir()
    monkeypatch.setattr(bundle, "prove", lambda command, folder: folder.mkdir(exist_ok=True))
    assert bundle.main(["--into", str(tmp_path)]) == 0
    assert not made.exists()
