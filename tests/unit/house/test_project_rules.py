"""Who may know whom, seen from outside: fresh processes and the source itself. (import-linter sees it from inside.)"""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dev.imports import module_name
from tests.support.fresh_python import run_python
from tests.support.trees import PACKAGES, ROOT, imported, kept_trees, python_files, tree_of

HEAVY = {"keras", "tensorflow", "jax", "torch"}
QT = {"PySide6", "shiboken6", "pyqtgraph"}
MAY_KNOW_KERAS = ("runtime/worker/", "graph_editor/catalog/generate/")


@pytest.fixture(scope="module", autouse=True)
def _trees() -> Iterator[None]:
    with kept_trees():
        yield


def modules(*packages: str, without: tuple[str, ...] = ()) -> list[str]:
    names = map(module_name, python_files(*packages))
    return [name for name in names if not name.startswith(without or ("-",)) and not name.endswith("__main__")]


def loaded_after(program: str) -> set[str]:
    """Top-level modules that a fresh Python has loaded after a program."""
    report = "\nimport sys; print('LOADED', *{name.split('.')[0] for name in sys.modules})"
    *_, loaded = run_python("-c", program + report).splitlines()
    title, *names = loaded.split()
    assert title == "LOADED"
    return set(names)


def importing(names: list[str]) -> str:
    return "import importlib\nfor name in " + repr(names) + ": importlib.import_module(name)"


def test_the_desktop_loads_no_keras() -> None:
    for_developers = ("graph_editor.catalog.generate", "resources.samples")
    loaded = loaded_after(importing(modules("app", "graph_editor", "resources", without=for_developers)))
    assert "PySide6" in loaded, "the process did not load the desktop at all"
    assert loaded & HEAVY == set()
    assert "h5py" not in loaded, "files of strangers are parsed by processes of their own"


def test_the_window_knows_the_kinds_of_data_without_their_libraries() -> None:
    loaded = loaded_after("from runtime.data_kinds import data_kinds\nassert len(data_kinds()) > 3")
    assert loaded & (HEAVY | QT | {"h5py"}) == set()


def test_what_the_desktop_knows_of_the_runtime_is_light() -> None:
    loaded = loaded_after(importing(modules("runtime", without=("runtime.worker",))))
    assert loaded & (HEAVY | QT) == set()


def of_absent_backend(module: str) -> bool:
    """Code for one backend lives in a module named after it; only TensorFlow is always installed."""
    backend = module.split(".")[-1].split("_")[0]
    return backend in HEAVY and importlib.util.find_spec(backend) is None


def test_the_worker_loads_no_qt() -> None:
    names = [name for name in modules("runtime") if not of_absent_backend(name)]
    loaded = loaded_after(importing(names))
    assert "keras" in loaded, "the process did not load the worker at all"
    assert loaded & QT == set()


def test_the_pure_parts_of_the_editor_load_neither_qt_nor_keras() -> None:
    pure = [f"graph_editor/{part}" for part in ("document", "catalog", "keras_format", "exporters", "layout")]
    names = modules(*pure, without=("graph_editor.catalog.generate",))
    loaded = loaded_after(importing(names))
    assert loaded & (HEAVY | QT | {"app", "runtime"}) == set()


@pytest.mark.parametrize("arguments", [["templates"], ["templates", "--json"], ["runs", "."]])
def test_verbs_run_before_any_qt(arguments: list[str], tmp_path: Path) -> None:
    program = (
        "import os, sys\n"
        f"os.chdir({str(tmp_path)!r})\n"
        f"sys.argv = ['lamella', *{arguments!r}]\n"
        "from app.__main__ import main\n"
        "try: status = main()\n"
        "except SystemExit as end: status = end.code\n"
        "assert not status, status"
    )
    assert loaded_after(program) & (HEAVY | QT) == set()


def test_keras_is_imported_by_the_worker_only() -> None:
    wrong = [
        f"{path.relative_to(ROOT).as_posix()}: {name}"
        for path in python_files(*PACKAGES)
        if not path.relative_to(ROOT).as_posix().startswith(MAY_KNOW_KERAS)
        for name in imported(tree_of(path))
        if name.split(".")[0] in HEAVY
    ]
    assert wrong == []


def test_init_files_stay_empty() -> None:
    files = [path for path in python_files(*PACKAGES, "tests") if path.name == "__init__.py"]
    assert files
    assert [str(path.relative_to(ROOT)) for path in files if path.read_bytes()] == []


def test_every_folder_of_a_package_is_a_package() -> None:
    """Else the wheel and the import contracts do not see it."""
    folders = {path.parent for path in python_files(*PACKAGES)}
    assert [str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_no_package_was_left_behind_by_what_moved_away() -> None:
    packages = [path.parent for path in python_files(*PACKAGES, "tests") if path.name == "__init__.py"]
    left = [folder for folder in packages if {path.name for path in folder.iterdir()} <= {"__init__.py", "__pycache__"}]
    assert [folder.relative_to(ROOT).as_posix() for folder in left] == []


# Reads files of Keras' own sets that have no other form, after their checksum was compared, with a reader that makes
# arrays of NumPy and nothing else.
_UNPICKLES = "runtime/worker/data/known/reading.py"


def test_messages_are_never_pickled() -> None:
    wrong = [
        path.relative_to(ROOT).as_posix()
        for path in python_files(*PACKAGES)
        if path != ROOT / _UNPICKLES
        and {"pickle", "cloudpickle", "dill", "joblib", "marshal", "shelve"} & set(imported(tree_of(path)))
    ]
    assert wrong == []


def _walks_modules(node: ast.AST) -> bool:
    walked = node.iter if isinstance(node, ast.For | ast.comprehension) else None
    return walked is not None and ast.unparse(walked).startswith("sys.modules")


def test_what_is_imported_is_walked_in_a_copy() -> None:
    """Another thread may import meanwhile: a worker warms its readers of data while it answers."""
    assert any(map(_walks_modules, ast.walk(ast.parse("[name for name in sys.modules if name]"))))
    wrong = [
        path.relative_to(ROOT).as_posix()
        for path in python_files(*PACKAGES)
        if any(map(_walks_modules, ast.walk(tree_of(path))))
    ]
    assert wrong == []
