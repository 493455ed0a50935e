"""Who may know whom, seen from outside: fresh processes and the source itself. (import-linter sees it from inside.)"""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import markup_rules
from tests.support.trees import kept_trees, tree_of

ROOT = Path(__file__).parents[3]
PACKAGES = ("app", "graph_editor", "runtime", "resources")
HEAVY = {"keras", "tensorflow", "jax", "torch"}
QT = {"PySide6", "shiboken6", "pyqtgraph"}
MAY_KNOW_KERAS = ("runtime/worker/", "graph_editor/catalog/generate/")


@pytest.fixture(scope="module", autouse=True)
def _trees() -> Iterator[None]:
    with kept_trees():
        yield


def python_files(*packages: str) -> list[Path]:
    return sorted(path for package in packages for path in (ROOT / package).rglob("*.py"))


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules(*packages: str, without: tuple[str, ...] = ()) -> list[str]:
    names = map(module_name, python_files(*packages))
    return [name for name in names if not name.startswith(without or ("-",)) and not name.endswith("__main__")]


def loaded_after(program: str) -> set[str]:
    """Top-level modules that a fresh Python has loaded after a program."""
    report = "\nimport sys; print('LOADED', *{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", program + report],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    line = next(line for line in reversed(done.stdout.splitlines()) if line.startswith("LOADED "))
    return set(line.split()[1:])


def importing(names: list[str]) -> str:
    return "import importlib\nfor name in " + repr(names) + ": importlib.import_module(name)"


def imported_modules(path: Path) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


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
        for name in imported_modules(path)
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


def test_messages_are_never_pickled() -> None:
    wrong = [
        path.relative_to(ROOT).as_posix()
        for path in python_files(*PACKAGES)
        if {"pickle", "cloudpickle", "dill", "joblib", "marshal", "shelve"} & set(imported_modules(path))
    ]
    assert wrong == []


HANDS_OUT_ITEMS = {
    *("item", "itemFromIndex", "invisibleRootItem", "takeItem", "findItems", "takeRow", "takeColumn", "takeChild"),
    *("topLevelItem", "takeTopLevelItem", "currentItem", "selectedItems", "itemAt", "itemAtPosition", "childItems"),
    *("horizontalHeaderItem", "verticalHeaderItem", "takeHorizontalHeaderItem", "takeVerticalHeaderItem"),
}
KEEPS_ITEMS = {"QStandardItemModel", "QStandardItem", "QListWidgetItem", "QTreeWidget", "QTreeWidgetItem"}


def item_wrappers(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Calls and imports that make Python hold a wrapper of what Qt frees without telling."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in HANDS_OUT_ITEMS:
            yield node.lineno, f".{node.func.attr}("
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("PySide6"):
            yield from ((node.lineno, alias.name) for alias in node.names if alias.name in KEEPS_ITEMS)


def test_python_never_holds_items_that_qt_frees() -> None:
    """Their wrappers outlive them: the next C++ object at the address gets the wrong type, and the window dies.

    Own models (``QAbstractListModel``), ``setData`` and ``index(row, column).data()`` do the same and are safe.
    """
    wrong = [
        f"{path.relative_to(ROOT).as_posix()}:{line}: {what}"
        for path in python_files("app", "graph_editor", "tests")
        for line, what in item_wrappers(tree_of(path))
    ]
    assert wrong == []


def test_the_rule_about_items_finds_them() -> None:
    source = "from PySide6.QtGui import QStandardItem\ncombo.model().item(3).setFlags(0)\nx.items()\ny.item"
    assert list(item_wrappers(ast.parse(source))) == [(1, "QStandardItem"), (2, ".item(")]


def test_nothing_is_left_to_guess_at_markup() -> None:
    wrong = [
        f"{path.relative_to(ROOT).as_posix()}:{line}: {what}"
        for path in markup_rules.sources()
        for line, what in markup_rules.offences(tree_of(path))
    ]
    assert wrong == []


def test_text_kept_for_painting_is_plain() -> None:
    """QStaticText guesses too."""
    found = [
        (path, function)
        for path in markup_rules.sources()
        for function in markup_rules.functions_with_static_text(tree_of(path))
    ]
    assert found
    wrong = [
        f"{path.relative_to(ROOT).as_posix()}:{function.lineno}"
        for path, function in found
        if not markup_rules.mentions(function, "PlainText")
    ]
    assert wrong == []


def test_markup_is_written_in_one_place() -> None:
    wrong = [
        f"{path.relative_to(ROOT).as_posix()}:{line}: {text!r}"
        for path in markup_rules.sources()
        for line, text in markup_rules.strings(tree_of(path))
        if any(sign in text for sign in markup_rules.MARKUP)
    ]
    assert wrong == []


def test_nothing_is_written_as_csv_or_html_before_there_is_one_place_that_escapes() -> None:
    """Spreadsheets run cells that begin with = + - @; browsers and mail programs fetch what HTML names."""
    writers = {"writer", "DictWriter"}
    found = [
        f"{path.relative_to(ROOT).as_posix()}: {ast.unparse(node)}"
        for path in python_files("app", "graph_editor", "runtime")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute)
        and (node.attr in ("setHtml", "insertHtml") or (node.attr in writers and ast.unparse(node.value) == "csv"))
    ]
    assert found == []


