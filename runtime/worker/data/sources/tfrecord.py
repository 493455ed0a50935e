"""Files of TensorFlow's records (`tf.train.Example`), one or a folder of them: each feature is a column.

Files of a folder that are called train, validation and test are parts. Nothing needs TensorFlow but the script.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from resources.os_reasons import os_reason
from resources.plain import listed
from resources.python_code.parts import Constant, Loading
from resources.python_code.pieces import SourceError, list_of, literal, quoted
from resources.python_code.shared import AS_NUMBERS, EXAMPLES, OWN_PARTS, PLACES, READ_PICTURES
from resources.regular_files import shown_path
from resources.text import Text
from runtime.data_kinds import DataKind, Recognised
from runtime.lazy import LazyModule
from runtime.python_code import data_file
from runtime.spec import DataSource
from runtime.worker.data.arrays.folders import option_of
from runtime.worker.data.files import MOST_LISTED, require_file
from runtime.worker.data.pictures.settings import COLOUR, DEPTH, HEIGHT, WIDTH, PictureOptions
from runtime.worker.data.records.settings import LENGTH, SETTINGS, SKIP
from runtime.worker.data.source import DataError, Source

if TYPE_CHECKING:
    from resources.python_code.in_scripts import examples
    from runtime.worker.data.records import record_file, records, records_source
else:
    examples = LazyModule("resources.python_code.in_scripts.examples")
    record_file = LazyModule("runtime.worker.data.records.record_file")
    records = LazyModule("runtime.worker.data.records.records")
    records_source = LazyModule("runtime.worker.data.records.records_source")

KIND = DataKind(
    "tfrecord",
    Text("Records of TensorFlow (TFRecord)"),
    (".tfrecord", ".tfrecords", ".tfrec"),
    folders=True,
    options=SETTINGS,
)
_SHOWN: Final = 6
_TENSORFLOW: Final = "import tensorflow as tf"
_LOAD: Final = '''def load_data():
    """The columns that the model is trained on, and which sample is in which part."""
    files = record_files(DATA_FILE)
    examples, parts = read_examples(files, tf.data.TFRecordDataset, tf.train.Example.FromString)
    decode = picture_decoder(read_picture, HEIGHT, WIDTH, COLOUR, DEPTH, FIT, INTERPOLATION)
    features = features_of([examples[row] for row in looked_records(len(examples))], LENGTH)
    columns = {name: as_numbers(column_of(examples, name, features[name], decode)) for name in COLUMNS}
    return columns | {"(part)": parts}
'''


def open_source(source: DataSource) -> Source:
    """Raises DataError."""
    path = Path(source.path)
    if not path.is_dir():
        require_file(source.path)
    files = _files(path)
    if not files:
        raise DataError(Text.of("{folder} holds no files of records (.tfrecord).", folder=path.name))
    return opened(path.name, files, source, records_source.Planned())


def opened(title: str, files: dict[str, int], source: DataSource, planned: Any) -> Source:
    """Raises DataError."""
    found = records.Records(files, skip=option_of(source, SKIP))
    try:
        if not found.count:
            raise DataError(Text("{file} holds no records.", {"file": title}))
        made: Source = records_source.RecordsSource(title, found, source, planned)
    except BaseException:
        found.close()
        raise
    return made


def _files(path: Path, most: float = float("inf")) -> dict[str, int]:
    """Raises DataError."""
    try:
        found: dict[str, int] = examples.record_files(str(path), most)
    except OSError as error:
        text = Text.of("{file} could not be read: {reason}.", file=shown_path(path), reason=os_reason(error))
        raise DataError(text) from error
    return found


def recognise(path: Path) -> Recognised | None:
    """By the checksum that a record begins with; of a folder, the files that are called so."""
    files = _files(path, MOST_LISTED)
    if not files or not record_file.begins_as_records(Path(next(iter(files)))):
        return None
    return Recognised(1.0 if not path.is_dir() else 0.9, *found_in(path, files))


def found_in(path: Path, files: dict[str, int]) -> tuple[Text, dict[str, Any]]:
    """What is said of files of records, and the options for their pictures."""
    first = next(iter(files))
    try:
        looked = record_file.first_records(Path(first))
    except DataError:
        looked = []
    features = examples.features_of(looked)
    options: dict[str, Any] = {}
    for name, feature in features.items():
        if feature.form == "picture" and not options:
            found = records_source.looked_at(looked, name, feature)
            options = {HEIGHT.key: found.size[0], WIDTH.key: found.size[1]}
            options |= {COLOUR.key: found.colour, DEPTH.key: found.depth}
    names = listed(list(features), _SHOWN)
    if not path.is_dir():
        return Text.of("records of TensorFlow: {names}", names=names), options
    return Text.of("{count} files of TensorFlow's records: {names}", count=len(files), names=names), options


def constants(source: DataSource, columns: Sequence[str]) -> tuple[Constant, ...]:
    """Raises SourceError."""
    try:
        options, length, skip = PictureOptions.of(source), option_of(source, LENGTH), option_of(source, SKIP)
    except DataError as error:
        raise SourceError(error.text) from error
    if skip:
        raise SourceError(Text("A script cannot skip damaged records: write the file anew without them."))
    size = options.size or (None, None)
    depth = options.depth or (None if options.colour == "grey" else "8")
    return (
        data_file(source),
        Constant("COLUMNS", list_of(map(quoted, columns))),
        Constant("LENGTH", literal(length)),
        Constant("HEIGHT", literal(size[0])),
        Constant("WIDTH", literal(size[1])),
        Constant("COLOUR", literal(options.colour)),
        Constant("DEPTH", literal(depth)),
        Constant("FIT", literal(options.fit)),
        Constant("INTERPOLATION", literal(options.interpolation)),
    )


def source_code(source: DataSource, columns: Sequence[str]) -> Loading:
    """Raises SourceError."""
    functions = (PLACES, AS_NUMBERS, OWN_PARTS, EXAMPLES, READ_PICTURES, _LOAD)
    return Loading((_TENSORFLOW,), constants(source, columns), functions, has_parts=True)
