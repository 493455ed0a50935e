"""What the window does in one way, where another leaks, stalls or dies: items, timers, threads, layouts, themes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.support.trees import ROOT, python_files, tree_of

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