MAY_DELETE_LATER = {
    "graph_editor/words/letting_go.py",
    "app/shell/window/main_window.py",  # all of the window
    "app/cli/canvas_bench/measuring.py",
    # dialogs, after they were answered
    "app/dialogs/frame.py",
    "graph_editor/words/dialogs.py",
    "app/project/exports.py",
    "app/system/waiting.py",
}


def test_widgets_are_thrown_away_by_let_go() -> None:
    """Which says how: out of the layout first, and silent, so that losing the keyboard counts as no edit."""
    wrong = [
        f"{path.relative_to(ROOT).as_posix()}:{node.lineno}"
        for path in python_files("app", "graph_editor")
        if path.relative_to(ROOT).as_posix() not in MAY_DELETE_LATER
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr == "deleteLater"
    ]
    assert wrong == []


def delayed_single_shots(tree: ast.AST) -> Iterator[int]:
    """Lines with `QTimer.singleShot(delay, receiver, slot)` whose delay is not 0.

    Each such call leaves an object with the receiver for as long as that lives. A timer that is started again does not.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "QTimer.singleShot" and len(node.args) == 3:
            delay = node.args[0]
            if not (isinstance(delay, ast.Constant) and delay.value == 0):
                yield node.lineno


def test_what_waits_has_a_timer_of_its_own() -> None:
    wrong = [
        f"{path.relative_to(ROOT).as_posix()}:{line}"
        for path in (*python_files("app", "graph_editor"), *(ROOT / "tests" / "soak").glob("*.py"))
        for line in delayed_single_shots(tree_of(path))
    ]
    assert wrong == []


def test_the_rule_about_timers_finds_them() -> None:
    calls = ("0, x, x.f", "15, x.f", "15, x, x.f", "MS, x, f")
    source = "\n".join(f"QTimer.singleShot({call})" for call in calls)
    assert list(delayed_single_shots(ast.parse(source))) == [3, 4]


def test_themes_are_followed_and_not_relayed() -> None:
    """Whoever paints connects to the look: a list of whom to tell is a list in which somebody is forgotten."""
    wrong = [
        f"{path.relative_to(ROOT).as_posix()}:{node.lineno}"
        for path in python_files("app", "graph_editor")
        if path.name not in ("preferences.py", "graph_view.py")  # a person chooses; the canvas is given
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef) and node.name == "set_theme"
    ]
    assert wrong == []


# Where a thread is started by other means than graph_editor/background, and why that may be.
STARTS_THREADS = {
    "graph_editor/background/background.py",  # the way itself
    "app/engine/followed_trainer.py",  # lives as long as the run that it follows, and serves what is asked of it
    "app/model_files/reader.py",  # ends a process in time; the command line reads models too, and has no Qt
}
THREADS = {
    *("Thread", "Timer", "start_new_thread", "ThreadPoolExecutor", "ProcessPoolExecutor", "ThreadPool", "to_thread"),
    *("QThread", "QThreadPool", "QRunnable", "QtConcurrent", "moveToThread"),
}


def thread_starts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Names that start work on another thread: as an attribute of whatever, or imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in THREADS:
            yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, alias.name) for alias in node.names if alias.name in THREADS)


def test_work_leaves_the_gui_thread_by_one_way() -> None:
    """So that all of it can be cancelled, answers on the GUI thread, and only to those who are still there."""
    found = {
        path.relative_to(ROOT).as_posix(): starts
        for path in python_files("app", "graph_editor")
        if (starts := list(thread_starts(tree_of(path))))
    }
    assert {name: starts for name, starts in found.items() if name not in STARTS_THREADS} == {}
    assert found.keys() >= STARTS_THREADS, "strike these out"


def test_the_rule_about_threads_finds_them() -> None:
    source = "from threading import Thread\nx = threading.Thread(f)\nclass J(QtCore.QRunnable): pass\nthreading.Event()"
    assert sorted(line for line, _ in thread_starts(ast.parse(source))) == [1, 2, 3]


FILLS = ("add", "insert")


def full_layouts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Where `addLayout` gets a layout that has been filled: what a function gave, or what was added to before."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
        methods = [node for node in calls if isinstance(node.func, ast.Attribute) and node.args]
        for node in methods:
            assert isinstance(node.func, ast.Attribute)
            if node.func.attr != "addLayout":
                continue
            inner = node.args[0]
            made_here = isinstance(inner, ast.Call) and ast.unparse(inner.func).startswith("Q")
            filled = any(
                ast.unparse(other.func.value) == ast.unparse(inner) and other.lineno < node.lineno
                for other in methods
                if isinstance(other.func, ast.Attribute) and other.func.attr.startswith(FILLS)
            )
            if filled or (isinstance(inner, ast.Call) and not made_here):
                yield node.lineno, ast.unparse(node)


def test_layouts_are_added_before_they_are_filled() -> None:
    """As ``graph_editor/words/attaching.py`` tells."""
    wrong = [
        f"{path.relative_to(ROOT).as_posix()}:{line}: {what}"
        for path in python_files("app", "graph_editor")
        for line, what in full_layouts(tree_of(path))
    ]
    assert wrong == []


def test_the_rule_about_layouts_finds_full_ones() -> None:
    source = (
        "def f():\n a = QHBoxLayout()\n b.addLayout(a)\n a.addWidget(w)\n"
        " c = QHBoxLayout()\n c.addWidget(w)\n b.addLayout(c)\n b.addLayout(g())\n b.addLayout(QHBoxLayout())"
    )
    assert [line for line, _ in full_layouts(ast.parse(source))] == [7, 8]


# Where a file is opened by other means than resources/regular_files.py, and why that may be.
OPENS_ITSELF = {
    # what is opened was opened by `open_regular`, or its path looked at by `require_regular` just before
    "graph_editor/keras_format/files/archive.py", "graph_editor/keras_format/files/h5_file.py",
    "runtime/worker/keras_models/weights_file.py", "runtime/worker/data/sources/hdf5.py",
    "runtime/worker/data/sources/npz.py",
    # our own resources
    "app/look/theme.py", "app/look/theme_rules.py", "app/look/icons.py",
    "graph_editor/catalog/catalog.py", "graph_editor/view/painting/theme.py", "resources/text.py",
    "resources/samples/make_digits.py",
    # the system's own files
    "runtime/worker/devices/listing.py", "runtime/worker/__main__.py",
    "resources/processes.py", "app/model_files/process.py",
    # what is written there, or was the line before
    "app/system/crash_log.py", "app/system/crash_trace.py", "runtime/worker/engine/export.py",
    "runtime/worker/engine/formats/json.py", "runtime/worker/engine/formats/h5.py",
    "runtime/console_log.py", "runtime/worker/training/event_log.py", "runtime/store.py",
    # the ways themselves
    "resources/regular_files.py", "resources/atomic.py",
}  # fmt: skip


def opens(path: Path) -> Iterator[int]:
    """Lines that open a file by its path: `open(…)`, `.open("rb")`, `.read_bytes()`, `h5py.File(…)` and their like."""
    for node in ast.walk(tree_of(path)):
        if not isinstance(node, ast.Call):
            continue
        match node.func, node.args:
            case ast.Name("open"), _:
                yield node.lineno
            case ast.Attribute(_, "read_bytes" | "read_text" | "is_zipfile" | "ZipFile" | "TarFile"), _:
                yield node.lineno
            case ast.Attribute(ast.Name("h5py"), "File"), _:
                yield node.lineno
            case ast.Attribute(ast.Name("np" | "numpy"), "load" | "loadtxt" | "genfromtxt" | "fromfile" | "memmap"), _:
                yield node.lineno
            case ast.Attribute(_, "open"), [ast.Constant(str(mode)), *_] if set(mode) <= set("rwaxbt+"):
                yield node.lineno
            case ast.Attribute(ast.Name("io" | "gzip" | "bz2" | "lzma" | "tarfile"), "open" | "open_code"), _:
                yield node.lineno


def test_files_that_somebody_named_are_opened_in_one_place() -> None:
    found = {path.relative_to(ROOT).as_posix(): list(opens(path)) for path in python_files(*PACKAGES)}
    found = {name: lines for name, lines in found.items() if lines and not name.startswith(MAY_KNOW_KERAS[1])}
    assert {name: lines for name, lines in found.items() if name not in OPENS_ITSELF} == {}
    ways = {"resources/regular_files.py", "resources/atomic.py", "runtime/store.py"}
    assert OPENS_ITSELF - found.keys() <= ways, "strike these out"


def test_the_rule_about_opening_sees_what_it_should(tmp_path: Path) -> None:
    bad = ["open(x)", "p.open('rb')", "p.read_bytes()", "p.read_text('utf-8')", "h5py.File(p)", "zipfile.ZipFile(p)",
           "np.load(p)", "io.open(p)", "tarfile.open(p)"]  # fmt: skip
    (tmp_path / "m.py").write_text(
        "\n".join([*bad, "open_regular(p)", "session.open(source)", "archive.open(info)"]), "utf-8"
    )
    assert sorted(opens(tmp_path / "m.py")) == list(range(1, len(bad) + 1))


def values_named_beforehand(tree: ast.AST) -> list[int]:
    """Lines of variables that only hold what fills a `Text`: `Text.of` takes it by name."""
    annotated = (node for node in ast.walk(tree) if isinstance(node, ast.AnnAssign) and node.value is not None)
    kinds = ("Facts", "dict[str, str | int | float | Text]")
    return [
        node.lineno for node in annotated if isinstance(node.value, ast.Dict) and ast.unparse(node.annotation) in kinds
    ]


def test_sentences_are_filled_by_name() -> None:
    found = [f"{path}:{line}" for path in python_files(*PACKAGES) for line in values_named_beforehand(tree_of(path))]
    assert found == []


def test_the_rule_about_filling_sees_what_it_should() -> None:
    source = (
        "a: Facts = {'x': 1}\nb: dict[str, str | int | float | Text] = {}\nc: Facts = made()\nd: dict[str, int] = {}\n"
    )
    assert values_named_beforehand(ast.parse(source)) == [1, 2]


def prose_files() -> list[Path]:
    """What people read: sources with their comments and docstrings, documents and the words of the window."""
    written = [path for pattern in ("*.md", "*.toml", "docs/*.md") for path in ROOT.glob(pattern)]
    words = (ROOT / "resources" / "translations").rglob("*.json")
    return [*python_files(*PACKAGES, "tests"), ROOT / "dev.py", *written, *words]


STILTED = re.compile(r"\b(shall|ought)\b", re.IGNORECASE)


def test_prose_is_plain() -> None:
    """ "It has to", "it is to", or simply what it does."""
    files = [path for path in prose_files() if path != Path(__file__)]
    assert {".py", ".md", ".json"} <= {path.suffix for path in files}
    found = [
        f"{path.relative_to(ROOT).as_posix()}:{number}: {line.strip()}"
        for path in files
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if STILTED.search(line)
    ]
    assert found == []


def test_the_rule_about_prose_finds_it() -> None:
    lines = ("# It shall do so.", '"""Shall it?"""', "One ought to.", "marshall(shallow)", "thought")
    assert [bool(STILTED.search(line)) for line in lines] == [True, True, True, False, False]


UNTELLING = {"told", "meant", "wanted", "gone", "said", "heard"}


def untelling_names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Parameters, and locals that live for more than two lines, whose names hide what they hold."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        arguments = function.args
        parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        yield from ((item.lineno, item.arg) for item in parameters if item.arg in UNTELLING)
        uses: dict[str, list[ast.Name]] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and node.id in UNTELLING:
                uses.setdefault(node.id, []).append(node)
        for name, nodes in uses.items():
            lines = [node.lineno for node in nodes]
            if max(lines) - min(lines) > 1 and any(isinstance(node.ctx, ast.Store) for node in nodes):
                yield min(lines), name


def test_names_say_what_they_hold() -> None:
    found = [
        f"{path.relative_to(ROOT).as_posix()}:{line}: {name}"
        for path in (*python_files(*PACKAGES), ROOT / "dev.py")
        for line, name in untelling_names(tree_of(path))
    ]
    assert found == [], "a noun says what it is: not `wanted`, but `device_id`"


def test_the_rule_about_names_finds_them() -> None:
    source = (
        "def f(told, names):\n gone = 1\n return gone\n"
        "def g():\n gone = 1\n x = 2\n return gone\n"
        "def h():\n return [said for said in words]\n"
    )
    assert list(untelling_names(ast.parse(source))) == [(1, "told"), (5, "gone")]
