"""How files are read and written."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.support.trees import PACKAGES, ROOT, python_files, tree_of

FOR_DEVELOPERS = "graph_editor/catalog/generate/"
# Where a file is opened by other means than resources/regular_files.py, and why that may be.
OPENS_ITSELF = {
    # what is opened was opened by `open_regular`, or its path looked at by `require_regular` just before
    "graph_editor/keras_format/files/archive.py", "graph_editor/keras_format/files/h5_file.py",
    "graph_editor/keras_format/files/idf_weights.py",
    "runtime/worker/keras_models/weights_file.py", "runtime/worker/data/arrays/hdf5_files.py",
    "runtime/worker/data/arrays/npy_files.py", "runtime/worker/data/known/reading.py",
    "runtime/worker/data/tables/workbooks.py", "runtime/evaluation/folder.py",
    "resources/python_code/in_scripts/sounds.py",
    "resources/python_code/in_scripts/saved_files.py",
    # scripts alone
    "resources/python_code/in_scripts/examples.py",
    # our own resources
    "app/look/theme.py", "app/look/theme_rules.py", "app/look/icons.py",
    "graph_editor/catalog/catalog.py", "graph_editor/view/painting/theme.py", "resources/text.py",
    "resources/python_code/shared.py", "resources/samples/make_digits.py", "resources/training/metric_logs.py",
    # the system's own files
    "runtime/worker/devices/listing.py", "runtime/worker/__main__.py",
    "resources/processes.py", "app/model_files/process.py", "runtime/worker/process/memory.py",
    "runtime/process_end.py",
    # what is written there, or was the line before
    "app/system/crash_log.py", "app/system/crash_trace.py", "runtime/worker/engine/export.py",
    "runtime/worker/engine/formats/json.py", "runtime/worker/engine/formats/h5.py",
    "runtime/console_log.py", "runtime/worker/data/tables/kept_columns.py",
    "runtime/worker/training/event_log.py", "runtime/store.py",
    "runtime/tracking/formats/csv.py", "runtime/tracking/formats/tensorboard.py",
    "runtime/worker/evaluation/inside/feature_files.py",
    "runtime/worker/evaluation/listing/prediction_files.py", "runtime/worker/evaluation/listing/writing.py",
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
    found = {name: lines for name, lines in found.items() if lines and not name.startswith(FOR_DEVELOPERS)}
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


def test_csv_is_written_in_the_one_place_that_escapes_and_html_nowhere() -> None:
    """Spreadsheets run cells that begin with = + - @; browsers and mail programs fetch what HTML names."""
    writers = {"writer", "DictWriter"}
    found = [
        f"{path.relative_to(ROOT).as_posix()}: {ast.unparse(node)}"
        for path in python_files("app", "graph_editor", "runtime", "resources")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute)
        and (node.attr in ("setHtml", "insertHtml") or (node.attr in writers and ast.unparse(node.value) == "csv"))
    ]
    assert found == ["resources/csv_cells.py: csv.writer"]


def words_of_the_system(path: Path) -> Iterator[int]:
    """Lines that take `strerror`, which is English or the system's language and speaks of calls."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Attribute) and node.attr == "strerror":
            yield node.lineno


def test_what_the_system_refused_is_put_into_words_in_one_place() -> None:
    """`resources/os_reasons.py`; whoever raises an OSError of their own gives it the system's words."""
    found = {path.relative_to(ROOT).as_posix() for path in python_files(*PACKAGES) if list(words_of_the_system(path))}
    assert found == {"resources/os_reasons.py", "resources/atomic.py", "runtime/worker/process/failures.py"}
