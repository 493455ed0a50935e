"""Texts: a folder with one in each file, in a folder for each class, or a file with one in each line.

Columns: `text`, `label` where there are classes, and of a folder `name` (the path below it). Folders train, val and
test on top are parts of their own; texts in a folder `unsup` have no class and are left out. How they are read stands
in `resources/python_code/in_scripts`: exported scripts do the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from resources.python_code.parts import Constant, Loading
from resources.python_code.pieces import list_of, literal, quoted
from resources.python_code.shared import AS_NUMBERS, LIST_FILES, PLACES, READ_TEXTS
from resources.text import Text
from runtime.data_kinds import DataKind, Recognised
from runtime.lazy import LazyModule
from runtime.python_code import data_file
from runtime.spec import DataSource
from runtime.worker.data.files import MOST_LISTED
from runtime.worker.data.source import Source
from runtime.worker.data.tables.options import options_of, told_by_exporters
from runtime.worker.data.texts.settings import (
    ENCODING,
    KEEP_EMPTY,
    LABEL_FIRST,
    LABEL_LAST,
    LABELS,
    LAYOUT,
    OF_FOLDERS,
    OF_LINES,
    SETTINGS,
    SKIP,
)

if TYPE_CHECKING:
    from resources.python_code.in_scripts import folders, texts
    from runtime.worker.data.texts import text_files, text_lines
else:
    folders = LazyModule("resources.python_code.in_scripts.folders")
    texts = LazyModule("resources.python_code.in_scripts.texts")
    text_files = LazyModule("runtime.worker.data.texts.text_files")
    text_lines = LazyModule("runtime.worker.data.texts.text_lines")

KIND = DataKind("text", Text("Texts"), (".txt", ".text"), folders=True, options=SETTINGS)
_FEWEST: Final = 0.5  # of the files are texts, or the folder is one of something else
_WORDS_OF_A_TEXT: Final = 4.0  # between two marks, where fields of tables have fewer
_FOUND_OUT: Final = "None: found out from the text"
_LOAD: Final = '''def load_data():
    """The columns that the model is trained on, and which sample is in which part."""
    if os.path.isdir(DATA_FILE):
        data = load_files()
    else:
        data = load_lines()
        data["(part)"] = np.zeros(len(data["text"]), int)
    return {name: data[name] for name in (*COLUMNS, "(part)")}
'''
_LOAD_ONE_LINES: Final = '''def load_data():
    """The columns that the model is trained on."""
    data = load_lines()
    return {name: data[name] for name in COLUMNS}
'''
_LOAD_ONE_FILES: Final = '''def load_data():
    """The columns that the model is trained on, and which sample is in which part."""
    data = load_files()
    return {name: data[name] for name in (*COLUMNS, "(part)")}
'''
_LOAD_FILES: Final = '''def load_files():
    """A text a file, and which of them is in which part."""
    listed = list_files(DATA_FILE, TEXT_ENDINGS).files
    found = arrange_files(with_labels(listed)[0], LAYOUT)
    if found.layout == "flat":
        found = arrange_files(listed, found.layout)
    kept, data = [], {"text": [], "name": []}
    for row, file in enumerate(found.files):
        written = pathlib.Path(DATA_FILE, file).read_bytes()
        if is_empty(written) and not KEEP_EMPTY:
            continue
        try:
            data["text"].append(as_text(written, ENCODING))
        except ValueError as error:
            if not SKIP_UNREADABLE:
                raise
            print(f"{file} is skipped: {error}")
            continue
        data["name"].append(as_written(file))
        kept.append(row)
    data = {name: np.array(values, object) for name, values in data.items()}
    if found.labels:
        words, places = np.unique([found.labels[row] for row in kept], return_inverse=True)
        data["label"] = with_words(places, words)
    data["(part)"] = np.array(found.part_of_each())[kept]
    return data
'''
_LOAD_LINES: Final = '''def load_lines():
    """A text a line."""
    with open(DATA_FILE, "rb") as file:
        lines = read_lines(file.read(), ENCODING, KEEP_EMPTY, SKIP_UNREADABLE)
    layout = LAYOUT or line_layout([line for line in lines[:FIRST_LINES] if line])
    pairs = [split_line(line, layout) for line in lines]
    labels = as_numbers([label for label, _ in pairs])
    return {"text": np.array([text for _, text in pairs], object), "label": labels}
'''


def open_source(source: DataSource) -> Source:
    """Raises DataError."""
    options = options_of(KIND, source)
    if Path(source.path).is_dir():
        folder: Source = text_files.TextFiles(source.path, options)
        return folder
    file: Source = text_lines.TextLines(source.path, options)
    return file


def recognise(path: Path) -> Recognised | None:
    try:
        return _of_folder(path) if path.is_dir() else _of_file(path)
    except OSError:
        return None


def _of_folder(path: Path) -> Recognised | None:
    listing = text_files.list_texts(str(path), MOST_LISTED)
    share = len(listing.files) / max(1, len(listing.files) + len(listing.others))
    if not listing.files or share < _FEWEST:
        return None
    found = folders.arrange_files(texts.with_labels(listing.files)[0])
    options: dict[str, Any] = {} if listing.cut else {LAYOUT.key: found.layout}
    if listing.cut:
        what = Text.of("more than {count} texts", count=f"{min(len(listing.files), MOST_LISTED):,}")
    elif found.labels:
        what = Text.of("{count} texts in {classes} classes", count=len(found.files), classes=len(set(found.labels)))
    else:
        what = Text.of("{count} texts", count=len(found.files))
    return Recognised(0.9 * share, what, options)


def _of_file(path: Path) -> Recognised | None:
    if path.suffix.lower() not in KIND.suffixes:
        return None
    beginning = text_lines.beginning_of(path)
    try:
        encoding = texts.encoding_of(beginning)
        text = beginning.decode(encoding, "ignore")
    except UnicodeError:
        return None
    lines = texts.lines_of(text)
    if not lines or "\0" in text:
        return None
    layout = texts.line_layout(lines)
    if layout in (LABEL_FIRST, LABEL_LAST):
        return Recognised(0.85, Text("lines with a label and a text"), {LAYOUT.key: layout})
    if layout == LABELS:
        return Recognised(0.55, Text("lines with a label"), {LAYOUT.key: layout})
    return Recognised(0.7 * _share_of_sentences(lines), Text("lines of text"), {LAYOUT.key: layout})


def _share_of_sentences(lines: list[str]) -> float:
    """How sure it is that the lines are texts, not rows of a table: rows have as many marks each, and short fields."""
    if len(lines) < 2:
        return 1.0
    for mark in (",", ";", "\t", "|"):
        count = lines[0].count(mark)
        rows = sum(line.count(mark) == count for line in lines)
        words = sum(len(line.split()) for line in lines) / (len(lines) * (count + 1))
        if count and rows >= 0.9 * len(lines) and words < _WORDS_OF_A_TEXT:
            return 0.5
    return 1.0


def source_code(source: DataSource, columns: Sequence[str]) -> Loading:
    """Raises SourceError."""
    with told_by_exporters():
        options = options_of(KIND, source)
    constants = (
        data_file(source),
        Constant("COLUMNS", list_of(map(quoted, columns))),
        Constant("LAYOUT", literal(options[LAYOUT.key]), behind=_FOUND_OUT),
        Constant("ENCODING", literal(options[ENCODING.key]), behind=_FOUND_OUT),
        Constant("KEEP_EMPTY", literal(options[KEEP_EMPTY.key])),
        Constant("SKIP_UNREADABLE", literal(options[SKIP.key])),
    )
    layout = options[LAYOUT.key]
    if layout in OF_LINES:
        return Loading((), constants, (PLACES, AS_NUMBERS, READ_TEXTS, _LOAD_LINES, _LOAD_ONE_LINES))
    if layout in OF_FOLDERS:
        functions = (PLACES, LIST_FILES, READ_TEXTS, _LOAD_FILES, _LOAD_ONE_FILES)
        return Loading((), constants, functions, has_parts=True)
    either = (PLACES, AS_NUMBERS, LIST_FILES, READ_TEXTS, _LOAD_FILES, _LOAD_LINES, _LOAD)
    return Loading((), constants, either, has_parts=True)
