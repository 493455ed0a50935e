"""Folders of sounds: WAV, FLAC and Ogg, with a folder for each class, or just sounds with their names.

Columns: `audio` (a wave of one length and rate, float32 of -1 to 1), `label` where there are classes, and `name` (the
path below the folder). Folders train, val and test on top are parts of their own. How they are read stands in
`resources/python_code/in_scripts`: exported scripts do the same. Plain WAV needs nothing, the others need soundfile.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from resources.python_code.parts import Constant, Loading
from resources.python_code.pieces import SourceError, list_of, literal, quoted
from resources.python_code.shared import LATER, LIST_FILES, PLACES, READ_SOUNDS
from resources.text import Text
from runtime.data_kinds import DataKind, Recognised
from runtime.lazy import LazyModule
from runtime.python_code import data_file
from runtime.spec import DataSource
from runtime.worker.data.files import MOST_LISTED
from runtime.worker.data.sounds.settings import AS_FILES, CHANNELS, LAYOUT, RATE, SECONDS, SETTINGS, SKIP, WITH_AXIS
from runtime.worker.data.source import Source
from runtime.worker.data.tables.options import options_of, told_by_exporters

if TYPE_CHECKING:
    from resources.python_code.in_scripts import folders
    from runtime.worker.data.sounds import sound_files
else:
    folders = LazyModule("resources.python_code.in_scripts.folders")
    sound_files = LazyModule("runtime.worker.data.sounds.sound_files")

KIND = DataKind("sound", Text("Folder of sounds"), (), folders=True, options=SETTINGS)
_FEWEST: Final = 0.2  # of the files are sounds, or the folder is one of something else
_CHANNELS: Final = "None: mixed to one, without an axis"
_LOAD: Final = '''def load_data():
    """The columns that the model is trained on, and which sample is in which part."""
    found = arrange_files(list_files(DATA_FILE, SOUND_ENDINGS).files, LAYOUT)
    paths = [os.path.join(DATA_FILE, file) for file in found.files]
    channels = max(sound_facts(path)[1] for path in paths) if CHANNELS == "as_files" else CHANNELS
    kept, waves = [], []
    for row, path in enumerate(paths):
        try:
            waves.append(read_sound(path, RATE, SECONDS, channels))
        except Exception as error:
            if not SKIP_UNREADABLE:
                raise
            print(f"{path} is skipped: {error}")
            continue
        kept.append(row)
    data = {"audio": np.stack(waves)}
    data["name"] = np.array([as_written(found.files[row]) for row in kept], object)
    if found.labels:
        words, places = np.unique([found.labels[row] for row in kept], return_inverse=True)
        data["label"] = with_words(places, words)
    data["(part)"] = np.array(found.part_of_each())[kept]
    return {name: data[name] for name in (*COLUMNS, "(part)")}
'''
_LATER: Final = '''def load_data():
    """The columns, of which sounds are read later, and which sample is in which part."""
    found = arrange_files(list_files(DATA_FILE, SOUND_ENDINGS).files, LAYOUT)
    paths = [os.path.join(DATA_FILE, file) for file in found.files]
    channels = max(sound_facts(path)[1] for path in paths) if CHANNELS == "as_files" else CHANNELS

    def read_sounds(rows):
        return np.stack([read_sound(paths[row], RATE, SECONDS, channels) for row in rows])

    data = {"audio": LaterColumn(len(paths), read_sounds)}
    data["name"] = np.array([as_written(file) for file in found.files], object)
    if found.labels:
        words, places = np.unique(found.labels, return_inverse=True)
        data["label"] = with_words(places, words)
    data["(part)"] = np.array(found.part_of_each())
    return {name: data[name] for name in (*COLUMNS, "(part)")}
'''


def open_source(source: DataSource) -> Source:
    """Raises DataError."""
    opened: Source = sound_files.SoundFiles(source.path, options_of(KIND, source))
    return opened


def recognise(path: Path) -> Recognised | None:
    """A folder most of whose files are sounds."""
    if not path.is_dir():
        return None
    try:
        listing = sound_files.list_sounds(str(path), MOST_LISTED)
    except OSError:
        return None
    count = len(listing.files)
    share = count / max(1, count + len(listing.others))
    if not count or share < _FEWEST:
        return None
    found = folders.arrange_files(listing.files)
    looked = sound_files.look(str(path), found.files)
    options: dict[str, Any] = {RATE.key: looked.rate, SECONDS.key: looked.seconds}
    if listing.cut:
        return Recognised(
            0.95 * share, Text.of("more than {count} sounds", count=f"{min(count, MOST_LISTED):,}"), options
        )
    options[LAYOUT.key] = found.layout
    if found.labels:
        what = Text.of("{count} sounds in {classes} classes", count=count, classes=len(set(found.labels)))
    else:
        what = Text.of("{count} sounds", count=count)
    return Recognised(0.95 * share, what, options)


def source_code(source: DataSource, columns: Sequence[str]) -> Loading:
    """Raises SourceError."""
    with told_by_exporters():
        options = options_of(KIND, source)
    if options[RATE.key] is None or options[SECONDS.key] is None:
        raise SourceError(Text("Choose rate and length of the sounds in Data: a script cannot guess them."))
    chosen = options[CHANNELS.key]
    channels = chosen if chosen == AS_FILES else 1 if chosen == WITH_AXIS else None
    constants = (
        data_file(source),
        Constant("COLUMNS", list_of(map(quoted, columns))),
        Constant("LAYOUT", literal(options[LAYOUT.key])),
        Constant("RATE", literal(options[RATE.key])),
        Constant("SECONDS", literal(options[SECONDS.key])),
        Constant("CHANNELS", literal(channels), behind=_CHANNELS),
        Constant("SKIP_UNREADABLE", literal(options[SKIP.key])),
    )
    helpers = (PLACES, LIST_FILES, READ_SOUNDS)
    if options[SKIP.key]:  # all are decoded before it is known how many there are
        return Loading((), constants, (*helpers, _LOAD), has_parts=True)
    later = Loading((), constants[:-1], (*helpers, LATER, _LATER), has_parts=True, block=1)
    return Loading((), constants, (*helpers, _LOAD), has_parts=True, batched=later)
