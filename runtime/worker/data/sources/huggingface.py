"""Folders that Hugging Face's `datasets` has saved with `save_to_disk`: files of Arrow, with splits as parts.

Classes that the folder names stay numbers, and their names are shown. `datasets` is not needed. No options.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from resources.plain import shown_name
from resources.python_code.parts import Constant, Loading
from resources.python_code.pieces import list_of, quoted
from resources.python_code.shared import ARROW_VALUES, AS_NUMBERS, PLACES, READ_CELLS, READ_DATES, SAVED_FILES
from resources.regular_files import read_regular, require_regular
from resources.text import Text
from runtime.data_kinds import DataKind, Recognised
from runtime.lazy import LazyModule
from runtime.python_code import data_file
from runtime.spec import DataSource
from runtime.worker.data.source import DataError, Part, Source
from runtime.worker.data.sources.feather import FeatherSource

if TYPE_CHECKING:
    from resources.python_code.in_scripts import saved_files
else:
    saved_files = LazyModule("resources.python_code.in_scripts.saved_files")

KIND = DataKind("huggingface", Text("Folder of Hugging Face datasets"), (), folders=True)
_PARTS: Final[Mapping[str, Part]] = {"train": "training", "validation": "validation", "test": "test"}
_LARGEST: Final = 16 * 2**20  # bytes of what describes a folder
_LOAD: Final = '''def load_data():
    """The columns that the model is trained on, and which sample is in which part."""
    tables, parts = [], []
    for split, files in saved_files(DATA_FILE).items():
        for file in files:
            with pa.OSFile(str(pathlib.Path(DATA_FILE, file))) as stream:
                tables.append(pa.ipc.open_stream(stream).read_all())
            parts += [SPLIT_ORDER.index(split) if split else 0] * len(tables[-1])
    table = pa.concat_tables(tables)
    return {name: arrow_values(table[name]).copy() for name in COLUMNS} | {"(part)": np.array(parts)}
'''


def recognise(path: Path) -> Recognised | None:
    if (path / "dataset_dict.json").is_file():
        return Recognised(1.0, Text("splits that Hugging Face's datasets has saved"))
    if (path / "state.json").is_file() and (path / "dataset_info.json").is_file():
        return Recognised(1.0, Text("a table that Hugging Face's datasets has saved"))
    return None


def open_source(source: DataSource) -> Source:
    """Raises DataError."""
    import pyarrow as pa
    import pyarrow.ipc

    folder = Path(source.path)
    files = _files(folder)
    opened, batches, schema = ExitStack(), list[Any](), None
    bounds: dict[Part, tuple[slice, ...]] = {}
    rows = 0
    try:
        for split, names in files.items():
            first = rows
            for name in names:
                require_regular(folder / name)
                mapped = opened.enter_context(pa.memory_map(str(folder / name)))
                reader = pyarrow.ipc.open_stream(mapped)
                schema = schema or reader.schema
                if not reader.schema.equals(schema):
                    raise ValueError(f"{name} has other columns than the first file")
                found = [batch for batch in reader if batch.num_rows]
                for batch in found:
                    batch.validate()
                batches += found
                rows += sum(batch.num_rows for batch in found)
            if split in _PARTS:
                bounds[_PARTS[split]] = (slice(first, rows),)
        paths = [folder / name for names in files.values() for name in names]
        return SavedSource(folder.name, opened, schema, batches, paths, bounds, _class_names(folder, files))
    except (pa.ArrowException, OSError, ValueError) as error:
        opened.close()
        text = Text("{file} cannot be read: a file of it is missing, damaged or incomplete.", {"file": folder.name})
        raise DataError(text, shown_name(str(error))) from error
    except BaseException:
        opened.close()
        raise


def _files(folder: Path) -> dict[str, list[str]]:
    """Raises DataError."""
    try:
        for split in ("", *_PARTS):
            for name in ("dataset_dict.json", "state.json"):
                if os.path.lexists(folder / split / name):
                    read_regular(folder / split / name, _LARGEST)  # no pipe, nothing without an end
        files: dict[str, list[str]] = saved_files.saved_files(str(folder))
    except ValueError as error:
        if "order" in str(error):
            text = Text.of(
                "{file} keeps its rows in another order than its files: in Python, call flatten_indices() and save it "
                "again.",
                file=folder.name,
            )
        else:
            text = _no_folder(folder)
        raise DataError(text, shown_name(str(error))) from error
    except (OSError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(_no_folder(folder), shown_name(str(error))) from error
    if not any(files.values()):
        raise DataError(Text("{file} holds no rows.", {"file": folder.name}))
    return files


def _no_folder(folder: Path) -> Text:
    return Text.of("{file} is no folder that Hugging Face's datasets has saved.", file=folder.name)


def _class_names(folder: Path, files: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """The names of classes, by columns."""
    info = folder / next(iter(files)) / "dataset_info.json"
    try:
        features = json.loads(read_regular(info, _LARGEST))["features"]
        return {
            name: tuple(map(str, feature["names"]))
            for name, feature in features.items()
            if isinstance(feature, dict) and feature.get("_type") == "ClassLabel" and feature.get("names")
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):  # then they are numbers
        return {}


class SavedSource(FeatherSource):
    def __init__(
        self,
        title: str,
        opened: ExitStack,
        schema: Any,
        batches: list[Any],
        files: Sequence[Path],
        bounds: Mapping[Part, tuple[slice, ...]],
        class_names: Mapping[str, tuple[str, ...]],
    ) -> None:
        """Raises DataError."""
        super().__init__(title, opened, schema, batches, files)
        self._bounds, self._class_names = bounds, class_names

    def parts(self) -> Mapping[Part, tuple[slice, ...]]:
        return self._bounds

    def categories(self, name: str) -> tuple[str, ...]:
        names = self._class_names.get(name)
        return super().categories(name) if names is None or self.dtype(name).kind not in "iu" else names


def source_code(source: DataSource, columns: Sequence[str]) -> Loading:
    constants = (data_file(source), Constant("COLUMNS", list_of(map(quoted, columns))))
    functions = (PLACES, AS_NUMBERS, READ_DATES, READ_CELLS, ARROW_VALUES, SAVED_FILES, _LOAD)
    return Loading((), constants, functions, has_parts=True)
