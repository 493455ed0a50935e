"""Folders that TensorFlow Datasets has prepared, with splits as parts and names of classes. Nothing needs that library.

What the columns are stands in `features.json`; the samples are records (`tf.train.Example`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from resources.plain import listed, shown_name
from resources.python_code.parts import Loading
from resources.python_code.shared import AS_NUMBERS, EXAMPLES, OWN_PARTS, PLACES, READ_PICTURES, TFDS
from resources.regular_files import read_regular
from resources.text import Text
from runtime.data_kinds import DataKind, Recognised
from runtime.lazy import LazyModule
from runtime.spec import DataSource
from runtime.worker.data.files import MOST_LISTED
from runtime.worker.data.records.settings import SETTINGS
from runtime.worker.data.source import DataError, Source
from runtime.worker.data.sources import tfrecord

if TYPE_CHECKING:
    from resources.python_code.in_scripts import tfds
    from runtime.worker.data.records import records_source
else:
    tfds = LazyModule("resources.python_code.in_scripts.tfds")
    records_source = LazyModule("runtime.worker.data.records.records_source")

KIND = DataKind("tfds", Text("Folder of TensorFlow Datasets"), (), folders=True, options=SETTINGS)
_ERRORS: Final = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)
_OTHERS: Final = Text("they are none of the splits train, validation and test")
_LARGEST: Final = 16 * 2**20  # bytes of what describes a folder
_TENSORFLOW: Final = "import tensorflow as tf"
_READ: Final = """def read_utf8(path):
    return path.read_text("utf-8")
"""
_LOAD: Final = '''def load_data():
    """The columns that the model is trained on, and which sample is in which part."""
    folder = tfds_folder(DATA_FILE)
    files, _, _ = tfds_files(folder, read_utf8)
    examples, parts = read_examples(files, tf.data.TFRecordDataset, tf.train.Example.FromString)
    decode = picture_decoder(read_picture, HEIGHT, WIDTH, COLOUR, DEPTH, FIT, INTERPOLATION)
    found = features_of([examples[row] for row in looked_records(len(examples))], LENGTH)
    planned, _ = tfds_features(folder, read_utf8)
    columns = {}
    for name in COLUMNS:
        feature = merged_feature(found.get(name), planned[name])
        columns[name] = as_numbers(column_of(examples, name, feature, decode))
    return columns | {"(part)": parts}
'''


def _read(path: Path) -> str:
    """Raises OSError, UnicodeError."""
    return read_regular(path, _LARGEST).decode()


def _folder(path: Path) -> Path:
    """The folder of the version. Raises DataError."""
    try:
        found = tfds.tfds_folder(str(path))
    except OSError as error:
        raise _not_read(path, error) from error
    if found is None:
        raise DataError(Text.of("{file} is no folder of TensorFlow Datasets: it has no features.json.", file=path.name))
    return Path(found)


def open_source(source: DataSource) -> Source:
    """Raises DataError."""
    folder = _folder(Path(source.path))
    try:
        files, others, form = tfds.tfds_files(str(folder), _read)
        features, names = tfds.tfds_features(str(folder), _read)
    except _ERRORS as error:
        raise _not_read(folder, error) from error
    if form != "tfrecord":
        raise DataError(
            Text.of(
                "{file} holds its samples as {format}, which is not read: in Python, make it again with "
                'tfds.builder(name, file_format="tfrecord") and download_and_prepare().',
                file=folder.name,
                format=shown_name(str(form)),
            )
        )
    missing = [Path(file).name for file in files if not Path(file).is_file()]
    if missing:
        text = Text.of("{file}: files of it are missing: {names}.", file=folder.name, names=listed(missing))
        raise DataError(text)
    if not files:
        raise DataError(Text.of("{file} has none of the splits train, validation and test.", file=folder.name))
    classes = {name: tuple(words) for name, words in names.items()}
    left_out = Text.of("Left out: {names}. Reason: {reason}.", names=listed(others), reason=_OTHERS)
    planned = records_source.Planned(features, classes, (left_out,) if others else ())
    return tfrecord.opened(Path(source.path).name, files, source, planned)


def _not_read(folder: Path, error: Exception) -> DataError:
    text = Text.of("{file} cannot be read: its dataset_info.json or features.json is damaged.", file=folder.name)
    return DataError(text, shown_name(f"{type(error).__name__}: {error}"))


def recognise(path: Path) -> Recognised | None:
    found = tfds.tfds_folder(str(path), MOST_LISTED) if path.is_dir() else None
    if found is None:
        return None
    try:
        files, _others, form = tfds.tfds_files(found, _read)
        features, _ = tfds.tfds_features(found, _read)
    except _ERRORS:
        return None
    options = tfrecord.found_in(path, files)[1] if files and form == "tfrecord" else {}
    what = Text.of("a set that TensorFlow Datasets has prepared: {names}", names=listed(list(features), 6))
    return Recognised(1.0, what, options)


def source_code(source: DataSource, columns: Sequence[str]) -> Loading:
    """Raises SourceError."""
    functions = (PLACES, AS_NUMBERS, OWN_PARTS, EXAMPLES, READ_PICTURES, TFDS, _READ, _LOAD)
    return Loading((_TENSORFLOW,), tfrecord.constants(source, columns), functions, has_parts=True)
