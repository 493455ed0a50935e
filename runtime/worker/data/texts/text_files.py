"""A folder of texts: each file is one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from resources.os_reasons import os_reason
from resources.plain import shown_name
from resources.regular_files import FileTooLargeError, read_regular
from resources.text import Text
from runtime.lazy import LazyModule
from runtime.spec import ColumnKind
from runtime.worker.data.sample_files import listing as sample_files
from runtime.worker.data.sample_files.files_source import FileError, FilesSource, without_rows
from runtime.worker.data.sample_files.settings import CLASSES, NAMES
from runtime.worker.data.source import DataError
from runtime.worker.data.texts.settings import ENCODING, KEEP_EMPTY, LAYOUT, OF_FOLDERS, SKIP

if TYPE_CHECKING:
    from resources.python_code.in_scripts import folders, texts
    from resources.python_code.in_scripts.folders import Arranged, Listing
else:
    folders = LazyModule("resources.python_code.in_scripts.folders")
    texts = LazyModule("resources.python_code.in_scripts.texts")

TEXT: Final = "text"
LARGEST: Final = 64 * 2**20  # bytes of a text
_OTHERS: Final = Text("they are no texts")
_NO_TEXTS: Final = Text("there is no text in these folders")
_UNLABELLED: Final = Text("these texts have no class")
_EMPTY: Final = Text("nothing stands in them")
_MARKED_BYTES: Final = 4  # a file of at most so many bytes may hold nothing but a mark


class TextFiles(FilesSource):
    def __init__(self, path: str, options: dict[str, Any]) -> None:
        """Raises DataError."""
        self._encoding = options[ENCODING.key]
        layout = options[LAYOUT.key]
        listing = sample_files.list_folder(path, list_texts, _nothing)
        title = Path(path).name
        files, unlabelled = texts.with_labels(listing.files)
        found = folders.arrange_files(files, layout if layout in OF_FOLDERS else None)
        if found.layout not in (CLASSES, NAMES):
            found = folders.arrange_files(listing.files, found.layout)
            unlabelled = []
        if not found.files:
            text = Text.of("No text in {folder} lies in a folder for its class, or has one in its name.", folder=title)
            raise DataError(text)
        notes = list(sample_files.left_out(listing, found, _OTHERS, _NO_TEXTS))
        empty = {} if options[KEEP_EMPTY.key] else _empty_files(path, found)
        if len(empty) == len(found.files):
            raise DataError(Text.of("All texts in {folder} are empty.", folder=title))
        for names, reason in (
            (unlabelled, _UNLABELLED),
            ([found.files[row] for row in empty], _EMPTY),
        ):
            if names:
                notes.append(
                    Text.of("Left out: {names}. Reason: {reason}.", names=sample_files.named(names), reason=reason)
                )
        super().__init__(path, TEXT, without_rows(found, empty), notes, skip=options[SKIP.key])

    @property
    def file_kind(self) -> ColumnKind:
        return "text"

    def read_file(self, path: Path) -> str:
        return read_text(path, self._encoding)

    def look_at(self, path: Path) -> None:
        read_text(path, self._encoding)


def list_texts(folder: str, most: float = float("inf")) -> Listing:
    return folders.list_files(folder, texts.TEXT_ENDINGS, most)


def _nothing(folder: str) -> Text:
    return Text.of("{folder} holds no texts (.txt).", folder=folder)


def read_text(path: Path, encoding: str | None) -> str:
    """Raises FileError."""
    try:
        return texts.as_text(read_regular(path, LARGEST), encoding)
    except FileTooLargeError as error:
        raise FileError(Text("it is larger than {limit} MB", {"limit": LARGEST >> 20})) from error
    except OSError as error:
        raise FileError(Text("{reason}", {"reason": os_reason(error)})) from error
    except UnicodeError as error:
        raise FileError(not_decoded(encoding), shown_name(str(error))) from error
    except ValueError as error:
        raise FileError(Text("it is no text")) from error


def not_decoded(encoding: str | None) -> Text:
    if encoding is None:
        return Text("it is neither UTF-8 nor CP949: choose its encoding")
    return Text("it is no text in the encoding {encoding}", {"encoding": encoding})


def _empty_files(root: str, found: Arranged) -> dict[int, bool]:
    """Those with nothing in them, by their rows. What cannot be looked at is told when it is read."""
    empty = {}
    for row, file in enumerate(found.files):
        path = Path(root, file)
        try:
            size = path.stat().st_size
            if size == 0 or (size <= _MARKED_BYTES and texts.is_empty(read_regular(path, _MARKED_BYTES))):
                empty[row] = True
        except OSError:
            continue
    return empty
